#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "conformance/cli/commands.h"
#include "conformance/kit.h"

namespace computesdk::conformance {
namespace {

constexpr std::int64_t kLongest = 7LL * 24 * 3600 * 1000;

// An option in milliseconds.
CLI::Option* AddMilliseconds(CLI::App* app, const std::string& name, Milliseconds* target,
                             const std::string& description) {
  return app
      ->add_option_function<std::int64_t>(
          name, [target](std::int64_t value) { *target = Milliseconds(value); }, description)
      ->check(CLI::Range(std::int64_t{1}, kLongest))
      ->type_name("MS")
      ->default_str(std::to_string(target->count()));
}

CLI::App* AddRun(CLI::App& app, RunArguments& run) {
  CLI::App* command = app.add_subcommand("run", "Runs the checks against a provider");
  RunOptions& options = run.options;
  auto* provider = command->add_option("--provider", run.candidate.provider,
                                       "A provider that is built into the program");
  provider->type_name("NAME")->capture_default_str();
  command->add_option("--adapter", run.candidate.adapter, "An adapter process, as one string")
      ->type_name("\"CMD ARG…\"")
      ->excludes(provider);
  command
      ->add_option("--filter", run.filters,
                   "Only requirements whose id matches; repeatable; a leading - excludes")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--require", run.require,
                   "Recommended requirements that decide in this run; repeatable")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all();
  command->add_option("--jobs", options.jobs, "Checks at once")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--max-sandboxes", options.max_sandboxes,
                   "Sandboxes alive at once, at most; 2 or more, as checks compare sandboxes")
      ->type_name("N")
      ->check(CLI::Range(2, 100000))
      ->capture_default_str();
  command
      ->add_option("--startup-timeout", run.candidate.startup_timeout_ms,
                   "The limit for an adapter's answer to initialize")
      ->type_name("MS")
      ->check(CLI::Range(1, 3600 * 1000))
      ->capture_default_str();
  AddMilliseconds(command, "--timeout", &options.call_timeout,
                  "The limit for one call to the provider");
  AddMilliseconds(command, "--check-timeout", &options.check_timeout, "The limit for one check");
  AddMilliseconds(command, "--run-timeout", &options.run_timeout, "The limit for the whole run");
  AddMilliseconds(command, "--consistency-window", &options.consistency_window,
                  "How far list and getById may lag behind");
  command
      ->add_option_function<std::string>(
          "--workdir", [&options](const std::string& path) { options.workdir = path; },
          "Where in a sandbox the checks may write; overrides the adapter's")
      ->type_name("PATH")
      ->check([](const std::string& path) {
        return path.starts_with('/') ? "" : "must be an absolute path: " + path;
      });
  command
      ->add_option("--expectations", run.expectations,
                   "Known failures, one a line: the id and a reason")
      ->type_name("FILE");
  command
      ->add_option("--ledger", run.ledger,
                   "Where the ids of sandboxes are noted before they are used")
      ->type_name("FILE");
  command
      ->add_option_function<std::uint64_t>(
          "--seed", [&run](std::uint64_t seed) { run.seed = seed; },
          "For everything random; the report says it")
      ->type_name("N");
  auto* dry_run =
      command->add_flag("--dry-run", run.dry_run,
                        "Makes no call; says what the run would cost, and how long it takes");
  AddMilliseconds(command, "--latency", &run.latency, "Of every call, as --dry-run takes it")
      ->needs(dry_run);
  command->add_option("--json", run.json, "Writes the report as JSON; - is standard output")
      ->type_name("FILE");
  command->add_option("--junit", run.junit, "Writes the report as JUnit XML; - is standard output")
      ->type_name("FILE");
  command->add_option("--html", run.html, "Writes the report as a page; - is standard output")
      ->type_name("FILE");
  command
      ->add_option("--write-expectations", run.write_expectations,
                   "Lists the failures as known ones, with reasons to fill in; what the file has "
                   "and still fails is kept")
      ->type_name("FILE");
  return command;
}

void AddReport(CLI::App& app, ReportArguments& report) {
  CLI::App* command = app.add_subcommand("report", "Shows, compares and joins JSON reports");
  command->add_option("files", report.files, "What `run --json` wrote")->required();
  const auto output = [&](const std::string& name, std::string& path, const std::string& what) {
    return command->add_option(name, path, what + "; - is standard output")->type_name("FILE");
  };
  output("--html", report.html, "One page; of several reports, side by side");
  output("--merge", report.merge, "Joins the shards of one run into one JSON report");
  output("--markdown", report.markdown, "A comment for a pull request");
  output("--junit", report.junit, "JUnit XML");
  output("--badge", report.badge, "A picture (SVG) of the verdict");
}

