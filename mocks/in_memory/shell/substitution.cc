#include <algorithm>
#include <string>
#include <utility>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/interpreter.h"

namespace computesdk::in_memory::shell {

namespace {

// $(<file) is the file's content.
const Redirection* ReadsFileOnly(const CommandPtr& body) {
  if (body->kind != CommandKind::kSimple || body->redirections.size() != 1) return nullptr;
  const auto& simple = static_cast<const SimpleCommand&>(*body);
  if (!simple.words.empty() || !simple.assignments.empty()) return nullptr;
  const Redirection& redirection = body->redirections[0];
  return redirection.op == RedirectOp::kInput && redirection.fd <= 0 ? &redirection : nullptr;
}

// The line that the text of a substitution begins with: that of its first command.
int FirstLine(const Command& command) {
  switch (command.kind) {
    case CommandKind::kList:
      return FirstLine(*static_cast<const List&>(command).items[0].command);
    case CommandKind::kAndOr:
      return FirstLine(*static_cast<const AndOr&>(command).items[0].command);
    case CommandKind::kPipeline: {
      const auto& stages = static_cast<const Pipeline&>(command).stages;
      return stages.empty() ? command.line : FirstLine(*stages[0]);
    }
    default:
      return command.line;
  }
}

std::string SubstitutionPath(int fd) { return "/dev/fd/" + std::to_string(fd); }

}  // namespace

// In sh "$?" is still that of the command before.
void Interpreter::SubstitutionEnds(int status) {
  substitution_status_ = status;
  if (!state.plain_sh) state.status = status;
}

std::string Interpreter::RunSubstitution(const CommandSubstitution& substitution) {
  substituted_ = true;
  if (!substitution.error.empty()) {
    (void)process.Write(2, state.name + ": command substitution: line " +
                               std::to_string(state.line) + ": " + substitution.error + "\n");
    SubstitutionEnds(2);
    return "";
  }
  if (substitution.body == nullptr) {
    SubstitutionEnds(0);
    return "";
  }
  if (StackIsLow()) FailNesting();
  const Redirection* file = ReadsFileOnly(substitution.body);
  auto capture = std::make_shared<CaptureFile>(process.kernel().limits().output_bytes);
  SpawnOptions options = MakeChildOptions();
  options.files[1] = capture;
  State child_state = MakeSubshellState();
  ++child_state.trace_depth;
  child_state.loop_depth = state.loop_depth;  // Unlike ( … ), it may leave the loops around it.
  child_state.line_base = state.line - FirstLine(*substitution.body);
  child_state.enclosing_line = state.line;
  if (!state.shopt.inherit_errexit && !state.options.posix) {
    child_state.options.exit_on_error = false;
  }
  const auto result = process.Call(std::move(options), [&](Process& child) {
    Interpreter shell(child, std::move(child_state));
    shell.condition_depth = condition_depth;
    if (!jobs.empty()) shell.jobs.Inherit(jobs);
    shell.SetTail(substitution.body);
    if (file == nullptr) return shell.RunSubshell(substitution.body);
    return shell.Guard([&] {
      RedirectionScope scope(child);
      if (!shell.ApplyRedirections({*file}, scope)) return 1;
      const auto content = child.ReadAll(0);
      if (content) (void)child.Write(1, *content);
      return content ? 0 : 1;
    });
  });
  if (!result) {
    Complain("fork: retry: " + ErrnoText(result.error()));
    SubstitutionEnds(254);
    return "";
  }
  SubstitutionEnds(result->ShellCode());
  std::string output = capture->Take();
  if (output.find('\0') != std::string::npos) {
    if (!state.plain_sh) Complain("warning: command substitution: ignored null byte in input");
    std::erase(output, '\0');
  }
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

std::string Interpreter::OpenProcessSubstitution(const ProcessSubstitution& substitution) {
  auto [read_end, write_end] = MakePipe();
  SpawnOptions options = MakeChildOptions();
  const int target = substitution.reads ? 1 : 0;
  options.files[target] = substitution.reads ? write_end : read_end;
  OpenFilePtr mine = substitution.reads ? read_end : write_end;
  write_end = nullptr;
  read_end = nullptr;
  const int fd = process.AddFile(mine, 63 - static_cast<int>(process_files_.size()) % 40);
  mine = nullptr;
  options.files[fd] = nullptr;
  State child_state = MakeSubshellState();
  ++child_state.trace_depth;
  child_state.loop_depth = state.loop_depth;  // As in $( … ).
  const auto pid = process.Spawn(
      std::move(options),
      [body = substitution.body, child_state = std::move(child_state)](Process& child) mutable {
        return Interpreter(child, std::move(child_state)).RunSubshell(body);
      });
  if (!pid) {
    (void)process.Close(fd);
    FailExpansion("fork: retry: " + ErrnoText(pid.error()));
  }
  process_files_.push_back(fd);
  state.last_background = *pid;
  std::string path = SubstitutionPath(fd);
  // Who opens it gets the pipe; who only looks at it finds one.
  constexpr unsigned kPipeMode = 0600;
  (void)process.files().MakeFifo(path, kPipeMode);
  return path;
}

void Interpreter::CloseProcessSubstitutions(std::size_t from) {
  while (process_files_.size() > from) {
    (void)process.Close(process_files_.back());
    (void)process.files().Unlink(SubstitutionPath(process_files_.back()));
    process_files_.pop_back();
  }
}

}  // namespace computesdk::in_memory::shell
