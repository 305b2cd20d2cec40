#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/file_stage.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// A path is data: what is special to a shell is not special in it.
namespace computesdk::conformance {
namespace {

using ::testing::IsTrue;

void Blanks(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"a blank inside", "two words"},
                         {"several blanks", "a  b   c"},
                         {"a blank in front", " a"},
                         {"a blank at the end", "a "},
                         {"a blank only", " "},
                         {"tabs", "\ta\tb\t"},
                         {"a no-break space", "a\xc2\xa0z"}});
}

void Quotes(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"a single quote", "it's"},
                         {"two single quotes", "'a'"},
                         {"double quotes", "a\"x\"b"},
                         {"one double quote", "\""},
                         {"both", "'\"'\"'"},
                         {"a backslash", "a\\b"},
                         {"a backslash at the end", "a\\"},
                         {"escape letters", "\\n\\t\\x41"}});
}

void Expansions(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"a variable", "$HOME"},
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
  ExpectExactNames(ctx, {{"an asterisk", "*"},
                         {"an asterisk at the end", "k*"},
                         {"question marks", "????"},
                         {"a bracket", "[a-z]"},
                         {"braces", "{a,kept}"},
                         {"two asterisks", "**"}});
}

void Separators(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"a semicolon", "a;b"},
                         {"an ampersand", "a&b"},
                         {"a pipe", "a|b"},
                         {"redirections", "a>b<c"},
                         {"parentheses", "(a)"},
                         {"a hash", "#a"},
                         {"an equals sign", "A=b"},
                         {"a comma and a colon", "a,b:c"}});
}

void Newlines(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"a newline inside", "a\nb"},
                         {"a newline at the end", "a\n"},
                         {"a newline in front", "\na"},
                         {"a newline only", "\n"},
                         {"a carriage return", "a\rb"},
                         {"an escape character", "a\x1b[31mb"}});
}

void LeadingDashes(CheckContext& ctx) {
  // An absolute path has them only after a slash, where a provider that changes into the directory
  // first meets them.
  ExpectExactNames(
      ctx,
      {{"-rf", "-rf"}, {"-n", "-n"}, {"--help", "--help"}, {"--", "--"}, {"-", "-"}, {"-e", "-e"}});
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
      if (dir != std::string_view("write")) lines.push_back(MakeFile(file, StageContent(i)));
    }
    lines.push_back(MakeDirectory(path("list", i)));
    lines.push_back(MakeFile(path("list", i) + "/x", "x"));
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
      ctx.ExpectBytes(*content, StageContent(i), "readFile");
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
    ExpectSuccess(ctx, provider.WriteFile(box.id, path("write", i), StageContent(i)), "writeFile");
  });
  attempt("remove", [&](std::size_t i) {
    ExpectSuccess(ctx, provider.Remove(box.id, path("remove", i)), "remove");
  });
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& label = injections[i].label;
    facts.push_back({label + ": what writeFile left", "a file with what was written",
                     Holds(path("write", i), StageContent(i))});
    facts.push_back({label + ": what mkdir left", "a directory", IsDirectory(path("mkdir", i))});
    facts.push_back({label + ": what remove left", "nothing", IsGone(path("remove", i))});
  }
  ExpectFacts(ctx, box, facts);
}

constexpr const char* kQuoteMend =
    "Pass the path as one argument to a program, or to the backend's file interface; where a shell "
    "is in between, put it in single quotes and each ' in it as '\\''.";

}  // namespace

