#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PLAIN_MESSAGES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PLAIN_MESSAGES_H_

#include <string>
#include <string_view>

namespace computesdk::in_memory::shell {

// What dash, the sh of Debian, says where bash says `message`: "x: not found" for
// "x: command not found". Empty where dash says nothing; a message that both have stays.
std::string PlainMessage(const std::string& message);

// The same for an error of syntax; `expected` is the one token that could stand there, empty for
// several: "Syntax error: end of file unexpected (expecting "fi")".
std::string PlainSyntaxMessage(const std::string& message, std::string_view expected);

// 'it'"'"'s': the way sh writes values for reading them back.
std::string PlainQuote(std::string_view text);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PLAIN_MESSAGES_H_
