#include "bench/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "nlohmann/json.hpp"

namespace computesdk::bench {
namespace {

using nlohmann::json;

constexpr std::size_t kTitleWidth = 34;
constexpr std::size_t kWidth = 11;

std::size_t Characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string Left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, Characters(text)), ' ');
}

std::string Right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, Characters(text)), ' ') + text;
}

std::string Digits(double number) {
  std::array<char, 32> text;
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
  return text.data();
}

std::string Times(double ratio) { return Digits(ratio) + "×"; }

json JsonOf(const Row& row) {
  json timings = json::array();
  for (const Timing& timing : row.timings) {
    timings.push_back({{"contestant", timing.contestant},
                       {"best", timing.best.count()},
                       {"median", timing.median.count()},
                       {"ratio", timing.median / row.timings.front().median},
                       {"best_ratio", timing.best / row.timings.front().best},
                       {"rounds", timing.rounds},
                       {"repetitions", timing.repetitions}});
  }
  return {{"name", row.name}, {"title", row.title}, {"timings", std::move(timings)}};
}

json JsonOf(const Scale& scale) {
  json rows = json::array();
  for (const ScaleRow& row : scale.rows) {
    rows.push_back({{"name", row.name},
                    {"title", row.title},
                    {"one", row.small.count()},
                    {"many", row.large.count()},
                    {"ratio", row.ratio()}});
  }
  return {{"many", scale.many},
          {"rows", std::move(rows)},
          {"two_threads", scale.two_threads},
          {"idle_bytes", scale.idle_bytes},
          {"idle_bytes_after_command", scale.idle_bytes_after_command}};
}

}  // namespace

std::string Shown(Duration duration) {
  static constexpr std::array kUnits = {std::pair(1e9, " s"), std::pair(1e6, " ms"),
                                        std::pair(1e3, " µs")};
  for (const auto& [nanoseconds, unit] : kUnits) {
    if (duration.count() >= nanoseconds) return Digits(duration.count() / nanoseconds) + unit;
  }
  return Digits(duration.count()) + " ns";
}

std::string CompareText(const std::vector<Row>& rows) {
  if (rows.empty()) return {};
  // The row that everybody does names the columns.
  const auto widest = std::max_element(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.timings.size() < b.timings.size();
  });
  const std::vector<Timing>& columns = widest->timings;
  std::string text = Left("once, median of the rounds", kTitleWidth);
  for (const Timing& column : columns) {
    text += Right(column.contestant, kWidth);
    if (&column != &columns.front()) text += Right("ratio", kWidth);
  }
  for (const Row& row : rows) {
    text += "\n" + Left(row.title, kTitleWidth);
    for (const Timing& column : columns) {
      const auto timing =
          std::find_if(row.timings.begin(), row.timings.end(),
                       [&](const Timing& one) { return one.contestant == column.contestant; });
      if (timing == row.timings.end()) {
        text += Right("-", kWidth) + Right("-", kWidth);
        continue;
      }
      text += Right(Shown(timing->median), kWidth);
      if (timing != row.timings.begin()) {
        text += Right(Times(timing->median / row.timings.front().median), kWidth);
      }
    }
  }
  return text + "\n";
}

std::string ScaleText(const Scale& scale) {
  const std::string many = std::to_string(scale.many);
  std::string text = Left("beside others, best of the rounds", kTitleWidth) + Right("one", kWidth) +
                     Right(many, kWidth) + Right("ratio", kWidth) + "\n";
  for (const ScaleRow& row : scale.rows) {
    const bool files = row.name.starts_with("files");
    text += Left((files ? "files: " : "sandboxes: ") + row.title, kTitleWidth) +
            Right(Shown(row.small), kWidth) + Right(Shown(row.large), kWidth) +
            Right(Times(row.ratio()), kWidth) + "\n";
  }
  text += "two threads, two sandboxes: " + Times(scale.two_threads) + " the work of one\n";
  text += "an idle sandbox of " + many + ": " + Digits(scale.idle_bytes) +
          " bytes; after echo hi " + Digits(scale.idle_bytes_after_command) + "\n";
  return text;
}

std::string ReportJson(const std::vector<Row>& rows, const Scale* scale) {
  json report = json::object();
  if (!rows.empty()) {
    json& list = report["rows"] = json::array();
    for (const Row& row : rows) list.push_back(JsonOf(row));
  }
  if (scale != nullptr) report["scale"] = JsonOf(*scale);
  return report.dump(2) + "\n";
}

}  // namespace computesdk::bench
