#include <algorithm>
#include <utility>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/utilities/jq/arguments.h"
#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/jq/tokens.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

// Ours and not libjq: a filter without an end has to stop at the sandbox's deadline, and libjq
// gives no place to look at it. It also reads the host's environment, ~/.jq and modules.

namespace computesdk::in_memory {
namespace jq {
namespace {

constexpr int kCompileError = 3;
constexpr int kNoOutput = 4;
constexpr int kBadInput = 4;  // Of text that is no JSON.
constexpr int kFailure = 5;

class Jq {
 public:
  explicit Jq(Process& process)
      : process_(process), out_(process), style_(ReadArguments(process)) {}

  int Run() {
    NodePtr program;
    try {
      program = Compile();
    } catch (const CompileError& error) {
      ReportAt(error);
      return kCompileError;
    } catch (const JqError& error) {
      const std::string message = ToText(error.value);
      const bool placeless = message.starts_with("module not found");
      (void)process_.Write(2, "jq: error: " + message +
                                  (placeless ? "" : " at <top-level>, line 1:\n" + *style_.filter) +
                                  "\njq: 1 compile error\n");
      return kCompileError;
    }
    Evaluator evaluator(process_, {[this] { return NextInput(); },
                                   [this](std::string_view text) { (void)process_.Write(2, text); },
                                   [this] { return FileName(); }, [this] { return LinesRead(); }});
    try {
      if (style_.null_input) {
        RunOn(evaluator, *program, Value());
      } else {
        while (const auto input = NextInput()) {
          RunOn(evaluator, *program, *input);
          if (missing_file_) break;  // One value comes of the files behind it.
        }
      }
    } catch (const JqError& error) {
      // Only reading an input raises here.
      (void)process_.Write(2, "parse error: " + ToText(error.value) + "\n");
      status_ = kBadInput;
    }
    if (out_.Finish(0) != 0) return kUsage;
    return missing_file_ ? kUsage : status_;
  }

 private:
  // The line of the filter, and as many blanks as stand before the place at fault.
  std::string ShowPlace(const std::string& message, std::size_t at) const {
    const std::string& text = *style_.filter;
    const std::size_t prelude = Prelude().size();
    const std::size_t place = std::min(at < prelude ? 0 : at - prelude, text.size());
    const std::size_t before = place == 0 ? std::string::npos : text.rfind('\n', place - 1);
    const std::size_t start = before == std::string::npos ? 0 : before + 1;
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(start), '\n');
    return "jq: error: " + message + " at <top-level>, line " + std::to_string(line + 1) + ":\n" +
           text.substr(start, text.find('\n', start) - start) + std::string(place - start, ' ') +
           "\n";
  }

  void ReportAt(const CompileError& error) {
    std::string message = ToText(error.value);
    // Where a filter begins nothing else is possible than its end, to a parser that looks no
    // further.
    const std::string& text = *style_.filter;
    const std::size_t first = Prelude().size() + text.find_first_not_of(" \t\n");
    constexpr std::string_view kUnexpected = "syntax error, unexpected ";
    if (error.at == first && message.starts_with(kUnexpected) &&
        message.find(", expecting") == std::string::npos &&
        message.find("$end") == std::string::npos) {
      message.insert(message.find(" (Unix"), ", expecting $end");
    }
    std::string report = ShowPlace(message, error.at);
    std::size_t count = 1 + error.others.size();
    for (const CompileError& other : error.others) {
      report += ShowPlace(ToText(other.value), other.at);
    }
    for (const std::size_t place : error.open_ifs) {
      report += ShowPlace("Possibly unterminated 'if' statement", place);
      ++count;
    }
    (void)process_.Write(2, report + "jq: " + std::to_string(count) + " compile error" +
                                (count == 1 ? "" : "s") + "\n");
  }

  NodePtr Compile() {
    Names names;
    for (const auto& [name, value] : style_.variables) names.variables.push_back(name);
    names.functions = PlainNames();
    names.functions.insert(names.functions.end(), NativeNames().begin(), NativeNames().end());
    names.load = [this](const std::string& name, const std::string& folder, const Value& about,
                        bool data) { return Load(name, folder, about, data); };
    return ParseProgram(std::string(Prelude()) + *style_.filter, names);
  }

