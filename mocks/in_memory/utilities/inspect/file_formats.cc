#include "mocks/in_memory/utilities/inspect/file_formats.h"

#include <string>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory {
namespace {

using std::string_view_literals::operator""sv;

std::string Dimensions(std::uint64_t width, std::uint64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

// The segment that tells how a JPEG image is coded; empty where it does not come.
std::string JpegFrame(std::string_view content) {
  std::size_t at = 2;
  while (at + 9 < content.size() && content[at] == '\xff') {
    const auto marker = static_cast<unsigned char>(content[at + 1]);
    if (marker >= 0xc0 && marker <= 0xc2) {
      static constexpr std::string_view kCodings[] = {"baseline", "extended sequential",
                                                      "progressive"};
      return ", " + std::string(kCodings[marker - 0xc0]) + ", precision " +
             std::to_string(NumberAt(content, at + 4, 1, false)) + ", " +
             Dimensions(NumberAt(content, at + 7, 2, false), NumberAt(content, at + 5, 2, false)) +
             ", components " + std::to_string(NumberAt(content, at + 9, 1, false));
    }
    at += 2 + NumberAt(content, at + 2, 2, false);
  }
  return "";
}

ContentKind JpegKind(std::string_view content) {
  ContentKind kind{"JPEG image data", "image/jpeg", "binary"};
  if (content.size() < 20 || content.substr(6, 5) != "JFIF\0"sv) return kind;
  static constexpr std::string_view kUnits[] = {"aspect ratio", "resolution (DPI)",
                                                "resolution (DPCM)"};
  const std::uint64_t minor = NumberAt(content, 12, 1, false);
  const std::uint64_t unit = NumberAt(content, 13, 1, false);
  kind.description += ", JFIF standard " + std::to_string(NumberAt(content, 11, 1, false)) +
                      (minor < 10 ? ".0" : ".") + std::to_string(minor);
  if (unit < 3) kind.description += ", " + std::string(kUnits[unit]);
  kind.description +=
      ", density " + Dimensions(NumberAt(content, 14, 2, false), NumberAt(content, 16, 2, false)) +
      ", segment length " + std::to_string(NumberAt(content, 4, 2, false)) + JpegFrame(content);
  return kind;
}

ContentKind BitmapKind(std::string_view content) {
  ContentKind kind{"PC bitmap", "image/bmp", "binary"};
  constexpr std::size_t kHeader = 46;
  if (content.size() < kHeader - 16 || NumberAt(content, 14, 4, true) != 40) return kind;
  const auto number = [&](std::size_t at, std::size_t bytes) {
    return std::to_string(NumberAt(content, at, bytes, true));
  };
  kind.description +=
      ", Windows 3.x format, " + number(18, 4) + " x " + number(22, 4) + " x " + number(28, 2);
  if (NumberAt(content, 34, 4, true) != 0) kind.description += ", image size " + number(34, 4);
  if (NumberAt(content, 38, 4, true) != 0) {
    kind.description += ", resolution " + number(38, 4) + " x " + number(42, 4) + " px/m";
  }
  kind.description += ", cbSize " + number(2, 4) + ", bits offset " + number(10, 4);
  return kind;
}

std::string WaveWords(std::string_view content) {
  std::string words = ", WAVE audio";
  if (content.size() < 36 || content.substr(12, 4) != "fmt ") return words;
  const std::uint64_t format = NumberAt(content, 20, 2, true);
  const std::uint64_t channels = NumberAt(content, 22, 2, true);
  if (format == 1) {
    words += ", Microsoft PCM, " + std::to_string(NumberAt(content, 34, 2, true)) + " bit";
  } else if (format == 3) {
    words += ", IEEE Float";
  }
  words += channels == 1   ? ", mono"
           : channels == 2 ? ", stereo"
                           : ", " + std::to_string(channels) + " channels";
  return words + " " + std::to_string(NumberAt(content, 24, 4, true)) + " Hz";
}

ContentKind FilmKind(std::string_view brand) {
  struct Brand {
    std::string_view name;
    std::string_view words;
    std::string_view mime_type;
  };
  static constexpr Brand kBrands[] = {
      {"isom", ", MP4 Base Media v1 [ISO 14496-12:2003]", "video/mp4"},
      {"mp41", ", MP4 v1 [ISO 14496-1:ch13]", "video/mp4"},
      {"mp42", ", MP4 v2 [ISO 14496-14]", "video/mp4"},
      {"qt  ", ", Apple QuickTime movie, Apple QuickTime (.MOV/QT)", "video/quicktime"},
      {"M4A ", ", Apple iTunes ALAC/AAC-LC (.M4A) Audio", "audio/x-m4a"},
      {"avif", ", AVIF Image", "image/avif"}};
  for (const Brand& known : kBrands) {
    if (known.name != brand) continue;
    return {"ISO Media" + std::string(known.words), std::string(known.mime_type), "binary"};
  }
  return {"ISO Media", "application/octet-stream", "binary"};
}

// "P6 1 1 255": width and height stand behind blanks.
std::optional<ContentKind> PixmapKind(std::string_view content) {
  if (content.size() < 8 || content[0] != 'P' || content[1] < '2' || content[1] > '6' ||
      content[2] != '\n') {
    return std::nullopt;
  }
  std::size_t at = 3;
  const auto number = [&] {
    std::string digits;
    while (at < content.size() && IsDigit(content[at])) digits += content[at++];
    while (at < content.size() && IsSpace(content[at])) ++at;
    return digits;
  };
  const std::string width = number();
  const std::string height = number();
  if (width.empty() || height.empty()) return std::nullopt;
  static constexpr std::string_view kKinds[] = {", greymap", ", pixmap", ", rawbits, bitmap",
                                                ", rawbits, greymap", ", rawbits, pixmap"};
  static constexpr std::string_view kMimes[] = {"graymap", "pixmap", "bitmap", "greymap", "pixmap"};
  const auto kind = static_cast<std::size_t>(content[1] - '2');
  return ContentKind{"Netpbm image data, size = " + width + " x " + height +
                         std::string(kKinds[kind]) + (kind < 2 ? ", ASCII text" : ""),
                     "image/x-portable-" + std::string(kMimes[kind]), kind < 2 ? "" : "binary"};
}

std::string DocumentEnd(std::string_view content) {
  const std::string_view line = content.substr(0, content.find('\n'));
  return line.size() > 11 && line.substr(2, 9) == "PS-Adobe-"
             ? " conforming DSC level " + std::string(line.substr(11, 3))
             : "";
}

}  // namespace

std::uint64_t NumberAt(std::string_view content, std::size_t at, std::size_t bytes, bool little) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes && at + i < content.size(); ++i) {
    const auto byte = static_cast<unsigned char>(content[at + (little ? bytes - 1 - i : i)]);
    value = value << 8 | byte;
  }
  return value;
}

