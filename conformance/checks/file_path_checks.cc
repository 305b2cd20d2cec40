#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// A path is data: every method acts on exactly that name.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;
using ::testing::IsTrue;

std::string ContentOf(std::size_t i) { return "content " + std::to_string(i); }

// A directory for each method, with what it needs under each of the names.
class Stage {
 public:
  Stage(CheckContext& ctx, const std::vector<NamedValue>& names) : ctx_(ctx), names_(names) {
    std::vector<std::string> lines;
    std::vector<std::string> tests;
    for (const char* dir : {"read", "write", "mkdir", "remove", "absent"}) {
      lines.push_back(MakeDirectory(ctx.box().Path(dir)));
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      lines.push_back(MakeFile(Path("read", i), ContentOf(i)));
      lines.push_back(MakeFile(Path("remove", i), ContentOf(i)));
      tests.push_back(Holds(Path("read", i), ContentOf(i)));
    }
    // What a pattern or a split name would take with it.
    lines.push_back(MakeFile(ctx.box().Path("remove/kept"), "kept"));
    lines.push_back(MakeFile(ctx.box().Path("remove/a"), "kept"));
    Prepare(ctx, ctx.box(), lines);
    for (const bool made : Ask(ctx, ctx.box(), tests)) {
      if (!made) ctx.NotTestable("the shell could not make files of these names");
    }
  }

  std::string Path(std::string_view dir, std::size_t i) const {
    return ctx_.box().Path(dir) + "/" + names_[i].bytes;
  }

  void CallMethods() {
    Provider& provider = ctx_.provider();
    const std::string& id = ctx_.box().id;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto scope = ctx_.Case(names_[i].label, ", the name ", Printable(names_[i].bytes, 40));
      const Result<std::string> content = provider.ReadFile(id, Path("read", i));
      if (ExpectSuccess(ctx_, content, "readFile")) {
        ctx_.ExpectBytes(*content, ContentOf(i), "readFile");
      }
      const Result<bool> there = provider.Exists(id, Path("read", i));
      if (ExpectSuccess(ctx_, there, "exists")) {
        ctx_.Expect(*there, IsTrue(), "exists of a file that is there");
      }
      const Result<bool> absent = provider.Exists(id, Path("absent", i));
      if (ExpectSuccess(ctx_, absent, "exists of a missing path")) {
        ctx_.Expect(*absent, IsFalse(), "exists of a missing path");
      }
      ExpectSuccess(ctx_, provider.WriteFile(id, Path("write", i), ContentOf(i)), "writeFile");
      ExpectSuccess(ctx_, provider.Mkdir(id, Path("mkdir", i)), "mkdir");
      ExpectSuccess(ctx_, provider.Remove(id, Path("remove", i)), "remove");
    }
    ExpectNamesListed();
  }

  // What the shell says of all that.
  void ExpectEffects() {
    std::vector<Fact> facts;
    const auto add = [&](const std::string& method, const std::string& expected,
                         const std::string& dir, auto test) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        facts.push_back({names_[i].label + ", the name " + Printable(names_[i].bytes, 40) + ": " +
                             "what " + method + " left at that path",
                         expected, test(Path(dir, i), i)});
      }
    };
    add("writeFile", "a file with what was written", "write",
        [](const std::string& path, std::size_t i) { return Holds(path, ContentOf(i)); });
    add("mkdir", "a directory", "mkdir",
        [](const std::string& path, std::size_t) { return IsDirectory(path); });
    add("remove", "nothing", "remove",
        [](const std::string& path, std::size_t) { return IsGone(path); });
    const Box& box = ctx_.box();
    const int count = static_cast<int>(names_.size());
    const std::string each = "just one entry for each name: " + std::to_string(count);
    facts.push_back(
        {"the directory that writeFile wrote in", each, HasEntries(box.Path("write"), count)});
    facts.push_back(
        {"the directory that mkdir made others in", each, HasEntries(box.Path("mkdir"), count)});
    facts.push_back({"the directory that remove removed from", "the two other files",
                     Holds(box.Path("remove/kept"), "kept") + " && " +
                         Holds(box.Path("remove/a"), "kept") + " && " +
                         HasEntries(box.Path("remove"), 2)});
    facts.push_back(
        {"the directory with nothing in it", "nothing in it", HasEntries(box.Path("absent"), 0)});
    ExpectFacts(ctx_, box, facts);
  }

 private:
  void ExpectNamesListed() {
    const auto entries = ctx_.provider().Readdir(ctx_.box().id, ctx_.box().Path("read"));
    if (!ExpectSuccess(ctx_, entries, "readdir")) return;
    for (const NamedValue& name : names_) {
      const auto count = std::ranges::count(*entries, name.bytes, &FileEntry::name);
      ctx_.Expect(count, testing::Eq(1),
                  "how often readdir has the name " + Printable(name.bytes, 60));
    }
  }

  CheckContext& ctx_;
  const std::vector<NamedValue>& names_;
};

