#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_ENV_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_ENV_H_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "mocks/in_memory/utilities/jq/evaluate.h"

// What the parts of the evaluator share.

namespace computesdk::in_memory::jq {

// What a name means: a variable's value, a function, a filter that was given as an argument, or
// a label.
struct Env {
  EnvPtr parent;
  std::string name;
  Value value = {};
  const Node* function = nullptr;
  const Node* filter = nullptr;
  EnvPtr filter_env = nullptr;
};

using Type = Node::Type;

// A value that comes of no path, where paths are wanted.
inline PathPtr NoPath() {
  static const auto* const kNoPath = new PathPtr(std::make_shared<Path>());
  return *kNoPath;
}
inline PathPtr RootPath() {
  static const auto* const kRoot = new PathPtr(std::make_shared<Path>());
  return *kRoot;
}

struct JqBreak {
  const Env* label;
};

inline Item Made(const Item& in, Value value) {
  return {std::move(value), in.path ? NoPath() : nullptr};
}

// Where paths are wanted, a part of what comes of no path has none either.
inline void RequirePath(const Item& item, const std::string& attempt) {
  if (item.path != NoPath()) return;
  Raise("Invalid path expression near attempt to " + attempt + DumpShort(item.value, kPathBytes));
}

inline void RequirePath(const Item& item, const Value& key) {
  if (item.path != NoPath()) return;
  constexpr std::size_t kKeyBytes = 15;
  RequirePath(item, "access element " + DumpShort(key, kKeyBytes) + " of ");
}

inline PathPtr Step(const Item& item, const Value& key) {
  if (!item.path) return nullptr;
  RequirePath(item, key);
  return std::make_shared<Path>(Path{item.path, key});
}

inline Value PathValue(const PathPtr& path) {
  Array keys;
  for (const Path* at = path.get(); at != RootPath().get(); at = at->parent.get()) {
    keys.push_back(at->key);
  }
  std::reverse(keys.begin(), keys.end());
  return Value(std::move(keys));
}

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_ENV_H_
