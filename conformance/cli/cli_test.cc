// The program as a user meets it: its output and its exit status.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "conformance/printable.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

class CliTest : public testing::Test {
 protected:
  CliTest() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    setenv("XDG_STATE_HOME", directory_.c_str(), 1);
  }
  ~CliTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ / name; }

  // A file in the test's directory, and its path.
  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(Path(name)) << content;
    return Path(name);
  }

  // Runs the program with a line of arguments.
  Outcome Run(const std::string& arguments) const {
    const std::string line = Program() + " " + arguments + " >" + ShellQuote(Path("out")) + " 2>" +
                             ShellQuote(Path("err")) + " </dev/null";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), ReadFile(Path("out")), ReadFile(Path("err"))};
  }

  static std::string Program() { return std::filesystem::absolute("conformance/conformance"); }

  // An adapter written in Python: `body` has `request` and `answer(result)`, for each line.
  std::string Adapter(const std::string& name, const std::string& body) const {
    const std::string path = Write(name, R"(
import json, sys
def answer(request, result):
    print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
def hello(request, version=1):
    answer(request, {"protocolVersion": version, "provider": {"name": "py"}, "capabilities": [],
                     "runtimes": ["bash"]})
for line in sys.stdin:
    request = json.loads(line)
    method = request["method"]
)" + body);
    return ShellQuote("python3 " + ShellQuote(path));
  }

  const std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) / ("cli test " + std::to_string(getpid()));
};

// One line on standard error, and exit status 2.
void ExpectUnusable(const Outcome& outcome, const std::string& part) {
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("conformance: "), HasSubstr(part)));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
}

TEST_F(CliTest, SaysItsVersion) {
  const Outcome outcome = Run("--version");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, MatchesRegex("computesdk-conformance [0-9.]+\n"));
}

TEST_F(CliTest, ShowsHelp) {
  const Outcome outcome = Run("run --help");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("--consistency-window"));
}

TEST_F(CliTest, RefusesWhatItDoesNotKnow) {
  ExpectUnusable(Run("run --no-such-option"), "--no-such-option");
  ExpectUnusable(Run("fly"), "unknown command 'fly'; there are run, serve, ");
  ExpectUnusable(Run(""), "subcommand");
  ExpectUnusable(Run("run --jobs many"), "--jobs");
  ExpectUnusable(Run("run --jobs 0"), "--jobs");
  ExpectUnusable(Run("run --timeout -5"), "--timeout");
  ExpectUnusable(Run("run --workdir relative"), "absolute");
}

TEST_F(CliTest, NamesTheProvidersThatThereAre) {
  ExpectUnusable(Run("run --provider nimbus"), "unknown provider 'nimbus'; built in: in-memory");
  ExpectUnusable(Run("serve --provider nimbus"), "built in: in-memory");
}

TEST_F(CliTest, RunsTheWholeSuiteInVirtualTime) {
  const Outcome outcome = Run("run --provider in-memory-virtual-time --jobs 1");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr(": CONFORMANT\n"));
}

TEST_F(CliTest, ServesNothingInVirtualTime) {
  ExpectUnusable(Run("serve --provider in-memory-virtual-time"), "time of its own");
}

TEST_F(CliTest, RefusesAFilterThatMatchesNothing) {
  ExpectUnusable(Run("run --filter nothing.at-all"), "'nothing.at-all'");
  ExpectUnusable(Run("run --filter -nothing.at-all"), "'-nothing.at-all'");
  ExpectUnusable(Run("run --require nothing.at-all"), "'nothing.at-all'");
}

TEST_F(CliTest, RefusesExpectationsThatItCannotRead) {
  ExpectUnusable(Run("run --expectations /nonexistent"), "/nonexistent: cannot be read");
  Write("bad", "command.a b\n???\n");
  ExpectUnusable(Run("run --expectations " + ShellQuote(Path("bad"))), "bad:2: ");
}

