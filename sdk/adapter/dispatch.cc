#include "sdk/adapter/dispatch.h"

#include <exception>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "sdk/adapter/rpc_message.h"
#include "sdk/json.h"

namespace computesdk::adapter {

using nlohmann::json;

namespace {

// Params that make no sense; thrown past the handlers to Dispatch alone.
struct BadParams {
  std::string message;
};

template <typename T>
T OrBadParams(Result<T> decoded) {
  if (!decoded) throw BadParams{std::move(decoded.error().message)};
  return std::move(*decoded);
}

template <typename T>
T As(const json& params) {
  return OrBadParams(FromJson<T>(params, "params"));
}

const json& Field(const json& params, std::string_view name) {
  const auto field = params.find(name);
  if (field == params.end()) throw BadParams{"params." + std::string(name) + ": missing"};
  return *field;
}

std::string Text(const json& params, std::string_view name) {
  return OrBadParams(FromJson<std::string>(Field(params, name), "params." + std::string(name)));
}

std::string Id(const json& params) { return Text(params, "sandboxId"); }
std::string FilePath(const json& params) { return Text(params, "path"); }

json Encode(const std::string& value) { return value; }
json Encode(bool value) { return value; }
json Encode(const std::optional<SandboxRef>& value) { return value ? ToJson(*value) : json(); }
template <typename T>
json Encode(const T& value) {
  return ToJson(value);
}
template <typename T>
json Encode(const std::vector<T>& values) {
  json array = json::array();
  for (const T& value : values) array.push_back(ToJson(value));
  return array;
}

template <typename T>
Reply ReplyOf(const Result<T>& result) {
  if (!result) return tl::unexpected<json>(ToJson(result.error()));
  if constexpr (std::is_void_v<T>) {
    return json();
  } else {
    return Encode(*result);
  }
}

Reply Create(Provider& provider, const json& params) {
  const auto options = params.find("options");
  if (options == params.end() || options->is_null()) return ReplyOf(provider.Create({}));
  return ReplyOf(
      provider.Create(OrBadParams(FromJson<CreateSandboxOptions>(*options, "params.options"))));
}

Reply ReadFile(Provider& provider, const json& params) {
  Result<std::string> content = provider.ReadFile(Id(params), FilePath(params));
  if (!content) return tl::unexpected<json>(ToJson(content.error()));
  return BytesToJson(std::move(*content));
}

Reply WriteFile(Provider& provider, const json& params) {
  const std::string content =
      OrBadParams(BytesFromJson(Field(params, "content"), "params.content"));
  return ReplyOf(provider.WriteFile(Id(params), FilePath(params), content));
}

using Handler = Reply (*)(Provider&, const json&);

const std::map<std::string_view, Handler>& Handlers() {
  static const auto* const handlers = new std::map<std::string_view, Handler>{
      {"sandbox.create", Create},
      {"sandbox.getById", [](Provider& p, const json& j) { return ReplyOf(p.GetById(Id(j))); }},
      {"sandbox.list", [](Provider& p, const json&) { return ReplyOf(p.List()); }},
      {"sandbox.destroy", [](Provider& p, const json& j) { return ReplyOf(p.Destroy(Id(j))); }},
      {"sandbox.runCode",
       [](Provider& p, const json& j) { return ReplyOf(p.RunCode(Id(j), As<RunCodeRequest>(j))); }},
      {"sandbox.runCommand",
       [](Provider& p, const json& j) {
         return ReplyOf(p.RunCommand(Id(j), As<RunCommandRequest>(j)));
       }},
      {"sandbox.getInfo", [](Provider& p, const json& j) { return ReplyOf(p.GetInfo(Id(j))); }},
      {"sandbox.getUrl",
       [](Provider& p, const json& j) { return ReplyOf(p.GetUrl(Id(j), As<GetUrlRequest>(j))); }},
      {"filesystem.readFile", ReadFile},
      {"filesystem.writeFile", WriteFile},
      {"filesystem.mkdir",
       [](Provider& p, const json& j) { return ReplyOf(p.Mkdir(Id(j), FilePath(j))); }},
      {"filesystem.readdir",
       [](Provider& p, const json& j) { return ReplyOf(p.Readdir(Id(j), FilePath(j))); }},
      {"filesystem.exists",
       [](Provider& p, const json& j) { return ReplyOf(p.Exists(Id(j), FilePath(j))); }},
      {"filesystem.remove",
       [](Provider& p, const json& j) { return ReplyOf(p.Remove(Id(j), FilePath(j))); }},
  };
  return *handlers;
}

}  // namespace

Reply Dispatch(Provider& provider, const std::string& method, const json& params) {
  const auto handler = Handlers().find(method);
  if (handler == Handlers().end()) {
    return tl::unexpected<json>(
        RequestError(kMethodNotFound, "there is no method " + method, ErrorCode::kUnimplemented));
  }
  try {
    return handler->second(provider, params);
  } catch (const BadParams& bad) {
    return tl::unexpected<json>(
        RequestError(kInvalidParams, bad.message, ErrorCode::kInvalidArgument));
  } catch (const std::exception& thrown) {  // A provider's author may forget.
    return tl::unexpected<json>(
        ToJson(Error{ErrorCode::kInternal, method + " threw an exception: " + thrown.what()}));
  } catch (...) {
    return tl::unexpected<json>(
        ToJson(Error{ErrorCode::kInternal, method + " threw something that is no exception"}));
  }
}

}  // namespace computesdk::adapter
