#include "mocks/in_memory/utilities/inspect/tree.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/inspect/tree_nodes.h"
#include "mocks/in_memory/utilities/json_text.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

std::string_view TypeWord(FileType type) {
  switch (type) {
    case FileType::kDirectory:
      return "directory";
    case FileType::kSymlink:
      return "link";
    case FileType::kCharacterDevice:
      return "char";
    case FileType::kFifo:
      return "fifo";
    case FileType::kRegular:
      break;
  }
  return "file";
}

class TreePrinter {
 public:
  TreePrinter(Process& process, const TreeStyle& style, int fd)
      : process_(process), style_(style), reader_(process, style), out_(process, fd) {}

  int Run(const std::vector<std::string>& roots) {
    if (style_.json) out_ << "[\n";
    for (std::size_t i = 0; i < roots.size(); ++i) {
      PrintRoot(roots[i]);
      if (style_.json && i + 1 < roots.size()) out_ << ",\n";
    }
    PrintReport();
    return out_.Finish(failed_ ? 2 : 0);
  }

 private:
  void PrintRoot(const std::string& name) {
    const auto status = StatPath(process_, name);
    TreeNode root;
    root.name = root.path = name;
    if (const auto link = StatLink(process_, name)) root.status = *link;
    root.is_directory = status && status->type == FileType::kDirectory;
    if (!root.is_directory) {
      // A root that is a file is counted as one.
      failed_ |= !status;
      if (status) ++files_;
      if (style_.usage && status) used_ += root.status.size;
      PrintFailure(root, status.has_value());
      return;
    }
    std::vector<TreeNode> children = reader_.Children(root);
    const std::size_t count = children.size();
    // A folder with nothing in it is not counted where tree starts from it.
    if (count > 0) ++directories_;
    if (count > style_.file_limit) children.clear();
    if (style_.json) {
      out_ << "  {";
      PrintJsonFields(root);
      if (count > 0) {
        out_ << ",\"contents\":[";
        PrintJsonChildren(children, 1);
        out_ << "]";
      }
      out_ << "}\n";
      return;
    }
    if (style_.usage) used_ += reader_.UsageOf(root) - root.status.size;
    PrintFields(root);
    out_ << Colored(Shown(root), ColorOf(root)) << (style_.classify ? SuffixOfRoot(root) : "");
    if (count > style_.file_limit) PrintLimit(count);
    out_ << "\n";
    PrintChildren(children, "", 1);
  }

  void PrintFailure(const TreeNode& root, bool there) {
    if (style_.json) {
      out_ << "  {\"type\":\"directory\",\"name\":" << JsonText(root.name)
           << ",\"contents\":[{\"error\": \"error opening dir\"}\n  ]}\n";
    } else {
      if (there) PrintFields(root);
      out_ << Colored(Shown(root), ColorOf(root)) << "  [error opening dir]\n";
    }
  }

  bool IsAbove(const TreeNode& node) const {
    const FileStatus& status = node.behind ? *node.behind : node.status;
    return std::any_of(above_.begin(), above_.end(),
                       [&](const FileStatus& parent) { return SameFile(parent, status); });
  }

