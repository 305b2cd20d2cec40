#include "mocks/in_memory/utilities/jq/evaluate.h"

#include <algorithm>
#include <cmath>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/utilities/jq/env.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::jq {

void Evaluator::Run(const Node& program,
                    const std::vector<std::pair<std::string, Value>>& variables, const Value& input,
                    const OnValue& out) {
  EnvPtr env;
  for (const auto& [name, value] : variables) {
    env = std::make_shared<Env>(Env{env, "$" + name, value});
  }
  Values(program, env, input, out);
}

void Evaluator::Values(const Node& node, const EnvPtr& env, const Value& in, const OnValue& out) {
  Eval(node, env, {in, nullptr}, [&](const Item& item) { out(item.value); });
}

void Evaluator::Paths(const Node& node, const EnvPtr& env, const Value& in,
                      const std::function<void(const Value&, const Value&)>& out) {
  Eval(node, env, {in, RootPath()}, [&](const Item& item) {
    if (item.path == NoPath()) {
      Raise("Invalid path expression with result " + DumpShort(item.value, kPathBytes));
    }
    out(PathValue(item.path), item.value);
  });
}

void Evaluator::Eval(const Node& start, const EnvPtr& begin, const Item& in, const OnItem& out) {
  process_.Checkpoint();
  if (StackIsLowForProgram()) Raise("the filter nests too deep");
  const Node* node = &start;
  EnvPtr env = begin;
  while (node->type == Type::kFunction) {
    env = std::make_shared<Env>(Env{env, node->text, {}, node});
    node = node->kids[1].get();
  }
  const auto& kids = node->kids;
  switch (node->type) {
    case Type::kIdentity:
      return out(in);
    case Type::kRecurse:
      return Walk(
          in, [&](const Item& item) { return out(item), true; },
          [&](const Item& item, const OnItem& next) {
            if (item.value.Is(Kind::kArray)) {
              double at = 0;
              for (const Value& value : item.value.array()) {
                next({value, Step(item, Value(at++))});
              }
            } else if (item.value.Is(Kind::kObject)) {
              for (const auto& [key, value] : item.value.object().items) {
                next({value, Step(item, Value(key))});
              }
            }
          });
    case Type::kLiteral:
      return out(Made(in, node->value));
    case Type::kString:
      return EvalString(*node, env, in, out, kids.size(), "");
    case Type::kFormat:
      return out(Made(in, Format(process_, node->text, in.value)));
    case Type::kIndex:
      return EvalIndex(*node, env, in, out);
    case Type::kSlice:
      return EvalSlice(*node, env, in, out);
    case Type::kIterate:
      return Eval(*kids[0], env, in, [&](const Item& item) {
        RequirePath(item, "iterate through ");
        // A copy, as what receives the parts may change the whole.
        const Value whole = item.value;
        if (whole.Is(Kind::kArray)) {
          double at = 0;
          for (const Value& value : whole.array()) out({value, Step(item, Value(at++))});
        } else if (whole.Is(Kind::kObject)) {
          for (const auto& [key, value] : whole.object().items) {
            out({value, Step(item, Value(key))});
          }
        } else if (node->text != kLenient) {
          Raise("Cannot iterate over " + Describe(whole));
        }
      });
    case Type::kArray: {
      Array array;
      if (!kids.empty()) {
        Values(*kids[0], env, in.value, [&](const Value& value) {
          array.push_back(value);
          RequireMemory(process_, array.size() * sizeof(Value));
        });
      }
      return out(Made(in, Value(std::move(array))));
    }
    case Type::kObject:
      return EvalObject(*node, env, in, out, 0, {});
    case Type::kNegate:
      return Values(*kids[0], env, in.value, [&](const Value& value) {
        if (!value.Is(Kind::kNumber)) {
          Raise(Describe(value) + " cannot be negated");
        }
        out(Made(in, Value(-value.number())));
      });
    case Type::kPipe:
      return Eval(*kids[0], env, in, [&](const Item& item) { Eval(*kids[1], env, item, out); });
    case Type::kComma:
      Eval(*kids[0], env, in, out);
      return Eval(*kids[1], env, in, out);
    case Type::kBinary:
      return Values(*kids[1], env, in.value, [&](const Value& right) {
        Values(*kids[0], env, in.value, [&](const Value& left) {
          out(Made(in, Binary(process_, node->text, left, right)));
        });
      });
    case Type::kAnd:
    case Type::kOr: {
      const bool decides = node->type == Type::kOr;
      return Values(*kids[0], env, in.value, [&](const Value& left) {
        if (left.Truthy() == decides) return out(Made(in, Value(decides)));
        Values(*kids[1], env, in.value,
               [&](const Value& right) { out(Made(in, Value(right.Truthy()))); });
      });
    }
    case Type::kAlternative:
      return EvalAlternative(*node, env, in, out);
    case Type::kAssign:
      return EvalAssign(*node, env, in, out);
    case Type::kIf:
      return Values(*kids[0], env, in.value, [&](const Value& condition) {
        if (condition.Truthy()) {
          Eval(*kids[1], env, in, out);
        } else if (kids[2]) {
          Eval(*kids[2], env, in, out);
        } else {
          out(in);
        }
      });
    case Type::kTry:
      return EvalTry(*node, env, in, out);
    case Type::kReduce:
    case Type::kForeach:
      return EvalFold(*node, env, in, out);
    case Type::kCall:
      return EvalCall(*node, env, in, out);
    case Type::kVariable:
      for (const Env* at = env.get(); at != nullptr; at = at->parent.get()) {
        if (at->name.size() == node->text.size() + 1 && at->name[0] == '$' &&
            at->name.compare(1, std::string::npos, node->text) == 0) {
          return out(Made(in, at->value));
        }
      }
      Raise("$" + node->text + " is not defined");
    case Type::kAs:
      return Values(*kids[0], env, in.value, [&](const Value& value) {
        Bind(*kids[1], env, value, [&](const EnvPtr& bound) { Eval(*kids[2], bound, in, out); });
      });
    case Type::kLabel: {
      const EnvPtr label = std::make_shared<Env>(Env{env, "*" + node->text});
      try {
        Eval(*kids[0], label, in, out);
      } catch (const JqBreak& broken) {
        if (broken.label != label.get()) throw;
      }
      return;
    }
    case Type::kBreak:
      for (const Env* at = env.get(); at != nullptr; at = at->parent.get()) {
        if (at->name == "*" + node->text) throw JqBreak{at};
      }
      Raise("break");
    case Type::kFunction:
      return;
  }
}

