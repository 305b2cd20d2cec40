#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/jq/env.h"
#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/jq/program.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::jq {
namespace {

// As the function "builtins" lists them: those whose names begin with a _ are nobody's business.
Value BuiltinNames() {
  std::vector<std::string> names = PlainNames();
  names.insert(names.end(), NativeNames().begin(), NativeNames().end());
  const NodePtr prelude = ParseProgram(Prelude(), Names{.variables = {}, .functions = names});
  for (const Node* at = prelude.get(); at->type == Type::kFunction; at = at->kids[1].get()) {
    names.push_back(at->text);
  }
  Array shown;
  for (std::string& name : names) {
    if (!name.starts_with('_')) shown.emplace_back(std::move(name));
  }
  return Value(std::move(shown));
}

}  // namespace

void Evaluator::EvalCall(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  for (EnvPtr at = env; at; at = at->parent) {
    if (at->name != node.text) continue;
    if (at->filter != nullptr) return Eval(*at->filter, at->filter_env, in, out);
    return CallFunction(node, env, at, 0, at, in, out);
  }
  if (CallNative(node, env, in, out)) return;
  // Each combination of the arguments' values, the last argument's outermost.
  std::vector<Value> values(node.kids.size());
  const std::function<void(std::size_t)> call = [&](std::size_t left) {
    if (left == 0) {
      out(Made(in, CallPlain(process_, node.text, in.value, values).value_or(Value())));
      return;
    }
    Values(*node.kids[left - 1], env, in.value, [&](const Value& value) {
      values[left - 1] = value;
      call(left - 1);
    });
  };
  call(node.kids.size());
}

void Evaluator::CallFunction(const Node& call, const EnvPtr& env, const EnvPtr& function,
                             std::size_t at, const EnvPtr& bound, const Item& in,
                             const OnItem& out) {
  const Node& definition = *function->function;
  if (at == definition.words.size()) return Eval(*definition.kids[0], bound, in, out);
  const std::string& word = definition.words[at];
  if (word[0] != '$') {
    const EnvPtr more =
        std::make_shared<Env>(Env{bound, word + "/0", {}, nullptr, call.kids[at].get(), env});
    return CallFunction(call, env, function, at + 1, more, in, out);
  }
  Values(*call.kids[at], env, in.value, [&](const Value& value) {
    CallFunction(call, env, function, at + 1, std::make_shared<Env>(Env{bound, word, value}), in,
                 out);
  });
}

