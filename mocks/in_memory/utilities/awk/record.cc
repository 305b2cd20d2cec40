#include "mocks/in_memory/utilities/awk/record.h"

#include <algorithm>
#include <utility>

#include "mocks/in_memory/text/utf8.h"

namespace computesdk::in_memory::awk {
namespace {

// Fills a vector anew, and keeps the storage of the strings that it had.
class Filler {
 public:
  explicit Filler(std::vector<std::string>& list) : list_(list) {}
  void Add(std::string_view text) {
    if (count_ < list_.size()) {
      list_[count_].assign(text);
    } else {
      list_.emplace_back(text);
    }
    ++count_;
  }
  std::size_t count() const { return count_; }

 private:
  std::vector<std::string>& list_;
  std::size_t count_ = 0;
};

void SplitAtBlanks(std::string_view text, Filler& fields, Separators* separators) {
  static constexpr std::string_view kBlanks = " \t\n";
  std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  if (separators != nullptr) separators->emplace_back(0, text.substr(0, begin));
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    fields.Add(text.substr(begin, end - begin));
    begin = std::min(text.find_first_not_of(kBlanks, end), text.size());
    if (separators != nullptr)
      separators->emplace_back(fields.count(), text.substr(end, begin - end));
  }
}

void SplitAtCharacter(std::string_view text, const FieldStyle& style, Filler& fields,
                      Separators* separators) {
  const char marks[] = {style.separator, '\n'};
  const std::string_view wanted(marks, style.newline_separates ? 2 : 1);
  std::size_t begin = 0;
  while (true) {
    const std::size_t end =
        wanted.size() == 1 ? text.find(style.separator, begin) : text.find_first_of(wanted, begin);
    if (end == std::string_view::npos) break;
    fields.Add(text.substr(begin, end - begin));
    if (separators != nullptr) separators->emplace_back(fields.count(), text.substr(end, 1));
    begin = end + 1;
  }
  fields.Add(text.substr(begin));
}

void SplitAtMatches(std::string_view text, const FieldStyle& style, Filler& fields,
                    Separators* separators) {
  std::vector<Regex::Group> groups;
  std::size_t begin = 0;
  std::size_t search = 0;
  while (search <= text.size()) {
    auto from = std::string_view::npos;
    auto to = from;
    if (style.matcher.Find(text, groups, search)) {
      from = static_cast<std::size_t>(groups[0].first);
      to = static_cast<std::size_t>(groups[0].second);
    }
    if (style.newline_separates) {
      const std::size_t newline = text.find('\n', search);
      if (newline < from) {
        from = newline;
        to = newline + 1;
      }
    }
    if (from == std::string_view::npos) break;
    if (from == to) {  // Nothing separates nothing.
      search = from + 1;
      continue;
    }
    fields.Add(text.substr(begin, from - begin));
    if (separators != nullptr)
      separators->emplace_back(fields.count(), text.substr(from, to - from));
    begin = search = to;
  }
  fields.Add(text.substr(begin));
}

// The fields are the matches. An empty one right behind another is none: a character between them
// has to be passed first.
void TakeMatches(std::string_view text, const FieldStyle& style, Filler& fields,
                 Separators* separators) {
  std::vector<Regex::Group> groups;
  std::size_t search = 0;
  std::size_t last_end = 0;
  while (search <= text.size() && style.matcher.Find(text, groups, search)) {
    const auto from = static_cast<std::size_t>(groups[0].first);
    const auto to = static_cast<std::size_t>(groups[0].second);
    if (from == to && from == last_end && fields.count() > 0) {
      if (from == text.size()) break;
      search = from + DecodeUtf8(text.substr(from)).length;
      continue;
    }
    if (separators != nullptr) {
      separators->emplace_back(fields.count(), text.substr(last_end, from - last_end));
    }
    fields.Add(text.substr(from, to - from));
    search = last_end = to;
  }
  if (separators != nullptr && (fields.count() > 0 || last_end < text.size())) {
    separators->emplace_back(fields.count(), text.substr(last_end));
  }
}

void TakeWidths(std::string_view text, const FieldStyle& style, Filler& fields) {
  for (const FieldStyle::Width& width : style.widths) {
    text.remove_prefix(Utf8Offset(text, width.skip));
    if (text.empty()) break;
    const std::size_t size = Utf8Offset(text, width.take);
    fields.Add(text.substr(0, size));
    text.remove_prefix(size);
  }
}

}  // namespace

