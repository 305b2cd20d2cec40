#include "conformance/report/json.h"

#include <utility>

#include "nlohmann/json.hpp"
#include "sdk/rfc3339.h"

namespace computesdk::conformance {
namespace {

// Fields stay in the order in which they are written here, for those who read the file.
using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

Json ToJson(const Finding& finding) {
  return {{"subject", finding.subject},
          {"expected", finding.expected},
          {"actual", finding.actual},
          {"steps", finding.steps}};
}

Json ToJson(const SandboxLife& life) {
  Json out = {{"sandboxId", life.sandbox_id},
              {"madeBy", life.made_by},
              {"createdMs", life.created.count()}};
  out["destroyedMs"] = life.destroyed ? Json(life.destroyed->count()) : Json();
  return out;
}

Json TimelineToJson(const std::vector<SandboxLife>& timeline) {
  Json out = Json::array();
  for (const SandboxLife& life : timeline) out.push_back(ToJson(life));
  return out;
}

Json ToJson(const ReportedResult& reported) {
  const CheckResult& result = reported.result;
  Json out = {{"id", result.id},
              {"area", reported.area},
              {"level", LevelName(result.level)},
              {"status", VerdictName(result.verdict)},
              {"message", result.message},
              {"durationMs", result.duration.count()},
              {"asks", reported.asks}};
  if (!reported.capability.empty()) out["capability"] = reported.capability;
  if (!reported.known_failure.empty()) out["knownFailure"] = reported.known_failure;
  if (result.verdict == Verdict::kPassed || result.verdict == Verdict::kUnsupported) return out;
  out["why"] = reported.why;
  out["mend"] = reported.mend;
  out["findings"] = Json::array();
  for (const Finding& finding : result.findings) out["findings"].push_back(ToJson(finding));
  return out;
}

Json ToJson(const CapabilityRow& row) {
  return {{"name", row.name},
          {"claimed", row.claimed},
          {"measured", MeasuredName(row.measured)},
          {"passed", row.passed},
          {"of", row.of}};
}

CapabilityRow CapabilityFromJson(const Json& json) {
  const auto name = json.at("measured").get<std::string>();
  const std::optional<Measured> measured = MeasuredFromName(name);
  if (!measured) throw std::invalid_argument("measured: \"" + name + "\" is none");
  return {.name = json.at("name").get<std::string>(),
          .claimed = json.at("claimed").get<bool>(),
          .measured = *measured,
          .of = json.at("of").get<int>(),
          .passed = json.at("passed").get<int>()};
}

Verdict VerdictFromName(const std::string& name) {
  for (Verdict verdict : {Verdict::kPassed, Verdict::kFailed, Verdict::kWarned,
                          Verdict::kUnsupported, Verdict::kNotTestable}) {
    if (VerdictName(verdict) == name) return verdict;
  }
  throw std::invalid_argument("status: \"" + name + "\" is none");
}

Level LevelFromName(const std::string& name) {
  for (Level level : {Level::kRequired, Level::kOptional, Level::kRecommended}) {
    if (LevelName(level) == name) return level;
  }
  throw std::invalid_argument("level: \"" + name + "\" is none");
}

ReportedResult ResultFromJson(const Json& json) {
  ReportedResult reported;
  CheckResult& result = reported.result;
  json.at("id").get_to(result.id);
  result.level = LevelFromName(json.at("level").get<std::string>());
  result.verdict = VerdictFromName(json.at("status").get<std::string>());
  json.at("message").get_to(result.message);
  result.duration = Milliseconds(json.at("durationMs").get<std::int64_t>());
  reported.area = json.value("area", result.id.substr(0, result.id.find('.')));
  reported.capability = json.value("capability", "");
  reported.asks = json.value("asks", "");
  reported.why = json.value("why", "");
  reported.mend = json.value("mend", "");
  reported.known_failure = json.value("knownFailure", "");
  for (const Json& finding : json.value("findings", Json::array())) {
    result.findings.push_back({finding.at("subject").get<std::string>(),
                               finding.at("expected").get<std::string>(),
                               finding.at("actual").get<std::string>(),
                               finding.value("steps", std::vector<std::string>())});
  }
  return reported;
}

SandboxLife LifeFromJson(const Json& json) {
  SandboxLife life{json.at("sandboxId").get<std::string>(), json.at("madeBy").get<std::string>(),
                   Milliseconds(json.at("createdMs").get<std::int64_t>())};
  const Json& destroyed = json.at("destroyedMs");
  if (!destroyed.is_null()) life.destroyed = Milliseconds(destroyed.get<std::int64_t>());
  return life;
}

Shard ShardFromJson(const Json& json) {
  const Shard shard{json.at("index").get<int>(), json.at("total").get<int>()};
  if (shard.total < 1 || shard.index < 0 || shard.index >= shard.total) {
    throw std::invalid_argument("shard: the index must be below the total");
  }
  return shard;
}

Report ReportFromJson(const Json& json) {
  if (json.at("schemaVersion").get<int>() != kSchemaVersion) {
    throw std::invalid_argument("schemaVersion: only 1 can be read");
  }
  Report report;
  json.at("kit").at("name").get_to(report.kit_name);
  json.at("kit").at("version").get_to(report.kit_version);
  const Json& provider = json.at("provider");
  provider.at("name").get_to(report.run.provider.name);
  if (provider.contains("version")) {
    report.run.provider.version = provider.at("version").get<std::string>();
  }
  provider.at("capabilities").get_to(report.run.provider.capabilities);
  provider.at("runtimes").get_to(report.run.provider.runtimes);
  report.run.candidate = json.value("candidate", "");
  json.at("seed").get_to(report.run.seed);
  report.run.started_at =
      ParseRfc3339(json.at("startedAt").get<std::string>()).value_or(Timestamp{});
  report.run.duration = Milliseconds(json.at("durationMs").get<std::int64_t>());
  report.run.interrupted = json.value("interrupted", false);
  json.at("conformant").get_to(report.conformant);
  report.exit_status = json.value("exitStatus", report.conformant ? 0 : 1);
  const Json& stats = json.at("stats");
  stats.at("sandboxesCreated").get_to(report.run.stats.sandboxes_created);
  stats.at("sandboxesLeaked").get_to(report.run.stats.sandboxes_leaked);
  stats.at("peakSandboxes").get_to(report.run.stats.peak_sandboxes);
  stats.at("calls").get_to(report.run.stats.calls);
  for (const Json& life : json.value("timeline", Json::array())) {
    report.run.timeline.push_back(LifeFromJson(life));
  }
  report.run.filters = json.value("filters", std::vector<std::string>());
  report.run.require = json.value("require", std::vector<std::string>());
  if (json.contains("shard")) report.run.shard = ShardFromJson(json.at("shard"));
  report.run.problems = json.value("problems", std::vector<std::string>());
  report.run.notes = json.value("notes", std::vector<std::string>());
  report.expectation_problems = json.value("expectationProblems", std::vector<std::string>());
  for (const Json& row : json.value("capabilities", Json::array())) {
    report.capabilities.push_back(CapabilityFromJson(row));
  }
  std::vector<CheckResult> plain;
  for (const Json& result : json.at("results")) {
    report.results.push_back(ResultFromJson(result));
    plain.push_back(report.results.back().result);
  }
  report.summary = Summarize(plain);
  return report;
}

}  // namespace

std::string JsonReport(const Report& report) {
  const RunRecord& run = report.run;
  Json provider = {{"name", run.provider.name}};
  if (run.provider.version) provider["version"] = *run.provider.version;
  provider["capabilities"] = run.provider.capabilities;
  provider["runtimes"] = run.provider.runtimes;
  Json results = Json::array();
  for (const ReportedResult& reported : report.results) results.push_back(ToJson(reported));
  Json capabilities = Json::array();
  for (const CapabilityRow& row : report.capabilities) capabilities.push_back(ToJson(row));
  const Summary& summary = report.summary;
  Json out = {{"schemaVersion", kSchemaVersion},
              {"kit", {{"name", report.kit_name}, {"version", report.kit_version}}},
              {"provider", provider},
              {"candidate", run.candidate},
              {"seed", run.seed},
              {"startedAt", FormatRfc3339(run.started_at)},
              {"durationMs", run.duration.count()},
              {"conformant", report.conformant},
              {"exitStatus", report.exit_status},
              {"interrupted", run.interrupted},
              {"summary",
               {{"passed", summary.passed},
                {"failed", summary.failed},
                {"warned", summary.warned},
                {"unsupported", summary.unsupported},
                {"notTestable", summary.not_testable}}},
              {"stats",
               {{"sandboxesCreated", run.stats.sandboxes_created},
                {"sandboxesLeaked", run.stats.sandboxes_leaked},
                {"peakSandboxes", run.stats.peak_sandboxes},
                {"calls", run.stats.calls}}},
              {"capabilities", capabilities},
              {"problems", run.problems},
              {"notes", run.notes},
              {"expectationProblems", report.expectation_problems},
              {"filters", run.filters},
              {"require", run.require},
              {"timeline", TimelineToJson(run.timeline)}};
  if (run.shard != Shard{}) {
    out["shard"] = {{"index", run.shard.index}, {"total", run.shard.total}};
  }
  out["results"] = std::move(results);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Report> ParseJsonReport(std::string_view text) {
  try {
    return ReportFromJson(Json::parse(text));
  } catch (const std::exception& e) {
    return MakeError(ErrorCode::kInvalidArgument, e.what());
  }
}

}  // namespace computesdk::conformance
