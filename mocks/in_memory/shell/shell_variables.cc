#include <unistd.h>

#include <algorithm>
#include <random>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/utf8.h"

// What the shell does with variables, on top of their table.
namespace computesdk::in_memory::shell {
namespace {

constexpr int kMostReferences = 8;

// A key of an associative array may be quoted: m['a b'].
std::string Unquoted(const std::string& subscript) {
  if (subscript.size() >= 2 && subscript.front() == '\'' && subscript.back() == '\'') {
    return subscript.substr(1, subscript.size() - 2);
  }
  return subscript;
}

}  // namespace

const Variable* Interpreter::FindVariable(const std::string& name) {
  if (const Variable* variable = state.variables.Find(name)) {
    if (!variable->reference) return variable;
    const std::string target = ResolveReference(name);
    return target == name ? variable : state.variables.Find(target);
  }
  const char first = name[0];
  if (first != '_' && (first < 'A' || first > 'U')) return nullptr;
  const auto scalar = [&](std::string value) {
    dynamic_ = {};
    dynamic_.set = true;
    dynamic_.value = std::move(value);
    return &dynamic_;
  };
  const auto list = [&](const auto& values, auto to_text) {
    dynamic_ = {};
    IndexedArray& array = dynamic_.MutableIndexed();
    std::int64_t index = 0;
    for (auto it = values.begin(); it != values.end(); ++it) array.emplace(index++, to_text(*it));
    return &dynamic_;
  };
  const auto now = [&] { return process.clock().Now().time_since_epoch(); };
  if (name == "_") return scalar(state.last_argument);
  if (name == "RANDOM") {
    state.random = state.random * 1103515245U + 12345U;
    return scalar(std::to_string((state.random >> 16) & 32767U));
  }
  if (name == "SRANDOM") {
    state.random = state.random * 1664525U + 1013904223U;
    return scalar(std::to_string(state.random));
  }
  if (name == "SECONDS") {
    return scalar(std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(now() - state.seconds_base).count()));
  }
  if (name == "LINENO") return scalar(std::to_string(state.line));
  if (name == "BASHPID") return scalar(std::to_string(process.pid()));
  if (name == "PPID") return scalar(std::to_string(process.parent_pid()));
  if (name == "BASH_SUBSHELL") return scalar(std::to_string(state.subshell_level));
  if (name == "EPOCHSECONDS") {
    return scalar(std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now()).count()));
  }
  if (name == "EPOCHREALTIME") {
    const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(now()).count();
    std::string fraction = std::to_string(1000000 + micro % 1000000).substr(1);
    return scalar(std::to_string(micro / 1000000) + "." + fraction);
  }
  if (name == "PIPESTATUS") {
    return list(state.pipe_status, [](int status) { return std::to_string(status); });
  }
  if (name == "FUNCNAME") {
    if (!state.variables.in_function()) return nullptr;
    return list(CallStack(), [](const FunctionFrame& frame) { return frame.name; });
  }
  if (name == "BASH_LINENO") {
    return list(CallStack(),
                [](const FunctionFrame& frame) { return std::to_string(frame.call_line); });
  }
  if (name == "BASH_SOURCE") {
    return list(CallStack(), [this](const FunctionFrame& frame) { return FileOf(frame); });
  }
  if (name == "DIRSTACK") {
    std::vector<std::string> folders = state.directories;
    folders.insert(folders.begin(), process.cwd);
    return list(folders, [](const std::string& text) { return text; });
  }
  if (name == "GROUPS") return list(std::vector<int>{0}, [](int id) { return std::to_string(id); });
  if (name == "BASH_VERSINFO") {
    const std::vector<std::string> info = {"5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"};
    return list(info, [](const std::string& text) { return text; });
  }
  return nullptr;
}

std::string Interpreter::GetString(const std::string& name) {
  const Variable* variable = FindVariable(name);
  const std::string* text = variable == nullptr ? nullptr : variable->Scalar();
  return text == nullptr ? "" : *text;
}

std::string Interpreter::Separator() {
  const Variable* ifs = state.variables.Find("IFS");
  if (ifs == nullptr || !ifs->IsSet()) return " ";
  const std::string& text = *ifs->Scalar();
  return std::string(SliceCharacters(text, 0, 1));
}

std::string Interpreter::ResolveReference(const std::string& name) {
  std::string target = name;
  for (int i = 0; i < kMostReferences; ++i) {
    const Variable* variable = state.variables.Find(target);
    if (variable == nullptr || !variable->reference || variable->value.empty()) return target;
    target = variable->value;
  }
  Complain("warning: " + name + ": circular name reference");
  return name;
}

bool Interpreter::CheckWritable(const std::string& name) {
  const Variable* variable = state.variables.Find(name);
  if (variable == nullptr || !variable->readonly) return true;
  Complain((builtin_name.empty() ? "" : builtin_name + ": ") + name + ": readonly variable");
  return false;
}

