#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/values.h"

// The addresses that getUrl gives.
namespace computesdk::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::Ne;

struct UrlParts {
  std::string scheme;
  std::string host;
  std::optional<int> port;
};

// The digits after a colon, if they are a port.
std::optional<int> ParsePort(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != text.npos) {
    return std::nullopt;
  }
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= 65535 ? std::optional<int>(port) : std::nullopt;
}

bool IsHost(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
  });
}

bool IsAddressInBrackets(std::string_view host) {
  return host.size() > 3 && host.starts_with('[') && host.ends_with(']') &&
         host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.%") ==
             host.npos;
}

// nullopt for what is no absolute URL with a host.
std::optional<UrlParts> ParseUrl(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == url.npos || colon == 0) return std::nullopt;
  for (const char c : url) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return std::nullopt;
  }
  UrlParts parts;
  for (const char c : url.substr(0, colon)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '+') return std::nullopt;
    parts.scheme += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  std::string_view authority = url.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t port = authority.find(':', bracket == authority.npos ? 0 : bracket);
  parts.host = authority.substr(0, port);
  if (!IsHost(parts.host) && !IsAddressInBrackets(parts.host)) return std::nullopt;
  if (port != authority.npos) {
    parts.port = ParsePort(authority.substr(port + 1));
    if (!parts.port) return std::nullopt;
  }
  return parts;
}

std::string GetUrl(CheckContext& ctx, const std::string& id, int port) {
  return ctx.Must(ctx.provider().GetUrl(id, {.port = port}),
                  "getUrl of port " + std::to_string(port));
}

void IsAbsolute(CheckContext& ctx) {
  for (const int port : {3000, 8080, 443, 80}) {
    const auto scope = ctx.Case("port ", port);
    const std::string url = GetUrl(ctx, ctx.box().id, port);
    const std::optional<UrlParts> parts = ParseUrl(url);
    if (!parts) {
      ctx.Fail({"getUrl", "an absolute URL with a host", Printable(url)});
      continue;
    }
    ctx.Expect(parts->host, Ne("undefined"), "the host of " + url);
    ctx.Expect(parts->host.ends_with(".invalid"), Eq(false),
               "whether the host of " + url + " is one that can never be found");
  }
}

void DefaultIsHttp(CheckContext& ctx) {
  const std::string url = GetUrl(ctx, ctx.box().id, 3000);
  const std::optional<UrlParts> parts = ParseUrl(url);
  if (!parts) ctx.NotTestable("getUrl gives no absolute URL");
  ctx.Expect(parts->scheme, AnyOf(Eq("http"), Eq("https")), "the scheme of " + url);
}

void ProtocolIsTheOneAskedFor(CheckContext& ctx) {
  int served = 0;
  // https again after http: a cache that forgets the protocol would answer with the first.
  for (const std::string protocol : {"https", "http", "https", "wss", "ws"}) {
    const auto scope = ctx.Case("protocol ", protocol);
    const Result<std::string> url =
        ctx.provider().GetUrl(ctx.box().id, {.port = 3000, .protocol = protocol});
    if (!url) continue;
    ++served;
    const std::optional<UrlParts> parts = ParseUrl(*url);
    if (!parts) {
      ctx.Fail({"getUrl", "an absolute URL with a host", Printable(*url)});
    } else {
      ctx.Expect(parts->scheme, Eq(protocol), "the scheme of " + *url);
    }
  }
  ctx.Expect(served, Ne(0), "how many of https, http, wss and ws are served");
}

void ExpectAllDiffer(CheckContext& ctx, const std::map<std::string, std::string>& addresses) {
  std::map<std::string, std::string> seen;
  for (const auto& [what, url] : addresses) {
    const auto [other, fresh] = seen.try_emplace(url, what);
    if (!fresh) {
      ctx.Fail({"getUrl of " + what, "an address of its own",
                Printable(url) + ", which is that of " + other->second});
    }
  }
}

