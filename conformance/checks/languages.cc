#include "conformance/checks/languages.h"

#include <algorithm>
#include <cctype>

#include "conformance/checks/values.h"

namespace computesdk::conformance {
namespace {

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

// A backslash before each of `special`; CR, which most languages change in a source, spelled out.
std::string Escape(std::string_view text, std::string_view special) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\r') {
      escaped += "\\r";
      continue;
    }
    if (special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

class Python : public Language {
 public:
  std::vector<std::string_view> names() const override { return {"python", "py", "pypy"}; }
  std::string Print(std::string_view bytes) const override { return Write("stdout", bytes); }
  std::string PrintError(std::string_view bytes) const override { return Write("stderr", bytes); }
  std::string PrintLiteral(std::string_view text) const override {
    return "import sys\nsys.stdout.buffer.write(\"\"\"" + Escape(text, "\\\"") +
           "\"\"\".encode('utf-8'))\nsys.stdout.flush()\n";
  }
  std::string PrintDoubled(std::string_view text, int times) const override {
    return "import sys\nsys.stdout.write('" + std::string(text) + "' * " +
           std::to_string(1 << times) + ")\nsys.stdout.flush()\n";
  }
  std::string Exit(int code) const override {
    return "import sys\nsys.exit(" + std::to_string(code) + ")\n";
  }
  std::string KillItself() const override { return "import os\nos.kill(os.getpid(), 9)\n"; }
  std::string Pause() const override { return "import time\ntime.sleep(0.3)\n"; }
  std::string Loop() const override { return "while True:\n    pass\n"; }
  std::string Throw(std::string_view text) const override {
    return "raise ValueError('" + std::string(text) + "')\n";
  }
  std::string ReadInput() const override {
    return "import sys\nsys.stdout.write('got %d' % len(sys.stdin.read()))\nsys.stdout.flush()\n";
  }
  std::string PrintVariable(std::string_view name) const override {
    return "import os, sys\nsys.stdout.write(os.environ.get('" + std::string(name) +
           "', 'unset'))\nsys.stdout.flush()\n";
  }
  std::string PrintDirectory() const override {
    return "import os, sys\nsys.stdout.buffer.write(os.getcwdb())\nsys.stdout.flush()\n";
  }
  std::string PrintFile(std::string_view path) const override {
    return "import sys\nsys.stdout.buffer.write(open(" + Bytes(path) +
           ", 'rb').read())\nsys.stdout.flush()\n";
  }
  std::string WriteFile(std::string_view path, std::string_view bytes) const override {
    return "with open(" + Bytes(path) + ", 'wb') as f:\n    f.write(" + Bytes(bytes) + ")\n";
  }
  std::string Comment(std::string_view text) const override {
    return "# " + std::string(text) + "\n";
  }
  std::string Broken() const override { return "def broken(:\n    pass\n"; }
  std::string Remember(std::string_view name) const override {
    return std::string(name) + " = 1\n";
  }
  std::string Recall(std::string_view name) const override {
    return "import sys\nsys.stdout.write('known' if '" + std::string(name) +
           "' in globals() else 'unknown')\nsys.stdout.flush()\n";
  }
  std::string Indented() const override {
    return "import sys\n\ndef show(n):\n\tif n >= 0:\n\t\tfor letter in 'ab':\n"
           "\t\t\tsys.stdout.write(str(n) + letter)\n\nfor n in range(2):\n    show(n)\n"
           "sys.stdout.flush()\n";
  }

 private:
  static std::string Bytes(std::string_view bytes) { return "bytes.fromhex('" + Hex(bytes) + "')"; }
  static std::string Write(const std::string& stream, std::string_view bytes) {
    return "import sys\nsys." + stream + ".buffer.write(" + Bytes(bytes) + ")\nsys." + stream +
           ".flush()\n";
  }
};

class JavaScript : public Language {
 public:
  std::vector<std::string_view> names() const override {
    return {"node", "nodejs", "javascript", "js", "typescript", "ts", "bun", "deno"};
  }
  std::string Print(std::string_view bytes) const override {
    return "process.stdout.write(" + Bytes(bytes) + ");\n";
  }
  std::string PrintError(std::string_view bytes) const override {
    return "process.stderr.write(" + Bytes(bytes) + ");\n";
  }
  std::string PrintLiteral(std::string_view text) const override {
    return "process.stdout.write(`" + Escape(text, "\\`$") + "`);\n";
  }
  std::string PrintDoubled(std::string_view text, int times) const override {
    return "process.stdout.write('" + std::string(text) + "'.repeat(" + std::to_string(1 << times) +
           "));\n";
  }
  std::string Exit(int code) const override {
    return "process.exit(" + std::to_string(code) + ");\n";
  }
  std::string KillItself() const override { return "process.kill(process.pid, 'SIGKILL');\n"; }
  std::string Pause() const override {
    return "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);\n";
  }
  std::string Loop() const override { return "for (;;) {}\n"; }
  std::string Throw(std::string_view text) const override {
    return "throw new TypeError('" + std::string(text) + "');\n";
  }
  std::string ReadInput() const override {
    return "process.stdout.write('got ' + " + Fs() + ".readFileSync(0).length);\n";
  }
  std::string PrintVariable(std::string_view name) const override {
    return "process.stdout.write(process.env." + std::string(name) + " ?? 'unset');\n";
  }
  std::string PrintDirectory() const override { return "process.stdout.write(process.cwd());\n"; }
  std::string PrintFile(std::string_view path) const override {
    return "process.stdout.write(" + Fs() + ".readFileSync(" + Bytes(path) + "));\n";
  }
  std::string WriteFile(std::string_view path, std::string_view bytes) const override {
    return Fs() + ".writeFileSync(" + Bytes(path) + ", " + Bytes(bytes) + ");\n";
  }
  std::string Comment(std::string_view text) const override {
    return "// " + std::string(text) + "\n";
  }
  std::string Broken() const override { return "function broken( {\n"; }
  std::string Remember(std::string_view name) const override {
    return "globalThis." + std::string(name) + " = 1;\n";
  }
  std::string Recall(std::string_view name) const override {
    return "process.stdout.write('" + std::string(name) +
           "' in globalThis ? 'known' : 'unknown');\n";
  }
  std::string Indented() const override {
    return "for (const n of [0, 1]) {\n\tfor (const letter of 'ab') {\n"
           "\t\tprocess.stdout.write(`${n}${letter}`);\n\t}\n}\n";
  }

 private:
  static std::string Bytes(std::string_view bytes) {
    return "Buffer.from('" + Hex(bytes) + "', 'hex')";
  }
  // In a module there is no `require`, and in older versions no other way that does not wait.
  static std::string Fs() {
    return "(process.getBuiltinModule ? process.getBuiltinModule('fs') : require('fs'))";
  }
};

class Shell : public Language {
 public:
  std::vector<std::string_view> names() const override {
    return {"bash", "sh", "shell", "dash", "zsh", "ash", "busybox"};
  }
  std::string Print(std::string_view bytes) const override {
    return "printf '" + PrintfOctal(bytes) + "'\n";
  }
  std::string PrintError(std::string_view bytes) const override {
    return "printf '" + PrintfOctal(bytes) + "' >&2\n";
  }
  std::string PrintLiteral(std::string_view text) const override {
    return "printf '%s' " + ShellQuote(text) + "\n";
  }
  // In pieces of 16 KiB: where printf is a program, each is an argument.
  std::string PrintDoubled(std::string_view text, int times) const override {
    int inside = 0;
    while (inside < times && (text.size() << inside) < (std::size_t{1} << 14)) ++inside;
    return "s='" + std::string(text) + "'; i=0; while [ $i -lt " + std::to_string(inside) +
           " ]; do s=$s$s; i=$((i+1)); done; i=0; while [ $i -lt " +
           std::to_string(1 << (times - inside)) + " ]; do printf '%s' \"$s\"; i=$((i+1)); done\n";
  }
  std::string Exit(int code) const override { return "exit " + std::to_string(code) + "\n"; }
  std::string KillItself() const override { return "kill -9 $$\n"; }
  std::string Pause() const override { return "sleep 0.3 || sleep 1\n"; }
  std::string Loop() const override { return "while :; do :; done\n"; }
  std::string Throw(std::string_view text) const override {
    return ": \"${kit_unset_variable?" + std::string(text) + "}\"\n";
  }
  std::string ReadInput() const override { return "x=$(cat); printf 'got %s' \"${#x}\"\n"; }
  std::string PrintVariable(std::string_view name) const override {
    return "printf '%s' \"${" + std::string(name) + "-unset}\"\n";
  }
  std::string PrintDirectory() const override { return "printf '%s' \"$(pwd)\"\n"; }
  std::string PrintFile(std::string_view path) const override {
    return "cat " + ShellQuote(path) + "\n";
  }
  std::string WriteFile(std::string_view path, std::string_view bytes) const override {
    return "printf '" + PrintfOctal(bytes) + "' > " + ShellQuote(path) + "\n";
  }
  std::string Comment(std::string_view text) const override {
    return "# " + std::string(text) + "\n";
  }
  // `-1` is a program's name.
  std::string LeadingDash() const override { return ""; }
  std::string Broken() const override { return "if then fi (\n"; }
  std::string Remember(std::string_view name) const override { return std::string(name) + "=1\n"; }
  std::string Recall(std::string_view name) const override {
    return "if [ -n \"${" + std::string(name) +
           "-}\" ]; then printf known; else printf unknown; fi\n";
  }
  std::string Indented() const override {
    return "for n in 0 1; do\n\tfor letter in a b; do\n\t\tcat <<-EOF | { IFS= read -r x; printf "
           "'%s' \"$x\"; }\n\t\t\t$n$letter\n\t\tEOF\n\tdone\ndone\n";
  }
};

class Ruby : public Language {
 public:
  std::vector<std::string_view> names() const override { return {"ruby", "rb"}; }
  std::string Print(std::string_view bytes) const override {
    return "$stdout.binmode\n$stdout.write(" + Bytes(bytes) + ")\n$stdout.flush\n";
  }
  std::string PrintError(std::string_view bytes) const override {
    return "$stderr.binmode\n$stderr.write(" + Bytes(bytes) + ")\n$stderr.flush\n";
  }
  std::string PrintLiteral(std::string_view text) const override {
    return "$stdout.binmode\n$stdout.write(\"" + Escape(text, "\\\"#") + "\")\n$stdout.flush\n";
  }
  std::string PrintDoubled(std::string_view text, int times) const override {
    return "$stdout.write('" + std::string(text) + "' * " + std::to_string(1 << times) +
           ")\n$stdout.flush\n";
  }
  std::string Exit(int code) const override { return "exit(" + std::to_string(code) + ")\n"; }
  std::string KillItself() const override { return "Process.kill(9, Process.pid)\n"; }
  std::string Pause() const override { return "sleep 0.3\n"; }
  std::string Loop() const override { return "loop {}\n"; }
  std::string Throw(std::string_view text) const override {
    return "raise ArgumentError, '" + std::string(text) + "'\n";
  }
  std::string ReadInput() const override {
    return "$stdout.write(\"got #{$stdin.read.to_s.bytesize}\")\n$stdout.flush\n";
  }
  std::string PrintVariable(std::string_view name) const override {
    return "$stdout.write(ENV.fetch('" + std::string(name) + "', 'unset'))\n$stdout.flush\n";
  }
  std::string PrintDirectory() const override { return "$stdout.write(Dir.pwd)\n$stdout.flush\n"; }
  std::string PrintFile(std::string_view path) const override {
    return "$stdout.binmode\n$stdout.write(File.binread(" + Bytes(path) + "))\n$stdout.flush\n";
  }
  std::string WriteFile(std::string_view path, std::string_view bytes) const override {
    return "File.binwrite(" + Bytes(path) + ", " + Bytes(bytes) + ")\n";
  }
  std::string Comment(std::string_view text) const override {
    return "# " + std::string(text) + "\n";
  }
  std::string Broken() const override { return "def broken(\n  ]\nend\n"; }
  std::string Remember(std::string_view name) const override {
    return "$" + std::string(name) + " = 1\n";
  }
  std::string Recall(std::string_view name) const override {
    return "$stdout.write(defined?($" + std::string(name) +
           ") ? 'known' : 'unknown')\n$stdout.flush\n";
  }
  std::string Indented() const override {
    return "2.times do |n|\n\t%w[a b].each do |letter|\n\t\t$stdout.write(<<~EOF.chomp)\n"
           "\t\t\t#{n}#{letter}\n\t\tEOF\n\tend\nend\n$stdout.flush\n";
  }

 private:
  static std::string Bytes(std::string_view bytes) { return "['" + Hex(bytes) + "'].pack('H*')"; }
};

const std::vector<const Language*>& Languages() {
  static const auto* const languages =
      new std::vector<const Language*>{new Python(), new JavaScript(), new Shell(), new Ruby()};
  return *languages;
}

}  // namespace

const Language* FindLanguage(std::string_view runtime) {
  std::string name;
  for (const char c : runtime) {
    if (!std::isalpha(static_cast<unsigned char>(c))) break;
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const Language* language : Languages()) {
    const std::vector<std::string_view> names = language->names();
    if (std::find(names.begin(), names.end(), name) != names.end()) return language;
  }
  return nullptr;
}

std::vector<Runtime> UndeclaredRuntimes(const ProviderDescription& description) {
  std::vector<Runtime> undeclared;
  for (const Language* language : Languages()) {
    const bool declared =
        std::any_of(description.runtimes.begin(), description.runtimes.end(),
                    [&](const std::string& name) { return FindLanguage(name) == language; });
    if (!declared) undeclared.push_back({std::string(language->names().front()), language});
  }
  return undeclared;
}

void ForEachRuntime(CheckContext& ctx, const std::function<void(const Runtime&)>& body) {
  std::string unknown;
  bool any = false;
  for (const std::string& name : ctx.description().runtimes) {
    const Language* language = FindLanguage(name);
    if (language == nullptr) {
      unknown += (unknown.empty() ? "" : ", ") + name;
      continue;
    }
    any = true;
    const auto scope = ctx.Case("runtime ", name);
    body({name, language});
  }
  if (!any) ctx.NotTestable("the kit has no programs for the runtimes declared: " + unknown);
}

Result<ExecutionResult> RunCode(CheckContext& ctx, const Box& box, const Runtime& runtime,
                                std::string code) {
  return ctx.provider().RunCode(box.id, {.code = std::move(code), .runtime = runtime.name});
}

void ExpectRuns(CheckContext& ctx, const Result<ExecutionResult>& run, std::string_view out) {
  const ExecutionResult result = ctx.Must(run, "runCode");
  ctx.ExpectBytes(result.stdout_bytes, out, "stdout");
  ctx.ExpectBytes(result.stderr_bytes, "", "stderr");
  ctx.Expect(result.exit_code, ::testing::Eq(0), "exit code");
}

}  // namespace computesdk::conformance
