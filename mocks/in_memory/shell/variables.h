#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_VARIABLES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_VARIABLES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace computesdk::in_memory::shell {

enum class VariableKind { kScalar, kIndexed, kAssociative };

using IndexedArray = std::map<std::int64_t, std::string>;

// Keys come out in the order of bash's hash table, which scripts see in ${!a[@]}.
class AssociativeArray {
 public:
  const std::string* Find(std::string_view key) const;
  void Set(std::string_view key, std::string value);
  void Erase(std::string_view key);
  std::vector<std::pair<std::string, std::string>> Entries() const;
  std::size_t size() const { return values_.size(); }

 private:
  struct Entry {
    std::string value;
    std::uint64_t order = 0;
  };
  std::map<std::string, Entry, std::less<>> values_;
  std::uint64_t next_order_ = 0;
};

struct Variable {
  VariableKind kind = VariableKind::kScalar;
  bool set = false;  // Declared is not set.
  bool exported = false;
  bool readonly = false;
  bool integer = false;
  bool lower = false;
  bool upper = false;
  bool reference = false;  // declare -n: the value is a name.
  std::string value = {};
  // Shared between copies of the variable until one of them is changed.
  std::shared_ptr<const IndexedArray> indexed = {};
  std::shared_ptr<const AssociativeArray> associative = {};

  IndexedArray& MutableIndexed();
  AssociativeArray& MutableAssociative();
  // The value of $x: of an array, that of element 0.
  const std::string* Scalar() const;
  bool IsSet() const { return kind == VariableKind::kScalar ? set : Scalar() != nullptr; }
  bool is_array() const { return kind != VariableKind::kScalar; }
  std::vector<std::string> Values() const;
  std::vector<std::string> Keys() const;
};

// The variables of a shell, with the scopes of `local`. Copying is cheap: the table is shared until
// one of the copies changes.
class Variables {
 public:
  Variables() : table_(std::make_shared<Table>()) {}

  const Variable* Find(const std::string& name) const {
    const auto found = table_->find(name);
    return found == table_->end() ? nullptr : &found->second;
  }
  // For changing it; made if missing. What Find gave before is no longer valid.
  Variable& Edit(const std::string& name);
  // The same, without a look at the scopes.
  void Erase(const std::string& name);

  void PushScope() { scopes_.emplace_back(); }
  void PopScope();
  bool in_function() const { return !scopes_.empty(); }
  // From now until the scope ends, the name is another variable; true if it is new in this scope.
  bool MakeLocal(const std::string& name, bool inherit);
  bool IsLocal(const std::string& name) const;

  std::vector<std::string> Names() const;  // Sorted.

  // The exported ones; made anew only when one of them has changed.
  bool environment_changed() const { return environment_changed_; }
  void set_environment_changed() { environment_changed_ = true; }
  std::map<std::string, std::string> Environment();

 private:
  using Table = std::unordered_map<std::string, Variable>;
  struct Saved {
    std::string name;
    std::optional<Variable> variable;
  };
  Table& MutableTable();

  std::shared_ptr<Table> table_;
  std::vector<std::vector<Saved>> scopes_;
  bool environment_changed_ = true;
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_VARIABLES_H_
