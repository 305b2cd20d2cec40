#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <utility>

#include "conformance/selftest/adapter_behaviour.h"
#include "sdk/encoding.h"

namespace computesdk::conformance {
namespace {

using nlohmann::json;
using Maker = std::function<Behaviour()>;

[[noreturn]] void WaitForEver() {
  while (true) pause();
}

void Replace(std::string& text, std::string_view from, std::string_view to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) {
    text.replace(at, from.size(), to);
  }
}

std::string InTwoLines(std::string line) {
  line.insert(line.size() / 2, "\n");
  return line;
}

// An answer with a field that nobody asked for, of 64 MiB.
std::string OverTheLimit(std::string line) {
  constexpr std::size_t kLimit = std::size_t{64} << 20;
  line.insert(line.rfind('}'), ",\"padding\":\"" + std::string(kLimit, 'x') + "\"");
  return line;
}

// A process of its own session, which lives on when the adapter and its group have ended, and ends
// by itself. It holds none of the adapter's descriptors.
void LeaveAChild() {
  constexpr unsigned kLife = 20;
  if (fork() != 0) return;
  setsid();
  closefrom(0);
  sleep(kLife);
  _exit(0);
}

Behaviour OnProbe(Probe probe, std::function<bool()> happens) {
  return {.on_request = [=](Wire&, const Asked& asked, std::string&) {
    return asked.probe != probe || happens();
  }};
}

// The answer to a probe is held back until the next `list` is answered: by then nobody waits for
// it.
Behaviour AnswersLate() {
  return {.on_answer = [held = std::string()](Wire& wire, const Asked& asked,
                                              std::string line) mutable {
    if (asked.probe == kEveryCallAnswered) {
      held = std::move(line);
      return;
    }
    if (asked.method == "sandbox.list") wire.Write(std::exchange(held, ""));
    wire.Write(line);
  }};
}

Behaviour DiesWithinALine() {
  return {.on_answer = [](Wire& wire, const Asked& asked, const std::string& line) {
    if (asked.probe != kStaysAlive) return wire.Write(line);
    wire.Write(line.substr(0, line.size() / 2));
    _exit(0);
  }};
}

Behaviour AnswersTwice() {
  return {.on_answer = [](Wire& wire, const Asked& asked, const std::string& line) {
    wire.Write(line);
    if (asked.method == "sandbox.getById") wire.Write(line);
  }};
}

// All calls after the one that was not answered in time wait behind it, for ever.
Behaviour HangsAfterASlowCall() {
  return {.on_request = [](Wire&, const Asked& asked, std::string& line) {
    if (asked.method == "sandbox.runCommand" &&
        line.find("\"command\":\"sleep 2\"") != std::string_view::npos) {
      WaitForEver();
    }
    return true;
  }};
}

Behaviour IgnoresTheEnd() {
  return {.at_start = [](Wire&) { signal(SIGTERM, SIG_IGN); },
          .at_end = []() -> int { WaitForEver(); }};
}

// One for each getById, as many as the machine allows.
Behaviour LeaksDescriptors() {
  return {.at_start =
              [](Wire&) {
                rlimit limit{};
                getrlimit(RLIMIT_NOFILE, &limit);
                limit.rlim_cur = limit.rlim_max;
                setrlimit(RLIMIT_NOFILE, &limit);
              },
          .on_request =
              [](Wire&, const Asked& asked, std::string&) {
                if (asked.method == "sandbox.getById") {
                  static_cast<void>(open("/dev/null", O_RDONLY | O_CLOEXEC));
                }
                return true;
              }};
}

void Answer(Wire& wire, const Asked& asked, std::string_view field, std::string_view value) {
  wire.Write("{\"jsonrpc\":\"2.0\",\"id\":" + asked.id + ",\"" + std::string(field) +
             "\":" + std::string(value) + "}\n");
}

Behaviour NullForUnknownMethods() {
  return {.on_request = [](Wire& wire, const Asked& asked, std::string&) {
    const bool known =
        asked.method.find("kit") == std::string::npos && asked.method != "constructor";
    if (!known) Answer(wire, asked, "result", "null");
    return known;
  }};
}

Behaviour StrictFields() {
  return {.on_request = [](Wire& wire, const Asked& asked, std::string& line) {
    const bool strange = line.find("\"kitExtra\"") != std::string::npos;
    if (strange) {
      Answer(wire, asked, "error", R"({"code":-32602,"message":"unrecognized key: kitExtra"})");
    }
    return !strange;
  }};
}

// Where it is plain text when it is decoded: other bytes work.
Behaviour Base64TakenForText() {
  return {.on_request = [](Wire&, const Asked&, std::string& line) {
    Replace(line, R"({"base64":"cGxhaW4gdGV4dA=="})", R"("cGxhaW4gdGV4dA==")");
    return true;
  }};
}

Behaviour DiesOfNonsense() {
  return {.on_request = [](Wire&, const Asked&, std::string& line) {
    if (!json::accept(line)) {
      std::cerr << "SyntaxError: unexpected end of JSON input\n";
      _exit(1);
    }
    return true;
  }};
}

Behaviour OutlivesItsInput() {
  auto told = std::make_shared<bool>(false);
  return {.on_request =
              [=](Wire&, const Asked& asked, std::string&) {
                *told = *told || asked.method == "shutdown";
                return true;
              },
          .at_end =
              [=] {
                if (!*told) WaitForEver();
                return 0;
              }};
}

void LeaveOutWhatIsFalse(json& entries) {
  for (json& entry : entries) {
    if (entry["isDirectory"] == false) entry.erase("isDirectory");
  }
}

void SecondsAsModified(json& entries) {
  for (json& entry : entries) entry["lastModified"] = 1'700'000'000;
}

void WordAsErrorCode(json& message) {
  if (message.contains("error")) message["error"]["code"] = "ENOENT";
}

std::string WithoutId(std::string line, const std::string& replacement) {
  const std::size_t begin = line.find("\"id\":");
  line.replace(begin, line.find(',', begin) + 1 - begin, replacement);
  return line;
}

std::string IdInQuotes(std::string line) {
  const std::size_t begin = line.find("\"id\":") + 5;
  line.insert(line.find(',', begin), "\"");
  return line.insert(begin, "\"");
}

// To an object, or to those in an array.
void AddFields(json& value) {
  if (value.is_array()) {
    for (json& member : value) AddFields(member);
  }
  if (value.is_object()) {
    value["requestId"] = "req-1";
    value["x-extra"] = {{"nested", {1, nullptr, "two"}}};
  }
}

void AddFieldsEverywhere(json& message) {
  AddFields(message);
  for (const char* part : {"result", "error"}) {
    if (message.contains(part)) AddFields(message[part]);
  }
}

void AsBase64(json& bytes) {
  if (bytes.is_string()) bytes = {{"base64", Base64Encode(bytes.get<std::string>())}};
}

Behaviour AlwaysBase64() {
  return {.on_answer = [](Wire& wire, const Asked& asked, const std::string& line) {
    const bool runs = asked.method == "sandbox.runCommand" || asked.method == "sandbox.runCode";
    if (!runs && asked.method != "filesystem.readFile") return wire.Write(line);
    json message = json::parse(line);
    if (message.contains("result")) {
      json& result = message["result"];
      if (runs) {
        AsBase64(result["stdout"]);
        AsBase64(result["stderr"]);
      } else {
        AsBase64(result);
      }
    }
    wire.Write(message.dump() + "\n");
  }};
}

// Escapes, blanks and a CR are JSON like any other; and no reader may take a write for a line.
Behaviour OddText() {
  return {.on_answer = [](Wire& wire, const Asked&, const std::string& line) {
    constexpr std::size_t kLong = 4096;
    const std::string text =
        line.size() > kLong ? line : " " + json::parse(line).dump(-1, ' ', true) + " \r\n";
    const std::size_t cut = text.size() / 3;
    wire.Write(text.substr(0, cut));
    wire.Write(text.substr(cut));
  }};
}

Behaviour TalksToItsLog() {
  return {.on_request = [](Wire&, const Asked& asked, std::string&) {
    constexpr std::size_t kPage = 8192;
    std::cerr << asked.method << " " << std::string(kPage, 'l') << "\n";
    return true;
  }};
}

}  // namespace

