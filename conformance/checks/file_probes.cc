#include "conformance/checks/file_probes.h"

#include <algorithm>

#include "sdk/types.h"

namespace computesdk::conformance {
namespace {

// As many files go into one command as keep it, and what it prints, short.
constexpr std::size_t kFilesPerCommand = 20;

constexpr std::string_view kNoFile = "(no file)";

}  // namespace

Requirement FileRequirement(Requirement requirement) {
  requirement.id.insert(0, "filesystem.");
  requirement.capability = capability::kFilesystem;
  if (requirement.level == Level::kRequired) requirement.level = Level::kOptional;
  return requirement;
}

Requirement FileContentRequirement(Requirement requirement) {
  requirement.id.insert(0, "content.");
  return FileRequirement(std::move(requirement));
}

Requirement FilePathRequirement(Requirement requirement) {
  requirement.id.insert(0, "paths.");
  return FileRequirement(std::move(requirement));
}

std::vector<std::string> CatFiles(CheckContext& ctx, const Box& box,
                                  const std::vector<std::string>& paths) {
  const std::string mark = ctx.Unique();
  std::vector<std::string> contents;
  for (std::size_t first = 0; first < paths.size(); first += kFilesPerCommand) {
    const std::size_t end = std::min(first + kFilesPerCommand, paths.size());
    // Each content has the mark on either side: what is done to the ends of output changes none.
    std::string line = "printf " + mark + "\n";
    for (std::size_t i = first; i < end; ++i) {
      const std::string quoted = ShellQuote(paths[i]);
      line += "if [ -f " + quoted + " ]; then cat " + quoted + "; else printf '" +
              std::string(kNoFile) + "'; fi; printf " + mark + "\n";
    }
    const std::string printed = ctx.Observe(box, line);
    std::size_t begin = mark.size();
    if (!printed.starts_with(mark)) ctx.NotTestable("`cat` of several files began too late");
    for (std::size_t i = first; i < end; ++i) {
      const std::size_t stop = printed.find(mark, begin);
      if (stop == std::string::npos) ctx.NotTestable("`cat` of several files ended too early");
      contents.push_back(printed.substr(begin, stop - begin));
      begin = stop + mark.size();
    }
  }
  return contents;
}

void ExpectCat(CheckContext& ctx, const Box& box, const std::string& path,
               std::string_view content) {
  const std::string seen = ctx.PeekFile(box, path).value_or(std::string(kNoFile));
  if (seen == content) return;
  const std::string control = box.Path(ctx.Unique());
  ctx.PutFile(box, control, content);
  if (ctx.PeekFile(box, control) == seen) {
    ctx.NotTestable("`cat` prints other bytes than the file has, of a file made by `printf`, too");
  }
  ctx.ExpectBytes(seen, content, "`cat`");
}

}  // namespace computesdk::conformance
