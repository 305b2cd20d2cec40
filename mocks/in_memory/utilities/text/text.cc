#include "mocks/in_memory/utilities/text/text.h"

#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

void AddTextPrograms(ProgramTable& table) {
  table["cat"] = CatMain;
  table["tac"] = TacMain;
  table["rev"] = RevMain;
  table["tee"] = TeeMain;
  table["yes"] = YesMain;
  table["head"] = HeadMain;
  table["tail"] = TailMain;
  table["wc"] = WcMain;
  table["cut"] = CutMain;
  table["paste"] = PasteMain;
  table["comm"] = CommMain;
  table["join"] = JoinMain;
  table["tr"] = TrMain;
  table["seq"] = SeqMain;
  table["nl"] = NlMain;
  table["fold"] = FoldMain;
  table["expand"] = ExpandMain;
  table["unexpand"] = UnexpandMain;
  table["expr"] = ExprMain;
  table["split"] = SplitMain;
  table["shuf"] = ShufMain;
  const auto end_with = [](int code) {
    return [code](Process& process) {
      AnswerHelp(process, {"    --help", "    --version"});
      return code;
    };
  };
  table["true"] = end_with(0);
  table["false"] = end_with(1);
}

}  // namespace computesdk::in_memory
