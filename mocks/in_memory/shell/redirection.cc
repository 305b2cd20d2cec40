#include <fcntl.h>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

namespace computesdk::in_memory::shell {

void RedirectionScope::Replace(int fd, OpenFilePtr file) {
  saved_.emplace_back(fd, process_.File(fd));
  process_.SetFile(fd, std::move(file));
}

void RedirectionScope::Restore() {
  while (!saved_.empty()) {
    process_.SetFile(saved_.back().first, std::move(saved_.back().second));
    saved_.pop_back();
  }
}

namespace {

int DefaultDescriptor(RedirectOp op) {
  switch (op) {
    case RedirectOp::kInput:
    case RedirectOp::kReadWrite:
    case RedirectOp::kDuplicateInput:
    case RedirectOp::kHereDocument:
    case RedirectOp::kHereString:
      return 0;
    default:
      return 1;
  }
}

int OpenFlags(RedirectOp op) {
  switch (op) {
    case RedirectOp::kInput:
      return O_RDONLY;
    case RedirectOp::kReadWrite:
      return O_RDWR | O_CREAT;
    case RedirectOp::kAppend:
    case RedirectOp::kAppendBoth:
      return O_WRONLY | O_CREAT | O_APPEND;
    default:
      return O_WRONLY | O_CREAT | O_TRUNC;
  }
}

// To dash a word that is no number of one digit is a mistake of syntax, even when it runs.
[[noreturn]] void FailDescriptor(Interpreter& shell) {
  const std::string place = shell.state.name + ": " + std::to_string(shell.state.line) + ": ";
  (void)shell.process.Write(2, place + "Syntax error: Bad fd number\n");
  throw ExpansionError{2, true};
}

// {name}>file: the variable gets the number.
bool AssignDescriptor(Interpreter& shell, const std::string& variable, int made) {
  if (shell.AssignOperand(variable, std::to_string(made))) return true;
  shell.Complain(variable + ": cannot assign fd to variable");
  return false;
}

}  // namespace

bool Interpreter::ApplyRedirections(const std::vector<Redirection>& redirections,
                                    RedirectionScope& scope) {
  for (const Redirection& redirection : redirections) {
    if (!OpenRedirection(redirection, scope)) return false;
  }
  return true;
}

bool Interpreter::Duplicate(const Redirection& redirection, int fd, const std::string& given,
                            RedirectionScope& scope) {
  std::string target = given;
  const bool moves = target.size() > 1 && target.back() == '-';
  if (moves) target.pop_back();
  if (target == "-") {
    scope.Replace(fd, nullptr);
    return true;
  }
  if (!IsDescriptor(target)) {
    const bool too_big = IsDigits(target);
    Complain(target + (too_big ? ": Bad file descriptor" : ": ambiguous redirect"));
    return false;
  }
  const int source = std::stoi(target);
  OpenFilePtr file = process.File(source);
  if (file == nullptr) {
    Complain((state.plain_sh ? target : PrintWord(redirection.target)) + ": Bad file descriptor");
    return false;
  }
  if (!redirection.variable.empty()) {
    const int made = process.AddFile(std::move(file), 10);
    if (state.shopt.varredir_close) scope.CloseLater(made);
    if (moves) (void)process.Close(source);
    return AssignDescriptor(*this, redirection.variable, made);
  }
  scope.Replace(fd, std::move(file));
  if (moves && source != fd) scope.Replace(source, nullptr);
  return true;
}

std::string Interpreter::OpenFailure(RedirectOp op, const std::string& target,
                                     std::errc error) const {
  if (!state.plain_sh) return target + ": " + ErrnoText(error);
  const bool missing = error == std::errc::no_such_file_or_directory;
  if (op == RedirectOp::kInput) {
    return "cannot open " + target + ": " + (missing ? "No such file" : ErrnoText(error));
  }
  return "cannot create " + target + ": " + (missing ? "Directory nonexistent" : ErrnoText(error));
}

bool Interpreter::OpenRedirection(const Redirection& redirection, RedirectionScope& scope) {
  int fd = redirection.fd >= 0 ? redirection.fd : DefaultDescriptor(redirection.op);
  const auto limit = state.limits.find('n');
  if (limit != state.limits.end() && limit->second.soft >= 0 && fd >= limit->second.soft) {
    Complain(std::to_string(fd) + ": Bad file descriptor");
    return false;
  }
  const auto place = [&](OpenFilePtr file) {
    if (redirection.variable.empty()) {
      scope.Replace(fd, std::move(file));
      return true;
    }
    const int made = process.AddFile(std::move(file), 10);
    if (state.shopt.varredir_close) scope.CloseLater(made);
    return AssignDescriptor(*this, redirection.variable, made);
  };
  if (redirection.op == RedirectOp::kHereDocument) {
    Expander expander(*this, Expander::Mode::kString);
    expander.ExpandHereDocument(redirection.here->body);
    return place(MakeInputFile(std::move(expander.text())));
  }
  if (redirection.op == RedirectOp::kHereString) {
    return place(MakeInputFile(ExpandString(redirection.target) + "\n"));
  }
  const bool duplicates = redirection.op == RedirectOp::kDuplicateInput ||
                          redirection.op == RedirectOp::kDuplicateOutput;
  // Unlike the words of a command, a target has to be one.
  std::vector<Word> words = {redirection.target};
  const std::vector<std::string> fields = ExpandWords(words);
  if (fields.size() != 1) {
    if (state.plain_sh && duplicates) FailDescriptor(*this);
    Complain(PrintWord(redirection.target) + ": ambiguous redirect");
    return false;
  }
  const std::string& target = fields[0];
  bool both =
      redirection.op == RedirectOp::kOutputBoth || redirection.op == RedirectOp::kAppendBoth;
  if (duplicates) {
    const bool number = IsDigits(target) || target == "-" ||
                        (target.size() > 1 && target.back() == '-' &&
                         IsDescriptor(target.substr(0, target.size() - 1)));
    if (state.plain_sh && target != "-" && (!number || target.size() > 1)) FailDescriptor(*this);
    if (target == "-" && !redirection.variable.empty()) {
      const auto open = ParsePlainNumber(ReadOperand(redirection.variable));
      if (!open) {
        Complain(redirection.variable + ": ambiguous redirect");
        return false;
      }
      (void)process.Close(static_cast<int>(*open));
      return true;
    }
    // >&word with no number but 1 in front is the old form of &>.
    both = !number && redirection.op == RedirectOp::kDuplicateOutput &&
           (redirection.fd < 0 || redirection.fd == 1);
    if (!both) return Duplicate(redirection, fd, target, scope);
  }
  if (both) fd = 1;
  if (state.options.restricted && redirection.op != RedirectOp::kInput) {
    Complain(target + ": restricted: cannot redirect output");
    return false;
  }
  const bool plain = redirection.op == RedirectOp::kOutput ||
                     redirection.op == RedirectOp::kOutputBoth || (both && duplicates);
  if (plain && state.options.no_clobber) {
    const std::string path = process.AbsolutePath(target);
    const auto status = process.files().Stat(path);
    const bool dangles = !status && process.files().Stat(path, Follow::kNo).has_value();
    if (dangles || (status && status->type == FileType::kRegular)) {
      Complain(state.plain_sh ? "cannot create " + target + ": File exists"
                              : target + ": cannot overwrite existing file");
      return false;
    }
  }
  auto opened = process.OpenDescription(target, OpenFlags(redirection.op));
  if (!opened) {
    Complain(OpenFailure(redirection.op, target, opened.error()));
    return false;
  }
  if (both) scope.Replace(2, *opened);
  return place(std::move(*opened));
}

}  // namespace computesdk::in_memory::shell