std::string Interpreter::Convert(const Variable& variable, std::string value) {
  if (variable.integer) return std::to_string(EvaluateText(value));
  if (!variable.lower && !variable.upper) return value;
  std::string changed;
  for (std::size_t at = 0; at < value.size();) {
    const char32_t c = DecodeUtf8(value, at);
    AppendCharacter(variable.upper ? ToUpper(c) : ToLower(c), changed);
  }
  return changed;
}

bool Interpreter::Assign(const std::string& given, std::string value, bool append) {
  const Variable* before = state.variables.Find(given);
  if (before != nullptr && before->reference) {
    const std::string target = ResolveReference(given);
    const std::size_t bracket = target.find('[');
    if (bracket != std::string::npos) {
      return AssignElement(target.substr(0, bracket),
                           target.substr(bracket + 1, target.size() - bracket - 2),
                           std::move(value), append);
    }
    if (target != given) return Assign(target, std::move(value), append);
  }
  const std::string& name = given;
  if (!CheckWritable(name)) return false;
  if (value.size() > kMostBytes) FailExpansion(name + ": cannot allocate memory");
  if (before == nullptr) {
    if (name == "RANDOM") {
      state.random = static_cast<std::uint32_t>(ParsePlainNumber(value).value_or(0));
      return true;
    }
    if (name == "SECONDS") {
      const std::chrono::seconds given_seconds(ParsePlainNumber(value).value_or(0));
      state.seconds_base = process.clock().Now().time_since_epoch() - given_seconds;
      return true;
    }
    if (name == "LINENO" || name == "BASHPID" || name == "FUNCNAME" || name == "PIPESTATUS" ||
        name == "GROUPS" || name == "_") {
      return true;
    }
  }
  if (name == "OPTIND") state.option_letter = 0;
  if (before != nullptr && before->is_array()) {
    return AssignElement(name, "0", std::move(value), append);
  }
  if (before != nullptr && (before->integer || before->lower || before->upper)) {
    const Variable attributes = *before;
    if (append && attributes.integer) {
      value = std::to_string(EvaluateText(attributes.value) + EvaluateText(value));
    } else {
      value = Convert(attributes, append ? attributes.value + value : std::move(value));
    }
    append = false;
  }
  Variable& variable = state.variables.Edit(name);
  if (append) {
    if (variable.value.size() + value.size() > kMostBytes) {
      FailExpansion(name + ": cannot allocate memory");
    }
    variable.value += value;
  } else {
    variable.value = std::move(value);
  }
  variable.set = true;
  if (state.options.all_export && !variable.exported) {
    variable.exported = true;
    state.variables.set_environment_changed();
  }
  return true;
}

std::int64_t Interpreter::ResolveIndex(const Variable* variable, const std::string& subscript,
                                       const std::string& name) {
  const bool blank = subscript.find_first_not_of(" \t\n") == std::string::npos;
  if (blank) FailExpansion(name + "[" + subscript + "]: bad array subscript");
  std::int64_t index = EvaluateText(Unquoted(subscript));
  if (index >= 0) return index;
  if (variable != nullptr && variable->kind == VariableKind::kIndexed && variable->indexed &&
      !variable->indexed->empty()) {
    index += variable->indexed->rbegin()->first + 1;
  } else if (variable != nullptr && variable->IsSet()) {
    index += 1;
  }
  return index;
}

bool Interpreter::AssignElement(const std::string& given, const std::string& subscript,
                                std::string value, bool append) {
  const std::string name = ResolveReference(given);
  if (!CheckWritable(name)) return false;
  const Variable* before = state.variables.Find(name);
  if (before != nullptr && before->kind == VariableKind::kAssociative) {
    const std::string key = Unquoted(subscript);
    const std::string* old = before->associative ? before->associative->Find(key) : nullptr;
    if (append && old != nullptr) value = *old + value;
    value = Convert(*before, std::move(value));
    state.variables.Edit(name).MutableAssociative().Set(key, std::move(value));
    return true;
  }
  const std::int64_t index = ResolveIndex(before, subscript, name);
  if (index < 0) FailExpansion(name + "[" + subscript + "]: bad array subscript");
  if (before != nullptr) {
    if (before->integer && append) {
      value = std::to_string(EvaluateText(GetElement(name, subscript).value_or("0")) +
                             EvaluateText(value));
      append = false;
    } else {
      value = Convert(*before, std::move(value));
    }
  }
  std::string& element = state.variables.Edit(name).MutableIndexed()[index];
  if (append) {
    element += value;
  } else {
    element = std::move(value);
  }
  if (element.size() > kMostBytes) FailExpansion(name + ": cannot allocate memory");
  return true;
}

void Interpreter::SetIndexed(const std::string& given, std::vector<std::string> values) {
  const std::string name = ResolveReference(given);
  auto array = std::make_shared<IndexedArray>();
  std::int64_t index = 0;
  for (std::string& value : values) array->emplace_hint(array->end(), index++, std::move(value));
  Variable& variable = state.variables.Edit(name);
  variable.kind = VariableKind::kIndexed;
  variable.set = true;
  variable.value.clear();
  variable.associative = nullptr;
  variable.indexed = std::move(array);
}

