#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

int LinkMain(Process& process) {
  Options options(process, "");
  while (options.Next()) {
  }
  const std::vector<std::string>& operands = options.operands();
  if (operands.empty()) UsageError(process, "missing operand");
  if (operands.size() < 2) UsageError(process, "missing operand after " + QuotedWord(operands[0]));
  if (operands.size() > 2) UsageError(process, "extra operand " + QuotedWord(operands[2]));
  const IoStatus made = process.files().MakeHardLink(process.AbsolutePath(operands[0]),
                                                     process.AbsolutePath(operands[1]));
  if (made) return 0;
  Complain(process, "cannot create link " + QuotedName(operands[1]) + " to " +
                        QuotedName(operands[0]) + ": " + ErrnoText(made.error()));
  return 1;
}

int MknodMain(Process& process) {
  std::optional<ModeChange> mode;
  Options options(process, "m:", {{"mode", 'm', Options::kRequired}});
  while (const auto option = options.Next()) {
    mode = ModeChange::Parse(option->value);
    if (!mode) {
      Complain(process, "invalid mode");
      return 1;
    }
  }
  const std::vector<std::string>& operands = options.operands();
  if (operands.empty()) UsageError(process, "missing operand");
  if (operands.size() < 2) UsageError(process, "missing operand after " + QuotedWord(operands[0]));
  const bool fifo = operands[1].starts_with('p');
  const std::size_t expected = fifo ? 2 : 4;
  if (operands.size() < expected) {
    Complain(process, "missing operand after " + QuotedWord(operands.back()));
    if (operands.size() == 2) {
      (void)process.Write(2, "Special files require major and minor device numbers.\n");
    }
    UsageHint(process, 1);
  }
  if (operands.size() > expected) {
    Complain(process, "extra operand " + QuotedWord(operands[expected]));
    if (fifo && operands.size() == 4) {
      (void)process.Write(2, "Fifos do not have major and minor device numbers.\n");
    }
    UsageHint(process, 1);
  }
  if (!fifo) {
    // The devices of a sandbox are those that it has.
    const bool known = operands[1][0] == 'b' || operands[1][0] == 'c' || operands[1][0] == 'u';
    if (!known) UsageError(process, "invalid device type " + QuotedWord(operands[1]));
    for (int i = 2; i < 4; ++i) {
      if (ParseInteger(operands[i])) continue;
      Complain(process, std::string("invalid ") + (i == 2 ? "major" : "minor") + " device number " +
                            QuotedWord(operands[i]));
      return 1;
    }
    Complain(process, operands[0] + ": " + ErrnoText(std::errc::operation_not_permitted));
    return 1;
  }
  const std::string path = process.AbsolutePath(operands[0]);
  const IoStatus made = process.files().MakeFifo(path, 0666 & ~process.umask);
  if (!made) {
    ComplainOf(process, operands[0], made.error());
    return 1;
  }
  if (mode) (void)process.files().SetMode(path, mode->Apply(0666, false, process.umask));
  return 0;
}

}  // namespace computesdk::in_memory
