#include "mocks/in_memory/utilities/awk/io.h"

#include <fcntl.h>

#include <utility>

#include "mocks/in_memory/utilities/shell_command.h"

namespace computesdk::in_memory::awk {
namespace {

// What close() and system() give for an end by signal.
int StatusOf(const ExitStatus& status) {
  return status.signal != 0 ? 256 + status.signal : status.code;
}

}  // namespace

// --- records ----------------------------------------------------------------------------------

std::optional<std::string> RecordReader::Read(const RecordStyle& style, std::string& terminator) {
  terminator.clear();
  if (style.kind == RecordStyle::Kind::kRegex) return ReadByRegex(*style.matcher, terminator);
  held_.erase(0, std::exchange(used_, 0));
  if (!held_.empty()) {
    // RS was an expression before: give back what was read ahead.
    const char mark = style.kind == RecordStyle::Kind::kCharacter ? style.delimiter : '\n';
    const auto end = held_.find(mark);
    if (end != std::string::npos || !FillHeld()) {
      std::string record = held_.substr(0, end);
      if (end != std::string::npos) terminator.assign(1, mark);
      held_.erase(0, end == std::string::npos ? end : end + 1);
      return record;
    }
    return Read(style, terminator);
  }
  if (style.kind == RecordStyle::Kind::kParagraphs) return ReadParagraph(terminator);
  const auto line = input_.ReadLine(style.delimiter);
  if (!line) return std::nullopt;
  if (input_.ended()) terminator.assign(1, style.delimiter);
  return std::string(*line);
}

std::optional<std::string> RecordReader::ReadParagraph(std::string& terminator) {
  std::optional<std::string_view> line = input_.ReadLine();
  while (line && line->empty() && input_.ended()) line = input_.ReadLine();
  if (!line) return std::nullopt;
  std::string record(*line);
  bool ended = input_.ended();
  while (ended && (line = input_.ReadLine()) && !line->empty()) {
    record.append(1, '\n').append(*line);
    ended = input_.ended();
  }
  terminator.assign(ended ? (line ? 2 : 1) : 0, '\n');
  return record;
}

bool RecordReader::FillHeld() {
  if (ended_) return false;
  const std::string_view block = input_.ReadBlock();
  ended_ = block.empty();
  held_.append(block);
  return !ended_;
}

std::optional<std::string> RecordReader::ReadByRegex(const Matcher& matcher,
                                                     std::string& terminator) {
  std::vector<Regex::Group> groups;
  while (true) {
    process_.Checkpoint();
    const bool found = held_.size() > used_ && matcher.Find(held_, groups, used_) &&
                       groups[0].second > groups[0].first;
    const auto size = static_cast<std::ptrdiff_t>(held_.size());
    // A match that reaches to the end of what was read may go on behind it.
    if (found && (ended_ || groups[0].second < size)) {
      const auto begin = static_cast<std::size_t>(groups[0].first);
      const auto end = static_cast<std::size_t>(groups[0].second);
      std::string record = held_.substr(used_, begin - used_);
      terminator = held_.substr(begin, end - begin);
      held_.erase(0, end - 1);
      used_ = 1;
      return record;
    }
    if (FillHeld()) continue;
    if (found) continue;
    if (held_.size() == used_) return std::nullopt;
    return std::exchange(held_, "").substr(std::exchange(used_, 0));
  }
}

// --- streams ----------------------------------------------------------------------------------

IoResult<Output*> Streams::Writer(Redirection redirection, const std::string& name) {
  if (redirection != Redirection::kPipe && (name == "/dev/stdout" || name == "-")) {
    return &standard_;
  }
  if (const auto found = writers_.find(name); found != writers_.end()) {
    return found->second.output.get();
  }
  Stream stream;
  stream.number = ++opened_;
  int fd = -1;
  if (redirection == Redirection::kPipe) {
    FlushAll();
    auto [read_end, write_end] = MakePipe();
    const auto pid = StartShell(process_, name, ChildFiles({{0, std::move(read_end)}}));
    if (!pid) return IoError(pid.error());
    stream.pid = *pid;
    // Away from the numbers that programs started later inherit as their own.
    fd = process_.AddFile(std::move(write_end), 10);
  } else if (name == "/dev/stderr") {
    fd = process_.AddFile(process_.File(2), 10);
  } else {
    const int mode = redirection == Redirection::kAppend ? O_APPEND : O_TRUNC;
    const auto opened = process_.Open(name, O_WRONLY | O_CREAT | mode);
    if (!opened) return IoError(opened.error());
    fd = *opened;
  }
  stream.descriptor = std::make_unique<ScopedDescriptor>(process_, fd);
  stream.output = std::make_unique<Output>(process_, fd);
  return (writers_[name] = std::move(stream)).output.get();
}

IoResult<RecordReader*> Streams::Reader(bool command, const std::string& name) {
  if (const auto found = readers_.find(name); found != readers_.end()) {
    return found->second.reader.get();
  }
  Stream stream;
  stream.number = ++opened_;
  int fd = -1;
  if (command) {
    FlushAll();
    auto [read_end, write_end] = MakePipe();
    const auto pid = StartShell(process_, name, ChildFiles({{1, std::move(write_end)}}));
    if (!pid) return IoError(pid.error());
    stream.pid = *pid;
    fd = process_.AddFile(std::move(read_end), 10);
  } else if (name == "-" || name == "/dev/stdin") {
    fd = process_.AddFile(process_.File(0), 10);
  } else {
    const auto opened = process_.Open(name, O_RDONLY);
    if (!opened) return IoError(opened.error());
    fd = *opened;
    if (process_.File(fd)->Stat().type == FileType::kDirectory) {
      (void)process_.Close(fd);
      return IoError(std::errc::is_a_directory);
    }
  }
  stream.descriptor = std::make_unique<ScopedDescriptor>(process_, fd);
  stream.reader = std::make_unique<RecordReader>(process_, fd);
  return (readers_[name] = std::move(stream)).reader.get();
}

std::map<int, OpenFilePtr> Streams::ChildFiles(std::map<int, OpenFilePtr> files) const {
  for (const auto* streams : {&writers_, &readers_, &coprocesses_}) {
    for (const auto& [name, stream] : *streams) {
      for (const auto* descriptor : {&stream.descriptor, &stream.other}) {
        if (*descriptor) files.emplace((*descriptor)->fd(), nullptr);
      }
    }
  }
  return files;
}

IoResult<Streams::Stream*> Streams::Coprocess(const std::string& name) {
  if (const auto found = coprocesses_.find(name); found != coprocesses_.end()) {
    return &found->second;
  }
  FlushAll();
  auto [input_read, input_write] = MakePipe();
  auto [output_read, output_write] = MakePipe();
  const auto pid = StartShell(
      process_, name, ChildFiles({{0, std::move(input_read)}, {1, std::move(output_write)}}));
  if (!pid) return IoError(pid.error());
  constexpr int kFirst = 10;
  Stream stream;
  stream.number = ++opened_;
  stream.pid = *pid;
  const int in = process_.AddFile(std::move(input_write), kFirst);
  const int out = process_.AddFile(std::move(output_read), kFirst);
  stream.descriptor = std::make_unique<ScopedDescriptor>(process_, in);
  stream.other = std::make_unique<ScopedDescriptor>(process_, out);
  stream.output = std::make_unique<Output>(process_, in);
  stream.reader = std::make_unique<RecordReader>(process_, out);
  return &(coprocesses_[name] = std::move(stream));
}

IoResult<Output*> Streams::CoprocessWriter(const std::string& name) {
  const auto stream = Coprocess(name);
  if (!stream) return IoError(stream.error());
  if (!(*stream)->output) return IoError(std::errc::broken_pipe);
  return (*stream)->output.get();
}

IoResult<RecordReader*> Streams::CoprocessReader(const std::string& name) {
  const auto stream = Coprocess(name);
  if (!stream) return IoError(stream.error());
  if (!(*stream)->reader) return IoError(std::errc::bad_file_descriptor);
  // What it waits for may still be here.
  if ((*stream)->output) (*stream)->output->Flush();
  return (*stream)->reader.get();
}

int Streams::CloseEnd(const std::string& name, const std::string& end) {
  const auto found = coprocesses_.find(name);
  if (found == coprocesses_.end() || (end != "to" && end != "from")) return Close(name);
  Stream& stream = found->second;
  if (end == "to") {
    if (stream.output) stream.output->Flush();
    stream.output.reset();
    stream.descriptor.reset();
  } else {
    stream.reader.reset();
    stream.other.reset();
  }
  return stream.output || stream.reader ? 0 : Close(name);
}

int Streams::Finish(Stream stream) {
  if (stream.output) stream.output->Flush();
  stream.output.reset();
  stream.reader.reset();
  stream.descriptor.reset();  // The command sees the end of its input.
  stream.other.reset();
  if (!stream.pid) return 0;
  const auto status = process_.Wait(*stream.pid);
  return status && *status ? StatusOf(**status) : -1;
}

Streams::Stream Streams::Take(std::map<std::string, Stream>& streams, const std::string& name) {
  return std::move(streams.extract(name).mapped());
}

int Streams::Close(const std::string& name) {
  // Of several of one name the last that was opened.
  std::map<std::string, Stream>* last = nullptr;
  for (auto* streams : {&writers_, &readers_, &coprocesses_}) {
    const auto found = streams->find(name);
    if (found == streams->end()) continue;
    if (last == nullptr || found->second.number > last->at(name).number) last = streams;
  }
  if (last == nullptr) return -1;
  standard_.Flush();
  return Finish(Take(*last, name));
}

int Streams::Flush(const std::string& name) {
  const auto found = writers_.find(name);
  if (found == writers_.end()) return -1;
  found->second.output->Flush();
  return 0;
}

void Streams::FlushAll() {
  standard_.Flush();
  for (auto& [name, stream] : writers_) stream.output->Flush();
  for (auto& [name, stream] : coprocesses_) {
    if (stream.output) stream.output->Flush();
  }
}

void Streams::CloseAll() {
  while (!writers_.empty()) Finish(Take(writers_, writers_.begin()->first));
  while (!readers_.empty()) Finish(Take(readers_, readers_.begin()->first));
  while (!coprocesses_.empty()) Finish(Take(coprocesses_, coprocesses_.begin()->first));
  standard_.Flush();
}

int Streams::System(const std::string& command) {
  FlushAll();
  return StatusOf(RunShell(process_, command, ChildFiles({})));
}

}  // namespace computesdk::in_memory::awk