std::optional<ContentKind> MediaKind(std::string_view content) {
  if (content.starts_with("\xff\xd8\xff")) return JpegKind(content);
  if (content.starts_with("RIFF") && content.size() >= 12) {
    const std::string_view type = content.substr(8, 4);
    const std::string riff = "RIFF (little-endian) data";
    if (type == "WAVE") return ContentKind{riff + WaveWords(content), "audio/x-wav", "binary"};
    if (type == "WEBP") return ContentKind{riff + ", Web/P image", "image/webp", "binary"};
    if (type == "AVI ") return ContentKind{riff + ", AVI", "video/x-msvideo", "binary"};
    return ContentKind{riff, "application/octet-stream", "binary"};
  }
  if (content.starts_with("BM") && content.size() > 14 && NumberAt(content, 6, 4, true) == 0) {
    return BitmapKind(content);
  }
  if (content.starts_with("ID3") && content.size() >= 5) {
    return ContentKind{"Audio file with ID3 version 2." + std::to_string(content[3]) + "." +
                           std::to_string(content[4]),
                       "audio/mpeg", "binary"};
  }
  if (content.size() >= 12 && content.substr(4, 4) == "ftyp") {
    return FilmKind(content.substr(8, 4));
  }
  if (content.starts_with("II*\0"sv) || content.starts_with("MM\0*"sv)) {
    const bool little = content[0] == 'I';
    return ContentKind{std::string("TIFF image data, ") + (little ? "little" : "big") + "-endian",
                       "image/tiff", "binary"};
  }
  return PixmapKind(content);
}

