#include "sdk/metadata.h"

#include <cassert>
#include <utility>

#include "nlohmann/json.hpp"

namespace computesdk {

Metadata::Metadata() : Metadata(nlohmann::json::object()) {}

Metadata::Metadata(nlohmann::json object)
    : object_(std::make_shared<const nlohmann::json>(std::move(object))) {
  assert(object_->is_object());
}

bool Metadata::empty() const { return object_->empty(); }

bool operator==(const Metadata& a, const Metadata& b) { return *a.object_ == *b.object_; }

}  // namespace computesdk