TEST_F(CliTest, RefusesAReportThatItCannotWrite) {
  ExpectUnusable(Run("run --json /nonexistent/x.json"), "/nonexistent/x.json");
}

TEST_F(CliTest, RefusesAnAdapterThatIsMissingOrEndsAtOnce) {
  ExpectUnusable(Run("run --adapter /nonexistent/adapter"), "/nonexistent/adapter");
  ExpectUnusable(Run("run --adapter 'sh -c \"echo gone >&2; exit 7\"'"), "gone");
  ExpectUnusable(Run("run --adapter 'node \"unfinished'"), "double quote");
  ExpectUnusable(Run("run --adapter ' '"), "no command");
}

TEST_F(CliTest, RefusesAnAdapterThatTalksNonsense) {
  ExpectUnusable(Run("run --adapter 'yes garbage' --startup-timeout 2000"), "garbage");
  ExpectUnusable(Run("run --adapter " + Adapter("v2.py", "    hello(request, 2)\n")), "2");
  ExpectUnusable(Run("run --adapter 'sleep 60' --startup-timeout 200"), "200");
}

TEST_F(CliTest, ListsTheRequirementsInThreeForms) {
  EXPECT_THAT(Run("list").out, HasSubstr(" requirements\n"));
  EXPECT_THAT(Run("list --format=markdown").out, StartsWith("# Requirements\n"));
  const auto json = nlohmann::json::parse(Run("list --format=json").out);
  EXPECT_GT(json.size(), 0u);
  ExpectUnusable(Run("list --format=yaml"), "yaml");
}

TEST_F(CliTest, ExplainsARequirementAndSuggestsTheNearest) {
  const auto json = nlohmann::json::parse(Run("list --format=json").out);
  const std::string id = json.at(0).at("id");
  const Outcome explained = Run("explain " + id);
  EXPECT_EQ(explained.status, 0);
  EXPECT_THAT(explained.out, StartsWith(id + " ("));
  ExpectUnusable(Run("explain " + id + "x"), "did you mean " + id + "?");
}

TEST_F(CliTest, WritesTheReportsItIsAskedFor) {
  const std::string arguments = "run --filter 'command.exit-code*' --seed 7 --json " +
                                ShellQuote(Path("r.json")) + " --junit " +
                                ShellQuote(Path("r.xml"));
  const Outcome outcome = Run(arguments);
  EXPECT_THAT(outcome.out, HasSubstr("seed 7"));
  const auto json = nlohmann::json::parse(ReadFile(Path("r.json")));
  EXPECT_EQ(json.at("seed"), 7);
  EXPECT_EQ(json.at("provider").at("name"), "in-memory");
  EXPECT_EQ(json.at("stats").at("sandboxesLeaked"), 0);
  EXPECT_THAT(ReadFile(Path("r.xml")), StartsWith("<?xml"));
  const Outcome shown = Run("report " + ShellQuote(Path("r.json")));
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.out, outcome.out);
  ExpectUnusable(Run("report " + ShellQuote(Path("r.xml"))), "no JSON report");
}

TEST_F(CliTest, ShowsARunAsAPage) {
  const std::string html = ShellQuote(Path("r.html"));
  const std::string json = ShellQuote(Path("r.json"));
  Run("run --filter 'command.exit-code*' --html " + html + " --json " + json);
  const std::string page = ReadFile(Path("r.html"));
  EXPECT_THAT(page, AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("command.exit-code.values"),
                          HasSubstr("id=\"timeline\""), HasSubstr("chosen by command.exit-code*")));
  const Outcome again = Run("report " + json + " --html -");
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again.out, page);
}

TEST_F(CliTest, ComparesTwoRuns) {
  const std::string a = ShellQuote(Path("a.json"));
  const std::string b = ShellQuote(Path("b.json"));
  Run("run --filter command.exit-code.values --json " + a);
  Run("run --filter 'command.exit-code.*' --json " + b);
  const Outcome text = Run("report " + a + " " + b);
  EXPECT_THAT(text.out, AllOf(HasSubstr("From the first of these runs to the second:\nNew ("),
                              HasSubstr("command.exit-code.")));
  const Outcome page = Run("report " + a + " " + b + " --html -");
  EXPECT_THAT(page.out, AllOf(HasSubstr("What changed"), HasSubstr("<table class=\"matrix\">")));
}

