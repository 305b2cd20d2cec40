#include <algorithm>

#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/plain_messages.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

// What the shell says of text that it cannot read.
namespace computesdk::in_memory::shell {
namespace {

// A token that cannot be printed stands there as it could be typed.
std::string Shown(const std::string& message) {
  const std::size_t begin = message.find('`');
  const std::size_t end = message.rfind('\'');
  if (AllPrintable(message) || begin == std::string::npos || end <= begin) return message;
  return message.substr(0, begin + 1) + QuoteForShell(message.substr(begin + 1, end - begin - 1)) +
         message.substr(end);
}

// Where the text ends inside quotes or ${…}, bash goes by the command before.
bool EndsInQuotes(const SyntaxError& error) {
  constexpr std::string_view kMatching = "unexpected EOF while looking for matching `";
  return error.message.starts_with(kMatching) && error.message[kMatching.size()] != ')';
}

}  // namespace

// The message, and the line as it stands there where a token is at fault.
int Interpreter::ReportSyntaxError(Lexer& lexer, const SyntaxError& error,
                                   const std::string& label) {
  state.line = error.line;
  const std::string file =
      state.frames.empty() || label == "eval" ? state.name : FileOf(state.frames.back());
  const std::string prefix = file + ": " + (label.empty() ? "" : label + ": ") + "line " +
                             std::to_string(error.line) + ": ";
  std::string text = error.message.empty() ? "" : prefix + Shown(error.message) + "\n";
  if (state.plain_sh) {
    // The text of -c has no last newline there.
    const bool whole = label == "-c" || label == "eval";
    const bool newline = error.message.find("`newline'") != std::string::npos;
    const bool ends = newline && whole && lexer.AtEndOfText();
    // Quotes are missed where the text ends.
    const bool braces = error.message.ends_with("`}'");
    const int place = EndsInQuotes(error) && !braces ? lexer.line() : error.line;
    // A newline is counted before it is found to be wrong.
    const int line = place - (label == "eval" ? text_line_ - 1 : 0) - (error.at_end && whole) +
                     (newline && !ends ? 1 : 0);
    text = state.name + ": " + std::to_string(std::max(line, 1)) + ": " + state.plain_label +
           PlainSyntaxMessage(ends ? "" : error.message, error.expected) + "\n";
  } else if (!error.at_end && !error.conditional) {
    text += prefix + "`" + lexer.LineText() + "'\n";
  }
  (void)process.Write(2, text);
  if (error.too_deep) {
    return OnExpansionError({.status = error.status, .fatal = true, .keeps_status = true});
  }
  if (error.in_substitution && state.options.from_command) return OnExpansionError({1, true});
  const bool sourced = label.empty() && !state.frames.empty();
  if ((label == "eval" && state.options.posix) || (sourced && state.plain_sh))
    return OnExpansionError({error.status, true});
  const bool script = state.frames.empty() && (label.empty() || label == "-c");
  if (error.conditional && !error.at_end && script) return state.status;
  if (EndsInQuotes(error) && label != "eval" && state.status != 0) return state.status;
  return state.status = error.status;
}

}  // namespace computesdk::in_memory::shell