std::vector<Requirement> FilePathSyntaxRequirements() {
  return {
      FilePathRequirement(
          {.id = "blanks",
           .asks = "All six methods act on exactly the path where a name has blanks.",
           .why = "People name files with blanks. `rm -rf my file` removes two others.",
           .breaks = "The path stands without quotes in a command line, which is split at blanks; "
                     "or blanks at its ends are trimmed.",
           .wrong = R"(await sandbox.sh(`rm -rf ${path.trim()}`);)",
           .right = R"(await sandbox.exec(['rm', '-rf', '--', path]);)",
           .defects = {"F12", "F27"},
           .mend = kQuoteMend,
           .check = Blanks}),
      FilePathRequirement(
          {.id = "quotes",
           .asks = "All six methods act on exactly the path where a name has quotes or "
                   "backslashes.",
           .why = "\"It's done.txt\" is a name like any other, and a quote that ends the quotes "
                  "is the way into the command line.",
           .breaks = "Quotes are put around a path and not minded in it. JSON's escapes, which "
                     "many adapters use, are not those of a shell.",
           .wrong = R"(await sandbox.sh(`cat ${JSON.stringify(path)}`);)",
           .right = R"(const shellQuote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
await sandbox.sh(`cat -- ${shellQuote(path)}`);)",
           .defects = {"F27", "C2"},
           .mend = kQuoteMend,
           .check = Quotes}),
      FilePathRequirement(
          {.id = "expansions",
           .asks = "All six methods act on exactly the path where a name has `$`, backticks "
                   "or `~`.",
           .why = "The call would act on another file than the one it names, and say that all is "
                  "well.",
           .breaks = "The path stands in double quotes, where a shell still expands `$HOME` and "
                     "executes `$(…)`; or the adapter expands `~` itself.",
           .wrong = R"(await sandbox.sh(`mkdir -p "${path}"`);)",
           .right = R"(await sandbox.sh(`mkdir -p -- ${shellQuote(path)}`);)",
           .defects = {"F27", "F28"},
           .mend = kQuoteMend,
           .check = Expansions}),
      FilePathRequirement(
          {.id = "patterns",
           .asks = "All six methods act on exactly the path where a name has `*`, `?`, "
                   "brackets or braces.",
           .why = "To remove the file `*` must not remove all the others. Routes of web "
                  "frameworks are files named `[id].ts`.",
           .breaks = "An unquoted path is a pattern to the shell; a search function of the backend "
                     "takes one, too.",
           .wrong = R"(for (const match of await client.files.glob(id, path)) {
  await client.files.delete(id, match);
})",
           .right = R"(await client.files.delete(id, path);)",
           .defects = {"F27"},
           .mend = kQuoteMend,
           .check = Patterns}),
      FilePathRequirement(
          {.id = "separators",
           .asks = "All six methods act on exactly the path where a name has `;`, `&`, `|`, "
                   "`<`, `>`, `(` or `#`.",
           .why = "\"R&D (old).txt\" is such a name: what follows the & would be a command.",
           .breaks = "An unquoted path ends at the first of them, and the rest is the next "
                     "command; a quote for blanks alone does not help.",
           .wrong = R"(const target = path.includes(' ') ? `'${path}'` : path;
await sandbox.sh(`test -e ${target}`);)",
           .right = R"(await sandbox.sh(`test -e ${shellQuote(path)}`);)",
           .defects = {"F27"},
           .mend = kQuoteMend,
           .check = Separators}),
      FilePathRequirement(
          {.id = "newlines",
           .asks = "All six methods act on exactly the path where a name has newlines.",
           .why = "Such names come from broken downloads and from attackers: a file that shows as "
                  "two hides what it is.",
           .breaks = "A listing is read line by line, and has two entries for one file; a command "
                     "line ends at the newline; `$(…)` cuts it off.",
           .wrong = R"(const { stdout } = await sandbox.exec(['ls', '-A', path]);
return stdout.split('\n').filter(Boolean).map(toEntry);)",
           .right = R"(const { stdout } = await sandbox.exec(
  ['find', path, '-mindepth', '1', '-maxdepth', '1', '-printf', '%f\\0']);
return stdout.split('\0').filter(Boolean).map(toEntry);)",
           .defects = {"F13", "F27"},
           .mend = kQuoteMend,
           .check = Newlines}),
      FilePathRequirement(
          {.id = "leading-dash",
           .asks = "All six methods act on exactly the path where a name begins with a "
                   "dash.",
           .why = "A file named `-rf` is an old trick: the program takes it for an option.",
           .breaks = "A program is started in the directory with the bare name, without `--` "
                     "before it.",
           .wrong = R"(const { dir, base } = posix.parse(path);
await sandbox.exec(['rm', '-r', base], { cwd: dir });)",
           .right = R"(await sandbox.exec(['rm', '-r', '--', path]);)",
           .defects = {"F26"},
           .mend = "Pass absolute paths, and `--` before every path.",
           .check = LeadingDashes}),
      FilePathRequirement(
          {.id = "execute-nothing",
           .asks = "Nothing in a path is executed, by any of the six methods.",
           .why = "File names come from users, archives and models. A path that reaches a shell "
                  "runs whatever they want.",
           .breaks = "One of the six methods, often the least used one, builds its command line by "
                     "hand.",
           .wrong = R"(readFile: (path) => sandbox.sh(`cat ${shellQuote(path)}`),
remove: (path) => sandbox.sh(`rm -rf "${path}"`),)",
           .right = R"(const run = (...argv) => sandbox.exec(argv); // no shell, in any of them
readFile: (path) => run('cat', '--', path),
remove: (path) => run('rm', '-rf', '--', path),)",
           .defects = {"F27", "C2"},
           .mend = kQuoteMend,
           .check = NothingIsExecuted}),
  };
}

std::vector<Requirement> FilePathRequirements() {
  return Join(FilePathSyntaxRequirements(), FileNameRequirements(), FilePathShapeRequirements(),
              FileLinkRequirements());
}

}  // namespace computesdk::conformance
