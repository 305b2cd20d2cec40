#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/variation.h"
#include "conformance/unique_words.h"
#include "mocks/forwarding_provider.h"
#include "providers/local/local_provider.h"

// Real shells and interpreters, on the machine of the kit itself.
namespace computesdk::conformance {
namespace {

// Its sandboxes are in a folder of its own, which ends with it.
class LocalForOneRun : public ForwardingProvider {
 public:
  LocalForOneRun(std::string root, LocalProviderOptions options)
      : ForwardingProvider(std::make_unique<LocalProvider>(std::move(options))),
        root_(std::move(root)) {}
  ~LocalForOneRun() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

 private:
  const std::string root_;
};

ProviderFactory Local(std::vector<std::string> shell, std::vector<LocalRuntime> runtimes) {
  return [shell = std::move(shell), runtimes = std::move(runtimes)] {
    std::error_code error;
    std::filesystem::path root = std::filesystem::temp_directory_path(error);
    root /= "local " + UniqueWords().Next();
    return std::make_unique<LocalForOneRun>(
        root, LocalProviderOptions{.root = root, .shell = shell, .runtimes = runtimes});
  };
}

Variation OnThisMachine(Variation variation) {
  variation.warns = {"isolation.files-out-of-reach", "isolation.host-files",
                     "isolation.host-processes"};
  // The first shows where an adapter runs meanwhile, which has the kit's variable from its start;
  // the second needs a python3 to listen with.
  variation.may_change = {"isolation.host-variables", "isolation.ports"};
  return variation;
}

}  // namespace

std::vector<Variation> LocalVariations() {
  const LocalRuntime sh = {"sh", {"sh"}};
  const LocalRuntime python = {"python", {"python3"}};
  const LocalRuntime node = {"node", {"node"}};
  return {
      OnThisMachine({.name = "local-bash",
                     .behaviour = "Commands are processes of this machine; the shell is bash.",
                     .make = Local({"/bin/bash"}, {sh, python, node}),
                     .program = "/bin/bash"}),
      OnThisMachine({.name = "local-dash",
                     .behaviour = "The shell is dash, and there is no other runtime.",
                     .make = Local({"/bin/dash"}, {{"sh", {"/bin/dash"}}}),
                     .program = "/bin/dash"}),
      OnThisMachine({.name = "local-busybox",
                     .behaviour = "The shell is busybox's, and there is no other runtime.",
                     .make = Local({"/bin/busybox", "sh"}, {{"sh", {"/bin/busybox", "sh"}}}),
                     .program = "/bin/busybox"}),
      OnThisMachine({.name = "local-python-alone",
                     .behaviour = "Its one runtime is python.",
                     .make = Local({"/bin/sh"}, {python}),
                     .program = "/usr/bin/python3"}),
      OnThisMachine({.name = "local-node-alone",
                     .behaviour = "Its one runtime is node.",
                     .make = Local({"/bin/sh"}, {node}),
                     .program = "/usr/bin/node"}),
  };
}

}  // namespace computesdk::conformance
