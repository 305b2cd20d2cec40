#include "sdk/adapter/serve_provider.h"
#include "sdk/adapter/testing/echo_provider.h"

int main() {
  computesdk::adapter::EchoProvider provider;
  return computesdk::ServeProvider(provider, 0, 1) ? 0 : 1;
}
