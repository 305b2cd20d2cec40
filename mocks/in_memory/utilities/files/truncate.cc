#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// What a size is to become: "+3" is so much more, "%4K" the next multiple.
struct NewSize {
  char operation = 0;
  std::int64_t number = 0;

  std::int64_t From(std::int64_t old) const {
    switch (operation) {
      case '+':
        return old + number;
      case '-':
        return std::max<std::int64_t>(0, old - number);
      case '<':
        return std::min(old, number);
      case '>':
        return std::max(old, number);
      case '/':
        return old / number * number;
      case '%':
        return (old + number - 1) / number * number;
      default:
        return number;
    }
  }
};

std::optional<NewSize> ParseNewSize(std::string_view text) {
  NewSize size;
  if (!text.empty() && std::string_view("+-<>/%").find(text[0]) != std::string_view::npos) {
    size.operation = text[0];
    text.remove_prefix(1);
  }
  const auto number = ParseSize(text);
  if (!number || *number < 0) return std::nullopt;
  size.number = *number;
  return size;
}

struct TruncateCommand {
  bool no_create = false;
  std::optional<NewSize> size;
  std::optional<std::uint64_t> reference;  // The size of a file that is taken for the old one.
};

bool Truncate(Process& process, const TruncateCommand& command, const std::string& path) {
  if (command.no_create && !StatPath(process, path)) return true;
  const auto inode = process.files().Create(process.AbsolutePath(path), 0666 & ~process.umask);
  if (!inode) {
    Complain(process,
             "cannot open " + QuotedName(path) + " for writing: " + ErrnoText(inode.error()));
    return false;
  }
  const auto old =
      static_cast<std::int64_t>(command.reference.value_or(process.files().Stat(**inode).size));
  const std::int64_t target = command.size ? command.size->From(old) : old;
  const IoStatus set = process.files().Truncate(**inode, static_cast<std::uint64_t>(target));
  if (set) return true;
  Complain(process, "failed to truncate " + QuotedName(path) + " at " + std::to_string(target) +
                        " bytes: " + ErrnoText(set.error()));
  return false;
}

}  // namespace

int TruncateMain(Process& process) {
  TruncateCommand command;
  std::optional<std::string> size;
  bool blocks = false;  // What --size counts.
  Options options(process, "cor:s:",
                  {{"io-blocks", 'o'},
                   {"no-create", 'c'},
                   {"reference", 'r', Options::kRequired},
                   {"size", 's', Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == 'c') command.no_create = true;
    if (option->letter == 'o') blocks = true;
    if (option->letter == 's') size = option->value;
    if (option->letter == 'r') {
      const auto status = StatPath(process, option->value);
      if (!status) {
        CannotDo(process, "stat", option->value, status.error());
        return 1;
      }
      command.reference = status->size;
    }
  }
  if (!size && !command.reference) {
    UsageError(process, "you must specify either " + QuotedWord("--size") + " or " +
                            QuotedWord("--reference"));
  }
  if (blocks && !size) {
    UsageError(process, QuotedWord("--io-blocks") + " was specified but " + QuotedWord("--size") +
                            " was not");
  }
  if (size) {
    command.size = ParseNewSize(*size);
    if (!command.size) {
      Complain(process, "Invalid number: " + QuotedWord(*size));
      return 1;
    }
    constexpr std::int64_t kBlock = 4096;
    if (blocks && __builtin_mul_overflow(command.size->number, kBlock, &command.size->number)) {
      Complain(process, "Invalid number: " + QuotedWord(*size));
      return 1;
    }
    const char operation = command.size->operation;
    if ((operation == '/' || operation == '%') && command.size->number == 0) {
      Complain(process, "division by zero");
      return 1;
    }
    if (command.reference && std::string_view("+-<>/%").find(operation) == std::string_view::npos) {
      UsageError(process, "you must specify a relative " + QuotedWord("--size") + " with " +
                              QuotedWord("--reference"));
    }
  }
  if (options.operands().empty()) UsageError(process, "missing file operand");
  bool all_done = true;
  for (const std::string& path : options.operands()) {
    if (!Truncate(process, command, path)) all_done = false;
  }
  return all_done ? 0 : 1;
}

}  // namespace computesdk::in_memory