  // A module "a/b" is the file a/b.jq, or a/b/b.jq, of one of the folders to search.
  LoadedModule Load(const std::string& name, const std::string& folder, const Value& about,
                    bool data) {
    std::vector<std::string> folders;
    if (about.Is(Kind::kObject)) {
      const Value* const search = about.object().Find("search");
      if (search != nullptr && search->Is(Kind::kString)) {
        folders.push_back(JoinPath(folder, search->text()));
      }
    }
    if (name.starts_with("./") || name.starts_with("../")) folders.push_back(folder);
    for (const std::string& given : style_.folders) folders.push_back(given);
    const std::string base = name.substr(name.find_last_of('/') + 1);
    const std::string end = data ? ".json" : ".jq";
    for (const std::string& place : folders) {
      for (const std::string& file : {name + end, JoinPath(name, base) + end}) {
        const std::string path = JoinPath(place, file);
        if (const auto text = process_.files().ReadFile(process_.AbsolutePath(path))) {
          return {*text, path.substr(0, path.find_last_of('/'))};
        }
      }
    }
    Raise("module not found: " + name + "\n");
  }

  // --- inputs ---------------------------------------------------------------------------------
  // The text of the next file; false after the last.
  bool OpenNext() {
    while (next_file_ < style_.files.size()) {
      current_ = style_.files[next_file_++];
      int fd = 0;
      if (current_ != "-") {
        const auto opened = process_.Open(current_, 0);
        if (!opened) {
          (void)process_.Write(2, "jq: error: Could not open file " + current_ + ": " +
                                      ErrnoText(opened.error()) + "\n");
          missing_file_ = true;
          continue;
        }
        fd = *opened;
      }
      const ScopedDescriptor scoped(process_, current_ == "-" ? -1 : fd);
      const auto text = process_.ReadAll(fd);
      if (!text) {
        if (next_file_ < style_.files.size()) {
          (void)process_.Write(2, "Input error: " + ErrnoText(text.error()) + "\n");
        }
        missing_file_ = true;
        continue;
      }
      RequireMemory(process_, text->size());
      text_ = *text;
      // The first text may begin with a mark of its byte order.
      if (!std::exchange(begun_, true) && !style_.raw_input && text_.starts_with("\xef\xbb\xbf")) {
        text_.erase(0, 3);
      }
      return true;
    }
    return false;
  }

  std::optional<Value> NextInput() {
    if (!style_.slurp) return NextOne();
    if (slurped_) return std::nullopt;
    slurped_ = true;
    if (style_.raw_input) {
      std::string whole;
      while (OpenNext()) RequireMemory(process_, (whole += text_).size());
      lines_ = static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '\n'));
      return Value(std::move(whole));
    }
    Array all;
    while (auto value = NextOne()) all.push_back(std::move(*value));
    if (bad_input_) return std::nullopt;
    return Value(std::move(all));
  }

  std::optional<Value> NextOne() {
    while (!bad_input_) {
      if (!open_) {
        if (!OpenNext()) return std::nullopt;
        open_ = true;
        parser_.emplace(text_);
        line_ = lines_ = 0;
      }
      if (style_.raw_input) {
        if (line_ < text_.size()) {
          const std::size_t end = std::min(text_.find('\n', line_), text_.size());
          const std::string line = text_.substr(line_, end - line_);
          line_ = end + 1;
          if (end < text_.size()) ++lines_;
          return Value(line);
        }
      } else {
        if (auto value = NextOfText()) return value;
      }
      open_ = false;
    }
    return std::nullopt;
  }

  // The next value of the text; with --stream, the next event of it. Raises what is wrong with it.
  std::optional<Value> NextOfText() {
    while (true) {
      if (next_event_ < events_.size()) return events_[next_event_++];
      try {
        auto value = parser_->Next();
        if (!value || !style_.stream) return value;
        events_.clear();
        next_event_ = 0;
        AddEvents(*value, {});
      } catch (const JqError& error) {
        bad_input_ = true;
        if (!style_.sequence) throw;
        (void)process_.Write(2, "jq: ignoring parse error: " + ToText(error.value) + "\n");
        return std::nullopt;
      }
    }
  }