TEST_F(CliTest, WritesOneReportForAPullRequestABadgeAndJunit) {
  const std::string a = ShellQuote(Path("a.json"));
  Run("run --filter command.exit-code.values --json " + a);
  EXPECT_THAT(Run("report " + a + " --markdown -").out, StartsWith("### "));
  EXPECT_THAT(Run("report " + a + " --junit -").out, StartsWith("<?xml"));
  EXPECT_THAT(Run("report " + a + " --badge -").out, StartsWith("<svg "));
  ExpectUnusable(Run("report " + a + " " + a + " --markdown -"), "--merge joins several");
  ExpectUnusable(Run("report " + a + " --badge - --markdown -"), "one report");
  ExpectUnusable(Run("report " + a + " --badge /nonexistent/x.svg"), "/nonexistent/x.svg");
}

TEST_F(CliTest, JoinsShardsAndGivesTheStatusOfTheWhole) {
  const std::string a = ShellQuote(Path("a.json"));
  const std::string b = ShellQuote(Path("b.json"));
  const std::string whole = ShellQuote(Path("whole.json"));
  Run("run --filter 'command.exit-code*' --json " + a);
  Run("run --filter '-command.exit-code*' --filter '-command.timeout*' --json " + b);
  const Outcome merged = Run("report --merge " + whole + " " + a + " " + b);
  EXPECT_EQ(merged.status, 1) << merged.err;
  const auto json = nlohmann::json::parse(ReadFile(Path("whole.json")));
  EXPECT_EQ(json.at("conformant"), false);
  EXPECT_THAT(json.at("notes").dump(), HasSubstr("no shard ran "));
  const auto all = nlohmann::json::parse(Run("list --format=json").out);
  EXPECT_EQ(json.at("results").size(), all.size());
}

TEST_F(CliTest, RefusesToJoinWhatIsNotOneRun) {
  const std::string a = ShellQuote(Path("a.json"));
  Run("run --filter command.exit-code.values --json " + a);
  auto other = nlohmann::json::parse(ReadFile(Path("a.json")));
  other["provider"]["name"] = "nimbus";
  Write("b.json", other.dump());
  ExpectUnusable(Run("report --merge - " + a + " " + ShellQuote(Path("b.json"))), "'nimbus'");
}

TEST_F(CliTest, WritesTheKnownFailuresForPeopleToFillIn) {
  const std::string known = ShellQuote(Path("known"));
  const std::string adapter = Adapter("refuses.py", R"(
    if method == 'initialize': hello(request)
    elif method == 'sandbox.list': answer(request, [])
    else: print(json.dumps({"jsonrpc": "2.0", "id": request["id"],
                            "error": {"code": -32000, "message": "no"}}), flush=True)
)");
  const std::string run = "run --filter command.exit-code.values --adapter " + adapter;
  EXPECT_EQ(Run(run + " --write-expectations " + known).status, 1);
  ExpectUnusable(Run(run + " --expectations " + known), "still to be filled in");
  std::string text = ReadFile(Path("known"));
  ASSERT_THAT(text, HasSubstr("# found: "));
  text.replace(text.find("TODO: why this fails"), 20, "ticket 7");
  Write("known", text);
  EXPECT_EQ(Run(run + " --write-expectations " + known).status, 1);
  EXPECT_EQ(ReadFile(Path("known")), text);
  Run("run --filter command.exit-code.values --write-expectations " + known);
  EXPECT_THAT(ReadFile(Path("known")), Not(HasSubstr("ticket 7")));
  ExpectUnusable(Run("run --filter command.exit-code.values --write-expectations /nonexistent/x"),
                 "/nonexistent/x");
}

