#include "mocks/in_memory/shell/expansion/variables.h"

#include <algorithm>
#include <tuple>

namespace computesdk::in_memory::shell {

const std::string* AssociativeArray::Find(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second.value;
}

void AssociativeArray::Set(std::string_view key, std::string value) {
  const auto found = values_.find(key);
  if (found != values_.end()) {
    found->second.value = std::move(value);
  } else {
    if (values_.size() >= std::size_t{2} * chains_) Grow();
    values_.emplace(std::string(key), Entry{std::move(value), next_order_++});
  }
}

// The entries go over one after another, each to the head of its new chain.
void AssociativeArray::Grow() {
  for (const auto& [key, value] : Entries()) values_.find(key)->second.order = next_order_++;
  chains_ *= 4;
}

void AssociativeArray::Erase(std::string_view key) {
  const auto found = values_.find(key);
  if (found != values_.end()) values_.erase(found);
}

std::vector<std::pair<std::string, std::string>> AssociativeArray::Entries() const {
  // The newest entry of a chain first.
  std::vector<std::tuple<std::uint32_t, std::uint64_t, const std::string*, const std::string*>> all;
  for (const auto& [key, entry] : values_) {
    all.emplace_back(BashHash(key) % chains_, ~entry.order, &key, &entry.value);
  }
  std::sort(all.begin(), all.end());
  std::vector<std::pair<std::string, std::string>> entries;
  entries.reserve(all.size());
  for (const auto& [bucket, order, key, value] : all) entries.emplace_back(*key, *value);
  return entries;
}

std::size_t AssociativeArray::Bytes() const {
  std::size_t bytes = 0;
  for (const auto& [key, entry] : values_) bytes += kElementBytes + key.size() + entry.value.size();
  return bytes;
}

std::size_t Variable::Bytes() const {
  std::size_t bytes = sizeof(Variable) + value.size();
  if (associative != nullptr) bytes += associative->Bytes();
  if (indexed == nullptr) return bytes;
  for (const auto& [index, text] : *indexed) bytes += kElementBytes + text.size();
  return bytes;
}

std::size_t Variables::Bytes() const {
  std::size_t bytes = 0;
  for (const auto& [name, variable] : *table_) bytes += name.size() + variable.Bytes();
  for (const Scope& scope : scopes_) {
    for (const Saved& saved : scope.saved) {
      bytes += saved.name.size() + (saved.variable ? saved.variable->Bytes() : 0);
    }
  }
  return bytes;
}

IndexedArray& Variable::MutableIndexed() {
  if (indexed == nullptr) {
    auto made = std::make_shared<IndexedArray>();
    if (kind == VariableKind::kScalar && set) made->emplace(0, std::move(value));
    indexed = std::move(made);
  } else if (indexed.use_count() != 1) {
    indexed = std::make_shared<IndexedArray>(*indexed);
  }
  kind = VariableKind::kIndexed;
  set = true;
  return const_cast<IndexedArray&>(*indexed);
}

AssociativeArray& Variable::MutableAssociative() {
  if (associative == nullptr) {
    auto made = std::make_shared<AssociativeArray>();
    if (kind == VariableKind::kScalar && set) made->Set("0", std::move(value));
    associative = std::move(made);
  } else if (associative.use_count() != 1) {
    associative = std::make_shared<AssociativeArray>(*associative);
  }
  kind = VariableKind::kAssociative;
  set = true;
  return const_cast<AssociativeArray&>(*associative);
}

const std::string* Variable::Scalar() const {
  switch (kind) {
    case VariableKind::kScalar:
      return set ? &value : nullptr;
    case VariableKind::kIndexed: {
      if (indexed == nullptr) return nullptr;
      const auto found = indexed->find(0);
      return found == indexed->end() ? nullptr : &found->second;
    }
    case VariableKind::kAssociative:
      return associative ? associative->Find("0") : nullptr;
  }
  return nullptr;
}

std::vector<std::string> Variable::Values() const {
  std::vector<std::string> values;
  if (kind == VariableKind::kScalar) {
    if (set) values.push_back(value);
  } else if (kind == VariableKind::kIndexed && indexed) {
    values.reserve(indexed->size());
    for (const auto& [index, text] : *indexed) values.push_back(text);
  } else if (kind == VariableKind::kAssociative && associative) {
    for (auto& [key, text] : associative->Entries()) values.push_back(text);
  }
  return values;
}

std::vector<std::string> Variable::Keys() const {
  std::vector<std::string> keys;
  if (kind == VariableKind::kScalar) {
    if (set) keys.emplace_back("0");
  } else if (kind == VariableKind::kIndexed && indexed) {
    for (const auto& [index, text] : *indexed) keys.push_back(std::to_string(index));
  } else if (kind == VariableKind::kAssociative && associative) {
    for (auto& [key, text] : associative->Entries()) keys.push_back(key);
  }
  return keys;
}

Variables::Table::value_type*& Variables::RecentPlace(const std::string& name) const {
  const auto first = static_cast<unsigned char>(name[0]);
  const auto last = static_cast<unsigned char>(name.empty() ? '\0' : name.back());
  return recent_[(first + 3U * last + name.size()) % recent_.size()];
}

Variable* Variables::Look(const std::string& name) const {
  Table::value_type*& recent = RecentPlace(name);
  if (recent == nullptr || recent->first != name) {
    const auto found = table_->find(name);
    if (found == table_->end()) return nullptr;
    recent = &*found;
  }
  return &recent->second;
}

void Variables::OwnTable() {
  if (table_.use_count() == 1) return;
  table_ = std::make_shared<Table>(*table_);
  recent_ = {};
}

void Variables::NoteChange(const std::string& name, const Variable& variable) {
  locale_changed_ |= name[0] == 'L';
  environment_changed_ |= variable.exported;
}

Variable& Variables::Edit(const std::string& name) {
  OwnTable();
  Table::value_type*& recent = RecentPlace(name);
  if (recent == nullptr || recent->first != name) recent = &*table_->try_emplace(name).first;
  NoteChange(name, recent->second);
  return recent->second;
}

Variable* Variables::EditKnown(const std::string& name) {
  OwnTable();
  Variable* const known = Look(name);
  if (known != nullptr) NoteChange(name, *known);
  return known;
}

void Variables::Erase(const std::string& name) {
  const Variable* variable = Find(name);
  if (variable == nullptr) return;
  NoteChange(name, *variable);
  OwnTable();
  recent_ = {};
  table_->erase(name);
}

std::vector<Variables::Saved>::iterator Variables::Scope::Find(const std::string& name) {
  return std::find_if(saved.begin(), saved.end(),
                      [&](const Saved& entry) { return entry.name == name; });
}

bool Variables::in_function() const {
  return std::any_of(scopes_.rbegin(), scopes_.rend(),
                     [](const Scope& scope) { return scope.kind == ScopeKind::kFunction; });
}

Variables::ScopeIterator Variables::CurrentFunction() {
  return std::find_if(scopes_.rbegin(), scopes_.rend(),
                      [](const Scope& scope) { return scope.kind == ScopeKind::kFunction; });
}

bool Variables::IsLocal(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const bool function = scope->kind == ScopeKind::kFunction;
    const auto found = std::find_if(scope->saved.begin(), scope->saved.end(),
                                    [&](const Saved& entry) { return entry.name == name; });
    if (found != scope->saved.end()) return function || found->local;
    if (function) return false;
  }
  return false;
}

