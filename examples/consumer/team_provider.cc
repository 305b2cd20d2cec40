// A workspace of its own that uses the kit: a provider (here the in-memory one under the team's
// name and settings), held to the contract by one rule.
#include "conformance/provider_under_test.h"
#include "mocks/in_memory_provider.h"

std::unique_ptr<computesdk::Provider> computesdk::MakeProviderUnderTest() {
  return std::make_unique<InMemoryProvider>(
      InMemoryProviderOptions{.name = "team", .envs = {{"TEAM", "sandboxes"}}});
}