std::size_t SplitFields(std::string_view text, const FieldStyle& style,
                        std::vector<std::string>& fields, Separators* separators) {
  if (text.empty()) return 0;
  Filler filler(fields);
  switch (style.kind) {
    case FieldStyle::Kind::kBlanks:
      SplitAtBlanks(text, filler, separators);
      break;
    case FieldStyle::Kind::kCharacter:
      SplitAtCharacter(text, style, filler, separators);
      break;
    case FieldStyle::Kind::kEach:
      for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = DecodeUtf8(text.substr(i)).length;
        filler.Add(text.substr(i, length));
        i += length;
      }
      break;
    case FieldStyle::Kind::kRegex:
      SplitAtMatches(text, style, filler, separators);
      break;
    case FieldStyle::Kind::kPattern:
      TakeMatches(text, style, filler, separators);
      break;
    case FieldStyle::Kind::kWidths:
      TakeWidths(text, style, filler);
      break;
  }
  return filler.count();
}

void Record::Set(std::string text) {
  text_ = std::move(text);
  split_ = false;
  joined_ = true;
  rebuilt_ = false;
  assigned_.clear();
}

void Record::Keep(std::size_t index, Value value) {
  if (index >= assigned_.size()) {
    if (value.is_input()) return;
    assigned_.resize(index + 1);
  }
  assigned_[index].reset();
  if (!value.is_input()) assigned_[index] = std::move(value);
}

const Value* Record::Assigned(std::size_t index) {
  if (index == 0 && rebuilt_) Keep(0, Value(text()));
  return index < assigned_.size() && assigned_[index] ? &*assigned_[index] : nullptr;
}

void Record::Split() {
  if (split_) return;
  count_ = SplitFields(text_, style_, fields_);
  split_ = true;
}

void Record::Join() {
  if (joined_) return;
  text_.clear();
  for (std::size_t i = 0; i < count_; ++i) {
    if (i > 0) text_ += output_separator_;
    text_ += fields_[i];
  }
  joined_ = true;
}

const std::string& Record::text() {
  Join();
  return text_;
}

const std::string& Record::Field(std::size_t index) {
  if (index == 0) return text();
  Split();
  static const std::string kNone;
  return index <= count_ ? fields_[index - 1] : kNone;
}

void Record::SetField(std::size_t index, Value value, const std::string& convfmt) {
  if (index == 0) {
    Set(value.Text(convfmt));
    return Keep(0, std::move(value));
  }
  Split();
  if (index > count_) SetCount(index);
  fields_[index - 1] = value.Text(convfmt);
  joined_ = false;
  rebuilt_ = true;
  Keep(index, std::move(value));
}

std::size_t Record::count() {
  Split();
  return count_;
}

void Record::MakeField(std::size_t index) {
  Split();
  if (index > fields_.size()) fields_.resize(index);
  for (; count_ < index; ++count_) {
    fields_[count_].clear();
    Keep(count_ + 1, Value::Missing());
  }
}

void Record::SetCount(std::size_t count) {
  MakeField(count);
  if (assigned_.size() > count + 1) assigned_.resize(count + 1);
  count_ = count;
  joined_ = false;
  rebuilt_ = true;
}

void Record::SetStyle(FieldStyle style) {
  Split();
  style_ = std::move(style);
}

void Record::SetOutputSeparator(std::string separator) {
  Join();
  output_separator_ = std::move(separator);
}

}  // namespace computesdk::in_memory::awk