void Variables::Restore(Saved& saved) {
  if (!saved.variable.has_value()) return Erase(saved.name);
  Variable& variable = Edit(saved.name);
  variable = std::move(*saved.variable);
  if (variable.exported) environment_changed_ = true;
}

void Variables::Unset(const std::string& name, bool hides) {
  const auto function = CurrentFunction();
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->Find(name);
    if (found == scope->saved.end()) continue;
    const bool local = scope->kind == ScopeKind::kFunction || found->local;
    if (hides || (local && scope <= function)) {
      Edit(name) = {};
    } else {
      Restore(*found);
      scope->saved.erase(found);
    }
    return;
  }
  Erase(name);
}

std::optional<Variable>* Variables::OutermostSaved(const std::string& name) {
  for (Scope& scope : scopes_) {
    const auto found = scope.Find(name);
    if (found != scope.saved.end()) return &found->variable;
  }
  return nullptr;
}

const Variable* Variables::FindGlobal(const std::string& name) const {
  const auto* saved = const_cast<Variables*>(this)->OutermostSaved(name);
  if (saved == nullptr) return Find(name);
  return saved->has_value() ? &**saved : nullptr;
}

bool Variables::SwapGlobal(const std::string& name) {
  std::optional<Variable>* saved = OutermostSaved(name);
  if (saved == nullptr) return false;
  std::optional<Variable> here;
  if (const Variable* variable = Find(name)) here = *variable;
  Saved global{name, std::move(*saved)};
  *saved = std::move(here);
  Restore(global);
  return true;
}

