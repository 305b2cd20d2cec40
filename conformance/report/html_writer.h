#ifndef COMPUTESDK_CONFORMANCE_REPORT_HTML_WRITER_H_
#define COMPUTESDK_CONFORMANCE_REPORT_HTML_WRITER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report/page_assets.h"

namespace computesdk::conformance {

// The most bytes of one value that a page shows: the middle of a longer one is left out.
inline constexpr std::size_t kMostValueBytes = 4096;

// A text of at most about `limit` bytes: of a longer one the beginning and the end, and between
// them how many bytes were left out. Characters stay whole.
std::string CutMiddle(std::string_view text, std::size_t limit = kMostValueBytes);

// Text for HTML, SVG and XML, as content or in quotes: what would be markup is escaped, and so is
// what no document may hold.
std::string EscapeMarkup(std::string_view text);

// A name that stands in the source: data cannot become one.
class Literal {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant wherever one is written.
  consteval Literal(const char* text) : text_(text) {}
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Writes a document of HTML. Every text comes in by Text or as the value of an attribute, where it
// is cut and escaped: what a provider said is data, never markup.
class HtmlWriter {
 public:
  struct Attribute {
    Literal name;
    std::string value;
  };
  using Attributes = std::vector<Attribute>;

  HtmlWriter();

  HtmlWriter& Open(Literal tag, const Attributes& attributes = {});
  // Closes what was opened last and is not closed.
  HtmlWriter& Close();
  HtmlWriter& Text(std::string_view text);
  // Open, Text and Close.
  HtmlWriter& Element(Literal tag, const Attributes& attributes, std::string_view text);
  HtmlWriter& Element(Literal tag, std::string_view text) { return Element(tag, {}, text); }
  // One that has no content: <meta>, <input>.
  HtmlWriter& Void(Literal tag, const Attributes& attributes = {});
  // <style> or <script> with a file of the kit's own.
  HtmlWriter& Embed(Literal tag, const PageAsset& asset);

  std::size_t size() const { return out_.size(); }
  // The document; everything is closed.
  std::string Finish();

 private:
  void Start(Literal tag, const Attributes& attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_HTML_WRITER_H_
