#include <utility>

#include "mocks/in_memory/utilities/compare/compare.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Long options without a short form.
enum SdiffExtra { kSdiffStripCr = 256, kSdiffTabSize };

constexpr int kSdiffTrouble = 2;

}  // namespace

// diff, side by side, with other letters.
int SdiffMain(Process& process) {
  Options options(process, "abBdEhHiI:lo:stvw:WZ",
                  {{"expand-tabs", 't'},
                   {"ignore-all-space", 'W'},
                   {"ignore-blank-lines", 'B'},
                   {"ignore-case", 'i'},
                   {"ignore-matching-lines", 'I', Options::kRequired},
                   {"ignore-space-change", 'b'},
                   {"ignore-tab-expansion", 'E'},
                   {"ignore-trailing-space", 'Z'},
                   {"left-column", 'l'},
                   {"minimal", 'd'},
                   {"output", 'o', Options::kRequired},
                   {"speed-large-files", 'H'},
                   {"strip-trailing-cr", kSdiffStripCr},
                   {"suppress-common-lines", 's'},
                   {"tabsize", kSdiffTabSize, Options::kRequired},
                   {"text", 'a'},
                   {"width", 'w', Options::kRequired}},
                  kSdiffTrouble);
  std::vector<std::string> words = {"diff", "-y"};
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'l':
        words.emplace_back("--left-column");
        break;
      case 'o':
        // It asks at every difference which of the texts to write.
        Complain(process, "/dev/tty: No such device or address");
        return kSdiffTrouble;
      case 's':
        words.emplace_back("--suppress-common-lines");
        break;
      case 'v':
        (void)process.Write(1, "sdiff (GNU diffutils) 3.8\n");
        return 0;
      case 'w':
        words.push_back("--width=" + option->value);
        break;
      case 'W':
        words.emplace_back("-w");
        break;
      case 'I':
        words.push_back("-I" + option->value);
        break;
      case kSdiffStripCr:
        words.emplace_back("--strip-trailing-cr");
        break;
      case kSdiffTabSize:
        words.push_back("--tabsize=" + option->value);
        break;
      default:
        words.push_back(std::string("-") + static_cast<char>(option->letter));
    }
  }
  const auto& operands = options.operands();
  if (operands.size() < 2) {
    UsageError(process, "missing operand after " + QuotedName(process.args.back()), kSdiffTrouble);
  }
  if (operands.size() > 2) {
    UsageError(process, "extra operand " + QuotedName(operands[2]), kSdiffTrouble);
  }
  words.insert(words.end(), {"--", operands[0], operands[1]});
  process.args = std::move(words);
  return DiffMain(process);
}

}  // namespace computesdk::in_memory