namespace {

// What `.a?` finds: nothing where `.a` fails.
std::optional<Value> FindIndex(const Node& node, const Value& target, const Value& key) {
  try {
    return GetIndex(target, key);
  } catch (const JqError&) {
    if (node.text != kLenient) throw;
    return std::nullopt;
  }
}

}  // namespace

void Evaluator::EvalIndex(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  Eval(*node.kids[0], env, in, [&](const Item& target) {
    Values(*node.kids[1], env, in.value, [&](const Value& key) {
      RequirePath(target, key);
      if (auto found = FindIndex(node, target.value, key)) {
        out({*std::move(found), Step(target, key)});
      }
    });
  });
}

void Evaluator::EvalSlice(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  static const Node kNull(Type::kLiteral);
  const auto part = [&](std::size_t i) -> const Node& {
    return node.kids[i] ? *node.kids[i] : kNull;
  };
  Eval(*node.kids[0], env, in, [&](const Item& target) {
    Values(part(2), env, in.value, [&](const Value& to) {
      Values(part(1), env, in.value, [&](const Value& from) {
        Object range;
        range["start"] = from;
        range["end"] = to;
        const Value key(std::move(range));
        if (auto found = FindIndex(node, target.value, key)) {
          out({*std::move(found), Step(target, key)});
        }
      });
    });
  });
}

void Evaluator::EvalString(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out,
                           std::size_t end, const std::string& text) {
  if (end == 0) return out(Made(in, Value(text)));
  // Literal pieces and filters take turns; the values of the first filter change the fastest.
  const std::size_t at = end - 1;
  if (at % 2 == 0) {
    return EvalString(node, env, in, out, at, node.kids[at]->value.text() + text);
  }
  Values(*node.kids[at], env, in.value, [&](const Value& value) {
    const std::string piece =
        node.text.empty() ? ToText(value) : Format(process_, node.text, value).text();
    RequireMemory(process_, text.size() + piece.size());
    EvalString(node, env, in, out, at, piece + text);
  });
}

void Evaluator::EvalObject(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out,
                           std::size_t at, const Object& object) {
  if (at == node.kids.size()) return out(Made(in, Value(object)));
  Values(*node.kids[at], env, in.value, [&](const Value& key) {
    if (!key.Is(Kind::kString)) {
      Raise("Cannot use " + Describe(key) + " as object key");
    }
    Values(*node.kids[at + 1], env, in.value, [&](const Value& value) {
      Object next = object;
      next[key.text()] = value;
      EvalObject(node, env, in, out, at + 2, next);
    });
  });
}

void Evaluator::EvalAlternative(const Node& node, const EnvPtr& env, const Item& in,
                                const OnItem& out) {
  bool any = false;
  Eval(*node.kids[0], env, in, [&](const Item& item) {
    if (!item.value.Truthy()) return;
    any = true;
    out(item);
  });
  if (!any) Eval(*node.kids[1], env, in, out);
}

// As in jq 1.6, an error of what takes the outputs is caught, too.
void Evaluator::EvalTry(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  std::optional<Value> error;
  try {
    Eval(*node.kids[0], env, in, out);
  } catch (const JqError& raised) {
    error = raised.value;
  }
  if (error && node.kids[1]) Eval(*node.kids[1], env, Made(in, *error), out);
}

