#include "conformance/expectations_update.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include "conformance/expectations.h"
#include "conformance/printable.h"
#include "conformance/verdict.h"

namespace computesdk::conformance {
namespace {

constexpr std::string_view kFound = "# found: ";
constexpr std::size_t kMostMessageBytes = 300;

constexpr std::string_view kHead =
    "# Known failures: a requirement's id and, after blanks, why it fails. An entry that no "
    "longer\n"
    "# fails has to be taken out; --write-expectations does that, and keeps reasons and "
    "comments.\n";

struct Line {
  std::string text;
  std::string id;     // Empty unless it is an entry.
  std::string found;  // The comment with what an earlier run found.
  bool kept = true;
};

std::string FoundLine(const CheckResult& result) {
  std::string message = CleanText(result.message);
  if (message.size() > kMostMessageBytes) {
    std::size_t end = kMostMessageBytes;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;
    message = message.substr(0, end) + " …";
  }
  std::ranges::replace(message, '\n', ' ');
  return std::string(kFound) + (message.empty() ? VerdictName(result.verdict).data() : message);
}

std::string IdOf(const std::string& line) {
  const std::size_t start = line.find_first_not_of(" \t\r");
  if (start == std::string::npos || line[start] == '#') return "";
  return line.substr(start, line.find_first_of(" \t\r", start) - start);
}

bool IsBlank(const Line& line) { return line.text.find_first_not_of(" \t\r") == std::string::npos; }

bool IsBroken(const CheckResult& result) {
  return result.verdict == Verdict::kFailed || result.verdict == Verdict::kWarned ||
         result.verdict == Verdict::kNotTestable;
}

// Written first, so that the file is replaced at once.
std::string BesideOf(const std::string& file) { return file + ".new"; }

Error CannotWrite(const std::string& file) {
  return {ErrorCode::kInvalidArgument, file + ": cannot be written"};
}

class Updater {
 public:
  Updater(std::string_view text, const ExpectationUpdate& update) : update_(update) {
    for (const CheckResult& result : update.results) results_[result.id] = &result;
    std::istringstream input{std::string(text)};
    std::string line;
    std::string found;
    while (std::getline(input, line)) {
      if (line.starts_with(kFound)) {
        found = line;
        continue;
      }
      const std::string id = IdOf(line);
      lines_.push_back({line, id, id.empty() ? "" : std::exchange(found, "")});
    }
  }

  std::string Update() {
    DropStale();
    for (const Line& line : lines_) {
      if (!line.kept) continue;
      const auto result = results_.find(line.id);
      const std::string found = result != results_.end() ? FoundLine(*result->second) : line.found;
      if (!found.empty()) out_ += found + "\n";
      out_ += line.text + "\n";
    }
    if (lines_.empty()) out_ += kHead;
    for (const CheckResult& result : update_.results) {
      if (!Decides(result, update_.require) || IsListed(result.id)) continue;
      out_ +=
          "\n" + FoundLine(result) + "\n" + result.id + "  " + std::string(kReasonToFillIn) + "\n";
    }
    return out_;
  }

 private:
  bool IsStale(const std::string& id) const {
    if (!update_.catalogue.contains(id)) return true;
    const auto result = results_.find(id);
    return result != results_.end() && !IsBroken(*result->second);
  }

  bool IsListed(const std::string& id) const {
    return std::ranges::any_of(lines_,
                               [&](const Line& line) { return line.kept && line.id == id; });
  }

  // A paragraph that loses its last entry goes as a whole, with the blank line after it.
  void DropStale() {
    for (auto begin = lines_.begin(); begin != lines_.end();) {
      const auto end = std::find_if(begin, lines_.end(), IsBlank);
      bool had = false;
      bool has = false;
      for (auto line = begin; line != end; ++line) {
        if (line->id.empty()) continue;
        had = true;
        line->kept = !IsStale(line->id);
        has = has || line->kept;
      }
      if (had && !has) {
        for (auto line = begin; line != end; ++line) line->kept = false;
        if (end != lines_.end()) end->kept = false;
      }
      begin = end == lines_.end() ? end : end + 1;
    }
  }

  const ExpectationUpdate& update_;
  std::map<std::string, const CheckResult*> results_;
  std::vector<Line> lines_;
  std::string out_;
};

}  // namespace

std::string UpdatedExpectations(std::string_view text, const ExpectationUpdate& update) {
  return Updater(text, update).Update();
}

Status UpdateExpectationsFile(const std::string& file, const ExpectationUpdate& update) {
  std::string before;
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) {
    std::ifstream input(file, std::ios::binary);
    before.assign(std::istreambuf_iterator<char>(input), {});
    if (!input.is_open() || std::filesystem::is_directory(file, failed)) {
      return MakeError(ErrorCode::kInvalidArgument, file + ": cannot be read");
    }
  }
  const std::string whole = BesideOf(file);
  std::ofstream output(whole, std::ios::binary);
  output << UpdatedExpectations(before, update) << std::flush;
  if (output) std::filesystem::rename(whole, file, failed);
  if (!output || failed) return tl::unexpected<Error>(CannotWrite(file));
  return {};
}

Status CanUpdateExpectationsFile(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return tl::unexpected<Error>(CannotWrite(file));
  const bool can = static_cast<bool>(std::ofstream(BesideOf(file)));
  std::filesystem::remove(BesideOf(file), ignored);
  if (!can) return tl::unexpected<Error>(CannotWrite(file));
  return {};
}

}  // namespace computesdk::conformance
