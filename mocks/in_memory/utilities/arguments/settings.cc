#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

using NamedText = std::pair<std::string_view, std::string_view>;

// --- getconf ------------------------------------------------------------------------------------

constexpr int kGetconfFailure = 2;

constexpr NamedText kSystemValues[] = {{"ARG_MAX", "2097152"},
                                       {"ATEXIT_MAX", "2147483647"},
                                       {"BC_BASE_MAX", "99"},
                                       {"BC_DIM_MAX", "2048"},
                                       {"BC_SCALE_MAX", "99"},
                                       {"BC_STRING_MAX", "1000"},
                                       {"CHAR_BIT", "8"},
                                       {"CHAR_MAX", "127"},
                                       {"CHAR_MIN", "-128"},
                                       {"CLK_TCK", "100"},
                                       {"CS_PATH", "/bin:/usr/bin"},
                                       {"EXPR_NEST_MAX", "32"},
                                       {"GNU_LIBC_VERSION", "glibc 2.36"},
                                       {"GNU_LIBPTHREAD_VERSION", "NPTL 2.36"},
                                       {"HOST_NAME_MAX", "64"},
                                       {"INT_MAX", "2147483647"},
                                       {"INT_MIN", "-2147483648"},
                                       {"IOV_MAX", "1024"},
                                       {"LEVEL1_DCACHE_LINESIZE", "64"},
                                       {"LFS_CFLAGS", ""},
                                       {"LFS_LDFLAGS", ""},
                                       {"LFS_LIBS", ""},
                                       {"LINE_MAX", "2048"},
                                       {"LOGIN_NAME_MAX", "256"},
                                       {"LONG_BIT", "64"},
                                       {"NGROUPS_MAX", "65536"},
                                       {"NL_ARGMAX", "4096"},
                                       {"OPEN_MAX", "1024"},
                                       {"PAGESIZE", "4096"},
                                       {"PAGE_SIZE", "4096"},
                                       {"PATH", "/bin:/usr/bin"},
                                       {"POSIX_V7_LP64_OFF64_CFLAGS", "-m64"},
                                       {"PTHREAD_KEYS_MAX", "1024"},
                                       {"PTHREAD_STACK_MIN", "16384"},
                                       {"RE_DUP_MAX", "32767"},
                                       {"SCHAR_MAX", "127"},
                                       {"SCHAR_MIN", "-128"},
                                       {"SHRT_MAX", "32767"},
                                       {"SHRT_MIN", "-32768"},
                                       {"SSIZE_MAX", "32767"},
                                       {"STREAM_MAX", "16"},
                                       {"SYMLOOP_MAX", "undefined"},
                                       {"TTY_NAME_MAX", "32"},
                                       {"TZNAME_MAX", "undefined"},
                                       {"UCHAR_MAX", "255"},
                                       {"UINT_MAX", "4294967295"},
                                       {"ULONG_MAX", "18446744073709551615"},
                                       {"USHRT_MAX", "65535"},
                                       {"WORD_BIT", "32"},
                                       {"_NPROCESSORS_CONF", "1"},
                                       {"_NPROCESSORS_ONLN", "1"},
                                       {"_POSIX_THREADS", "200809"},
                                       {"_POSIX_VERSION", "200809"},
                                       {"_XOPEN_VERSION", "700"}};

constexpr NamedText kPathValues[] = {{"FILESIZEBITS", "64"},
                                     {"LINK_MAX", "65000"},
                                     {"MAX_CANON", "255"},
                                     {"MAX_INPUT", "255"},
                                     {"NAME_MAX", "255"},
                                     {"PATH_MAX", "4096"},
                                     {"PIPE_BUF", "4096"},
                                     {"POSIX_ALLOC_SIZE_MIN", "4096"},
                                     {"POSIX_REC_XFER_ALIGN", "4096"},
                                     {"SYMLINK_MAX", "undefined"}};

const NamedText* FindNamed(const NamedText* begin, const NamedText* end, std::string_view name) {
  const auto* found =
      std::find_if(begin, end, [&](const NamedText& entry) { return entry.first == name; });
  return found == end ? nullptr : found;
}

// What depends on the sandbox.
std::optional<std::string> MachineValue(Process& process, std::string_view name) {
  constexpr std::uint64_t kPage = 4096;
  const std::uint64_t memory = process.kernel().limits().files.bytes;
  if (name == "CHILD_MAX") return std::to_string(process.kernel().limits().processes);
  if (name == "_PHYS_PAGES") return std::to_string(memory / kPage);
  if (name == "_AVPHYS_PAGES") {
    return std::to_string((memory - std::min(memory, process.files().bytes_used())) / kPage);
  }
  return std::nullopt;
}

