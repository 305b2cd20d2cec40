#include "conformance/report/html_writer.h"

#include <algorithm>
#include <array>

#include "conformance/printable.h"

namespace computesdk::conformance {
namespace {

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// These begin a line, so that the source can be read.
bool BeginsLine(std::string_view tag) {
  constexpr std::array<std::string_view, 14> kTags = {
      "article", "body", "details", "div",     "footer", "head", "header",
      "li",      "main", "nav",     "section", "table",  "tr",   "script"};
  return std::ranges::find(kTags, tag) != kTags.end();
}

}  // namespace

std::string CutMiddle(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t head = limit / 2;
  std::size_t tail = text.size() - limit / 2;
  // Four bytes at most: in what is no UTF-8 there may be no boundary near.
  for (int i = 0; i < 4 && head > 0 && Continues(text[head]); ++i) --head;
  for (int i = 0; i < 4 && tail < text.size() && Continues(text[tail]); ++i) ++tail;
  return std::string(text.substr(0, head)) + " … [" + std::to_string(tail - head) +
         " bytes left out] … " + std::string(text.substr(tail));
}

std::string EscapeMarkup(std::string_view text) {
  std::string out;
  for (char c : CleanText(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

HtmlWriter::HtmlWriter() : out_("<!DOCTYPE html>") {}

void HtmlWriter::Start(Literal tag, const Attributes& attributes) {
  if (BeginsLine(tag.text())) out_ += '\n';
  out_ += '<';
  out_ += tag.text();
  for (const Attribute& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name.text();
    out_ += "=\"" + EscapeMarkup(CutMiddle(attribute.value)) + '"';
  }
  out_ += '>';
}

HtmlWriter& HtmlWriter::Open(Literal tag, const Attributes& attributes) {
  Start(tag, attributes);
  open_.push_back(tag.text());
  return *this;
}

HtmlWriter& HtmlWriter::Close() {
  out_ += "</" + std::string(open_.back()) + '>';
  open_.pop_back();
  return *this;
}

HtmlWriter& HtmlWriter::Text(std::string_view text) {
  out_ += EscapeMarkup(CutMiddle(text));
  return *this;
}

HtmlWriter& HtmlWriter::Element(Literal tag, const Attributes& attributes, std::string_view text) {
  return Open(tag, attributes).Text(text).Close();
}

HtmlWriter& HtmlWriter::Void(Literal tag, const Attributes& attributes) {
  Start(tag, attributes);
  return *this;
}

HtmlWriter& HtmlWriter::Embed(Literal tag, const PageAsset& asset) {
  Start(tag, {});
  out_ += asset.content;
  out_ += "</" + std::string(tag.text()) + '>';
  return *this;
}

std::string HtmlWriter::Finish() {
  while (!open_.empty()) Close();
  return out_ + "\n";
}

}  // namespace computesdk::conformance
