#include <algorithm>
#include <utility>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/expansion/brace.h"
#include "mocks/in_memory/shell/interpreter.h"

// The words of a simple command, and what they are as arguments of `declare` and its like.
namespace computesdk::in_memory::shell {
namespace {

Word Quoted(std::string text) {
  Word word;
  word.parts.push_back({Literal{std::move(text)}, true});
  word.plain = true;
  return word;
}

bool IsPlainAssignment(const Word& word) {
  return word.looks_like_assignment && word.assignment == nullptr;
}

}  // namespace

Word WithoutTildes(Word word) {
  for (WordPart& part : word.parts) {
    if (const auto* tilde = std::get_if<Tilde>(&part.value)) {
      part.value = Literal{"~" + tilde->name};
      part.quoted = true;
    }
  }
  return word;
}

// name=(…) with the values that its elements have before any argument of `declare` is assigned.
std::shared_ptr<const Assignment> Interpreter::ExpandElements(const Assignment& assignment,
                                                              bool associative) {
  auto expanded = std::make_shared<Assignment>();
  expanded->name = assignment.name;
  expanded->append = assignment.append;
  expanded->array = true;
  for (const ArrayElement& element : assignment.elements) {
    if (element.subscript != nullptr) {
      ArrayElement one = element;
      one.value = Quoted(ExpandString(associative ? WithoutTildes(element.value) : element.value));
      expanded->elements.push_back(std::move(one));
      continue;
    }
    Expander expander(*this, Expander::Mode::kFields);
    expander.Expand(element.value);
    for (std::string& field : expander.fields()) {
      ArrayElement one;
      one.value = Quoted(std::move(field));
      expanded->elements.push_back(std::move(one));
    }
  }
  return expanded;
}

// declare -A x=(…) of an array of the other kind, outside of functions, gives up the line.
void Interpreter::CheckArrayKind(const std::vector<std::string>& args, const std::string& name) {
  const Variable* before = state.variables.Find(name);
  if (before == nullptr || !before->is_array() || state.variables.in_function()) return;
  const bool associative = before->kind == VariableKind::kAssociative;
  for (const std::string& arg : args) {
    if (arg[0] != '-' || arg.find(associative ? 'a' : 'A') == std::string::npos) continue;
    Complain(name + ": cannot convert " +
             (associative ? "associative to indexed array" : "indexed to associative array"));
    throw ExpansionError{.only_line = true};
  }
}

std::vector<std::string> Interpreter::ExpandDeclarationWords(const std::vector<Word>& words) {
  std::vector<std::string> args;
  declaration_arrays.clear();
  expanded_arrays_.clear();
  for (const Word& word : words) {
    if (word.assignment == nullptr) {
      Expander expander(*this, Expander::Mode::kFields);
      expander.Expand(word);
      for (std::string& field : expander.fields()) args.push_back(std::move(field));
      continue;
    }
    const Assignment& assignment = *word.assignment;
    std::string text = assignment.name;
    if (assignment.subscript != nullptr) text += "[" + ExpandString(*assignment.subscript) + "]";
    if (assignment.value.braces && state.options.brace_expand && !assignment.array) {
      const auto values = ExpandBraces(assignment.value);
      if (!values) FailExpansion("brace expansion: cannot allocate memory");
      if (values->size() > 1) {
        // declare v={a,b} is declare v=a v=b; they are no assignments any more.
        for (Word value : *values) {
          value.parts.insert(value.parts.begin(),
                             {Literal{text + (assignment.append ? "+=" : "=")}, true});
          value.plain = false;
          Expander expander(*this, Expander::Mode::kFields);
          expander.Expand(value);
          for (std::string& field : expander.fields()) args.push_back(std::move(field));
        }
        continue;
      }
    }
    if (assignment.array && assignment.subscript != nullptr) RefuseList(assignment);
    if (assignment.array) {
      const bool associative =
          IsAssociative(assignment.name) ||
          std::any_of(args.begin(), args.end(), [](const std::string& arg) {
            return arg.size() > 1 && arg[0] == '-' && arg.find('A') != std::string::npos;
          });
      expanded_arrays_.push_back(ExpandElements(assignment, associative));
      CheckArrayKind(args, assignment.name);
      declaration_arrays[args.size()] = expanded_arrays_.back().get();
    } else {
      text += (assignment.append ? "+=" : "=") + ExpandString(assignment.value);
    }
    args.push_back(std::move(text));
  }
  return args;
}

// sh knows only when it runs a command whether its arguments are assignments.
std::vector<std::string> Interpreter::ExpandPlainWords(const std::vector<Word>& words) {
  std::vector<std::string> args;
  bool known = false;
  bool declares = false;
  for (const Word& word : words) {
    if (declares && IsPlainAssignment(word)) {
      args.push_back(ExpandString(word));
      continue;
    }
    Word plain = IsPlainAssignment(word) ? WithoutTildes(word) : word;
    plain.looks_like_assignment = false;
    Expander expander(*this, Expander::Mode::kFields);
    expander.Expand(plain);
    for (std::string& field : expander.fields()) args.push_back(std::move(field));
    if (known || args.empty() || args.back() == "command") continue;
    known = true;
    const std::string& name = args.back();
    declares = name == "export" || name == "readonly" || name == "local" || name == "alias";
  }
  return args;
}

std::vector<std::string> Interpreter::ExpandCommandWords(const std::vector<Word>& words) {
  if (state.plain_sh && std::any_of(words.begin(), words.end(), IsPlainAssignment)) {
    return ExpandPlainWords(words);
  }
  if (state.options.posix && std::any_of(words.begin(), words.end(), IsPlainAssignment)) {
    // There echo a=~ is no assignment.
    std::vector<Word> plain;
    for (const Word& word : words) {
      plain.push_back(IsPlainAssignment(word) ? WithoutTildes(word) : word);
      plain.back().looks_like_assignment = false;
    }
    return ExpandCommandWords(plain);
  }
  const bool declaration = std::any_of(words.begin(), words.end(),
                                       [](const Word& word) { return word.assignment != nullptr; });
  const int levels = std::exchange(state.stage_levels, 0);
  state.subshell_level -= levels;
  try {
    std::vector<std::string> args =
        declaration ? ExpandDeclarationWords(words) : ExpandWords(words);
    state.stage_traps.clear();
    state.subshell_level += levels;
    return args;
  } catch (...) {
    state.subshell_level += levels;
    if (!state.stage_traps.empty()) state.traps = state.stage_traps;
    throw;
  }
}

}  // namespace computesdk::in_memory::shell
