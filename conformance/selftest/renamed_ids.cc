#include "conformance/selftest/renamed_ids.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "conformance/selftest/guarded.h"
#include "mocks/forwarding_provider.h"

namespace computesdk::conformance {
namespace {

struct Names {
  std::map<std::string, std::string> inner_of;  // By the id that the outside knows.
  std::map<std::string, std::string> outer_of;
  std::map<std::string, int> unused;  // The number by the id outside: nothing ran in it so far.
  std::vector<int> free;
  int last = 0;
};

class RenamingProvider : public ForwardingProvider {
 public:
  RenamingProvider(std::unique_ptr<Provider> provider, IdScheme scheme)
      : ForwardingProvider(std::move(provider)), scheme_(std::move(scheme)) {}

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    Result<SandboxRef> ref = inner().Create(options);
    if (ref) ref->sandbox_id = Name(ref->sandbox_id);
    return ref;
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& id) override {
    Result<std::optional<SandboxRef>> found = inner().GetById(Inner(scheme_.look_up(id)));
    if (found && found->has_value()) (*found)->sandbox_id = id;
    return found;
  }
  Result<std::vector<SandboxRef>> List() override {
    Result<std::vector<SandboxRef>> refs = inner().List();
    if (!refs) return refs;
    names_.With([&](const Names& names) {
      // One whose create has not returned has no name yet.
      std::erase_if(
          *refs, [&](const SandboxRef& ref) { return !names.outer_of.contains(ref.sandbox_id); });
      for (SandboxRef& ref : *refs) ref.sandbox_id = names.outer_of.at(ref.sandbox_id);
    });
    return refs;
  }
  Status Destroy(const std::string& id) override {
    const Status status = inner().Destroy(Inner(id));
    if (!status) return status;
    return scheme_.restarts ? Restart(id) : Forget(id);
  }
  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) override {
    Use(id);
    return Named(id, inner().RunCode(Inner(id), request));
  }
  Result<ExecutionResult> RunCommand(const std::string& id,
                                     const RunCommandRequest& request) override {
    Use(id);
    return Named(id, inner().RunCommand(Inner(id), request));
  }
  Result<SandboxInfo> GetInfo(const std::string& id) override {
    Result<SandboxInfo> info = inner().GetInfo(Inner(id));
    if (info) info->id = id;
    return info;
  }
  Result<std::string> GetUrl(const std::string& id, const GetUrlRequest& request) override {
    return inner().GetUrl(Inner(id), request);
  }
  Result<std::string> ReadFile(const std::string& id, const std::string& path) override {
    return inner().ReadFile(Inner(id), path);
  }
  Status WriteFile(const std::string& id, const std::string& path,
                   const std::string& content) override {
    return inner().WriteFile(Inner(id), path, content);
  }
  Status Mkdir(const std::string& id, const std::string& path) override {
    return inner().Mkdir(Inner(id), path);
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& id, const std::string& path) override {
    return inner().Readdir(Inner(id), path);
  }
  Result<bool> Exists(const std::string& id, const std::string& path) override {
    return inner().Exists(Inner(id), path);
  }
  Status Remove(const std::string& id, const std::string& path) override {
    return inner().Remove(Inner(id), path);
  }

 private:
  std::string Name(const std::string& inner_id) {
    return names_.With([&](Names& names) {
      int number = 0;
      if (scheme_.reuse && !names.free.empty()) {
        number = names.free.back();
        names.free.pop_back();
      } else {
        number = ++names.last;
      }
      const std::string id = scheme_.name(number);
      names.inner_of[id] = inner_id;
      names.outer_of[inner_id] = id;
      names.unused[id] = number;
      return id;
    });
  }

  // For an id that nobody has, one that nobody has inside either, with the same words in it.
  std::string Inner(const std::string& id) const {
    return names_.With([&](const Names& names) {
      const auto found = names.inner_of.find(id);
      return found == names.inner_of.end() ? "no such id: " + id : found->second;
    });
  }

  void Use(const std::string& id) {
    names_.With([&](Names& names) { names.unused.erase(id); });
  }

  Status Restart(const std::string& id) {
    const Result<SandboxRef> fresh = inner().Create({});
    if (!fresh) return tl::unexpected<Error>(fresh.error());
    names_.With([&](Names& names) {
      names.outer_of.erase(names.inner_of.at(id));
      names.inner_of[id] = fresh->sandbox_id;
      names.outer_of[fresh->sandbox_id] = id;
    });
    return {};
  }

  Status Forget(const std::string& id) {
    names_.With([&](Names& names) {
      const auto found = names.inner_of.find(id);
      if (found == names.inner_of.end()) return;
      names.outer_of.erase(found->second);
      names.inner_of.erase(found);
      if (const auto unused = names.unused.extract(id)) names.free.push_back(unused.mapped());
    });
    return {};
  }

  static Result<ExecutionResult> Named(const std::string& id, Result<ExecutionResult> result) {
    if (result) result->sandbox_id = id;
    return result;
  }

  const IdScheme scheme_;
  const Guarded<Names> names_;
};

}  // namespace

ProviderFactory WithIds(ProviderFactory make, IdScheme scheme) {
  return [make = std::move(make), scheme = std::move(scheme)] {
    return std::make_unique<RenamingProvider>(make(), scheme);
  };
}

}  // namespace computesdk::conformance
