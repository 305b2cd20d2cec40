#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "conformance/selftest/lifecycle_sabotages.h"
#include "conformance/selftest/spoil.h"
#include "nlohmann/json.hpp"

// Defects in the options of create.
namespace computesdk::conformance {
namespace {

using Json = nlohmann::json;

Replacements WithOptions(std::function<void(CreateSandboxOptions&)> change) {
  return {.create = [change = std::move(change)](Provider& inner, CreateSandboxOptions options) {
    change(options);
    return inner.Create(options);
  }};
}

Replacements WithInfo(std::function<void(SandboxInfo&)> change) {
  return {.get_info = [change = std::move(change)](Provider& inner, const std::string& id) {
    Result<SandboxInfo> info = inner.GetInfo(id);
    if (info) change(*info);
    return info;
  }};
}

// --- envs --------------------------------------------------------------------------------------

// `create` that notes the variables of each sandbox, and gives it those that `given` makes of them.
auto NotingEnvs(const ById<Environment>& envs, std::function<Environment(Environment)> given) {
  return [envs, given = std::move(given)](Provider& inner, CreateSandboxOptions options) {
    const Environment all = options.envs;
    options.envs = given(all);
    Result<SandboxRef> ref = inner.Create(options);
    if (ref) Keep(envs, ref->sandbox_id, all);
    return ref;
  };
}

Environment All(Environment envs) { return envs; }

// Shell text that takes the variables away.
std::string Unset(const Environment& envs) {
  std::string line;
  for (const auto& [name, value] : envs) line += "unset " + name + "; ";
  return line;
}

Replacements EnvsNotInCode() {
  const ById<Environment> envs;
  return {.create = NotingEnvs(envs, All),
          .run_code = [envs](Provider& inner, const std::string& id, RunCodeRequest request) {
            request.code.insert(0, Unset(Kept(envs, id)));
            return inner.RunCode(id, request);
          }};
}

// The handle knows the variables and hands them to each command; one from getById has none.
Replacements EnvsOfTheHandle() {
  const ById<Environment> envs;
  const Ids found_again;
  return {
      .create = NotingEnvs(envs, All),
      .get_by_id =
          [found_again](Provider& inner, const std::string& id) {
            Remember(found_again, id);
            return inner.GetById(id);
          },
      .run_command =
          [envs, found_again](Provider& inner, const std::string& id, RunCommandRequest request) {
            if (!request.args && Knows(found_again, id)) {
              request.command.insert(0, Unset(Kept(envs, id)));
            }
            return inner.RunCommand(id, request);
          }};
}

Replacements EnvsInDoubleQuotes() {
  const ById<Environment> envs;
  const auto exports = [envs](const std::string& id) {
    std::string line;
    for (const auto& [name, value] : Kept(envs, id)) {
      line += "export " + name + "=" + DoubleQuoted(value) + "; ";
    }
    return line;
  };
  return {.create = NotingEnvs(envs, [](const Environment&) { return Environment(); }),
          .run_code =
              [exports](Provider& inner, const std::string& id, RunCodeRequest request) {
                request.code.insert(0, exports(id));
                return inner.RunCode(id, request);
              },
          .run_command =
              [exports](Provider& inner, const std::string& id, RunCommandRequest request) {
                const std::string line = exports(id);
                if (line.empty()) return inner.RunCommand(id, request);
                if (!request.args) {
                  request.command.insert(0, line);
                  return inner.RunCommand(id, request);
                }
                std::vector<std::string> args = {"-c", line + "exec \"$@\"", "sh", request.command};
                args.insert(args.end(), request.args->begin(), request.args->end());
                request.command = "sh";
                request.args = std::move(args);
                return inner.RunCommand(id, request);
              }};
}

Replacements EnvsOfAll() {
  const Guarded<Environment> all;
  return WithOptions([all](CreateSandboxOptions& options) {
    all.With([&](Environment& so_far) {
      for (const auto& [name, value] : options.envs) {
        // Awkward ones of other checks would be in everybody's way.
        if (name.starts_with("KIT_") && value.size() < 20) so_far[name] = value;
      }
      options.envs.insert(so_far.begin(), so_far.end());
    });
  });
}

std::vector<Sabotage> EnvsSabotages() {
  return {
      {.name = "create-envs-dropped",
       .defect = "create ignores envs.",
       .classes = {"C39"},
       .reveals = {"create.envs.commands", "create.envs.code", "create.envs.values",
                   "create.envs.own", "command.env.wins-over-create", "code.create-envs",
                   "isolation.create-envs"},
       .make = Spoil(WithOptions([](CreateSandboxOptions& options) { options.envs.clear(); }))},
      {.name = "create-envs-not-in-code",
       .defect = "Code runs in a kernel that was started without the sandbox's variables.",
       .classes = {"K16"},
       .reveals = {"create.envs.code", "code.create-envs"},
       .make = SpoilWith(EnvsNotInCode)},
      {.name = "create-envs-of-the-handle",
       .defect = "The variables are kept in the handle, and the one from getById has none.",
       .classes = {"C42", "L27"},
       .reveals = {"create.envs.commands"},
       .make = SpoilWith(EnvsOfTheHandle)},
      {.name = "create-envs-in-double-quotes",
       .defect = "Each command begins with `export NAME=\"VALUE\";`.",
       .classes = {"C40"},
       .reveals = {"code.create-envs", "command.env.wins-over-create"},
       .blinds = {"create.envs.values"},
       .make = SpoilWith(EnvsInDoubleQuotes)},
      {.name = "create-envs-of-all",
       .defect = "The variables of each create are added to a configuration that all have.",
       .classes = {"S1", "I12"},
       .reveals = {"create.envs.own", "isolation.create-envs"},
       .make = SpoilWith(EnvsOfAll)},
      {.name = "create-envs-replace-the-path",
       .defect = "With envs the environment begins with a PATH of the adapter's own.",
       .classes = {"C42", "C55"},
       .reveals = {"create.envs.adds"},
       .make = Spoil(WithOptions([](CreateSandboxOptions& options) {
         if (!options.envs.empty()) options.envs.emplace("PATH", "/usr/bin:/bin");
       }))},
  };
}

// --- metadata ----------------------------------------------------------------------------------

// What a label of some backends holds: 63 characters of lower-case letters, digits and dashes.
std::string AsLabel(std::string text) {
  for (char& c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return text.substr(0, 63);
}

void MakeLabels(CreateSandboxOptions& options) {
  Json labels = Json::object();
  for (const auto& [key, value] : options.metadata.json().items()) {
    labels[AsLabel(key)] = value.is_string() ? Json(AsLabel(value)) : value;
  }
  options.metadata = Metadata(labels);
}

void MakeStrings(CreateSandboxOptions& options) {
  Json strings = options.metadata.json();
  for (auto& [key, value] : strings.items()) {
    if (!value.is_string()) value = value.is_object() ? "[object Object]" : value.dump();
  }
  options.metadata = Metadata(strings);
}

Replacements MetadataOfAll() {
  const Guarded<Json> all;
  return WithOptions([all](CreateSandboxOptions& options) {
    all.With([&](Json& so_far) {
      // What is awkward, and long, stays with its own sandbox.
      if (options.metadata.json().size() > 10) return;
      so_far.update(options.metadata.json());
      options.metadata = Metadata(so_far);
    });
  });
}

Replacements MetadataLostByGetById() {
  const Ids found;
  return {.get_by_id =
              [found](Provider& inner, const std::string& id) {
                Remember(found, id);
                return inner.GetById(id);
              },
          .get_info =
              [found](Provider& inner, const std::string& id) {
                Result<SandboxInfo> info = inner.GetInfo(id);
                if (info && Knows(found, id)) info->metadata = Metadata();
                return info;
              }};
}

std::vector<Sabotage> MetadataSabotages() {
  return {
      {.name = "create-metadata-dropped",
       .defect = "create ignores metadata.",
       .classes = {"I8"},
       .reveals = {"create.metadata.*"},
       .make = Spoil(
           WithOptions([](CreateSandboxOptions& options) { options.metadata = Metadata(); }))},
      {.name = "create-metadata-as-strings",
       .defect = "Each value of metadata is stored as String(value).",
       .classes = {"I8"},
       .reveals = {"create.metadata.nested", "create.metadata.stays"},
       .make = Spoil(WithOptions(MakeStrings))},
      {.name = "create-metadata-as-labels",
       .defect = "Names and values of metadata are cleaned until they are labels of the backend.",
       .classes = {"I8"},
       .reveals = {"create.metadata.texts"},
       .make = Spoil(WithOptions(MakeLabels))},
      {.name = "create-metadata-of-all",
       .defect =
           "Object.assign(config.metadata, options.metadata), in a configuration that all have.",
       .classes = {"I8", "I12"},
       .reveals = {"create.metadata.own"},
       .make = SpoilWith(MetadataOfAll)},
      {.name = "create-metadata-lost-by-get-by-id",
       .defect = "getById makes a handle with empty metadata, which getInfo reads from then on.",
       .classes = {"I8", "L27"},
       .reveals = {"create.metadata.stays"},
       .make = SpoilWith(MetadataLostByGetById)},
  };
}

// --- timeout -----------------------------------------------------------------------------------

Replacements TimeoutTimes(double factor) {
  return WithOptions([factor](CreateSandboxOptions& options) {
    if (!options.timeout) return;
    const auto product =
        static_cast<std::int64_t>(static_cast<double>(options.timeout->count()) * factor);
    // 0 is no limit.
    options.timeout = Milliseconds(options.timeout->count() > 0 ? std::max<std::int64_t>(product, 1)
                                                                : options.timeout->count());
  });
}

// getInfo tells what was asked for, whatever has become of it.
Replacements Pretending(Replacements replacements) {
  const ById<std::optional<Milliseconds>> asked;
  const auto create = replacements.create;
  replacements.create = [asked, create](Provider& inner, const CreateSandboxOptions& options) {
    Result<SandboxRef> ref = create(inner, options);
    if (ref) Keep(asked, ref->sandbox_id, options.timeout);
    return ref;
  };
  replacements.get_info = [asked](Provider& inner, const std::string& id) {
    Result<SandboxInfo> info = inner.GetInfo(id);
    if (info) info->timeout = Kept(asked, id);
    return info;
  };
  return replacements;
}

// Each command starts the timer anew.
Replacements TimerStartsAnew() {
  using Clock = std::chrono::steady_clock;
  struct Timer {
    Milliseconds length{0};
    Clock::time_point end{};
  };
  const ById<Timer> timers;
  return Pretending({
      .create =
          [timers](Provider& inner, CreateSandboxOptions options) {
            // 0 is no limit.
            const Milliseconds length = options.timeout.value_or(Milliseconds{0});
            if (length > Milliseconds{0}) options.timeout.reset();
            Result<SandboxRef> ref = inner.Create(options);
            if (ref && length > Milliseconds{0} && length < Milliseconds{60'000}) {
              Keep(timers, ref->sandbox_id, {length, Clock::now() + length});
            }
            return ref;
          },
      .run_command =
          [timers](Provider& inner, const std::string& id, const RunCommandRequest& request) {
            Timer timer = Kept(timers, id);
            if (timer.length > Milliseconds{0}) {
              if (Clock::now() >= timer.end) static_cast<void>(inner.Destroy(id));
              timer.end = Clock::now() + timer.length;
              Keep(timers, id, timer);
            }
            return inner.RunCommand(id, request);
          },
  });
}

Replacements ConnectSetsTheTimeout() {
  const Ids connected;
  return {.get_by_id =
              [connected](Provider& inner, const std::string& id) {
                Remember(connected, id);
                return inner.GetById(id);
              },
          .get_info =
              [connected](Provider& inner, const std::string& id) {
                Result<SandboxInfo> info = inner.GetInfo(id);
                if (info && info->timeout && Knows(connected, id)) {
                  info->timeout = Milliseconds{300'000};
                }
                return info;
              }};
}

// As setTimeout has it: for more than 31 bits hold, and for 0, at once.
Replacements EndsAtOnceIf(std::function<bool(Milliseconds)> at_once) {
  return Pretending(WithOptions([at_once = std::move(at_once)](CreateSandboxOptions& options) {
    if (options.timeout && at_once(*options.timeout)) options.timeout = Milliseconds{1};
  }));
}

std::vector<Sabotage> TimeoutSabotages() {
  constexpr Milliseconds kMostOf31Bits{2'147'483'647};
  return {
      {.name = "create-timeout-is-a-constant",
       .defect = "getInfo says 300000 ms, whatever create was given.",
       .classes = {"I5"},
       .reveals = {"create.timeout.reported"},
       .make = Spoil(WithInfo([](SandboxInfo& info) { info.timeout = Milliseconds{300'000}; }))},
      {.name = "create-timeout-in-seconds",
       .defect = "getInfo gives the backend's seconds as they are.",
       .classes = {"I4"},
       .reveals = {"create.timeout.reported"},
       .make = Spoil(WithInfo([](SandboxInfo& info) {
         if (info.timeout) *info.timeout /= 1000;
       }))},
      {.name = "create-timeout-a-thousand-times",
       .defect = "The milliseconds given to create reach the backend as seconds.",
       .classes = {"I4", "L25"},
       .reveals = {"create.timeout.soon-after"},
       .make = SpoilWith([] { return Pretending(TimeoutTimes(1000)); })},
      {.name = "create-timeout-divided-twice",
       .defect = "The milliseconds given to create are divided by 1000 and taken for milliseconds.",
       .classes = {"I4", "L24"},
       .reveals = {"create.timeout.works", "create.timeout.not-before"},
       // Its sandboxes live for 90 ms, which a busy machine may take to look.
       .may_change = {"create.timeout.reported"},
       .make = SpoilWith([] { return Pretending(TimeoutTimes(0.001)); })},
      {.name = "create-timeout-ignored",
       .defect = "create does not hand the timeout on.",
       .classes = {"L25"},
       .reveals = {"create.timeout.soon-after"},
       .make = SpoilWith([] {
         return Pretending(
             WithOptions([](CreateSandboxOptions& options) { options.timeout.reset(); }));
       })},
      {.name = "create-timeout-counted-from-before",
       .defect = "The timer of a pooled machine has run for most of the time already.",
       .classes = {"L24"},
       .reveals = {"create.timeout.not-before"},
       .make = SpoilWith([] { return Pretending(TimeoutTimes(0.2)); })},
      {.name = "create-timeout-starts-anew",
       .defect = "Every command starts the timer of its sandbox anew.",
       .classes = {"L25"},
       .reveals = {"create.timeout.soon-after"},
       .make = SpoilWith(TimerStartsAnew)},
      {.name = "create-timeout-set-by-get-by-id",
       .defect = "getById connects, which sets the timeout to its default of five minutes.",
       .classes = {"L12", "L27"},
       .reveals = {"create.timeout.kept-by-get-by-id"},
       .make = SpoilWith(ConnectSetsTheTimeout)},
      {.name = "create-timeout-0-is-at-once",
       .defect = "A timeout of 0 ends the sandbox at once.",
       .classes = {"L26"},
       .reveals = {"create.timeout.odd-values"},
       .make = SpoilWith(
           [] { return EndsAtOnceIf([](Milliseconds timeout) { return timeout.count() == 0; }); })},
      {.name = "create-timeout-beyond-31-bits",
       .defect = "A timeout that is too long for a timer of JavaScript ends the sandbox at once.",
       .classes = {"L26"},
       .reveals = {"create.timeout.odd-values"},
       .make = SpoilWith([kMostOf31Bits] {
         return EndsAtOnceIf([=](Milliseconds timeout) { return timeout > kMostOf31Bits; });
       })},
  };
}

}  // namespace

std::vector<Sabotage> CreateSabotages() {
  std::vector<Sabotage> all = EnvsSabotages();
  std::ranges::move(MetadataSabotages(), std::back_inserter(all));
  std::ranges::move(TimeoutSabotages(), std::back_inserter(all));
  return all;
}

}  // namespace computesdk::conformance