TEST_F(CliTest, PutsAReportOnStandardOutputAlone) {
  const Outcome outcome = Run("run --filter 'command.exit-code*' --json -");
  EXPECT_FALSE(nlohmann::json::parse(outcome.out, nullptr, false).is_discarded());
  EXPECT_THAT(outcome.err, HasSubstr(" passed, "));
}

TEST_F(CliTest, MeansPathsFromWhereTheUserStands) {
  setenv("BUILD_WORKING_DIRECTORY", directory_.c_str(), 1);
  Run("run --filter 'command.exit-code*' --json here.json");
  unsetenv("BUILD_WORKING_DIRECTORY");
  EXPECT_TRUE(std::filesystem::exists(Path("here.json")));
}

TEST_F(CliTest, TestsItsOwnProviderThroughAPipe) {
  const Outcome outcome = Run("run --filter 'command.exit-code*' --json - --adapter " +
                              ShellQuote(Program() + " serve --provider in-memory"));
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json.at("provider").at("name"), "in-memory");
  EXPECT_EQ(json.at("stats").at("sandboxesLeaked"), 0);
}

TEST_F(CliTest, EndsWithAReportWhenTheAdapterHangsOrFailsEverything) {
  const std::string hangs = Adapter("hangs.py", "    if method == 'initialize': hello(request)\n");
  const Outcome hung = Run("run --timeout 200 --filter '-adapter.*' --json - --adapter " + hangs);
  EXPECT_EQ(hung.status, 1) << hung.err;
  EXPECT_THAT(hung.out, HasSubstr("create gave no answer within the kit's limit of 200 ms"));

  const std::string dies = Adapter("dies.py",
                                   "    if method != 'initialize': sys.exit('worn out')\n"
                                   "    hello(request)\n");
  const Outcome died = Run("run --filter '-adapter.*' --json - --adapter " + dies);
  EXPECT_EQ(died.status, 1) << died.err;
  EXPECT_THAT(died.out, HasSubstr("worn out"));
}

