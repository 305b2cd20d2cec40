#include <algorithm>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

// What tells of programs and of who is there.
namespace computesdk::in_memory {

int WhereisMain(Process& process) {
  bool programs = false;
  bool others = false;
  Options options(process, "bmsulghV", {});
  while (const auto option = options.Next()) {
    if (option->letter == 'b') programs = true;
    if (option->letter == 'm' || option->letter == 's') others = true;
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    if (option->letter == 'V') ShowVersion(process);
  }
  if (options.operands().empty()) UsageError(process, "not enough arguments");
  Output out(process);
  for (const std::string& operand : options.operands()) {
    const std::string name = LastComponent(operand);
    out << name << ":";
    // A sandbox has no manual and no sources.
    const bool wanted = programs || !others;
    for (const char* folder : {"/usr/bin", "/usr/sbin", "/etc", "/usr/local/bin", "/opt"}) {
      const std::string path = ChildPath(folder, name);
      if (wanted && StatPath(process, path)) out << " " << path;
    }
    out << "\n";
  }
  return out.Finish(0);
}

// No file of a sandbox is a program of the machine's.
int LddMain(Process& process) {
  Options options(
      process, "druv",
      {{"data-relocs", 'd'}, {"function-relocs", 'r'}, {"unused", 'u'}, {"verbose", 'v'}});
  while (options.Next()) continue;
  const auto& files = options.operands();
  if (files.empty()) {
    Complain(process, "missing file arguments");
    (void)process.Write(2, "Try `ldd --help' for more information.\n");
    return 1;
  }
  Output out(process);
  for (const std::string& file : files) {
    if (files.size() > 1) out << file << ":\n";
    const auto status = StatPath(process, file);
    if (status && status->type == FileType::kRegular) {
      out.Flush();
      (void)process.Write(2, "\tnot a dynamic executable\n");
      continue;
    }
    out.Flush();
    const std::string shown = file.find('/') == std::string::npos ? "./" + file : file;
    Complain(process, shown + ": " + (status ? "not regular file" : ErrnoText(status.error())));
  }
  return out.Finish(1);
}

// Made of the address of the host's name, 127.0.1.1.
int HostidMain(Process& process) {
  Options options(process, "");
  while (options.Next()) continue;
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[0]));
  }
  (void)process.Write(1, "007f0101\n");
  return 0;
}

int LognameMain(Process& process) {
  Options options(process, "");
  while (options.Next()) continue;
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[0]));
  }
  Complain(process, "no login name");
  return 1;
}

}  // namespace computesdk::in_memory
