#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGEST_DIGESTS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGEST_DIGESTS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/utilities/support.h"
#include "openssl/evp.h"

namespace computesdk::in_memory {

struct DigestAlgorithm {
  std::string_view name;      // As in "cksum -a md5".
  std::string_view tag;       // As in "MD5 (file) = …".
  const EVP_MD* (*method)();  // None: BLAKE2b, whose digests have any length.
};

// An algorithm, and how long its digests are.
struct DigestKind {
  const DigestAlgorithm* algorithm = nullptr;
  std::size_t bytes = 0;
  // "MD5", "BLAKE2b-256".
  std::string Tag() const;
};

struct DigestStyle {
  // None: whatever the lines of a list name.
  std::optional<DigestKind> kind;
  bool check = false;
  bool binary = false;
  bool tag = false;
  bool quiet = false;
  bool status_only = false;
  bool strict = false;
  bool warn = false;
  bool ignore_missing = false;
  char end = '\n';
};

// Letters of the long options that have none.
enum DigestOption { kTag = 300, kUntagged, kQuiet, kStatus, kStrict, kIgnoreMissing };

// The algorithm of that name (as in "cksum -a md5"), or null; by its tag with `by_tag`.
const DigestAlgorithm* FindDigest(std::string_view name, bool by_tag = false);
// How long its digests are where nothing else is said.
std::size_t DigestBytes(const DigestAlgorithm& algorithm);
// The length of -l, in bits; none, or 0, means the usual one. Complains and ends where it cannot
// be.
std::size_t ParseDigestLength(Process& process, const std::string& bits);
// Prints the digests of files, or checks the lists that they are.
int RunDigests(Process& process, const DigestStyle& style, const std::vector<std::string>& files);
// The digest in hexadecimal.
IoResult<std::string> DigestOf(Process& process, int fd, const DigestKind& kind);

// Names with what would break a line escaped.
std::string EscapedDigestName(const std::string& name);

// Checks the files that a list names.
class DigestChecker {
 public:
  DigestChecker(Process& process, Output& out, const DigestStyle& style)
      : process_(process), out_(out), style_(style) {}
  // False where something is wrong.
  bool CheckList(int fd, const std::string& list);

 private:
  struct Expected {
    DigestKind kind;
    std::string digest;
    std::string name;
  };
  std::optional<Expected> ParseLine(std::string_view line) const;
  std::optional<Expected> ParseTagged(std::string_view line) const;
  std::optional<Expected> ParsePlain(std::string_view line) const;
  void Say(const std::string& message);
  void Summarize();
  void Report(const std::string& name, const char* result, bool good);
  void CheckFile(const Expected& expected);

  Process& process_;
  Output& out_;
  const DigestStyle& style_;
  std::size_t well_formed_ = 0;
  std::size_t malformed_ = 0;
  std::size_t matched_ = 0;
  std::size_t mismatched_ = 0;
  std::size_t unread_ = 0;
};

void AddChecksumPrograms(ProgramTable& table);  // md5sum sha1sum … b2sum
int CksumMain(Process& process);
int SumMain(Process& process);
int Base64Main(Process& process);
int Base32Main(Process& process);
int BasencMain(Process& process);
int OdMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGEST_DIGESTS_H_