std::optional<ContentKind> PackedKind(std::string_view content) {
  if (content.starts_with("\x1f\x9d") && content.size() > 2) {
    return ContentKind{"compress'd data " + std::to_string(content[2] & 0x1f) + " bits",
                       "application/x-compress", "binary"};
  }
  if (content.starts_with("\xfd"
                          "7zXZ\0"sv) &&
      content.size() >= 8) {
    static constexpr std::pair<char, std::string_view> kChecks[] = {
        {'\0', "NONE"}, {'\1', "CRC32"}, {'\4', "CRC64"}, {'\xa', "SHA-256"}};
    ContentKind kind{"XZ compressed data", "application/x-xz", "binary"};
    for (const auto& [code, name] : kChecks) {
      if (content[7] == code) kind.description += ", checksum " + std::string(name);
    }
    return kind;
  }
  if (content.starts_with("7z\xbc\xaf\x27\x1c") && content.size() >= 8) {
    return ContentKind{"7-zip archive data, version " + std::to_string(content[6]) + "." +
                           std::to_string(content[7]),
                       "application/x-7z-compressed", "binary"};
  }
  if (content.starts_with("Rar!\x1a\7\1\0"sv)) {
    return ContentKind{"RAR archive data, v5", "application/x-rar", "binary"};
  }
  if (content.starts_with("!<arch>\ndebian-binary")) {
    return ContentKind{"Debian binary package", "application/vnd.debian.binary-package", "binary"};
  }
  return std::nullopt;
}

std::optional<ContentKind> DocumentKind(std::string_view content) {
  if (content.starts_with("%!")) {
    return ContentKind{"PostScript document text" + DocumentEnd(content), "application/postscript",
                       "us-ascii"};
  }
  if (content.starts_with("{\\rtf")) {
    ContentKind kind{"Rich Text Format data, version 1", "text/rtf", "us-ascii"};
    const std::size_t ansi = content.find("\\ansi");
    if (ansi < 20) kind.description += ", ANSI";
    if (const std::size_t page = content.find("\\ansicpg"); page < 40) {
      std::string digits;
      for (std::size_t at = page + 8; at < content.size() && IsDigit(content[at]); ++at) {
        digits += content[at];
      }
      kind.description += ", code page " + digits;
    }
    return kind;
  }
  if (content.starts_with("BEGIN:VCALENDAR")) {
    return ContentKind{"vCalendar calendar file", "text/calendar", "us-ascii"};
  }
  static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
      {"ssh-rsa ", "RSA"}, {"ssh-dss ", "DSA"}, {"ecdsa-", "ECDSA"}, {"ssh-ed25519 ", "ED25519"}};
  for (const auto& [start, name] : kKeys) {
    if (!content.starts_with(start)) continue;
    return ContentKind{"OpenSSH " + std::string(name) + " public key", "text/plain", "us-ascii"};
  }
  static constexpr std::pair<std::string_view, std::pair<std::string_view, std::string_view>>
      kTexts[] = {{"\\documentclass", {"LaTeX 2e document", "text/x-tex"}},
                  {".\\\"", {"troff or preprocessor input", "text/troff"}},
                  {".TH ", {"troff or preprocessor input", "text/troff"}},
                  {"Return-Path:", {"SMTP mail", "message/rfc822"}},
                  {"Received:", {"RFC 822 mail", "message/rfc822"}},
                  {"From:", {"news or mail", "message/rfc822"}}};
  for (const auto& [start, words] : kTexts) {
    if (!content.starts_with(start)) continue;
    return ContentKind{std::string(words.first), std::string(words.second), ""};
  }
  return std::nullopt;
}

}  // namespace computesdk::in_memory