void Evaluator::EvalFold(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  const bool reduce = node.type == Type::kReduce;
  const bool grows = reduce && ChangesInput(*node.kids[3]);
  Eval(*node.kids[2], env, in, [&](const Item& begin) {
    Item state = begin;
    Values(*node.kids[0], env, in.value, [&](const Value& value) {
      Bind(*node.kids[1], env, value, [&](const EnvPtr& bound) {
        Item input = std::exchange(state, Item{Value(), state.path});
        if (grows) {
          state = Made(input, LastChange(*node.kids[3], bound, std::move(input.value)));
          return;
        }
        Eval(*node.kids[3], bound, input, [&](const Item& item) {
          state = item;
          if (reduce) return;
          if (node.kids[4]) {
            Eval(*node.kids[4], bound, item, out);
          } else {
            out(item);
          }
        });
      });
    });
    if (reduce) out(state);
  });
}

bool Evaluator::ChangesInput(const Node& node) {
  if (node.type == Type::kAssign) return true;
  return node.type == Type::kBinary && node.text == "+" && node.kids[0]->type == Type::kIdentity;
}

Value Evaluator::LastChange(const Node& node, const EnvPtr& env, Value whole) {
  if (node.text == "|=") return Update(node, env, std::move(whole));
  std::optional<Value> last;
  const auto change = [&](Value target) {
    return node.type == Type::kAssign ? AssignEach(node, env, std::move(target), *last)
                                      : Sum(process_, std::move(target), *last);
  };
  Values(*node.kids[1], env, whole, [&](const Value& value) {
    if (last) (void)change(whole);  // For its errors alone.
    last = value;
  });
  return last ? change(std::move(whole)) : Value();
}

std::vector<Value> Evaluator::PathsOf(const Node& node, const EnvPtr& env, const Value& whole) {
  std::vector<Value> paths;
  Paths(node, env, whole, [&](const Value& path, const Value&) {
    paths.push_back(path);
    RequireMemory(process_, paths.size() * sizeof(Value));
  });
  return paths;
}

Value Evaluator::Update(const Node& node, const EnvPtr& env, Value whole) {
  for (const Value& path : PathsOf(*node.kids[0], env, whole)) {
    std::optional<Value> first;
    const EnvPtr label = std::make_shared<Env>(Env{env, "*"});
    try {
      Values(*node.kids[1], env, GetPath(whole, path.array()), [&](const Value& value) {
        first = value;
        throw JqBreak{label.get()};
      });
    } catch (const JqBreak& broken) {
      if (broken.label != label.get()) throw;
    }
    // What is gone at once moves the elements behind it, which the other paths do not know.
    whole = first ? SetPath(std::move(whole), path.array(), 0, *first) : DeletePaths(whole, {path});
  }
  return whole;
}

Value Evaluator::AssignEach(const Node& node, const EnvPtr& env, Value whole, const Value& value) {
  const std::string operation = node.text.substr(0, node.text.size() - 1);
  for (const Value& path : PathsOf(*node.kids[0], env, whole)) {
    Value next = value;
    if (!operation.empty()) {
      const Value old = GetPath(whole, path.array());
      next = operation != "//" ? Binary(process_, operation, old, value)
             : old.Truthy()    ? old
                               : value;
    }
    whole = SetPath(std::move(whole), path.array(), 0, next);
  }
  return whole;
}

void Evaluator::EvalAssign(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  if (node.text == "|=") return out(Made(in, Update(node, env, in.value)));
  Values(*node.kids[1], env, in.value,
         [&](const Value& value) { out(Made(in, AssignEach(node, env, in.value, value))); });
}

// Depth first, each before what comes of it, without a stack of calls.
void Evaluator::Walk(const Item& begin, const std::function<bool(const Item&)>& visit,
                     const std::function<void(const Item&, const OnItem&)>& next) {
  std::vector<Item> waiting = {begin};
  while (!waiting.empty()) {
    process_.Checkpoint();
    const Item item = std::move(waiting.back());
    waiting.pop_back();
    if (!visit(item)) continue;
    const auto first = static_cast<std::ptrdiff_t>(waiting.size());
    next(item, [&](const Item& child) {
      waiting.push_back(child);
      RequireMemory(process_, waiting.size() * sizeof(Item));
    });
    std::reverse(waiting.begin() + first, waiting.end());
  }
}

void Evaluator::Bind(const Node& pattern, const EnvPtr& env, const Value& value,
                     const std::function<void(const EnvPtr&)>& body) {
  if (pattern.type == Type::kVariable) {
    return body(std::make_shared<Env>(Env{env, "$" + pattern.text, value}));
  }
  const bool array = pattern.type == Type::kArray;
  const std::size_t step = array ? 1 : 2;
  const std::function<void(std::size_t, const EnvPtr&)> bind = [&](std::size_t at,
                                                                   const EnvPtr& bound) {
    if (at >= pattern.kids.size()) return body(bound);
    if (array) {
      const Value part = GetIndex(value, Value(static_cast<double>(at)));
      return Bind(*pattern.kids[at], bound, part,
                  [&](const EnvPtr& more) { bind(at + step, more); });
    }
    Values(*pattern.kids[at], bound, value, [&](const Value& key) {
      Bind(*pattern.kids[at + 1], bound, GetIndex(value, key),
           [&](const EnvPtr& more) { bind(at + step, more); });
    });
  };
  bind(0, env);
}

}  // namespace computesdk::in_memory::jq
