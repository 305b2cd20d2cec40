#ifndef COMPUTESDK_SDK_METADATA_H_
#define COMPUTESDK_SDK_METADATA_H_

#include <memory>

#include "nlohmann/json_fwd.hpp"

namespace computesdk {

// The JSON object that a caller attached to a sandbox. A value; copies share the object, which
// never changes. Most of those who include the SDK's types never look inside: they are spared
// nlohmann/json.hpp, which takes the compiler longer than all the rest. Who does includes it:
//
//   compute.CreateSandbox({.metadata = Metadata(nlohmann::json{{"owner", "me"}})});
//   info->metadata->json().at("owner")
class Metadata {
 public:
  Metadata();  // {}
  // `object` is a JSON object.
  explicit Metadata(nlohmann::json object);

  const nlohmann::json& json() const { return *object_; }
  bool empty() const;

  friend bool operator==(const Metadata& a, const Metadata& b);

 private:
  std::shared_ptr<const nlohmann::json> object_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_METADATA_H_