void ExpectExact(CheckContext& ctx, const std::vector<NamedValue>& names) {
  Stage stage(ctx, names);
  stage.CallMethods();
  stage.ExpectEffects();
}

void Blanks(CheckContext& ctx) {
  ExpectExact(ctx, {{"a blank inside", "two words"},
                    {"several blanks", "a  b   c"},
                    {"a blank in front", " a"},
                    {"a blank at the end", "a "},
                    {"a blank only", " "},
                    {"tabs", "\ta\tb\t"},
                    {"a no-break space", "a\xc2\xa0z"}});
}

void Quotes(CheckContext& ctx) {
  ExpectExact(ctx, {{"a single quote", "it's"},
                    {"two single quotes", "'a'"},
                    {"double quotes", "a\"x\"b"},
                    {"one double quote", "\""},
                    {"both", "'\"'\"'"},
                    {"a backslash", "a\\b"},
                    {"a backslash at the end", "a\\"},
                    {"escape letters", "\\n\\t\\x41"}});
}

void Expansions(CheckContext& ctx) {
  ExpectExact(ctx, {{"a variable", "$HOME"},
                    {"a variable in braces", "${PATH}x"},
                    {"a lone dollar", "a$"},
                    {"the shell's process number", "$$"},
                    {"a command substitution", "$(pwd)"},
                    {"backticks", "`pwd`"},
                    {"an arithmetic expansion", "$((1+1))"},
                    {"a tilde", "~"},
                    {"a tilde and a name", "~root"},
                    {"a percent sign", "%HOME%"},
                    {"an exclamation mark", "!x!"}});
}

void Patterns(CheckContext& ctx) {
  ExpectExact(ctx, {{"an asterisk", "*"},
                    {"an asterisk at the end", "k*"},
                    {"question marks", "????"},
                    {"a bracket", "[a-z]"},
                    {"braces", "{a,kept}"},
                    {"two asterisks", "**"}});
}

void Separators(CheckContext& ctx) {
  ExpectExact(ctx, {{"a semicolon", "a;b"},
                    {"an ampersand", "a&b"},
                    {"a pipe", "a|b"},
                    {"redirections", "a>b<c"},
                    {"parentheses", "(a)"},
                    {"a hash", "#a"},
                    {"an equals sign", "A=b"},
                    {"a comma and a colon", "a,b:c"}});
}

void Newlines(CheckContext& ctx) {
  ExpectExact(ctx, {{"a newline inside", "a\nb"},
                    {"a newline at the end", "a\n"},
                    {"a newline in front", "\na"},
                    {"a newline only", "\n"},
                    {"a carriage return", "a\rb"},
                    {"an escape character", "a\x1b[31mb"}});
}

void LeadingDashes(CheckContext& ctx) {
  // Relative names would be the test; an absolute path has them only after a slash, where a
  // provider that changes into the directory first meets them.
  ExpectExact(
      ctx,
      {{"-rf", "-rf"}, {"-n", "-n"}, {"--help", "--help"}, {"--", "--"}, {"-", "-"}, {"-e", "-e"}});
}

