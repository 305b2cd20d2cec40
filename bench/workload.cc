#include "bench/workload.h"

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "nlohmann/json.hpp"

namespace computesdk::bench {
namespace {

using nlohmann::json;

Result<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return MakeError(ErrorCode::kNotFound, path + " cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<Workload> WorkloadFrom(const json& entry, const std::string& folder) {
  static const std::map<std::string, WorkloadKind> kKinds = {{"create", WorkloadKind::kCreate},
                                                             {"file", WorkloadKind::kFile},
                                                             {"script", WorkloadKind::kScript},
                                                             {"many", WorkloadKind::kMany}};
  Workload workload;
  workload.name = entry.at("name").get<std::string>();
  workload.title = entry.at("title").get<std::string>();
  workload.kind = kKinds.at(entry.at("kind").get<std::string>());
  workload.bytes = entry.value("bytes", std::size_t{0});
  workload.sandboxes = entry.value("sandboxes", 0);
  workload.script = entry.value("script", "");
  workload.answer = entry.value("answer", "");
  if (workload.kind != WorkloadKind::kScript || !workload.script.empty()) return workload;
  for (const auto& [suffix, text] :
       {std::pair(".sh", &workload.script), {".out", &workload.answer}}) {
    Result<std::string> content = ReadText(folder + "/" + workload.name + suffix);
    if (!content) return tl::unexpected(content.error());
    *text = std::move(*content);
  }
  return workload;
}

}  // namespace

Result<Workloads> ReadWorkloads(const std::string& folder) {
  Result<std::string> setup = ReadText(folder + "/setup.sh");
  if (!setup) return tl::unexpected(setup.error());
  const std::string path = folder + "/workloads.json";
  const Result<std::string> table = ReadText(path);
  if (!table) return tl::unexpected(table.error());
  Workloads workloads;
  workloads.setup = std::move(*setup);
  try {
    for (const json& entry : json::parse(*table)) {
      Result<Workload> workload = WorkloadFrom(entry, folder);
      if (!workload) return tl::unexpected(workload.error());
      workloads.all.push_back(std::move(*workload));
    }
  } catch (const std::exception& error) {
    return MakeError(ErrorCode::kInvalidArgument, path + ": " + error.what());
  }
  return workloads;
}

}  // namespace computesdk::bench