TEST_F(CliTest, CleansUpWhatAKilledRunLeftBehind) {
  // Its sandboxes are files, so that another process of it finds them.
  const std::string store = Path("store");
  std::filesystem::create_directories(store);
  const std::string adapter = Adapter("store.py", R"(
    import os, uuid
    store = )" + nlohmann::json(store).dump() + R"(
    if method == 'initialize': hello(request)
    elif method == 'sandbox.create':
        name = uuid.uuid4().hex
        open(os.path.join(store, name), 'w').close()
        answer(request, {"sandboxId": name})
    elif method == 'sandbox.destroy':
        path = os.path.join(store, request["params"]["sandboxId"])
        if os.path.exists(path): os.unlink(path)
        answer(request, None)
    elif method == 'shutdown': answer(request, None)
)");
  const std::string ledger = ShellQuote(Path("ledger"));
  const std::string line = "exec " + Program() + " run --filter 'command.*' --ledger " + ledger +
                           " --adapter " + adapter + " >/dev/null 2>&1";
  const pid_t run = fork();
  if (run == 0) {
    execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  for (int look = 0; look < 2000 && std::filesystem::is_empty(store); ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  kill(run, SIGKILL);
  waitpid(run, nullptr, 0);
  ASSERT_FALSE(std::filesystem::is_empty(store));
  const Outcome cleaned = Run("cleanup --ledger " + ledger);
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  EXPECT_THAT(cleaned.out, HasSubstr("destroyed "));
  EXPECT_TRUE(std::filesystem::is_empty(store));
  EXPECT_FALSE(std::filesystem::exists(Path("ledger")));
}

TEST_F(CliTest, DestroysTheSandboxOfACreateThatCameTooLate) {
  const std::string store = Path("store");
  std::filesystem::create_directories(store);
  const std::string adapter = Adapter("late.py", R"(
    import os, threading, uuid
    store = )" + nlohmann::json(store).dump() + R"(
    def create(request):
        name = uuid.uuid4().hex
        open(os.path.join(store, name), 'w').close()
        answer(request, {"sandboxId": name})
    if method == 'initialize': hello(request)
    elif method == 'sandbox.create': threading.Timer(1.3, create, [request]).start()
    elif method == 'sandbox.list': answer(request, [{"sandboxId": id} for id in os.listdir(store)])
    elif method == 'sandbox.destroy':
        path = os.path.join(store, request["params"]["sandboxId"])
        if os.path.exists(path): os.unlink(path)
        answer(request, None)
    else: answer(request, None)
)");
  const Outcome outcome =
      Run("run --timeout 1000 --filter lifecycle.create.id --json - --adapter " + adapter);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_GT(json.at("stats").at("sandboxesCreated"), 0);
  EXPECT_EQ(json.at("stats").at("sandboxesLeaked"), 0);
  EXPECT_TRUE(std::filesystem::is_empty(store));
}

TEST_F(CliTest, HasNothingToCleanUpWithoutALedger) {
  const Outcome outcome = Run("cleanup");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "nothing is left behind\n");
  ExpectUnusable(Run("cleanup --ledger /nonexistent/ledger"), "/nonexistent/ledger");
}

TEST_F(CliTest, TellsWhatARunCostsWithoutACallToTheProvider) {
  const std::string calls = Path("calls");
  const std::string adapter = Adapter("costs.py", R"(
    open()" + nlohmann::json(calls).dump() + R"(, 'a').write(method + '\n')
    if method == 'initialize': hello(request)
    elif method == 'shutdown': answer(request, None)
)");
  const Outcome outcome = Run("run --dry-run --latency 100 --filter 'lifecycle.create.*' --json " +
                              ShellQuote(Path("no.json")) + " --adapter " + adapter);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(ReadFile(calls), "initialize\nshutdown\n");
  EXPECT_FALSE(std::filesystem::exists(Path("no.json")));
  EXPECT_THAT(outcome.out, ContainsRegex("[0-9]+ requirements, [1-9][0-9]* sandboxes created"));
  EXPECT_THAT(outcome.out, ContainsRegex("With 100 ms for every call about [1-9]"));
}

TEST_F(CliTest, ADryRunCountsAsManySandboxesAsTheRunMakes) {
  const std::string options = " --filter 'lifecycle.create.*' --jobs 1";
  const std::string created = "sandboxes created";
  const auto sandboxes = [&](const std::string& text) {
    const std::size_t end = text.find(created);
    const std::size_t begin = text.find_last_not_of("0123456789 ", end - 1) + 1;
    return std::stoi(text.substr(begin, end - begin));
  };
  EXPECT_EQ(sandboxes(Run("run --dry-run" + options).out), sandboxes(Run("run" + options).out));
}

TEST_F(CliTest, TakesALatencyForADryRunAlone) {
  ExpectUnusable(Run("run --latency 100"), "--dry-run");
}

TEST_F(CliTest, EndsWithWhatIsClaimedAndWhatWasMeasured) {
  const Outcome outcome = Run("run --filter 'info.*'");
  EXPECT_THAT(outcome.out, ContainsRegex("getInfo +yes +works"));
  EXPECT_THAT(outcome.out, ContainsRegex("filesystem +yes +not selected"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("let you claim")));
}

TEST_F(CliTest, PassesWithThreeSandboxesAtOnce) {
  const Outcome outcome = Run("run --max-sandboxes 3 --json -");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto report = nlohmann::json::parse(outcome.out);
  EXPECT_LE(report.at("stats").at("peakSandboxes"), 3);
  for (const auto& result : report.at("results")) {
    const bool room = result.at("message").get<std::string>().find("room") != std::string::npos;
    EXPECT_FALSE(result.at("status") == "not-testable" && room) << result;
  }
}

}  // namespace
}  // namespace computesdk::conformance