void BeyondAscii(CheckContext& ctx) {
  ExpectExact(ctx, {{"two bytes", "\xc3\xa9"},
                    {"three bytes", "\xe4\xb8\xad\xe6\x96\x87"},
                    {"four bytes", "\xf0\x9f\x98\x80.txt"},
                    {"right to left", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
                    {"upper and lower case", "STRASSE"},
                    {"lower case", "strasse"}});
}

void Normalization(CheckContext& ctx) {
  ExpectExact(ctx, {{"composed", "\xc3\xa9"},
                    {"decomposed", "e\xcc\x81"},
                    {"a compatibility character", "\xef\xac\x81"},
                    {"what it would become", "fi"}});
}

void LongNames(CheckContext& ctx) {
  std::string wide;
  for (int i = 0; i < 85; ++i) wide += "\xe4\xb8\xad";
  ExpectExact(ctx, {{"255 letters", std::string(255, 'n')},
                    {"255 bytes beyond ASCII", wide},
                    {"one letter", "x"}});
}

void SpecialNames(CheckContext& ctx) {
  ExpectExact(ctx, {{"hidden", ".hidden"},
                    {"three dots", "..."},
                    {"two dots in front", "..x"},
                    {"a dot at the end", "x."},
                    {"an arrow", "a->b"},
                    {"an escaped letter", "%41"},
                    {"an escaped slash", "a%2Fb"},
                    {"a query", "a?b=c&d=e"},
                    {"a plus sign", "a+b"},
                    {"a word of many shells", "EOF"},
                    {"null", "null"}});
}

// Paths with commands in them, each of several segments as the commands name absolute paths.
void NothingIsExecuted(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  const std::size_t count = Injections("x").size();
  Canaries canaries(ctx, box, count);
  std::vector<NamedValue> injections;
  for (std::size_t i = 0; i < count; ++i) {
    injections.push_back(Injections(canaries.commands()[i])[i]);
  }
  const auto path = [&](const char* dir, std::size_t i) {
    return box.Path(dir) + "/" + injections[i].bytes;
  };
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) {
    for (const char* dir : {"read", "write", "remove"}) {
      const std::string file = path(dir, i);
      lines.push_back(MakeDirectory(file.substr(0, file.rfind('/'))));
      if (dir != std::string_view("write")) lines.push_back(MakeFile(file, ContentOf(i)));
    }
    lines.push_back(MakeDirectory(path("list", i)));
  }
  Prepare(ctx, box, lines);

  const auto attempt = [&](const std::string& method, auto call) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto scope = ctx.Case(injections[i].label);
      call(i);
    }
    const std::vector<bool> executed = canaries.Look();
    for (std::size_t i = 0; i < count; ++i) {
      if (!executed[i]) continue;
      ctx.Fail({method + " of a path with a command " + injections[i].label + ", " +
                    Printable(injections[i].bytes, 120),
                "that nothing is executed", "the command in the path was executed"});
    }
  };
  attempt("readFile", [&](std::size_t i) {
    const Result<std::string> content = provider.ReadFile(box.id, path("read", i));
    if (ExpectSuccess(ctx, content, "readFile")) {
      ctx.ExpectBytes(*content, ContentOf(i), "readFile");
    }
  });
  attempt("exists", [&](std::size_t i) {
    const Result<bool> there = provider.Exists(box.id, path("read", i));
    if (ExpectSuccess(ctx, there, "exists")) ctx.Expect(*there, IsTrue(), "exists");
  });
  attempt("readdir", [&](std::size_t i) {
    ExpectSuccess(ctx, provider.Readdir(box.id, path("list", i)), "readdir");
  });
  attempt("mkdir", [&](std::size_t i) {
    ExpectSuccess(ctx, provider.Mkdir(box.id, path("mkdir", i)), "mkdir");
  });
  attempt("writeFile", [&](std::size_t i) {
    ExpectSuccess(ctx, provider.WriteFile(box.id, path("write", i), ContentOf(i)), "writeFile");
  });
  attempt("remove", [&](std::size_t i) {
    ExpectSuccess(ctx, provider.Remove(box.id, path("remove", i)), "remove");
  });
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& label = injections[i].label;
    facts.push_back({label + ": what writeFile left", "a file with what was written",
                     Holds(path("write", i), ContentOf(i))});
    facts.push_back({label + ": what mkdir left", "a directory", IsDirectory(path("mkdir", i))});
    facts.push_back({label + ": what remove left", "nothing", IsGone(path("remove", i))});
  }
  ExpectFacts(ctx, box, facts);
}