  void PrintChildren(const std::vector<TreeNode>& nodes, const std::string& indent,
                     std::size_t level) {
    const std::string_view tee = style_.utf8 ? "├── " : "|-- ";
    const std::string_view corner = style_.utf8 ? "└── " : "`-- ";
    const std::string_view bar = style_.utf8 ? "│\u00a0\u00a0 " : "|   ";
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const TreeNode& node = nodes[i];
      const bool last = i + 1 == nodes.size();
      if (style_.fields_first) PrintFields(node);
      if (!style_.no_indent) out_ << indent << (last ? corner : tee);
      if (!style_.fields_first) PrintFields(node);
      out_ << Colored(Shown(node), ColorOf(node));
      if (node.status.type == FileType::kSymlink) {
        const std::string target = style_.quote ? JsonText(node.target) : Visible(node.target);
        out_ << " -> " << Colored(target, node.behind ? ColorOf(node.target, *node.behind) : "00");
      }
      if (style_.classify) out_ << Suffix(node);
      (node.is_directory ? directories_ : files_) += 1;
      std::vector<TreeNode> children;
      if (reader_.Descends(node) && level < style_.level) {
        children = ListChildren(node);
      }
      out_ << "\n";
      if (children.empty()) continue;
      above_.push_back(node.behind ? *node.behind : node.status);
      PrintChildren(children, indent + std::string(last ? "    " : bar), level + 1);
      above_.pop_back();
    }
  }

  // Those of a folder that is gone into; says why where it is not.
  std::vector<TreeNode> ListChildren(const TreeNode& node) {
    constexpr std::size_t kDeepest = 1000;
    if (node.status.type == FileType::kSymlink && (IsAbove(node) || IsSeen(node))) {
      if (!style_.json) out_ << "  [recursive, not followed]";
      return {};
    }
    if (above_.size() >= kDeepest) return {};
    if (style_.follow) seen_.push_back(node.behind ? *node.behind : node.status);
    std::vector<TreeNode> children = reader_.Children(node);
    if (children.size() > style_.file_limit) {
      if (!style_.json) PrintLimit(children.size());
      children.clear();
    }
    return children;
  }

  void PrintLimit(std::size_t count) {
    out_ << "  [" << std::to_string(count) << " entries exceeds filelimit, not opening dir]";
  }

  // With -l a folder is shown once.
  bool IsSeen(const TreeNode& node) const {
    const FileStatus& status = node.behind ? *node.behind : node.status;
    return std::any_of(seen_.begin(), seen_.end(),
                       [&](const FileStatus& other) { return SameFile(other, status); });
  }

  std::string Shown(const TreeNode& node) const {
    const std::string& name = style_.full_path ? node.path : node.name;
    return style_.quote ? JsonText(name) : Visible(name);
  }

  std::string Colored(const std::string& text, std::string_view color) const {
    if (!style_.color) return text;
    return "\x1b[" + std::string(color) + "m" + text + "\x1b[0m";
  }

  static std::string_view ColorOf(const TreeNode& node) {
    if (node.status.type == FileType::kSymlink) return node.behind ? "01;36" : "40;31;01";
    return ColorOf(node.name, node.status);
  }

  static std::string_view ColorOf(const std::string& name, const FileStatus& status) {
    static constexpr std::string_view kArchives =
        " arj bz2 deb gz lzh rpm tar taz tb2 tbz2 tbz tgz tz2 z Z zip ZIP zoo ";
    static constexpr std::string_view kMedia =
        " asf ASF avi AVI bmp BMP flac FLAC gif GIF jpg JPG jpeg JPEG m2a M2a m2v M2V mov MOV mp3 "
        "MP3 mpeg MPEG mpg MPG ogg OGG ppm rm RM tga TGA tif TIF wav WAV wmv WMV xbm xpm ";
    static constexpr std::string_view kPrograms =
        " bat BAT btm BTM cmd CMD com COM dll DLL exe EXE ";
    if (status.type == FileType::kDirectory) return "01;34";
    if (status.type == FileType::kFifo) return "40;33";
    if (status.type == FileType::kCharacterDevice) return "40;33;01";
    if ((status.mode & 0111) != 0) return "01;32";
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) return "00";
    const std::string end = " " + name.substr(dot + 1) + " ";
    if (kArchives.find(end) != std::string_view::npos) return "01;31";
    if (kMedia.find(end) != std::string_view::npos) return "01;35";
    return kPrograms.find(end) != std::string_view::npos ? "01;32" : "00";
  }

  std::string Visible(const std::string& name) const {
    if (style_.raw_names) return name;
    std::string text;
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte != 0x7f) {
        text += c;
        continue;
      }
      char code[8];
      (void)std::snprintf(code, sizeof code, "\\%03o", byte);
      text += code;
    }
    return text;
  }

  // A link that tree starts from shows as one.
  std::string_view SuffixOfRoot(const TreeNode& root) const {
    return root.status.type == FileType::kSymlink ? "@" : Suffix(root);
  }

  std::string_view Suffix(const TreeNode& node) const {
    const FileStatus& status = node.behind ? *node.behind : node.status;
    switch (status.type) {
      case FileType::kDirectory:
        return node.name.ends_with('/') ? "" : "/";
      case FileType::kFifo:
        return "|";
      case FileType::kRegular:
        return (status.mode & 0111) != 0 ? "*" : "";
      case FileType::kSymlink:
      case FileType::kCharacterDevice:
        break;
    }
    return "";
  }

  std::string TimeOf(const FileStatus& status) const {
    const FileTime when = style_.order == TreeOrder::kChange ? status.changed : status.modified;
    if (!style_.time_format.empty()) return FormatTime(style_.time_format, when, ZoneOf(process_));
    constexpr std::chrono::hours kHalfYear{6 * 31 * 24};
    const bool recent = process_.clock().Now() - when < kHalfYear;
    return FormatTime(recent ? "%b %e %H:%M" : "%b %e  %Y", when, ZoneOf(process_));
  }

  std::string SizeOf(const FileStatus& status) const {
    char text[32];
    if (!style_.human && !style_.si) {
      (void)std::snprintf(text, sizeof text, "%11llu",
                          static_cast<unsigned long long>(status.size));
      return text;
    }
    const std::uint64_t step = style_.si ? 1000 : 1024;
    std::uint64_t size = status.size;
    if (size < step) {
      (void)std::snprintf(text, sizeof text, "%4llu", static_cast<unsigned long long>(size));
      return text;
    }
    std::size_t unit = 0;
    for (; size >= step * step; size /= step) ++unit;
    (void)std::snprintf(text, sizeof text, size / step >= 10 ? "%3.0f%c" : "%3.1f%c",
                        static_cast<double>(size) / static_cast<double>(step),
                        (style_.si ? "kMGTPE" : "KMGTPE")[unit]);
    return text;
  }

  // "[drwxr-xr-x root  4096]  ": what is asked for beside the name.
  void PrintFields(const TreeNode& node) {
    FileStatus status = node.status;
    if (style_.usage) status.size = reader_.UsageOf(node);
    std::string fields;
    const auto add = [&](const std::string& field) {
      fields += (fields.empty() ? "" : " ") + field;
    };
    const auto padded = [](std::string name) {
      name.resize(std::max<std::size_t>(name.size(), 8), ' ');
      return name;
    };
    if (style_.inodes) {
      std::string inode = std::to_string(status.inode);
      add(std::string(inode.size() < 7 ? 7 - inode.size() : 0, ' ') + inode);
    }
    if (style_.protections) add(ModeString(status.type, status.mode));
    if (style_.owner) add(padded(UserName(process_, status.uid)));
    if (style_.group) add(padded(GroupName(process_, status.gid)));
    if (style_.size || style_.human || style_.si || style_.usage) add(SizeOf(status));
    if (style_.times) add(TimeOf(status));
    if (!fields.empty()) out_ << "[" << fields << "]  ";
  }

  void PrintJsonFields(const TreeNode& node) {
    const FileStatus& status = node.status;
    out_ << "\"type\":\"" << TypeWord(status.type)
         << "\",\"name\":" << JsonText(style_.full_path ? node.path : node.name);
    if (status.type == FileType::kSymlink) out_ << ",\"target\":" << JsonText(node.target);
    if (style_.inodes) out_ << ",\"inode\":" << std::to_string(status.inode);
    if (style_.protections) {
      char mode[8];
      (void)std::snprintf(mode, sizeof mode, "%04o", status.mode & 07777);
      out_ << ",\"mode\":\"" << mode << "\",\"prot\":\"" << ModeString(status.type, status.mode)
           << "\"";
    }
    if (style_.owner) out_ << ",\"user\":" << JsonText(UserName(process_, status.uid));
    if (style_.group) out_ << ",\"group\":" << JsonText(GroupName(process_, status.gid));
    if (style_.human || style_.si) {
      out_ << ",\"size\":" << JsonText(SizeOf(status));
    } else if (style_.size) {
      out_ << ",\"size\":" << std::to_string(status.size);
    }
    if (style_.times) out_ << ",\"time\":" << JsonText(TimeOf(status));
  }

  void PrintJsonChildren(const std::vector<TreeNode>& nodes, std::size_t level) {
    out_ << "\n";
    const std::string indent(2 * (level + 1), ' ');
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const TreeNode& node = nodes[i];
      (node.is_directory ? directories_ : files_) += 1;
      out_ << indent << "{";
      PrintJsonFields(node);
      std::vector<TreeNode> children;
      if (reader_.Descends(node) && level < style_.level) children = ListChildren(node);
      if (!children.empty()) {
        out_ << ",\"contents\":[";
        above_.push_back(node.behind ? *node.behind : node.status);
        PrintJsonChildren(children, level + 1);
        above_.pop_back();
        out_ << "]";
      }
      out_ << (i + 1 < nodes.size() ? "},\n" : "}\n");
    }
    out_ << std::string(2 * level, ' ');
  }

  void PrintReport() {
    const auto count = [](std::size_t number, std::string_view one, std::string_view many) {
      return std::to_string(number) + " " + std::string(number == 1 ? one : many);
    };
    if (style_.json) {
      if (style_.no_report) {
        out_ << "\n]\n";
        return;
      }
      out_ << ",\n  {\"type\":\"report\",\"directories\":" << std::to_string(directories_);
      if (!style_.directories_only) out_ << ",\"files\":" << std::to_string(files_);
      out_ << "}\n]\n";
      return;
    }
    if (style_.no_report) return;
    out_ << "\n";
    if (style_.usage) {
      FileStatus whole;
      whole.size = used_;
      out_ << " " << SizeOf(whole) << (style_.human || style_.si ? " used in " : " bytes used in ");
    }
    out_ << count(directories_, "directory", "directories");
    if (!style_.directories_only) out_ << ", " << count(files_, "file", "files");
    out_ << "\n";
  }

  Process& process_;
  const TreeStyle& style_;
  TreeReader reader_;
  Output out_;
  std::vector<FileStatus> above_;  // The folders that are being printed.
  std::vector<FileStatus> seen_;
  std::size_t directories_ = 0;
  std::size_t files_ = 0;
  std::uint64_t used_ = 0;
  bool failed_ = false;
};

}  // namespace

int PrintTree(Process& process, const TreeStyle& style, const std::vector<std::string>& roots) {
  int fd = 1;
  if (!style.output.empty()) {
    const auto opened = process.Open(style.output, O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened) {
      Complain(process, "invalid filename '" + style.output + "'");
      return 1;
    }
    fd = *opened;
  }
  return TreePrinter(process, style, fd).Run(roots);
}

}  // namespace computesdk::in_memory
