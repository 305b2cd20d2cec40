#include "mocks/in_memory/utilities/sed/machine.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/shell_command.h"

namespace computesdk::in_memory::sed {

void Machine::Sink::Write(Process& process, std::string_view text) {
  if (stream != nullptr) {
    stream->Write(text);
  } else if (content != nullptr) {
    content->append(text);
  } else {
    (void)process.Write(fd, text);
  }
}

// --- the machine ------------------------------------------------------------------------------

Machine::Machine(Process& process, Script script, MachineOptions options,
                 std::vector<std::string> files)
    : process_(process),
      script_(std::move(script)),
      options_(std::move(options)),
      out_(process),
      standard_{&out_, -1, nullptr, false},
      named_standard_(standard_),
      edited_sink_{nullptr, -1, &edited_, false},
      current_(&standard_),
      source_(process, std::move(files), options_) {
  if (!options_.in_place) return;
  source_.on_open = [this](const std::string& name) { BeginFile(name); };
  source_.on_close = [this](const std::string& name) { EndFile(name); };
}

int Machine::Run() {
  for (const Command& command : script_.commands) {
    if (!command.write_to.empty()) SinkFor(command.write_to);
  }
  bool restart = false;
  bool quit = false;
  bool begun = false;
  while (!quit && (restart || ReadLine(false))) {
    if (!std::exchange(begun, true)) PutBeforeAll();
    std::size_t position = 0;
    Flow flow = Flow::kNext;
    while (position < script_.commands.size() && flow == Flow::kNext) {
      process_.Checkpoint();
      Command& command = script_.commands[position++];
      if (Selects(command) != command.negated) {
        flow = Execute(command, position);
        RequireMemory(process_, space_.size() + hold_.size());
      } else if (command.letter == '{') {
        position = command.target;
      }
    }
    restart = flow == Flow::kRestart;
    quit = flow == Flow::kQuit;
    if (flow == Flow::kNext || (quit && !quit_quietly_)) EndCycle();
    if (!quit || !quit_quietly_) FlushDeferred();
    if (quit && !quit_quietly_) PutText("");
    if (!out_.ok()) break;
  }
  if (quit) source_.Stop();
  const int status = exit_code_ != 0 ? exit_code_ : source_.status();
  return out_.Finish(status) != status ? 4 : status;
}

// The files of "0r FILE".
void Machine::PutBeforeAll() {
  for (const Command& command : script_.commands) {
    const bool before_all = command.letter == 'r' && command.first &&
                            command.first->kind == Address::Kind::kLine &&
                            command.first->number == 0;
    if (before_all) CopyFile(command.text);
  }
}

bool Machine::ReadLine(bool append) {
  const auto line = source_.Next();
  if (!line) return false;
  if (append) {
    space_.push_back(options_.end);
    space_.append(line->text);
  } else {
    space_.assign(line->text);
  }
  ended_ = line->ended;
  replaced_ = false;
  return true;
}

void Machine::EndCycle() {
  if (!options_.quiet) Put(*current_, space_, ended_);
}

void Machine::Put(Sink& sink, std::string_view text, bool ended) {
  if (sink.missing_end) sink.Write(process_, {&options_.end, 1});
  sink.missing_end = false;
  std::string line(text);
  if (ended) {
    line.push_back(options_.end);
  } else {
    sink.missing_end = true;
  }
  sink.Write(process_, line);
  if (options_.unbuffered) out_.Flush();
}

// Text that has its own ends of line.
void Machine::PutText(std::string_view text) {
  if (current_->missing_end) current_->Write(process_, {&options_.end, 1});
  current_->missing_end = false;
  current_->Write(process_, text);
}

// The text of i and c, whose last line ends as the lines that are read do.
void Machine::PutLines(std::string text) {
  if (text.ends_with('\n')) text.back() = options_.end;
  PutText(text);
}

void Machine::CopyFile(const std::string& name) {
  const auto fd = name == "/dev/stdin" ? IoResult<int>(0) : process_.Open(name, O_RDONLY);
  if (!fd) return;
  const auto content = process_.ReadAll(*fd);
  if (*fd != 0) (void)process_.Close(*fd);
  if (content) PutText(*content);
}

void Machine::FlushDeferred() {
  for (const Deferred& item : std::exchange(deferred_, {})) {
    if (item.letter == 'a') {
      PutText(item.text);
    } else if (item.letter == 'r') {
      CopyFile(item.text);
    } else {
      auto& file = line_files_[item.text];
      if (!file) {
        const auto fd = process_.Open(item.text, O_RDONLY);
        if (!fd) continue;
        descriptors_.push_back(std::make_unique<ScopedDescriptor>(process_, *fd));
        file = std::make_unique<Input>(process_, *fd);
      }
      if (const auto line = file->ReadLine(options_.end)) Put(*current_, *line, file->ended());
    }
  }
}

Machine::Sink& Machine::SinkFor(const std::string& name) {
  if (name == "/dev/stdout") return named_standard_;
  if (const auto found = sinks_.find(name); found != sinks_.end()) return found->second;
  int fd = 2;
  if (name != "/dev/stderr") {
    const auto opened = process_.Open(name, O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened) {
      Complain(process_, "couldn't open file " + name + ": " + ErrnoText(opened.error()));
      process_.Exit(4);
    }
    fd = *opened;
    descriptors_.push_back(std::make_unique<ScopedDescriptor>(process_, fd));
  }
  return sinks_.emplace(name, Sink{nullptr, fd, nullptr, false}).first->second;
}

void Machine::BeginFile(const std::string&) {
  edited_.clear();
  edited_sink_.missing_end = false;
  current_ = &edited_sink_;
}

// The new content takes the place of the file under its name, as a new file.
void Machine::EndFile(const std::string& name) {
  FileSystem& files = process_.files();
  std::string path = process_.AbsolutePath(name);
  if (options_.follow_symlinks) path = files.RealPath(path).value_or(path);
  const auto status = files.Stat(path);
  const std::size_t slash = path.find_last_of('/');
  const std::string folder = path.substr(0, slash + 1);
  const std::string base = path.substr(slash + 1);
  if (!options_.suffix.empty()) {
    std::string kept = base + options_.suffix;
    if (options_.suffix.find('*') != std::string::npos) {
      kept.clear();
      for (char c : options_.suffix) kept += c == '*' ? base : std::string(1, c);
    }
    const std::string target =
        kept.find('/') == std::string::npos ? folder + kept : process_.AbsolutePath(kept);
    (void)files.Rename(path, target);
  }
  const std::string fresh = folder + "sed" + std::to_string(process_.pid()) + ".tmp";
  auto written = files.WriteFile(fresh, edited_, status ? status->mode : 0644);
  if (written && status) (void)files.SetMode(fresh, status->mode);
  if (written) written = files.Rename(fresh, path);
  current_ = &standard_;
  if (!written) {
    Complain(process_, "couldn't edit " + name + ": " + ErrnoText(written.error()));
    process_.Exit(4);
  }
}

// --- addresses --------------------------------------------------------------------------------

bool Machine::FindPattern(const std::optional<Pattern>& pattern, std::string_view text,
                          std::vector<Regex::Group>& groups, std::size_t start) {
  if (pattern) last_pattern_ = &*pattern;
  if (last_pattern_ == nullptr) {
    Complain(process_, "-e expression #1, char 0: no previous regular expression");
    process_.Exit(1);
  }
  return last_pattern_->Find(text, groups, start);
}

bool Machine::Matches(const Address& address) {
  const std::int64_t line = source_.number();
  switch (address.kind) {
    case Address::Kind::kLine:
      return line == address.number;
    case Address::Kind::kLast:
      return source_.AtLast();
    case Address::Kind::kRegex:
      return FindPattern(address.pattern, space_, groups_, 0);
    case Address::Kind::kStep:
      return line >= address.number && (line - address.number) % address.step == 0;
    default:
      return false;
  }
}

void Machine::BeginRange(Command& command) {
  const std::int64_t line = source_.number();
  const Address& second = *command.second;
  switch (second.kind) {
    case Address::Kind::kLine:
      command.end = second.number;
      break;
    case Address::Kind::kPlus:
      command.end = line + second.number;
      break;
    case Address::Kind::kMultiple:
      command.end = second.number == 0 ? line : (line / second.number + 1) * second.number;
      break;
    case Address::Kind::kRegex:
      command.active = true;
      return;
    default:
      command.active = !Matches(second);
      return;
  }
  // An end that is not ahead: this line alone.
  command.active = command.end > line;
}

// A range from a line that has not come here begins with the next one, unless it is over by then.
bool Machine::BeginsLate(const Command& command) const {
  const Address& first = *command.first;
  const std::int64_t line = source_.number();
  if (command.begun || first.kind != Address::Kind::kLine || first.number == 0) return false;
  if (line < first.number) return false;
  return command.second->kind != Address::Kind::kLine || line <= command.second->number;
}

bool Machine::Selects(Command& command) {
  if (!command.first) return true;
  if (!command.second) return Matches(*command.first);
  if (!command.active) {
    if (!Matches(*command.first) && !BeginsLate(command)) return false;
    command.begun = true;
    BeginRange(command);
    return true;
  }
  const Address::Kind kind = command.second->kind;
  if (kind == Address::Kind::kRegex || kind == Address::Kind::kLast ||
      kind == Address::Kind::kStep) {
    if (Matches(*command.second)) command.active = false;
    return true;
  }
  const std::int64_t line = source_.number();
  if (line >= command.end) command.active = false;
  // Where N or n took the end away, what was counted from the beginning ends one look later.
  return line <= command.end || kind != Address::Kind::kLine;
}

// --- commands ---------------------------------------------------------------------------------

Machine::Flow Machine::Execute(Command& command, std::size_t& position) {
  switch (command.letter) {
    case '=':
      PutText(std::to_string(source_.number()) + "\n");
      break;
    case 'a':
      deferred_.push_back({'a', command.text});
      break;
    case 'r':
    case 'R':
      deferred_.push_back({command.letter, command.text});
      break;
    case 'i':
      PutLines(command.text);
      break;
    case 'c':
      // A range is replaced as a whole, at its end.
      if (!command.second || command.negated || !command.active) PutLines(command.text);
      return Flow::kEndCycle;
    case 'b':
      position = command.target;
      break;
    case 't':
      if (std::exchange(replaced_, false)) position = command.target;
      break;
    case 'T':
      if (!std::exchange(replaced_, false)) position = command.target;
      break;
    case 'e':
      Evaluate(command);
      break;
    case 'F':
      PutText(source_.name() + "\n");
      break;
    case 'g':
      space_ = hold_;
      ended_ = hold_ended_;
      break;
    case 'G':
      space_.append(1, options_.end).append(hold_);
      ended_ = hold_ended_;
      break;
    case 'h':
      hold_ = space_;
      hold_ended_ = ended_;
      break;
    case 'H':
      hold_.append(1, options_.end).append(space_);
      hold_ended_ = ended_;
      break;
    case 'x':
      space_.swap(hold_);
      std::swap(ended_, hold_ended_);
      break;
    case 'l':
      PrintUnambiguously(command.number.value_or(options_.line_length));
      break;
    case 'p':
      Put(*current_, space_, ended_);
      break;
    case 'P': {
      const std::size_t end = space_.find(options_.end);
      Put(*current_, std::string_view(space_).substr(0, end), ended_ || end != std::string::npos);
      break;
    }
    case 's':
      Substitute(command);
      break;
    case 'y':
      Translate(command);
      break;
    case 'w':
      Put(SinkFor(command.text), space_, ended_);
      break;
    case 'W':
      Put(SinkFor(command.text), std::string_view(space_).substr(0, space_.find(options_.end)));
      break;
    case 'z':
      space_.clear();
      break;
    case '{':
      break;
    default:
      return ExecuteInput(command);
  }
  return Flow::kNext;
}

// The commands that read, and those that end the cycle.
Machine::Flow Machine::ExecuteInput(const Command& command) {
  switch (command.letter) {
    case 'd':
      return Flow::kEndCycle;
    case 'D': {
      const std::size_t end = space_.find(options_.end);
      if (end == std::string::npos) return Flow::kEndCycle;
      space_.erase(0, end + 1);
      return Flow::kRestart;
    }
    case 'n':
    case 'N':
      // Without a next line the cycle is over; GNU sed prints what there is.
      if (source_.AtLast()) {
        if (!options_.posix) EndCycle();
        return Flow::kEndCycle;
      }
      if (command.letter == 'n') EndCycle();
      FlushDeferred();
      return ReadLine(command.letter == 'N') ? Flow::kNext : Flow::kEndCycle;
    case 'Q':
      quit_quietly_ = true;
      [[fallthrough]];
    case 'q':
      exit_code_ = static_cast<int>(command.number.value_or(0));
      return Flow::kQuit;
    default:
      return Flow::kNext;
  }
}

void Machine::Translate(const Command& command) {
  std::string result;
  for (std::size_t i = 0; i < space_.size();) {
    const Utf8Character found = DecodeUtf8(std::string_view(space_).substr(i));
    const auto mapped = command.characters.find(found.code);
    if (mapped != command.characters.end() && found.valid) {
      AppendUtf8(result, mapped->second);
    } else {
      result.append(space_, i, found.length);
    }
    i += found.length;
  }
  space_ = std::move(result);
}

void Machine::PrintUnambiguously(std::int64_t width) {
  std::string line;
  std::string result;
  const auto room = width > 0 ? static_cast<std::size_t>(width - 1) : SIZE_MAX;
  for (char c : space_) {
    const auto byte = static_cast<unsigned char>(c);
    std::string shown(1, c);
    static constexpr std::string_view kNamed = "\\\a\b\f\n\r\t\v";
    if (const auto at = kNamed.find(c); at != std::string_view::npos) {
      shown = {'\\', "\\abfnrtv"[at]};
    } else if (byte < 0x20 || byte >= 0x7f) {
      shown = {'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
               static_cast<char>('0' + byte % 8)};
    }
    if (line.size() + shown.size() > room) {
      result += line + "\\\n";
      line.clear();
    }
    line += shown;
  }
  PutText(result + line + "$\n");
}

std::string Machine::OutputOf(const std::string& command) {
  out_.Flush();
  auto capture = std::make_shared<CaptureFile>(std::size_t{1} << 28);
  RunShell(process_, command, {{1, capture}});
  return capture->Take();
}

void Machine::Evaluate(const Command& command) {
  if (!command.text.empty()) {
    PutText(OutputOf(command.text));
    return;
  }
  space_ = OutputOf(space_);
  if (space_.ends_with(options_.end)) space_.pop_back();
}

}  // namespace computesdk::in_memory::sed
