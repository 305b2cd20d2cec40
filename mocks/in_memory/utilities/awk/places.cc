#include <cmath>
#include <cstdlib>
#include <utility>

#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

// Variables, elements and fields: where values are kept.
namespace computesdk::in_memory::awk {

Cell& Interpreter::CellOf(int slot, bool local) {
  return local ? frame_[slot] : globals_[static_cast<std::size_t>(slot)];
}

const std::shared_ptr<Array>& Interpreter::SharedArrayOf(Cell& cell, const std::string& name,
                                                         bool parameter) {
  const auto fail = [&] {
    Fail(std::string("attempt to use scalar ") + (parameter ? "parameter `" : "`") + name +
         "' as an array");
  };
  if (!cell.array) {
    if (!cell.value.unset()) fail();
    if (cell.parent) {
      cell.array = cell.parent->MakeArray(cell.key);
      if (!cell.array) fail();
    } else if (cell.origin != nullptr) {
      cell.array = SharedArrayOf(*cell.origin, name, parameter);
    } else {
      cell.array = std::make_shared<Array>();
    }
  }
  return cell.array;
}

std::shared_ptr<Array> Interpreter::BaseOf(const Expression& element) {
  if (element.target) return SharedArrayOf(*element.target);
  return SharedArrayOf(CellOf(element.slot, element.local), element.text, element.local);
}

std::shared_ptr<Array> Interpreter::SharedArrayOf(const Expression& expression) {
  if (expression.operation == Operation::kVariable) return BaseOf(expression);
  if (expression.operation != Operation::kElement) Fail("argument is not an array");
  const std::string key = KeyOf(expression.operands);
  const std::shared_ptr<Array> base = BaseOf(expression);
  std::shared_ptr<Array> array = base->MakeArray(key);
  if (!array) {
    Fail("attempt to use scalar `" + expression.text + "[\"" + key + "\"]' as an array");
  }
  return array;
}

std::shared_ptr<Array> Interpreter::KnownArray(const Expression& expression) {
  if (expression.operation == Operation::kVariable) {
    const Cell* cell = &CellOf(expression.slot, expression.local);
    while (!cell->array && cell->origin != nullptr) cell = cell->origin;
    if (!cell->array && cell->parent) return cell->parent->FindArray(cell->key);
    return cell->array;
  }
  if (expression.operation != Operation::kElement) return nullptr;
  const std::string key = KeyOf(expression.operands);
  return BaseOf(expression)->FindArray(key);
}

const Value* Interpreter::UnusedKey(const Expression& expression) {
  if (expression.operation != Operation::kVariable) return nullptr;
  const Cell& cell = CellOf(expression.slot, expression.local);
  return !cell.array && cell.value.is_key() ? &cell.value : nullptr;
}

std::string Interpreter::KeyOf(const std::vector<ExpressionPtr>& subscripts) {
  if (subscripts.size() == 1) {
    if (const Value* key = UnusedKey(*subscripts[0])) return *key->text();
  }
  std::string key = Evaluate(*subscripts[0]).Text(convfmt_);
  for (std::size_t i = 1; i < subscripts.size(); ++i) {
    key += subsep_ + Evaluate(*subscripts[i]).Text(convfmt_);
  }
  return key;
}

std::size_t Interpreter::FieldIndex(const Expression& expression) {
  const double index = EvaluateNumber(expression);
  if (index < 0) Fail("attempt to access field " + FormatNumber(std::trunc(index), "%d"));
  if (index > 10'000'000) Fail("field number too large");
  return static_cast<std::size_t>(index);
}

// Counts what is stored, which is no less than what is held, and only when that is too much what is
// held indeed.
void Interpreter::RequireHeld(std::size_t bytes, const Array* array) {
  stored_bytes_ += bytes;
  if (stored_bytes_ <= process_.kernel().limits().memory_bytes) return;
  stored_bytes_ = bytes;
  bool counted = false;
  for (const Cell& cell : globals_) {
    stored_bytes_ += cell.value.Bytes() + (cell.array == nullptr ? 0 : cell.array->Bytes());
    counted = counted || cell.array.get() == array;
  }
  // One that is local to a function.
  if (!counted) stored_bytes_ += array->Bytes();
  RequireMemory(process_, stored_bytes_);
}

Interpreter::Located Interpreter::Locate(const Expression& expression) {
  Located place{expression};
  if (expression.operation == Operation::kField) {
    place.field = FieldIndex(*expression.operands[0]);
  } else if (expression.operation == Operation::kElement) {
    place.key = KeyOf(expression.operands);
  }
  return place;
}

Value Interpreter::Load(const Located& place) {
  const Expression& name = place.expression;
  switch (name.operation) {
    case Operation::kField: {
      const std::size_t index = place.field;
      if (const Value* value = record_.Assigned(index)) return *value;
      const std::string& text = record_.Field(index);
      if (text.empty() && index > record_.count()) return Value::Missing();
      if (other_bases_ && text.size() > 1 && text[0] == '0') {
        char* end = nullptr;
        const auto number = std::strtoull(text.c_str(), &end, 0);
        if (*end == '\0') return Value::Written(text, static_cast<double>(number));
      }
      return Value::Input(text);
    }
    case Operation::kElement: {
      const std::string& key = place.key;
      const std::shared_ptr<Array> array = BaseOf(name);
      if (!array->Contains(key)) RequireHeld(kElementBytes + key.size(), array.get());
      if (array->FindArray(key)) {
        Fail("attempt to use array `" + name.text + "[\"" + key + "\"]' in a scalar context");
      }
      return (*array)[key];
    }
    default:
      break;
  }
  if (!name.local) {
    if (name.slot == kNf) return Value(static_cast<double>(record_.count()));
    if (name.slot == kNr) return Value(nr_);
    if (name.slot == kFnr) return Value(fnr_);
  }
  Cell& cell = CellOf(name.slot, name.local);
  if (cell.array) Fail("attempt to use array `" + name.text + "' in a scalar context");
  if (!cell.value.is_key()) return cell.value;
  Value key = cell.value;
  cell.value = Value(*key.text());
  return key;
}

void Interpreter::Store(const Located& place, Value value) {
  const Expression& name = place.expression;
  switch (name.operation) {
    case Operation::kField:
      record_.SetField(place.field, std::move(value), convfmt_);
      return;
    case Operation::kElement: {
      const std::string& key = place.key;
      const std::shared_ptr<Array> array = BaseOf(name);
      if (array->FindArray(key)) {
        Fail("attempt to use array `" + name.text + "[\"" + key + "\"]' in a scalar context");
      }
      RequireHeld(kElementBytes + key.size() + value.Bytes(), array.get());
      (*array)[key] = std::move(value);
      return;
    }
    default:
      break;
  }
  Cell& cell = CellOf(name.slot, name.local);
  if (cell.array) Fail("attempt to use array `" + name.text + "' in a scalar context");
  cell.value = std::move(value);
  if (!name.local && name.slot < kSpecials) SpecialChanged(name.slot);
}

void Interpreter::SpecialChanged(int slot) {
  const Value& value = globals_[static_cast<std::size_t>(slot)].value;
  switch (slot) {
    case kNf: {
      const double count = value.Number();
      if (count < 0) Fail("NF set to negative value");
      if (count > 10'000'000) Fail("NF set to a value out of range");
      record_.SetCount(static_cast<std::size_t>(count));
      break;
    }
    case kNr:
      nr_ = value.Number();
      break;
    case kFnr:
      fnr_ = value.Number();
      break;
    case kIgnorecase:
      ignore_case_ = value.True();
      UpdateFieldStyle();
      break;
    case kFs:
    case kFpat:
    case kFieldwidths:
      field_rule_ = static_cast<Special>(slot);
      ArrayOf(kProcinfo)["FS"] = Value(program_.globals[static_cast<std::size_t>(slot)]);
      UpdateFieldStyle();
      break;
    case kRs:
      UpdateRecordStyle();
      UpdateFieldStyle();
      break;
    case kOfs:
      ofs_ = value.Text(convfmt_);
      record_.SetOutputSeparator(ofs_);
      break;
    case kOrs:
      ors_ = value.Text(convfmt_);
      break;
    case kConvfmt:
      convfmt_ = value.Text(convfmt_);
      break;
    case kOfmt:
      ofmt_ = value.Text(convfmt_);
      break;
    case kSubsep:
      subsep_ = value.Text(convfmt_);
      break;
    default:
      break;
  }
}

}  // namespace computesdk::in_memory::awk
