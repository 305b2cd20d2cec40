#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/prompt.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

// What `set -x` shows.
namespace computesdk::in_memory::shell {

bool NeedsQuotes(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (std::string_view(" \t\n'\"\\|&;()<>!{}*[?]^$`").find(c) != std::string_view::npos) {
      return true;
    }
    if (c == '~' && (i == 0 || text[i - 1] == '=' || text[i - 1] == ':')) return true;
    if (c == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) return true;
  }
  return false;
}

namespace {

// The descriptor that BASH_XTRACEFD names, or standard error.
int TraceDescriptor(Interpreter& shell) {
  const Variable* given = shell.state.variables.Find("BASH_XTRACEFD");
  if (given == nullptr || !given->IsSet()) return 2;
  const auto fd = ParsePlainNumber(*given->Scalar());
  return fd && shell.process.File(static_cast<int>(*fd)) != nullptr ? static_cast<int>(*fd) : 2;
}

}  // namespace

std::string TracedWord(const std::string& word) {
  if (word.empty()) return "''";
  if (NeedsQuotes(word)) return QuotePlainly(word);
  // Control characters, too, but as escapes.
  const std::string quoted = SingleQuote(word);
  return quoted[0] == '$' ? quoted : word;
}

std::string TracedWords(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += TracedWord(word);
  }
  return text;
}

void Interpreter::Trace(const std::string& text) {
  const Variable* prompt = state.variables.Find("PS4");
  std::string prefix;
  if (prompt != nullptr && prompt->IsSet()) {
    const std::string source = *prompt->Scalar();
    const int status = state.status;
    state.options.trace = false;
    try {
      prefix = ExpandPrompt(*this, source);
    } catch (...) {
      state.options.trace = true;
      throw;
    }
    state.options.trace = true;
    state.status = status;
  }
  // A sign more for each eval, sourced file, trap and substitution around it.
  if (state.trace_depth > 0 && !state.plain_sh && !prefix.empty()) {
    prefix.insert(0, static_cast<std::size_t>(state.trace_depth), prefix[0]);
  }
  (void)process.Write(TraceDescriptor(*this), prefix + text + "\n");
}

void Interpreter::TraceAssignment(const Assignment& assignment, const std::string& value) {
  if (assignment.array) return Trace(PrintAssignment(assignment));
  std::string name = assignment.name;
  if (assignment.subscript != nullptr) {
    const std::string source = assignment.source == nullptr ? "" : PrintAssignment(assignment);
    const std::size_t end = source.find(']');
    if (end != std::string::npos) name = source.substr(0, end + 1);
  }
  Trace(name + (assignment.append ? "+=" : "=") + (value.empty() ? "" : TracedWord(value)));
}

namespace {

// name=(…) among the arguments of declare and its like, expanded already.
std::string TracedArray(Interpreter& shell, const Assignment& assignment) {
  std::string text;
  for (const ArrayElement& element : assignment.elements) {
    if (!text.empty()) text += ' ';
    if (element.subscript != nullptr) {
      text += "[" + QuotePlainly(shell.ExpandString(*element.subscript)) +
              "]=" + QuotePlainly(shell.ExpandString(element.value));
      continue;
    }
    text += QuotePlainly(shell.ExpandString(element.value));
  }
  return assignment.name + (assignment.append ? "+=(" : "=(") + text + ")";
}

}  // namespace

void Interpreter::TraceWords(const SimpleCommand& command, const std::vector<std::string>& args) {
  if (state.plain_sh) {
    std::string text;
    for (const Assignment& assignment : command.assignments) {
      text += assignment.name + "=" + ExpandString(assignment.value) + " ";
    }
    for (std::size_t i = 0; i < args.size(); ++i) text += (i == 0 ? "" : " ") + args[i];
    return Trace(text);
  }
  for (const Assignment& assignment : command.assignments) {
    if (!assignment.array) TraceAssignment(assignment, ExpandString(assignment.value));
  }
  for (const auto& [place, assignment] : declaration_arrays) {
    Trace(TracedArray(*this, *assignment));
  }
  Trace(TracedWords(args));
  if (args[0] != "export" && args[0] != "readonly") return;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::size_t equals = args[i].find('=');
    if (args[i][0] == '-' || equals == std::string::npos) continue;
    const std::string value = args[i].substr(equals + 1);
    Trace(args[i].substr(0, equals + 1) + (value.empty() ? "" : TracedWord(value)));
  }
}

void Interpreter::TraceHeader(const Command& command, int part) {
  if (state.plain_sh) return;
  std::string text = PrintHeader(command, part);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  Trace(text);
}

}  // namespace computesdk::in_memory::shell
