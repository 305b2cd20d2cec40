#include "mocks/in_memory/utilities/grep/perl_regex.h"

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>

#include <array>

#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {
namespace {

// Steps of backtracking: about a tenth of a second; PCRE2's own limit is ten times as much.
constexpr std::uint32_t kMatchLimit = 1'000'000;

std::string WordsOf(int error) {
  if (error == PCRE2_ERROR_MATCHLIMIT) return "exceeded PCRE's backtracking limit";
  if (error == PCRE2_ERROR_DEPTHLIMIT) return "exceeded PCRE's nested backtracking limit";
  if (error == PCRE2_ERROR_HEAPLIMIT) return "exceeded PCRE's heap limit";
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

}  // namespace

struct PerlRegex::Impl {
  struct Free {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  };

  std::unique_ptr<pcre2_code, Free> code;
  std::unique_ptr<pcre2_match_context, Free> context;
};

tl::expected<PerlRegex, std::string> PerlRegex::Compile(std::string_view pattern,
                                                        PerlOptions options) {
  std::uint32_t flags = BytesAreCharacters() ? 0 : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
  // It would take single bytes out of characters.
  flags |= PCRE2_NEVER_BACKSLASH_C;
  if (options.ignore_case) flags |= PCRE2_CASELESS;
  if (options.multiline) flags |= PCRE2_MULTILINE;
  if (options.unicode) flags |= PCRE2_UCP;
  if (options.extended) flags |= PCRE2_EXTENDED;
  int error = 0;
  std::size_t offset = 0;
  auto impl = std::make_shared<Impl>();
  impl->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                 flags, &error, &offset, nullptr));
  if (!impl->code) return tl::unexpected(WordsOf(error));
  impl->context.reset(pcre2_match_context_create(nullptr));
  if (!impl->context) return tl::unexpected<std::string>("memory exhausted");
  pcre2_set_match_limit(impl->context.get(), kMatchLimit);
  return PerlRegex(std::move(impl));
}

tl::expected<PerlRegex::Span, std::string> PerlRegex::Find(std::string_view subject,
                                                           std::size_t start) const {
  std::vector<Span> groups;
  const auto found = Match(subject, start, groups);
  if (!found) return tl::unexpected(found.error());
  return *found ? groups[0] : Span{std::string::npos, std::string::npos};
}

std::vector<std::string> PerlRegex::GroupNames() const {
  const pcre2_code* const code = impl_->code.get();
  std::uint32_t groups = 0;
  std::uint32_t count = 0;
  std::uint32_t size = 0;
  PCRE2_SPTR table = nullptr;
  (void)pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
  (void)pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  (void)pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  (void)pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
  std::vector<std::string> names(groups);
  // Each entry: the number in two bytes, and the name.
  for (std::uint32_t i = 0; i < count; ++i, table += size) {
    const std::size_t group = static_cast<std::size_t>(table[0]) << 8 | table[1];
    names.at(group - 1) = reinterpret_cast<const char*>(table + 2);
  }
  return names;
}

tl::expected<bool, std::string> PerlRegex::Match(std::string_view subject, std::size_t start,
                                                 std::vector<Span>& groups) const {
  const std::unique_ptr<pcre2_match_data, Impl::Free> data(
      pcre2_match_data_create_from_pattern(impl_->code.get(), nullptr));
  if (!data) return tl::unexpected<std::string>("memory exhausted");
  const int found = pcre2_match(impl_->code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()),
                                subject.size(), start, 0, data.get(), impl_->context.get());
  if (found == PCRE2_ERROR_NOMATCH) return false;
  if (found < 0) return tl::unexpected(WordsOf(found));
  const std::size_t* ends = pcre2_get_ovector_pointer(data.get());
  const std::size_t count = pcre2_get_ovector_count(data.get());
  groups.clear();
  for (std::size_t i = 0; i < count; ++i) {
    // Those behind the last that matched are not set.
    const bool set = i < static_cast<std::size_t>(found) && ends[2 * i] != PCRE2_UNSET;
    groups.emplace_back(set ? ends[2 * i] : std::string::npos,
                        set ? ends[2 * i + 1] : std::string::npos);
  }
  return true;
}

}  // namespace computesdk::in_memory