const std::map<std::string, Maker>& AdapterDefects() {
  static const auto* const defects = new std::map<std::string, Maker>{
      {"greets",
       [] {
         return Behaviour{
             .at_start = [](Wire& wire) { wire.Write("Welcome to the adapter 1.2.3\n"); }};
       }},
      {"logs-to-stdout",
       [] {
         return WithProbeLine(kOnlyMessages, [](const std::string& line) {
           return "debug: the command failed with 7\n" + line;
         });
       }},
      {"line-cut-in-two", [] { return WithProbeLine(kOnlyMessages, InTwoLines); }},
      {"invalid-utf8",
       [] {
         return WithProbeLine(kOnlyMessages, [](std::string line) {
           Replace(line, "\"out\"", "\"\xff\xfe\"");
           return line;
         });
       }},
      {"sends-requests",
       [] {
         return WithProbeLine(kOnlyMessages, [](const std::string& line) {
           return "{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":{}}\n" + line;
         });
       }},
      {"answers-twice", AnswersTwice},
      {"another-id",
       [] {
         return WithProbeLine(kAnswerIds, [](std::string line) {
           return WithoutId(std::move(line), "\"id\":1000000,");
         });
       }},
      {"no-id",
       [] {
         return WithProbeLine(kAnswerIds,
                              [](std::string line) { return WithoutId(std::move(line), ""); });
       }},
      {"id-in-quotes", [] { return WithProbeLine(kAnswerIds, IdInQuotes); }},
      {"exit-code-in-quotes",
       [] {
         return WithProbeLine(kWellFormed, [](std::string line) {
           Replace(line, "\"exitCode\":7", "\"exitCode\":\"7\"");
           return line;
         });
       }},
      {"no-version",
       [] {
         return WithProbeLine(kWellFormed, [](std::string line) {
           Replace(line, "\"jsonrpc\":\"2.0\",", "");
           return line;
         });
       }},
      {"created-at-as-number",
       [] {
         return WithResultOf("sandbox.getInfo",
                             [](json& info) { info["createdAt"] = 1'700'000'000'000; });
       }},
      {"exists-in-words",
       [] {
         return WithResultOf("filesystem.exists",
                             [](json& exists) { exists = exists.get<bool>() ? "true" : "false"; });
       }},
      {"modified-in-seconds", [] { return WithResultOf("filesystem.readdir", SecondsAsModified); }},
      {"false-left-out", [] { return WithResultOf("filesystem.readdir", LeaveOutWhatIsFalse); }},
      {"list-in-object",
       [] {
         return WithResultOf("sandbox.list", [](json& list) {
           list = json{{"sandboxes", std::exchange(list, json())}};
         });
       }},
      {"url-in-object",
       [] {
         return WithResultOf("sandbox.getUrl", [](json& url) {
           url = json{{"url", std::exchange(url, json())}};
         });
       }},
      {"mkdir-answers-true",
       [] { return WithResultOf("filesystem.mkdir", [](json& nothing) { nothing = true; }); }},
      {"result-left-out",
       [] {
         return WithAnswer("filesystem.remove", [](json& message) { message.erase("result"); });
       }},
      {"error-code-in-words", [] { return WithAnswer("filesystem.readFile", WordAsErrorCode); }},
      {"line-over-the-limit", [] { return WithProbeLine(kLineLimit, OverTheLimit); }},
      {"dies",
       [] {
         return OnProbe(kStaysAlive, []() -> bool {
           std::cerr << "fatal: unhandled rejection\n";
           raise(SIGKILL);
           return false;
         });
       }},
      {"dies-within-a-line", DiesWithinALine},
      {"no-answer", [] { return OnProbe(kEveryCallAnswered, [] { return false; }); }},
      {"stops-reading",
       [] { return OnProbe(kEveryCallAnswered, []() -> bool { WaitForEver(); }); }},
      {"answers-late", AnswersLate},
      {"hangs-after-slow-call", HangsAfterASlowCall},
      {"exits-with-1", [] { return Behaviour{.at_end = [] { return 1; }}; }},
      {"ignores-the-end", IgnoresTheEnd},
      {"leaves-a-child", [] { return Behaviour{.at_start = [](Wire&) { LeaveAChild(); }}; }},
      {"leaks-descriptors", LeaksDescriptors},
      {"null-for-unknown-methods", NullForUnknownMethods},
      {"strict-fields", StrictFields},
      {"base64-taken-for-text", Base64TakenForText},
      {"dies-of-nonsense", DiesOfNonsense},
      {"outlives-its-input", OutlivesItsInput},
  };
  return *defects;
}

const std::map<std::string, Maker>& AdapterHabits() {
  static const auto* const habits = new std::map<std::string, Maker>{
      {"extra-fields", [] { return WithAnswers(AddFieldsEverywhere); }},
      {"always-base64", AlwaysBase64},
      {"odd-text", OddText},
      {"talks-to-its-log", TalksToItsLog},
  };
  return *habits;
}

}  // namespace computesdk::conformance
