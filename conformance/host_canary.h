#ifndef COMPUTESDK_CONFORMANCE_HOST_CANARY_H_
#define COMPUTESDK_CONFORMANCE_HOST_CANARY_H_

#include <string>
#include <utility>

namespace computesdk::conformance {

// A variable of this process's environment, and a file on its machine, that nothing in a sandbox
// should see. Made before the candidate is started, which inherits the environment, and while no
// other thread runs; gone with this object.
class HostCanary {
 public:
  HostCanary();
  ~HostCanary();
  HostCanary(const HostCanary&) = delete;
  HostCanary& operator=(const HostCanary&) = delete;

  const std::pair<std::string, std::string>& variable() const { return variable_; }
  const std::string& file() const { return file_; }

 private:
  std::pair<std::string, std::string> variable_;
  std::string file_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_HOST_CANARY_H_