  // [PATH, LEAF] for each leaf, and [PATH] where an array or object ends, as tostream gives them.
  void AddEvents(const Value& value, const Array& path) {
    process_.Checkpoint();
    std::vector<std::pair<Value, const Value*>> kids;
    if (value.Is(Kind::kArray)) {
      for (std::size_t i = 0; i < value.array().size(); ++i) {
        kids.emplace_back(Value(static_cast<double>(i)), &value.array()[i]);
      }
    } else if (value.Is(Kind::kObject)) {
      for (const auto& [key, item] : value.object().items) kids.emplace_back(Value(key), &item);
    }
    if (kids.empty()) {
      events_.push_back(Value(Array{Value(path), value}));
      return;
    }
    for (const auto& [key, item] : kids) {
      Array below = path;
      below.push_back(key);
      AddEvents(*item, below);
    }
    Array last = path;
    last.push_back(kids.back().first);
    events_.push_back(Value(Array{Value(std::move(last))}));
  }

  // null before the first input.
  Value FileName() const {
    if (!begun_) return Value();
    return Value(current_ == "-" ? "<stdin>" : current_);
  }

  std::size_t LinesRead() const {
    return style_.raw_input ? lines_ : parser_ ? parser_->lines() : 0;
  }

  // "<stdin>:3": where the inputs have been read to.
  std::string Place() const {
    if (!begun_) return "<unknown>";
    return (current_ == "-" ? "<stdin>" : current_) + ":" + std::to_string(LinesRead());
  }

  // --- outputs --------------------------------------------------------------------------------
  // Each input's end decides anew how the program ends; even "halt" ends but the input.
  void RunOn(Evaluator& evaluator, const Node& program, const Value& input) {
    std::optional<Value> last;
    status_ = 0;
    try {
      evaluator.Run(program, style_.variables, input, [&](const Value& value) {
        last = value;
        if (style_.sequence) out_ << "\x1e";
        out_ << (style_.raw && value.Is(Kind::kString) ? value.text() : Dump(value, style_.dump));
        if (!style_.join) out_ << "\n";
        if (style_.unbuffered) out_.Flush();
      });
    } catch (const JqError& error) {
      const Value& value = error.value;
      (void)process_.Write(
          2, value.Is(Kind::kString)
                 ? "jq: error (at " + Place() + "): " + value.text() + "\n"
                 : "jq: error (at " + Place() + ") (not a string): " + Dump(value) + "\n");
      status_ = kFailure;
      return;
    } catch (const JqHalt& halt) {
      status_ = Halt(halt);
      return;
    }
    if (style_.exit_status) status_ = !last ? kNoOutput : last->Truthy() ? 0 : 1;
  }

  int Halt(const JqHalt& halt) {
    if (halt.message && !halt.message->Is(Kind::kNull)) {
      const bool text = halt.message->Is(Kind::kString);
      (void)process_.Write(2, text ? halt.message->text() : Dump(*halt.message) + "\n");
    }
    return halt.code;
  }

  Process& process_;
  Output out_;
  const JqStyle style_;
  std::size_t next_file_ = 0;
  std::string current_ = "-";
  std::string text_;
  std::optional<Parser> parser_;
  std::size_t line_ = 0;   // Where the next one of raw input begins.
  std::size_t lines_ = 0;  // How many of raw input have been read.
  bool begun_ = false;
  bool open_ = false;
  bool slurped_ = false;
  bool bad_input_ = false;
  std::vector<Value> events_;  // Of --stream.
  std::size_t next_event_ = 0;
  bool missing_file_ = false;
  int status_ = 0;
};

}  // namespace
}  // namespace jq

void AddJqPrograms(ProgramTable& table) {
  table["jq"] = [](Process& process) {
    const CharacterSetScope utf8(false);  // JSON is UTF-8 in any locale.
    return jq::Jq(process).Run();
  };
}

}  // namespace computesdk::in_memory
