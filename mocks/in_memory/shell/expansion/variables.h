#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_VARIABLES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_VARIABLES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/bash_order.h"

namespace computesdk::in_memory::shell {

enum class VariableKind { kScalar, kIndexed, kAssociative };

// What an element of an array takes beside its text.
inline constexpr std::size_t kElementBytes = 96;

using IndexedArray = std::map<std::int64_t, std::string>;

// Keys come out in the order of bash's hash table, which scripts see in ${!a[@]}.
class AssociativeArray {
 public:
  const std::string* Find(std::string_view key) const;
  void Set(std::string_view key, std::string value);
  void Erase(std::string_view key);
  std::vector<std::pair<std::string, std::string>> Entries() const;
  std::size_t size() const { return values_.size(); }
  std::size_t Bytes() const;
  // How many chains its table has; only of an empty one they can be chosen.
  std::uint32_t chains() const { return chains_; }
  void set_chains(std::uint32_t chains) { chains_ = chains; }

 private:
  void Grow();

  struct Entry {
    std::string value;
    std::uint64_t order = 0;
  };
  std::map<std::string, Entry, std::less<>> values_;
  std::uint64_t next_order_ = 0;
  std::uint32_t chains_ = kBashVariableChains;
};

struct Variable {
  VariableKind kind = VariableKind::kScalar;
  bool set = false;  // Declared is not set.
  bool exported = false;
  bool readonly = false;
  bool integer = false;
  bool lower = false;
  bool upper = false;
  bool traced = false;     // declare -t: only shown.
  bool capital = false;    // declare -c: the first letter is upper, the rest lower case.
  bool reference = false;  // declare -n: the value is a name.
  bool temporary = false;  // Stands before the call of a function.
  bool outlives = false;   // Such a one that was exported or made readonly stays afterwards.
  std::string value = {};
  // Shared between copies of the variable until one of them is changed. Who has no count, too, is
  // shared.
  std::shared_ptr<const IndexedArray> indexed = {};
  std::shared_ptr<const AssociativeArray> associative = {};

  // A scalar that takes every text as it is.
  bool is_plain() const {
    return kind == VariableKind::kScalar && !readonly && !integer && !lower && !upper && !capital &&
           !reference;
  }
  IndexedArray& MutableIndexed();
  AssociativeArray& MutableAssociative();
  // The value of $x: of an array, that of element 0.
  const std::string* Scalar() const;
  bool IsSet() const { return kind == VariableKind::kScalar ? set : Scalar() != nullptr; }
  bool is_array() const { return kind != VariableKind::kScalar; }
  std::vector<std::string> Values() const;
  std::vector<std::string> Keys() const;
  // What it takes in memory, roughly.
  std::size_t Bytes() const;
};

// The variables of a shell, with the scopes of `local`. Copying is cheap: the table is shared until
// one of the copies changes.
class Variables {
 public:
  Variables() : table_(std::make_shared<Table>(kUsualNames)) {}

  const Variable* Find(const std::string& name) const { return Look(name); }
  // For changing it; made if missing. What Find gave before is no longer valid.
  Variable& Edit(const std::string& name);
  // The same for one that is there; nullptr otherwise.
  Variable* EditKnown(const std::string& name);
  // Without a look at the scopes.
  void Erase(const std::string& name);

  // `unset`: a local variable of the innermost scope stays one, without a value; one of a scope
  // further out is gone, and what it hid is seen again unless `hides` is set.
  void Unset(const std::string& name, bool hides);
  // Exchanges what the name means here with what it means outside of all scopes. False, with
  // nothing done, where that is the same.
  bool SwapGlobal(const std::string& name);
  // What the name means outside of all scopes.
  const Variable* FindGlobal(const std::string& name) const;

  // What a scope has: the locals of a function, or what stands before its call or before `eval`.
  enum class ScopeKind { kFunction, kCall, kEval };

  void PushScope(ScopeKind kind = ScopeKind::kFunction) { scopes_.push_back({kind, {}}); }
  void PopScope();
  bool in_function() const;
  // From now until the innermost function ends, the name is another variable; true if it was none
  // of this function before. It begins with the old value if `inherit` is set, or if that stands
  // before a call.
  bool MakeLocal(const std::string& name, bool inherit);
  // The same for what stands before a call, until the innermost scope ends.
  void MakeTemporary(const std::string& name, bool inherit);
  bool IsLocal(const std::string& name) const;

  // What all of them take in memory, roughly; those that `local` hides, too.
  std::size_t Bytes() const;

  std::vector<std::string> Names() const;  // Sorted; without what only children can use.

  // Whether LANG or one of LC_* may have changed since this was asked last.
  bool TakeLocaleChange() { return std::exchange(locale_changed_, false); }

  // The exported ones; made anew only when one of them has changed.
  bool environment_changed() const { return environment_changed_; }
  void set_environment_changed() { environment_changed_ = true; }
  std::map<std::string, std::string> Environment();

 private:
  using Table = std::unordered_map<std::string, Variable>;
  static constexpr std::size_t kUsualNames = 64;
  struct Saved {
    std::string name;
    std::optional<Variable> variable;
    bool local = false;  // It stands before `eval`, and `local` was said of it there.
  };
  struct Scope {
    ScopeKind kind = ScopeKind::kFunction;
    std::vector<Saved> saved;

    std::vector<Saved>::iterator Find(const std::string& name);
  };
  Variable* Look(const std::string& name) const;
  Table::value_type*& RecentPlace(const std::string& name) const;
  void OwnTable();
  void NoteChange(const std::string& name, const Variable& variable);

  using ScopeIterator = std::vector<Scope>::reverse_iterator;

  ScopeIterator CurrentFunction();
  void Hide(Scope& scope, const std::string& name, bool inherit);
  void Restore(Saved& saved);
  void PassOn(Saved& saved);
  std::optional<Variable>* OutermostSaved(const std::string& name);

  std::shared_ptr<Table> table_;
  // Places in the table, by RecentPlace: a loop looks for the same few names again and again.
  mutable std::array<Table::value_type*, 16> recent_ = {};
  std::vector<Scope> scopes_;
  bool environment_changed_ = true;
  bool locale_changed_ = true;
};

// For as long as it lives, the name means what it means outside of all functions.
class GlobalView {
 public:
  GlobalView(Variables& variables, const std::string& name)
      : variables_(variables), name_(name), swapped_(variables.SwapGlobal(name)) {}
  ~GlobalView() {
    if (swapped_) variables_.SwapGlobal(name_);
  }
  GlobalView(const GlobalView&) = delete;
  GlobalView& operator=(const GlobalView&) = delete;
  bool swapped() const { return swapped_; }

 private:
  Variables& variables_;
  std::string name_;
  bool swapped_;
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_VARIABLES_H_
