#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/lifecycle.h"

// The addresses that getUrl gives.
namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
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
    // What a server binds to is no address of anybody.
    ctx.Expect(parts->host, AllOf(Ne("0.0.0.0"), Ne("[::]")), "the host of " + url);
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

void UnknownProtocolIsNoOther(CheckContext& ctx) {
  // Whoever does serve one of these says so.
  for (const std::string& protocol : {std::string("gopher"), "kit" + ctx.Unique().substr(0, 6)}) {
    const auto scope = ctx.Case("protocol ", protocol);
    const Result<std::string> url =
        ctx.provider().GetUrl(ctx.box().id, {.port = 3000, .protocol = protocol});
    if (!url) continue;
    const std::optional<UrlParts> parts = ParseUrl(*url);
    ctx.Expect(parts ? parts->scheme : "", Eq(protocol), "the scheme of " + Printable(*url));
  }
}

void ProtocolIsKept(CheckContext& ctx) {
  ProtocolIsTheOneAskedFor(ctx);
  UnknownProtocolIsNoOther(ctx);
}

void ExpectAllDiffer(CheckContext& ctx, const std::map<std::string, std::string>& addresses) {
  std::map<std::string, std::string> seen;
  for (const auto& [what, url] : addresses) {
    // What follows a # never reaches a server.
    const auto [other, fresh] = seen.try_emplace(url.substr(0, url.find('#')), what);
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

void NoAddressOfADestroyedOne(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  ctx.ExpectError(ctx.provider().GetUrl(box.id, {.port = 3000}), "getUrl after destroy");
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
             .why = "It is put into a browser, an iframe or another program, as it is.",
             .breaks =
                 "Text put together from parts: two schemes, no host, an IPv6 address without "
                 "brackets, `undefined`, or 0.0.0.0, to which the server binds.",
             .wrong =
                 R"(return `https://${sandbox.previewUrl}:${port}`   // previewUrl is "https://…")",
             .right = R"(const url = new URL(sandbox.previewUrl)
url.port = String(port)
return url.href.replace(/\/$/, ''))",
             .defects = {"U2", "U8", "E9"},
             .mend = "Parse what you built with a URL library before you return it.",
             .check = IsAbsolute}),
      OfUrl({.id = "default-protocol",
             .asks = "Without a protocol the URL is http or https.",
             .why = "Callers who say nothing open it in a browser.",
             .breaks =
                 "The scheme is the one of the channel that the adapter itself uses (ws, tcp), "
                 "or is missing.",
             .wrong =
                 R"(return `${sandbox.connection.protocol}://${port}-${sandbox.host}`   // "wss")",
             .right = R"(return `${options.protocol ?? 'https'}://${port}-${sandbox.host}`)",
             .defects = {"U2", "U3"},
             .mend = "Default to https where the backend serves it.",
             .check = DefaultIsHttp}),
      OfUrl({.id = "protocol",
             .asks = "The URL has the protocol that was asked for, or the call is an error.",
             .why = "A WebSocket client that gets an https address fails to connect, and its user "
                    "looks for the cause in the server.",
             .breaks = "The option is ignored, or the first answer is kept for the port, whatever "
                       "protocol is asked for next.",
             .wrong = R"(urls[port] ??= await client.expose(sandbox.id, port)
return urls[port])",
             .right = R"(const protocol = options.protocol ?? 'https'
if (!/^(https?|wss?)$/.test(protocol)) throw new InvalidArgument(protocol)
const { host } = new URL(await client.expose(sandbox.id, port))
return `${protocol}://${host}`)",
             .defects = {"U3"},
             .mend =
                 "Use the option for the scheme, refuse what cannot be served, and make it part "
                 "of the cache's key.",
             .check = ProtocolIsKept}),
      OfUrl({.id = "ports-differ",
             .asks = "Different ports have different addresses.",
             .why = "A preview and an API in one sandbox are two servers: with one address, one of "
                    "them cannot be reached.",
             .breaks = "The backend has one address for each sandbox, and the port is left out, or "
                       "comes after a # that no server sees.",
             .wrong = R"(getUrl: async (sandbox, { port }) => `https://${sandbox.id}.acme.app`)",
             .right =
                 R"(getUrl: async (sandbox, { port }) => `https://${port}-${sandbox.id}.acme.app`)",
             .defects = {"U6"},
             .mend = "Put the port into the address, as the backend routes it.",
             .check = PortsDiffer}),
      OfUrl({.id = "sandboxes-differ",
             .asks = "Different sandboxes have different addresses.",
             .why = "Otherwise one user's browser meets another user's server.",
             .breaks = "The address of the machine that all sandboxes run on, with the port as the "
                       "sandbox sees it, which is not mapped.",
             .wrong = R"(return `http://${dockerHost}:${port}`)",
             .right =
                 R"(const mapped = (await container.inspect()).NetworkSettings.Ports[`${port}/tcp`]
if (!mapped) throw new Error(`port ${port} of ${container.id} is not exposed`)
return `http://${dockerHost}:${mapped[0].HostPort}`)",
             .defects = {"U4"},
             .mend = "Put the sandbox's id into the address, or map each to a port of its own.",
             .check = SandboxesDiffer}),
      OfUrl({.id = "same-answer",
             .asks = "The same question has the same answer.",
             .why = "An address is handed on, in a mail or to another service, and has to be the "
                    "one that is served.",
             .breaks = "Each call opens one more tunnel, or signs a token into the address.",
             .wrong = R"(return (await client.openTunnel(sandbox.id, port)).url)",
             .right = R"(const tunnels = (sandbox.tunnels ??= new Map())
if (!tunnels.has(port)) tunnels.set(port, client.openTunnel(sandbox.id, port))
return (await tunnels.get(port)).url)",
             .defects = {"U10"},
             .mend = "Open a tunnel once for each port, and keep its address.",
             .check = SameQuestionSameAnswer}),
      OfUrl({.id = "destroyed",
             .level = Level::kRecommended,
             .asks = "getUrl of a destroyed sandbox is an error.",
             .why = "An address that looks good and answers 502 sends its user to the server's log "
                    "instead of to a new sandbox.",
             .breaks = "The address is put together from the id, without asking whether there is "
                       "such a sandbox.",
             .wrong = R"(getUrl: async (id, { port }) => `https://${port}-${id}.acme.app`)",
             .right = R"(getUrl: async (id, { port }) => {
  if (!(await client.find(id))) throw new SdkError('NOT_FOUND', `no sandbox ${id}`)
  return `https://${port}-${id}.acme.app`
})",
             .defects = {"U5"},
             .mend = "Look the sandbox up first, and answer NOT_FOUND without one.",
             .sandbox = SandboxNeed::kNone,
             .check = NoAddressOfADestroyedOne}),
      OfUrl({.id = "bad-ports",
             .level = Level::kRecommended,
             .asks = "A port outside of 1 to 65535 is the error INVALID_ARGUMENT.",
             .why = "An address with port 70000 or -1 fails far from the mistake, in a browser.",
             .breaks = "The number goes into the address as it is, or into a header of 16 bits, "
                       "where 65536 is 0.",
             .wrong =
                 R"(getUrl: async (sandbox, { port }) => `https://${port}-${sandbox.id}.acme.app`)",
             .right = R"(if (!Number.isInteger(port) || port < 1 || port > 65535) {
  throw new SdkError('INVALID_ARGUMENT', `port ${port} is not between 1 and 65535`)
})",
             .defects = {"U1"},
             .mend = "Check the range before anything else.",
             .check = BadPortsAreRefused}),
  };
}

}  // namespace computesdk::conformance
