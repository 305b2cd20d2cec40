#include "conformance/selftest/shell_files.h"

#include <cstdio>
#include <sstream>
#include <utility>

namespace computesdk::conformance {
namespace {

ErrorCode CodeOf(const std::string& complaint) {
  if (complaint.find("No such file") != std::string::npos) return ErrorCode::kNotFound;
  return ErrorCode::kFailedPrecondition;
}

Result<ExecutionResult> Run(Provider& provider, const std::string& id, std::string line,
                            const std::string& path, const Quoting& quoting) {
  if (path.find('\0') != std::string::npos) {
    return MakeError(ErrorCode::kInvalidArgument, "the path has a NUL in it");
  }
  ReplaceAll(line, "{}", quoting(path));
  return Sh(provider, id, line);
}

// What the line printed; an error where it failed.
Result<std::string> Output(Provider& provider, const std::string& id, const std::string& line,
                           const std::string& path, const Quoting& quoting) {
  Result<ExecutionResult> result = Run(provider, id, line, path, quoting);
  if (!result) return tl::unexpected(result.error());
  if (result->exit_code != 0) {
    return MakeError(CodeOf(result->stderr_bytes), path + ": " + result->stderr_bytes);
  }
  return std::move(result->stdout_bytes);
}

Status Done(const Result<std::string>& output) {
  return output ? Status() : tl::unexpected(output.error());
}

}  // namespace

std::string Unquoted(std::string_view path) { return std::string(path); }

std::string JsonQuoted(std::string_view path) {
  std::string quoted(path);
  ReplaceAll(quoted, "\\", "\\\\");
  ReplaceAll(quoted, "\"", "\\\"");
  ReplaceAll(quoted, "\n", "\\n");
  ReplaceAll(quoted, "\r", "\\r");
  ReplaceAll(quoted, "\t", "\\t");
  ReplaceAll(quoted, "\x1b", "\\u001b");
  return DoubleQuoted(quoted);
}

Replacements ReadByShell(std::string line, Quoting quoting) {
  return {.read_file = [=](Provider& inner, const std::string& id, const std::string& path) {
    return Output(inner, id, line, path, quoting);
  }};
}

Replacements MkdirByShell(std::string line, Quoting quoting) {
  return {.mkdir = [=](Provider& inner, const std::string& id, const std::string& path) {
    return Done(Output(inner, id, line, path, quoting));
  }};
}

Replacements RemoveByShell(std::string line, Quoting quoting) {
  return {.remove = [=](Provider& inner, const std::string& id, const std::string& path) {
    return Done(Output(inner, id, line, path, quoting));
  }};
}

Replacements ExistsByShell(std::string line, Quoting quoting) {
  return {.exists = [=](Provider& inner, const std::string& id,
                        const std::string& path) -> Result<bool> {
    const Result<ExecutionResult> result = Run(inner, id, line, path, quoting);
    if (!result) return tl::unexpected(result.error());
    return result->exit_code == 0;
  }};
}

Replacements ReaddirByShell(std::string line,
                            std::function<std::vector<FileEntry>(const std::string&)> parse,
                            Quoting quoting) {
  return {.readdir = [=](Provider& inner, const std::string& id,
                         const std::string& path) -> Result<std::vector<FileEntry>> {
    const Result<std::string> output = Output(inner, id, line, path, quoting);
    if (!output) return tl::unexpected(output.error());
    std::vector<FileEntry> entries = parse(*output);
    const std::string directory = path.ends_with('/') ? path : path + "/";
    for (FileEntry& entry : entries) entry.path = directory + entry.name;
    return entries;
  }};
}

Replacements WriteByShell(std::function<std::string(std::string_view content)> line,
                          Quoting quoting) {
  return {.write_file = [=](Provider& inner, const std::string& id, const std::string& path,
                            const std::string& content) -> Status {
    const std::string parent = path.substr(0, path.rfind('/'));
    if (parent.starts_with('/') && !inner.Exists(id, parent).value_or(true)) {
      if (const Status made = inner.Mkdir(id, parent); !made) return made;
    }
    return Done(Output(inner, id, line(content), path, quoting));
  }};
}

std::string OctalEscaped(std::string_view bytes) {
  std::string octal;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    octal += {'\\', static_cast<char>('0' + (byte >> 6)), static_cast<char>('0' + (byte >> 3) % 8),
              static_cast<char>('0' + byte % 8)};
  }
  return octal;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace computesdk::conformance