Requirement Names(std::string id, std::string asks, std::string why,
                  std::vector<std::string> defects, std::string mend,
                  std::function<void(CheckContext&)> check) {
  return {.id = "filesystem.paths." + std::move(id),
          .level = Level::kOptional,
          .capability = std::string(capability::kFilesystem),
          .asks = std::move(asks),
          .why = std::move(why),
          .defects = std::move(defects),
          .mend = std::move(mend),
          .check = std::move(check)};
}

constexpr const char* kQuoteMend =
    "Pass the path as one argument to a program, or to the backend's file interface; where a shell "
    "is in between, put it in single quotes and each ' in it as '\\''.";

}  // namespace

std::vector<Requirement> FileNameRequirements() {
  return {
      Names("blanks", "All six methods act on exactly the path where a name has blanks.",
            "An unquoted path is split: `cat my file` reads two others, and `rm -rf my file` "
            "removes them. Names at the ends of which blanks are trimmed are missed.",
            {"F12", "F27"}, kQuoteMend, Blanks),
      Names(
          "quotes",
          "All six methods act on exactly the path where a name has quotes or "
          "backslashes.",
          "Quotes around a path end at the first quote in it. JSON's escapes, which many adapters "
          "use, are not those of a shell.",
          {"F27", "C2"}, kQuoteMend, Quotes),
      Names("expansions",
            "All six methods act on exactly the path where a name has `$`, backticks "
            "or `~`.",
            "In double quotes a shell still expands `$HOME` and executes `$(…)`: the call acts on "
            "another file, or runs what a user typed as a name.",
            {"F27", "F28"}, kQuoteMend, Expansions),
      Names("patterns",
            "All six methods act on exactly the path where a name has `*`, `?`, "
            "brackets or braces.",
            "`rm -rf DIR/*` of a file that is called `*` removes all the others.", {"F27"},
            kQuoteMend, Patterns),
      Names("separators",
            "All six methods act on exactly the path where a name has `;`, `&`, `|`, "
            "`<`, `>`, `(` or `#`.",
            "An unquoted one ends the command, and the rest of the name is the next.", {"F27"},
            kQuoteMend, Separators),
      Names("newlines", "All six methods act on exactly the path where a name has newlines.",
            "A listing that is read line by line has two entries for one file; a command line ends "
            "at the newline.",
            {"F13", "F27"}, kQuoteMend, Newlines),
      Names("leading-dash",
            "All six methods act on exactly the path where a name begins with a "
            "dash.",
            "A program that is started in the directory with the bare name takes it for an option: "
            "`rm -rf`.",
            {"F26"}, "Pass absolute paths, and `--` before every path.", LeadingDashes),
      Names("beyond-ascii",
            "All six methods act on exactly the path where a name has characters "
            "beyond ASCII.",
            "Paths in URLs and headers need their own escapes; `ls` and others print such names "
            "with octal escapes in quotes.",
            {"F24", "C29"},
            "Escape the path's UTF-8 bytes where it enters an URL, and read names "
            "as bytes.",
            BeyondAscii),
      Names("normalization",
            "Names that look the same and differ in their bytes are different "
            "files.",
            "A backend that composes or folds characters makes one file of two, and one of them is "
            "lost.",
            {"F25"}, "Leave names as they are: no normalization, no folding of case.",
            Normalization),
      Names("long", "Names of 255 bytes work with all six methods.",
            "It is the file system's own limit. Escaping, suffixes for temporary files, and limits "
            "in characters instead of bytes lower it.",
            {"F44"}, "Do not derive temporary names from the name itself.", LongNames),
      Names("special",
            "Names such as `...`, `a->b`, `%41` or `a?b=c` are names like "
            "others.",
            "They break what decodes URLs twice, looks for extensions, or takes every name with "
            "dots for a "
            "way out.",
            {"F15", "F16", "F31"},
            "Decode once, and "
            "compare whole segments with `.` and `..`.",
            SpecialNames),
      Names("execute-nothing", "Nothing in a path is executed, by any of the six methods.",
            "File names come from users, archives and models. A path that reaches a shell runs "
            "whatever they want.",
            {"F27", "C2"}, kQuoteMend, NothingIsExecuted),
  };
}

std::vector<Requirement> FilePathRequirements() {
  return Join(FileNameRequirements(), FilePathShapeRequirements());
}

}  // namespace computesdk::conformance