void Variables::Hide(Scope& scope, const std::string& name, bool inherit) {
  const Variable* before = Find(name);
  Saved saved{name, before == nullptr ? std::nullopt : std::optional<Variable>(*before)};
  if (before == nullptr) {
    Edit(name);
  } else if (!inherit || before->temporary) {
    // A local variable keeps the export of the one that it hides.
    Variable made;
    made.exported = before->exported;
    if (before->temporary) {
      made.value = before->value;
      made.set = before->set;
    }
    Edit(name) = std::move(made);
  }
  scope.saved.push_back(std::move(saved));
}

void Variables::MakeTemporary(const std::string& name, bool inherit) {
  Scope& scope = scopes_.back();
  if (scope.Find(name) == scope.saved.end()) Hide(scope, name, inherit);
}

bool Variables::MakeLocal(const std::string& name, bool inherit) {
  const auto function = CurrentFunction();
  if (function == scopes_.rend()) return false;
  for (auto scope = scopes_.rbegin(); scope != function; ++scope) {
    const auto found = scope->Find(name);
    if (found != scope->saved.end()) return !std::exchange(found->local, true);
  }
  if (function->Find(name) != function->saved.end()) return false;
  const auto call = std::next(function);
  if (call != scopes_.rend() && call->kind == ScopeKind::kCall) {
    // What stands before the call of this function is its local variable from now on.
    const auto found = call->Find(name);
    if (found != call->saved.end()) {
      function->saved.push_back(std::move(*found));
      call->saved.erase(found);
      return true;
    }
  }
  Hide(*function, name, inherit);
  return true;
}

// It belongs to the next scope outwards now; outside of all it hides nothing any more.
void Variables::PassOn(Saved& saved) {
  if (!scopes_.empty()) {
    Scope& outer = scopes_.back();
    if (outer.Find(saved.name) == outer.saved.end()) outer.saved.push_back(std::move(saved));
    return;
  }
  Variable& variable = Edit(saved.name);
  variable.temporary = variable.outlives = false;
}

void Variables::PopScope() {
  const ScopeKind kind = scopes_.back().kind;
  std::vector<Saved> saved = std::move(scopes_.back().saved);
  scopes_.pop_back();
  while (!saved.empty()) {
    const Variable* variable = Find(saved.back().name);
    if (variable != nullptr && variable->outlives && kind != ScopeKind::kEval) {
      PassOn(saved.back());
    } else {
      Restore(saved.back());
    }
    saved.pop_back();
  }
}

std::vector<std::string> Variables::Names() const {
  std::vector<std::string> names;
  names.reserve(table_->size());
  // The environment may have names that are none for a script.
  const auto usual = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  for (const auto& [name, variable] : *table_) {
    if (std::all_of(name.begin(), name.end(), usual)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::map<std::string, std::string> Variables::Environment() {
  std::map<std::string, std::string> environment;
  for (const auto& [name, variable] : *table_) {
    if (variable.exported && variable.kind == VariableKind::kScalar && variable.set) {
      environment.emplace(name, variable.value);
    }
  }
  environment_changed_ = false;
  return environment;
}

}  // namespace computesdk::in_memory::shell
