#include "mocks/in_memory/utilities/sed/input.h"

#include <fcntl.h>

#include <utility>

namespace computesdk::in_memory::sed {

LineSource::LineSource(Process& process, std::vector<std::string> names,
                       const MachineOptions& options)
    : process_(process), names_(std::move(names)), options_(options) {}

void LineSource::CloseCurrent() {
  if (!open_) return;
  open_ = false;
  input_.reset();
  descriptor_.reset();
  if (on_close) on_close(name_);
}

void LineSource::Stop() {
  if (input_) input_->GiveBack();
  CloseCurrent();
  next_ = names_.size();
}

bool LineSource::OpenNext() {
  while (next_ < names_.size()) {
    const std::string& name = names_[next_++];
    const bool standard = name == "-" && !options_.in_place;
    int fd = 0;
    if (!standard) {
      const auto status = process_.files().Stat(process_.AbsolutePath(name));
      if (options_.in_place && status && status->type != FileType::kRegular) {
        Complain(process_, "couldn't edit " + name + ": not a regular file");
        status_ = 4;
        continue;
      }
      if (status && status->type == FileType::kDirectory) {
        Complain(process_, "read error on " + name + ": Is a directory");
        process_.Exit(4);
      }
      const auto opened = process_.Open(name, O_RDONLY);
      if (!opened) {
        Complain(process_, "can't read " + name + ": " + ErrnoText(opened.error()));
        status_ = 2;
        continue;
      }
      fd = *opened;
      descriptor_ = std::make_unique<ScopedDescriptor>(process_, fd);
    }
    input_ = std::make_unique<Input>(process_, fd);
    name_ = name;
    open_ = true;
    if (options_.separate) number_ = 0;
    if (on_open) on_open(name);
    return true;
  }
  return false;
}

std::optional<LineSource::Line> LineSource::Next() {
  while (true) {
    if (!open_ && !OpenNext()) return std::nullopt;
    if (const auto line = input_->ReadLine(options_.end)) {
      ++number_;
      return Line{*line, input_->ended()};
    }
    CloseCurrent();
  }
}

bool LineSource::AtLast() {
  if (open_ && !input_->AtEnd()) return false;
  if (options_.separate) return true;
  // Files that are empty or missing do not count.
  while (true) {
    CloseCurrent();
    if (!OpenNext()) return true;
    if (!input_->AtEnd()) return false;
  }
}

}  // namespace computesdk::in_memory::sed