[[noreturn]] void GetconfUsage(Process& process) {
  (void)process.Write(2,
                      "Usage: getconf [-v specification] variable_name [pathname]\n"
                      "       getconf -a [pathname]\n");
  process.Exit(kGetconfFailure);
}

// --- getent -------------------------------------------------------------------------------------

constexpr int kNoSuchKey = 2;

std::vector<std::string> LinesOfFile(Process& process, std::string_view path) {
  std::vector<std::string> lines;
  const std::string content = process.files().ReadFile(path).value_or("");
  std::string_view rest = content;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    line = line.substr(0, line.find('#'));
    if (!line.empty()) lines.emplace_back(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

std::vector<std::string> WordsOfLine(std::string_view line) {
  std::vector<std::string> words;
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    if (end > 0) words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// Lines "name:…:id:…": by name or, where the key is a number, by id.
bool PrintAccount(Output& out, const std::vector<std::string>& lines, const std::string& key) {
  const bool number = key.find_first_not_of("0123456789") == std::string::npos && !key.empty();
  for (const std::string& line : lines) {
    const std::size_t first = line.find(':');
    if (first == std::string::npos) continue;
    const std::size_t second = line.find(':', first + 1);
    const std::size_t third = std::min(line.find(':', second + 1), line.size());
    const bool found =
        number ? second != std::string::npos && line.substr(second + 1, third - second - 1) == key
               : line.substr(0, first) == key;
    if (!found) continue;
    out << line << "\n";
    return true;
  }
  return false;
}

std::string HostLine(const std::vector<std::string>& words) {
  std::string line = words[0];
  line.resize(std::max<std::size_t>(line.size(), 15), ' ');
  for (std::size_t i = 1; i < words.size(); ++i) line += " " + words[i];
  return line + "\n";
}

bool PrintHost(Output& out, const std::vector<std::string>& lines, const std::string& key) {
  for (const std::string& line : lines) {
    const std::vector<std::string> words = WordsOfLine(line);
    if (std::find(words.begin(), words.end(), key) == words.end()) continue;
    out << HostLine(words);
    return true;
  }
  return false;
}

// --- locale -------------------------------------------------------------------------------------

constexpr std::string_view kCategories[] = {
    "LC_CTYPE", "LC_NUMERIC", "LC_TIME",    "LC_COLLATE",   "LC_MONETARY",    "LC_MESSAGES",
    "LC_PAPER", "LC_NAME",    "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION"};

std::string VariableOf(const Process& process, std::string_view name) {
  const auto found = process.env.find(std::string(name));
  return found == process.env.end() ? "" : found->second;
}

std::string CategoryOf(const Process& process, std::string_view name) {
  for (const std::string& value :
       {VariableOf(process, "LC_ALL"), VariableOf(process, name), VariableOf(process, "LANG")}) {
    if (!value.empty()) return value;
  }
  return "C";
}

std::string CharacterMap(const Process& process) {
  const std::string locale = CategoryOf(process, "LC_CTYPE");
  const bool utf8 = locale.ends_with(".UTF-8") || locale.ends_with(".utf8");
  return utf8 ? "UTF-8" : "ANSI_X3.4-1968";
}

void PrintSettings(const Process& process, Output& out) {
  out << "LANG=" << VariableOf(process, "LANG") << "\nLANGUAGE=" << VariableOf(process, "LANGUAGE")
      << "\n";
  const std::string all = VariableOf(process, "LC_ALL");
  for (const std::string_view name : kCategories) {
    const std::string own = VariableOf(process, name);
    out << name << "=";
    if (all.empty() && !own.empty()) {
      out << own << "\n";
    } else {
      const std::string value = CategoryOf(process, name);
      out << "\"" << (value == "C" && VariableOf(process, "LANG").empty() ? "POSIX" : value)
          << "\"\n";
    }
  }
  out << "LC_ALL=" << all << "\n";
}

// Keywords of the C locale.
constexpr NamedText kKeywords[] = {
    {"abday", "Sun;Mon;Tue;Wed;Thu;Fri;Sat"},
    {"day", "Sunday;Monday;Tuesday;Wednesday;Thursday;Friday;Saturday"},
    {"abmon", "Jan;Feb;Mar;Apr;May;Jun;Jul;Aug;Sep;Oct;Nov;Dec"},
    {"mon",
     "January;February;March;April;May;June;July;August;September;October;November;December"},
    {"d_t_fmt", "%a %b %e %H:%M:%S %Y"},
    {"d_fmt", "%m/%d/%y"},
    {"t_fmt", "%H:%M:%S"},
    {"decimal_point", "."},
    {"thousands_sep", ""},
    {"yesexpr", "^[yY]"},
    {"noexpr", "^[nN]"}};

}  // namespace

int GetconfMain(Process& process) {
  AnswerHelp(process, {"-a", "-v SPECIFICATION", "NAME [PATH]"});
  std::vector<std::string> words(process.args.begin() + 1, process.args.end());
  Output out(process);
  if (!words.empty() && words[0] == "-v") {
    // The one programming environment that there is.
    if (words.size() < 3) GetconfUsage(process);
    if (words[1] != "POSIX_V7_LP64_OFF64" && words[1] != "POSIX_V6_LP64_OFF64") {
      Complain(process, "unknown specification \"" + words[1] + "\"");
      return kGetconfFailure;
    }
    words.erase(words.begin(), words.begin() + 2);
  }
  if (!words.empty() && words[0] == "-a") {
    for (const auto& [name, value] : kPathValues) {
      out << name << std::string(35 - std::min<std::size_t>(34, name.size()), ' ') << value << "\n";
    }
    for (const auto& [name, value] : kSystemValues) {
      out << name << std::string(35 - std::min<std::size_t>(34, name.size()), ' ') << value << "\n";
    }
    return out.Finish(0);
  }
  if (words.empty() || words.size() > 2) GetconfUsage(process);
  const auto* of_path = FindNamed(std::begin(kPathValues), std::end(kPathValues), words[0]);
  if (of_path != nullptr) {
    if (words.size() < 2) GetconfUsage(process);
    out << of_path->second << "\n";
    return out.Finish(0);
  }
  if (words.size() == 2) GetconfUsage(process);
  const auto* found = FindNamed(std::begin(kSystemValues), std::end(kSystemValues), words[0]);
  const auto machine = MachineValue(process, words[0]);
  if (found == nullptr && !machine) {
    Complain(process, "Unrecognized variable `" + words[0] + "'");
    return kGetconfFailure;
  }
  out << (machine ? std::string_view(*machine) : found->second) << "\n";
  return out.Finish(0);
}

int GetentMain(Process& process) {
  Options options(process, "s:i", {{"service", 's', Options::kRequired}, {"no-idn", 'i'}});
  while (options.Next()) {
  }
  const std::vector<std::string>& operands = options.operands();
  if (operands.empty()) {
    Complain(process, "wrong number of arguments");
    (void)process.Write(1, "Try `getent --help' or `getent --usage' for more information.\n");
    return 1;
  }
  const std::string& database = operands[0];
  const bool hosts = database == "hosts" || database == "ahosts";
  if (!hosts && database != "passwd" && database != "group" && database != "shadow") {
    (void)process.Write(2, "Unknown database: " + database + "\n");
    (void)process.Write(1, "Try `getent --help' or `getent --usage' for more information.\n");
    return 1;
  }
  const std::vector<std::string> lines =
      LinesOfFile(process, hosts ? "/etc/hosts" : "/etc/" + database);
  Output out(process);
  int status = 0;
  if (operands.size() == 1) {
    for (const std::string& line : lines) {
      out << (hosts ? HostLine(WordsOfLine(line)) : line + "\n");
    }
  }
  for (auto key = operands.begin() + 1; key != operands.end(); ++key) {
    const bool found = hosts ? PrintHost(out, lines, *key) : PrintAccount(out, lines, *key);
    if (!found) status = kNoSuchKey;
  }
  return out.Finish(status);
}

int LocaleMain(Process& process) {
  bool all = false;
  bool maps = false;
  bool keywords = false;
  bool categories = false;
  Options options(
      process, "ackm",
      {{"all-locales", 'a'}, {"category-name", 'c'}, {"charmaps", 'm'}, {"keyword-name", 'k'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'a') all = true;
    if (option->letter == 'c') categories = true;
    if (option->letter == 'k') keywords = true;
    if (option->letter == 'm') maps = true;
  }
  Output out(process);
  if (all) out << "C\nC.utf8\nPOSIX\n";
  if (maps) out << "ANSI_X3.4-1968\nUTF-8\n";
  if (all || maps) return out.Finish(0);
  if (options.operands().empty()) PrintSettings(process, out);
  int status = 0;
  for (const std::string& name : options.operands()) {
    const auto* found = FindNamed(std::begin(kKeywords), std::end(kKeywords), name);
    std::string value;
    if (name == "charmap") {
      value = CharacterMap(process);
    } else if (found != nullptr) {
      value = found->second;
    } else {
      out.Flush();
      Complain(process, "unknown name \"" + name + "\"");
      status = 1;
      continue;
    }
    if (categories) out << (name == "charmap" ? "LC_CTYPE" : "LC_TIME") << "\n";
    if (keywords) {
      out << name << "=\"" << value << "\"\n";
    } else {
      out << value << "\n";
    }
  }
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
