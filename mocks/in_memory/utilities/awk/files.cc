#include <fcntl.h>

#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

bool Interpreter::OpenNextOperand() {
  while (true) {
    const double count = globals_[kArgc].value.Number();
    std::string name = "-";
    const bool named = next_operand_ < count;
    if (named) {
      const Value* argument = ArrayOf(kArgv).Find(std::to_string(next_operand_++));
      name = argument != nullptr ? argument->Text(convfmt_) : "";
      if (name.empty()) continue;
      if (AssignArgument(name)) continue;
    } else if (any_operand_) {
      return false;
    }
    any_operand_ = true;
    globals_[kErrno].value = Value(std::string());
    const Opened opened = OpenOperand(name);
    if (opened == Opened::kSkipped) continue;
    fnr_ = 0;
    globals_[kFilename].value = Value::Input(name);
    globals_[kArgind].value = Value(static_cast<double>(named ? next_operand_ - 1 : 0));
    if (in_place_ && opened == Opened::kOpen && name != "-") BeginInPlace(name);
    if (!RunFileRules(Rule::Kind::kBeginFile)) {
      if (opened == Opened::kOpen) EndFile();
      continue;
    }
    if (opened == Opened::kOpen) return true;
    Fail("cannot open file `" + name + "' for reading: " + globals_[kErrno].value.Text(convfmt_));
  }
}

Interpreter::Opened Interpreter::OpenOperand(const std::string& name) {
  int fd = 0;
  if (name != "-") {
    const auto opened = process_.Open(name, O_RDONLY);
    if (!opened) {
      globals_[kErrno].value = Value(ErrnoText(opened.error()));
      if (has_file_rules_) return Opened::kMissing;
      fnr_ = 0;
      Fail("cannot open file `" + name + "' for reading: " + ErrnoText(opened.error()));
    }
    fd = *opened;
    main_descriptor_ = std::make_unique<ScopedDescriptor>(process_, fd);
    if (process_.File(fd)->Stat().type == FileType::kDirectory) {
      fnr_ = 0;
      Warn("command line argument `" + name + "' is a directory: skipped");
      main_descriptor_.reset();
      return Opened::kSkipped;
    }
  }
  main_ = std::make_unique<RecordReader>(process_, fd);
  return Opened::kOpen;
}

bool Interpreter::RunFileRules(Rule::Kind kind) {
  for (const Rule& rule : program_.rules) {
    if (rule.kind != kind) continue;
    const Flow flow = ExecuteAction(rule.action.get());
    if (flow == Flow::kExit) throw Jump{flow};
    if (flow == Flow::kNextFile) return false;
  }
  return true;
}

void Interpreter::EndFile() {
  main_.reset();
  main_descriptor_.reset();
  (void)RunFileRules(Rule::Kind::kEndFile);
  if (!edited_.empty()) EndInPlace();
}

void Interpreter::BeginInPlace(const std::string& name) {
  streams_.standard().Flush();
  const std::string draft = name + ".gawk-in-place";
  const auto file = process_.OpenDescription(draft, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (!file) Fail("inplace::begin: cannot create `" + draft + "': " + ErrnoText(file.error()));
  outside_ = process_.File(1);
  process_.SetFile(1, *file);
  edited_ = name;
}

void Interpreter::EndInPlace() {
  streams_.standard().Flush();
  process_.SetFile(1, std::exchange(outside_, nullptr));
  const std::string name = process_.AbsolutePath(std::exchange(edited_, ""));
  FileSystem& files = process_.files();
  if (const auto status = files.Stat(name))
    (void)files.SetMode(name + ".gawk-in-place", status->mode);
  if (!in_place_suffix_.empty()) (void)files.Rename(name, name + in_place_suffix_);
  const IoStatus renamed = files.Rename(name + ".gawk-in-place", name);
  if (!renamed)
    Fail("inplace::end: cannot rename to `" + name + "': " + ErrnoText(renamed.error()));
}

bool Interpreter::ReadMain(std::string& record) {
  while (!input_done_) {
    if (!main_ && !OpenNextOperand()) {
      input_done_ = true;
      break;
    }
    std::string terminator;
    auto next = main_->Read(record_style_, terminator);
    if (next) {
      record = std::move(*next);
      globals_[kRt].value = Value(std::move(terminator));
      ++nr_;
      ++fnr_;
      return true;
    }
    EndFile();
  }
  return false;
}

}  // namespace computesdk::in_memory::awk