void PortsDiffer(CheckContext& ctx) {
  std::map<std::string, std::string> addresses;
  for (const int port : {3000, 3001, 8080, 80, 443}) {
    addresses["port " + std::to_string(port)] = GetUrl(ctx, ctx.box().id, port);
  }
  ExpectAllDiffer(ctx, addresses);
}

void SandboxesDiffer(CheckContext& ctx) {
  ExpectAllDiffer(ctx, {{"one sandbox", GetUrl(ctx, ctx.box().id, 3000)},
                        {"another sandbox", GetUrl(ctx, ctx.CreateBox().id, 3000)}});
}

void SameQuestionSameAnswer(CheckContext& ctx) {
  const std::string first = GetUrl(ctx, ctx.box().id, 3000);
  GetUrl(ctx, ctx.box().id, 8080);
  ctx.provider().GetUrl(ctx.box().id, {.port = 3000, .protocol = "http"});
  ctx.ExpectBytes(GetUrl(ctx, ctx.box().id, 3000), first, "getUrl of the same port, asked again");
}

void BadPortsAreRefused(CheckContext& ctx) {
  for (const int port : {0, -1, 65536, 70000, 1'000'000}) {
    ctx.ExpectError(ctx.provider().GetUrl(ctx.box().id, {.port = port}),
                    "getUrl of port " + std::to_string(port), {ErrorCode::kInvalidArgument});
  }
}

Requirement OfUrl(Requirement requirement) {
  requirement.id.insert(0, "url.");
  requirement.capability = capability::kGetUrl;
  if (requirement.level == Level::kRequired) requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> UrlRequirements() {
  return {
      OfUrl({.id = "absolute",
             .asks = "getUrl gives an absolute URL with a host.",
             .why =
                 "Text put together from parts has two schemes, no host, a blank or \"undefined\" "
                 "in it, and no browser opens it.",
             .defects = {"U2", "U8"},
             .mend = "Parse what you built with a URL library before you return it.",
             .check = IsAbsolute}),
      OfUrl({.id = "default-protocol",
             .asks = "Without a protocol the URL is http or https.",
             .why = "Callers open it in a browser.",
             .defects = {"U2", "U3"},
             .mend = "Default to https where the backend serves it.",
             .check = DefaultIsHttp}),
      OfUrl({.id = "protocol",
             .asks = "The URL has the protocol that was asked for, or the call is an error.",
             .why = "The option is often ignored, or the first answer is cached for all protocols: "
                    "a WebSocket client gets an https address.",
             .defects = {"U3"},
             .mend =
                 "Use the option for the scheme, refuse what cannot be served, and make it part "
                 "of the cache's key.",
             .check = ProtocolIsTheOneAskedFor}),
      OfUrl({.id = "ports-differ",
             .asks = "Different ports have different addresses.",
             .why = "A backend with one address for each sandbox makes two servers one.",
             .defects = {"U6"},
             .mend = "Put the port into the address, as the backend routes it.",
             .check = PortsDiffer}),
      OfUrl({.id = "sandboxes-differ",
             .asks = "Different sandboxes have different addresses.",
             .why = "Otherwise one user's browser meets another's server.",
             .defects = {"U4"},
             .mend = "Put the sandbox's id into the address, or map each to a port of its own.",
             .check = SandboxesDiffer}),
      OfUrl({.id = "same-answer",
             .asks = "The same question has the same answer.",
             .why = "An address that changes with each call cannot be handed on, and each call "
                    "opens one more tunnel.",
             .defects = {"U10"},
             .mend = "Open a tunnel once for each port, and keep its address.",
             .check = SameQuestionSameAnswer}),
      OfUrl({.id = "bad-ports",
             .level = Level::kRecommended,
             .asks = "A port outside of 1 to 65535 is the error INVALID_ARGUMENT.",
             .why = "An address with port 70000 or -1 fails far from the cause.",
             .defects = {"U1"},
             .mend = "Check the range before anything else.",
             .check = BadPortsAreRefused}),
  };
}

}  // namespace computesdk::conformance