bool Evaluator::CallNative(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out) {
  const std::string& name = node.text;
  const auto& args = node.kids;
  const auto holds = [&](const Node& condition, const Item& item) {
    bool true_once = false;
    Values(condition, env, item.value, [&](const Value& value) { true_once |= value.Truthy(); });
    return true_once;
  };
  if (name == "empty/0") return true;
  if (name == "error/0") {
    // An error of null is none: there is just no output.
    if (in.value.Is(Kind::kNull)) return true;
    throw JqError{in.value};
  }
  if (name == "path/1") {
    Paths(*args[0], env, in.value, [&](const Value& path, const Value&) { out(Made(in, path)); });
  } else if (name == "getpath/1") {
    Values(*args[0], env, in.value, [&](const Value& path) {
      if (!path.Is(Kind::kArray)) Raise("Path must be specified as an array");
      Item item{GetPath(in.value, path.array()), in.path};
      if (in.path) {
        for (const Value& key : path.array()) item.path = Step(item, key);
      }
      out(item);
    });
  } else if (name == "range/2") {
    Values(*args[0], env, in.value, [&](const Value& from) {
      Values(*args[1], env, in.value, [&](const Value& to) {
        if (!from.Is(Kind::kNumber) || !to.Is(Kind::kNumber)) {
          Raise("Range bounds must be numeric");
        }
        double at = from.number();
        while (at < to.number()) {
          process_.Checkpoint();
          out(Made(in, Value(at)));
          ++at;
        }
      });
    });
  } else if (name == "repeat/1") {
    // Gives f of the same input again and again, as jq 1.6 does, whatever its manual says.
    while (true) {
      process_.Checkpoint();
      Eval(*args[0], env, in, out);
    }
  } else if (name == "recurse/1") {
    Walk(
        in, [&](const Item& item) { return out(item), true; },
        [&](const Item& item, const OnItem& next) { Eval(*args[0], env, item, next); });
  } else if (name == "while/2") {
    Walk(
        in, [&](const Item& item) { return holds(*args[0], item) && (out(item), true); },
        [&](const Item& item, const OnItem& next) { Eval(*args[1], env, item, next); });
  } else if (name == "until/2") {
    Walk(
        in, [&](const Item& item) { return !holds(*args[0], item) || (out(item), false); },
        [&](const Item& item, const OnItem& next) { Eval(*args[1], env, item, next); });
  } else if (name == "limit/2") {
    Values(*args[0], env, in.value, [&](const Value& count) {
      double left = count.Is(Kind::kNumber) ? count.number() : 0;
      if (left < 0) return Eval(*args[1], env, in, out);
      const EnvPtr label = std::make_shared<Env>(Env{env, "*"});
      try {
        Eval(*args[1], env, in, [&](const Item& item) {
          --left;
          out(item);
          if (left <= 0) throw JqBreak{label.get()};
        });
      } catch (const JqBreak& broken) {
        if (broken.label != label.get()) throw;
      }
    });
  } else if (name == "sort_by/1" || name == "group_by/1" || name == "unique_by/1" ||
             name == "min_by/1" || name == "max_by/1") {
    Array keyed;
    for (const Value& value : ArrayOf(in.value, kNotSorted)) {
      Array keys;
      Values(*args[0], env, value, [&](const Value& key) { keys.push_back(key); });
      keyed.emplace_back(Array{Value(std::move(keys)), value});
    }
    out(Made(in, *CallPlain(process_, "_" + name.substr(0, name.size() - 2) + "/0",
                            Value(std::move(keyed)), {})));
  } else if (name == "input/0") {
    const auto next = around_.input();
    if (!next) Raise("break");
    out(Made(in, *next));
  } else if (name == "inputs/0") {
    while (const auto next = around_.input()) out(Made(in, *next));
  } else if (name == "debug/0") {
    around_.write_error(Dump(Value(Array{Value("DEBUG:"), in.value})) + "\n");
    out(in);
  } else if (name == "stderr/0") {
    around_.write_error(Dump(in.value));
    out(in);
  } else if (name == "input_filename/0") {
    out(Made(in, around_.file_name()));
  } else if (name == "input_line_number/0") {
    out(Made(in, Value(static_cast<double>(around_.line()))));
  } else if (name == "builtins/0") {
    out(Made(in, BuiltinNames()));
  } else if (name == "get_search_list/0") {
    out(Made(in, Value(Array{Value("~/.jq"), Value("$ORIGIN/../lib/jq"), Value("$ORIGIN/lib")})));
  } else if (name == "halt/0") {
    throw JqHalt{0, std::nullopt};
  } else if (name == "halt_error/1") {
    Values(*args[0], env, in.value, [&](const Value& code) {
      if (!code.Is(Kind::kNumber)) Raise(Describe(in.value) + " halt_error/1: number required");
      throw JqHalt{static_cast<int>(code.number()) & 255, in.value};
    });
  } else if (name == "env/0") {
    Object variables;
    for (const auto& [key, value] : process_.env) variables[key] = Value(value);
    out(Made(in, Value(std::move(variables))));
  } else {
    return false;
  }
  return true;
}

const std::vector<std::string>& NativeNames() {
  static const auto* const kNames = new std::vector<std::string>{"empty/0",
                                                                 "error/0",
                                                                 "path/1",
                                                                 "getpath/1",
                                                                 "range/2",
                                                                 "recurse/1",
                                                                 "repeat/1",
                                                                 "while/2",
                                                                 "until/2",
                                                                 "limit/2",
                                                                 "sort_by/1",
                                                                 "group_by/1",
                                                                 "min_by/1",
                                                                 "max_by/1",
                                                                 "unique_by/1",
                                                                 "input/0",
                                                                 "inputs/0",
                                                                 "debug/0",
                                                                 "stderr/0",
                                                                 "halt/0",
                                                                 "halt_error/1",
                                                                 "env/0",
                                                                 "input_filename/0",
                                                                 "builtins/0",
                                                                 "get_search_list/0",
                                                                 "input_line_number/0"};
  return *kNames;
}

}  // namespace computesdk::in_memory::jq
