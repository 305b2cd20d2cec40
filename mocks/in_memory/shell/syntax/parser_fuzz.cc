// Parses a script, and prints what was parsed: nothing may crash, hang or overflow the stack.
#include <cstddef>
#include <cstdint>
#include <string>

#include "mocks/in_memory/shell/syntax/lexer.h"
#include "mocks/in_memory/shell/syntax/parser.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace computesdk::in_memory::shell;
  const LexerContext context{.extglob = size % 2 == 0};
  Lexer lexer(std::string(reinterpret_cast<const char*>(data), size), 1, &context);
  Parser parser(lexer);
  while (true) {
    const auto line = parser.ParseLine();
    if (!line || *line == nullptr) return 0;
    (void)PrintCommand(**line);
  }
}