// What is wrong with the arguments, in one line.
int ArgumentError(const CLI::ParseError& error, const CLI::App& app) {
  std::string message = error.what();
  if (const std::size_t end = message.find('\n'); end != std::string::npos) message.resize(end);
  std::string command;
  for (const CLI::App* sub : app.get_subcommands()) command = " " + sub->get_name();
  return Unusable(message + "; see `conformance" + command + " --help`");
}

int UnknownCommand(const std::string& name, const CLI::App& app) {
  std::string names;
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    names += (names.empty() ? "" : ", ") + sub->get_name();
  }
  return Unusable("unknown command '" + name + "'; there are " + names);
}

// The arguments but the program's name, last first, as the parser takes them. The value of
// --filter may begin with a dash, which on its own would make it an option.
std::vector<std::string> ReversedArguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--filter" && i + 1 < argc) argument += "=" + std::string(argv[++i]);
    arguments.insert(arguments.begin(), std::move(argument));
  }
  return arguments;
}

int Main(int argc, char** argv) {
  CLI::App app("Checks whether a sandbox provider keeps the contract.", "conformance");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(kKitName) + " " + std::string(kKitVersion));

  RunArguments run;
  CLI::App* run_command = AddRun(app, run);

  std::string provider = "in-memory";
  CLI::App* serve = app.add_subcommand("serve", "Serves a built-in provider as an adapter");
  serve->add_option("--provider", provider, "Which one")->type_name("NAME")->capture_default_str();

  std::string format = "text";
  CLI::App* list = app.add_subcommand("list", "Every requirement");
  list->add_option("--format", format, "The form")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();

  std::string id;
  CLI::App* explain = app.add_subcommand("explain", "One requirement, and how to mend a failure");
  explain->add_option("id", id, "Its id")->required();

  std::string ledger;
  CLI::App* cleanup = app.add_subcommand("cleanup", "Destroys what interrupted runs left behind");
  cleanup->add_option("--ledger", ledger, "The ledger of those runs")->type_name("FILE");

  ReportArguments report;
  AddReport(app, report);

  std::vector<std::string> cases;
  int self_test_jobs = 6;
  bool every_sabotage = false;
  std::string behaviour;
  CLI::App* self_test = app.add_subcommand(
      "selftest", "Shows that every check can fail, and that no fair provider does");
  self_test
      ->add_option("--filter", cases,
                   "Only sabotages and variations whose name matches; repeatable")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all();
  self_test->add_flag("--all", every_sabotage,
                      "Every sabotage, and not only so many that each requirement turns red");
  // An empty group hides it: for the self-test alone, which starts this program again.
  self_test->add_option("--as-adapter", behaviour)->group("");
  self_test->add_option("--jobs", self_test_jobs, "Providers tested at once")
      ->type_name("N")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();

  const std::string first = argc > 1 ? argv[1] : "";
  const bool known = std::ranges::any_of(
      app.get_subcommands(nullptr), [&](const CLI::App* sub) { return sub->get_name() == first; });
  if (!first.empty() && first[0] != '-' && !known) return UnknownCommand(first, app);
  try {
    app.parse(ReversedArguments(argc, argv));
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);  // Help and version.
  } catch (const CLI::ParseError& error) {
    return ArgumentError(error, app);
  }
  if (run_command->parsed()) return RunMain(run);
  if (serve->parsed()) return ServeMain(provider);
  if (list->parsed()) return ListMain(format);
  if (explain->parsed()) return ExplainMain(id);
  if (self_test->parsed()) {
    return behaviour.empty() ? SelfTestMain(cases, every_sabotage, self_test_jobs)
                             : AsAdapterMain(behaviour);
  }
  if (cleanup->parsed()) return CleanUpMain(ledger);
  return ReportMain(report);
}

}  // namespace
}  // namespace computesdk::conformance

int main(int argc, char** argv) {
  try {
    return computesdk::conformance::Main(argc, argv);
  } catch (const std::exception& error) {
    return computesdk::conformance::Unusable(std::string("internal error: ") + error.what());
  }
}
