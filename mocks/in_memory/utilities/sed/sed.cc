#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/sed/machine.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

enum LongOnly { kPosix = 256, kFollowSymlinks, kSandbox };

const std::vector<Options::Long> kLongs = {
    {"quiet", 'n'},
    {"silent", 'n'},
    {"expression", 'e', Options::kRequired},
    {"file", 'f', Options::kRequired},
    {"regexp-extended", 'E'},
    {"in-place", 'i', Options::kOptional},
    {"line-length", 'l', Options::kRequired},
    {"posix", kPosix},
    {"follow-symlinks", kFollowSymlinks},
    {"sandbox", kSandbox},
    {"separate", 's'},
    {"unbuffered", 'u'},
    {"null-data", 'z'},
    {"binary", 'b'},
};

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(1);
}

void AddPiece(std::optional<std::string>& script, std::string_view piece) {
  if (script) script->push_back('\n');
  script = script.value_or("").append(piece);
}

std::string ReadScript(Process& process, const std::string& name) {
  const auto fd = name == "-" ? IoResult<int>(0) : process.Open(name, O_RDONLY);
  if (!fd) {
    Complain(process, "couldn't open file " + name + ": " + ErrnoText(fd.error()));
    process.Exit(4);
  }
  auto content = process.ReadAll(*fd);
  if (*fd != 0) (void)process.Close(*fd);
  if (!content) Fail(process, "read error on " + name + ": " + ErrnoText(content.error()));
  if (content->ends_with('\n')) content->pop_back();
  return std::move(*content);
}

}  // namespace

int SedMain(Process& process) {
  Options options(process, "nbe:f:Eri::l:suz", kLongs);
  sed::MachineOptions machine;
  sed::ScriptOptions syntax;
  std::optional<std::string> text;
  while (auto option = options.Next()) {
    switch (option->letter) {
      case 'n':
        machine.quiet = true;
        break;
      case 'e':
        AddPiece(text, option->value);
        break;
      case 'f':
        AddPiece(text, ReadScript(process, option->value));
        break;
      case 'E':
      case 'r':
        syntax.extended = true;
        break;
      case 'i':
        machine.in_place = machine.separate = true;
        machine.suffix = option->value;
        break;
      case 'l':
        // As atoi() reads it, which sed trusts: 0, no limit, where it is no number.
        machine.line_length = std::max(std::atoi(option->value.c_str()), 0);
        break;
      case kPosix:
        machine.posix = true;
        break;
      case kSandbox:
        syntax.sandbox = true;
        break;
      case kFollowSymlinks:
        machine.follow_symlinks = true;
        break;
      case 's':
        machine.separate = true;
        break;
      case 'u':
        machine.unbuffered = true;
        break;
      case 'z':
        machine.end = '\0';
        break;
      default:  // -b: lines end as they do here anyway.
        break;
    }
  }
  std::vector<std::string> files = options.operands();
  if (!text) {
    if (files.empty()) {
      UsageHint(process, 1);
    }
    text = files[0];
    files.erase(files.begin());
  }
  auto script = sed::ParseScript(*text, syntax);
  if (!script) {
    Complain(process, script.error().message);
    return script.error().status;
  }
  machine.quiet = machine.quiet || script->quiet;
  if (files.empty() && machine.in_place) {
    Complain(process, "no input files");
    return 4;
  }
  if (files.empty()) files.emplace_back("-");
  return sed::Machine(process, std::move(*script), machine, std::move(files)).Run();
}

void AddSedPrograms(ProgramTable& table) { table["sed"] = SedMain; }

}  // namespace computesdk::in_memory