bool Interpreter::AssignArray(const std::string& given, const Assignment& assignment) {
  const std::string name = ResolveReference(given);
  if (!CheckWritable(name)) return false;
  const Variable* before = state.variables.Find(name);
  Variable attributes = before == nullptr ? Variable() : *before;
  const bool associative = attributes.kind == VariableKind::kAssociative;
  Variable made;
  if (assignment.append) made = attributes;
  made.kind = associative ? VariableKind::kAssociative : VariableKind::kIndexed;
  if (assignment.append && attributes.kind == VariableKind::kScalar) {
    made.kind = VariableKind::kScalar;
    made.MutableIndexed();
  }
  std::int64_t next = 0;
  if (!associative && !made.MutableIndexed().empty()) {
    next = made.MutableIndexed().rbegin()->first + 1;
  }
  std::vector<std::string> pairs;
  for (const ArrayElement& element : assignment.elements) {
    process.Checkpoint();
    if (element.subscript != nullptr) {
      const std::string subscript = ExpandString(*element.subscript);
      std::string value = ExpandString(element.value);
      if (associative) {
        const std::string key = Unquoted(subscript);
        const std::string* old = made.MutableAssociative().Find(key);
        if (element.append && old != nullptr) value = *old + value;
        made.MutableAssociative().Set(key, Convert(attributes, std::move(value)));
        continue;
      }
      next = ResolveIndex(&made, subscript, name);
      if (next < 0) FailExpansion("[" + subscript + "]=" + value + ": bad array subscript");
      std::string& slot = made.MutableIndexed()[next++];
      slot = Convert(attributes, element.append ? slot + value : std::move(value));
      continue;
    }
    Expander expander(*this, Expander::Mode::kFields);
    expander.Expand(element.value);
    for (std::string& field : expander.fields()) {
      if (associative) {
        pairs.push_back(std::move(field));
      } else {
        IndexedArray& array = made.MutableIndexed();
        array.insert_or_assign(next++, Convert(attributes, std::move(field)));
      }
    }
  }
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    made.MutableAssociative().Set(pairs[i], i + 1 < pairs.size() ? pairs[i + 1] : "");
  }
  if (associative) made.MutableAssociative();
  Variable& variable = state.variables.Edit(name);
  variable.kind = made.kind;
  variable.set = true;
  variable.value.clear();
  variable.indexed = std::move(made.indexed);
  variable.associative = std::move(made.associative);
  return true;
}

bool Interpreter::AssignFrom(const Assignment& assignment) {
  if (assignment.array) return AssignArray(assignment.name, assignment);
  std::string value = ExpandString(assignment.value);
  if (assignment.subscript != nullptr) {
    return AssignElement(assignment.name, ExpandString(*assignment.subscript), std::move(value),
                         assignment.append);
  }
  return Assign(assignment.name, std::move(value), assignment.append);
}

std::optional<std::string> Interpreter::GetElement(const std::string& given,
                                                   const std::string& subscript) {
  const std::string name = ResolveReference(given);
  const Variable* variable = FindVariable(name);
  if (variable != nullptr && variable->kind == VariableKind::kAssociative) {
    const std::string* value =
        variable->associative ? variable->associative->Find(Unquoted(subscript)) : nullptr;
    return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
  }
  const Variable copy = variable == nullptr ? Variable() : *variable;  // The index may assign.
  const std::int64_t index = ResolveIndex(&copy, subscript, name);
  if (index < 0) {
    Complain(name + ": bad array subscript");
    return std::nullopt;
  }
  if (copy.kind == VariableKind::kScalar) {
    return index == 0 && copy.set ? std::optional<std::string>(copy.value) : std::nullopt;
  }
  if (copy.indexed == nullptr) return std::nullopt;
  const auto found = copy.indexed->find(index);
  return found == copy.indexed->end() ? std::nullopt : std::optional<std::string>(found->second);
}

std::string Interpreter::Get(std::string_view name_view, const std::string* subscript) {
  const std::string name(name_view);
  std::optional<std::string> value;
  if (subscript != nullptr) {
    value = GetElement(name, *subscript);
  } else if (const Variable* variable = FindVariable(name)) {
    if (const std::string* text = variable->Scalar()) value = *text;
  }
  if (!value && state.options.unset_is_error) FailExpansion(name + ": unbound variable", true);
  return value.value_or("");
}

void Interpreter::Set(std::string_view name, const std::string* subscript, std::int64_t value) {
  const bool done = subscript == nullptr
                        ? Assign(std::string(name), std::to_string(value))
                        : AssignElement(std::string(name), *subscript, std::to_string(value));
  if (!done) throw ExpansionError{1, false};
}

}  // namespace computesdk::in_memory::shell
