#ifndef COMPUTESDK_CONFORMANCE_KIT_H_
#define COMPUTESDK_CONFORMANCE_KIT_H_

#include <string_view>

namespace computesdk::conformance {

inline constexpr std::string_view kKitName = "computesdk-conformance";
inline constexpr std::string_view kKitVersion = "0.1.0";

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_KIT_H_
