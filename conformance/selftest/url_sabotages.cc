#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "conformance/selftest/lifecycle_sabotages.h"
#include "conformance/selftest/spoil.h"

// Defects in getUrl.
namespace computesdk::conformance {
namespace {

using Url = Result<std::string>;

// The address made from a question that is right, for a sandbox that is there.
Replacements WithUrl(std::function<std::string(const std::string& id, const GetUrlRequest&)> make) {
  return {.get_url = [make = std::move(make)](Provider& inner, const std::string& id,
                                              const GetUrlRequest& request) -> Url {
    const Url url = inner.GetUrl(id, request);
    if (!url) return url;
    return make(id, request);
  }};
}

std::string Scheme(const GetUrlRequest& request) { return request.protocol.value_or("https"); }

std::string Host(const std::string& id, int port) {
  return std::to_string(port) + "-" + id + ".sandbox.test";
}

// An address of an IPv6 network, different for each sandbox, without brackets.
std::string Ipv6(const std::string& id) {
  std::string digits;
  for (const char c : id) digits += std::to_string(static_cast<int>(c) % 10);
  return "fd00::" + digits.substr(digits.size() - 4);
}

Replacements FirstProtocolKept() {
  const ById<std::string> urls;
  return {.get_url = [urls](Provider& inner, const std::string& id,
                            const GetUrlRequest& request) -> Url {
    const std::string key = id + " " + std::to_string(request.port);
    const std::string known = Kept(urls, key);
    if (!known.empty()) return known;
    Url url = inner.GetUrl(id, request);
    if (url) Keep(urls, key, *url);
    return url;
  }};
}

Replacements TunnelForEachCall() {
  const Guarded<int> tunnels;
  return WithUrl([tunnels](const std::string&, const GetUrlRequest& request) {
    const int tunnel = tunnels.With([](int& opened) { return ++opened; });
    return Scheme(request) + "://tunnel-" + std::to_string(tunnel) + ".sandbox.test";
  });
}

// Not claimed, and answered with nothing all the same.
Replacements NotClaimedAndSilent() {
  return {.description =
              [](ProviderDescription& description) {
                std::erase(description.capabilities, std::string(capability::kGetUrl));
              },
          .get_url = [](Provider&, const std::string&, const GetUrlRequest&) { return Url(""); }};
}

std::vector<Sabotage> ShapeSabotages() {
  return {
      {.name = "url-with-two-schemes",
       .defect = "The scheme is put before what is a URL already.",
       .classes = {"U2"},
       .reveals = {"url.absolute", "url.protocol"},
       .blinds = {"url.default-protocol"},
       .make = Spoil(WithUrl([](const std::string& id, const GetUrlRequest& request) {
         return Scheme(request) + "://https://" + Host(id, request.port);
       }))},
      {.name = "url-of-a-host-that-is-undefined",
       .defect = "The host is a field that the backend's answer does not have.",
       .classes = {"U2", "U4"},
       .reveals = {"url.absolute", "url.sandboxes-differ"},
       .make = Spoil(WithUrl([](const std::string&, const GetUrlRequest& request) {
         return Scheme(request) + "://undefined:" + std::to_string(request.port);
       }))},
      {.name = "url-of-the-bind-address",
       .defect = "The host is what the server in the sandbox binds to.",
       .classes = {"U2"},
       .reveals = {"url.absolute", "url.sandboxes-differ"},
       .make = Spoil(WithUrl([](const std::string&, const GetUrlRequest& request) {
         return Scheme(request) + "://0.0.0.0:" + std::to_string(request.port);
       }))},
      {.name = "url-that-ends-with-a-colon",
       .defect = "A port that the backend did not map is left empty.",
       .classes = {"U2"},
       .reveals = {"url.absolute", "url.protocol"},
       .blinds = {"url.default-protocol"},
       .make = Spoil(WithUrl([](const std::string& id, const GetUrlRequest& request) {
         return Scheme(request) + "://" + Host(id, request.port) + ":";
       }))},
      {.name = "url-of-ipv6-without-brackets",
       .defect = "The host is an IPv6 address without brackets.",
       .classes = {"U8"},
       .reveals = {"url.absolute", "url.protocol"},
       .blinds = {"url.default-protocol"},
       .make = Spoil(WithUrl([](const std::string& id, const GetUrlRequest& request) {
         return Scheme(request) + "://" + Ipv6(id) + ":" + std::to_string(request.port);
       }))},
      {.name = "url-for-websockets",
       .defect = "Without a protocol the address is that of the adapter's own channel, wss.",
       .classes = {"U3"},
       .reveals = {"url.default-protocol"},
       .make = Spoil({.get_url =
                          [](Provider& inner, const std::string& id, GetUrlRequest request) {
                            if (!request.protocol) request.protocol = "wss";
                            return inner.GetUrl(id, request);
                          }})},
      {.name = "url-not-claimed-and-empty",
       .defect = "getUrl is not claimed, and answers with an empty text instead of UNIMPLEMENTED.",
       .classes = {"E9"},
       .reveals = {"url.*"},
       .make = Spoil(NotClaimedAndSilent())},
  };
}

std::vector<Sabotage> AnswerSabotages() {
  return {
      {.name = "url-ignores-the-protocol",
       .defect = "The address is https, whatever protocol was asked for.",
       .classes = {"U3"},
       .reveals = {"url.protocol"},
       .make = Spoil({.get_url =
                          [](Provider& inner, const std::string& id, GetUrlRequest request) {
                            request.protocol.reset();
                            return inner.GetUrl(id, request);
                          }})},
      {.name = "url-keeps-the-first-protocol",
       .defect = "The first address of a port is kept, and answers for every protocol.",
       .classes = {"U3"},
       .reveals = {"url.protocol"},
       .make = SpoilWith(FirstProtocolKept)},
      {.name = "url-of-an-unknown-protocol",
       .defect = "A protocol that cannot be served becomes https.",
       .classes = {"U3"},
       .reveals = {"url.protocol"},
       .make = Spoil({.get_url =
                          [](Provider& inner, const std::string& id, GetUrlRequest request) {
                            const Url url = inner.GetUrl(id, request);
                            if (url || !IsThere(inner, id)) return url;
                            request.protocol.reset();
                            return inner.GetUrl(id, request);
                          }})},
      {.name = "url-without-the-port",
       .defect = "The address is that of the sandbox, whatever port was asked for.",
       .classes = {"U6"},
       .reveals = {"url.ports-differ"},
       .make = Spoil(WithUrl([](const std::string& id, const GetUrlRequest& request) {
         return Scheme(request) + "://" + id + ".sandbox.test";
       }))},
      {.name = "url-with-the-port-behind-a-hash",
       .defect = "The port comes after a #, which no server sees.",
       .classes = {"U6"},
       .reveals = {"url.ports-differ"},
       .make = Spoil(WithUrl([](const std::string& id, const GetUrlRequest& request) {
         return Scheme(request) + "://" + id + ".sandbox.test/#" + std::to_string(request.port);
       }))},
      {.name = "url-of-the-host",
       .defect = "The address is the machine's, with the port that the sandbox sees, which is not "
                 "mapped.",
       .classes = {"U4"},
       .reveals = {"url.sandboxes-differ"},
       .make = Spoil(WithUrl([](const std::string&, const GetUrlRequest& request) {
         return Scheme(request) + "://host.test:" + std::to_string(request.port);
       }))},
      {.name = "url-of-a-new-tunnel",
       .defect = "Each call opens one more tunnel, with an address of its own.",
       .classes = {"U10"},
       .reveals = {"url.same-answer"},
       .make = SpoilWith(TunnelForEachCall)},
      {.name = "url-without-a-look",
       .defect = "The address is put together without asking whether there is such a sandbox.",
       .classes = {"U5"},
       .reveals = {"url.destroyed", "lifecycle.unknown-sandbox"},
       .make = Spoil({.get_url = [](Provider& inner, const std::string& id,
                                    const GetUrlRequest& request) -> Url {
         if (IsThere(inner, id)) return inner.GetUrl(id, request);
         return Scheme(request) + "://" + Host(id, request.port);
       }})},
      {.name = "url-of-any-port",
       .defect = "A port that no server can have goes into the address as it is.",
       .classes = {"U1"},
       .reveals = {"url.bad-ports"},
       .make = Spoil({.get_url = [](Provider& inner, const std::string& id,
                                    const GetUrlRequest& request) -> Url {
         if (request.port > 0 && request.port < 65536) return inner.GetUrl(id, request);
         return Scheme(request) + "://" + Host(id, request.port);
       }})},
  };
}

}  // namespace

std::vector<Sabotage> UrlSabotages() {
  std::vector<Sabotage> all = ShapeSabotages();
  std::ranges::move(AnswerSabotages(), std::back_inserter(all));
  return all;
}

}  // namespace computesdk::conformance
