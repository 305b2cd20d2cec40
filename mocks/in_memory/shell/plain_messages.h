#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PLAIN_MESSAGES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PLAIN_MESSAGES_H_

#include <string>
#include <string_view>

namespace computesdk::in_memory::shell {

// The message of sh for what bash would say.
std::string PlainMessage(const std::string& message);

// The same for a syntax error.
std::string PlainSyntaxError(const std::string& message);

// 'it'"'"'s': the way sh writes values for reading them back.
std::string PlainQuote(std::string_view text);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_PLAIN_MESSAGES_H_
