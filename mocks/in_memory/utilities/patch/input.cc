#include "mocks/in_memory/utilities/patch/input.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/patch/names.h"

namespace computesdk::in_memory::patch {
namespace {

using Names = std::array<std::optional<std::string>, 3>;

// A patch that makes a file that is there, or removes one that is not, is asked about.
bool LooksReversed(Talk& talk, const Header& header, Current& current, const std::string& name) {
  const bool missing = !current.status;
  const bool empty = missing || current.status->size == 0;
  const auto said = [&](bool side) { return header.nonexistent[side ? 1 : 0]; };
  const bool reversed = current.reversed;
  if (empty && said(reversed != missing) == 1 && said(reversed == missing) == 2) return false;
  if ((empty ? 0 : 1) >= said(reversed != empty)) return false;
  std::string finding =
      std::string("The next patch") + (reversed ? ", when reversed," : "") + " would ";
  if (missing) {
    finding += "delete the file " + ShownName(name) + ",\nwhich does not exist!";
  } else if (empty) {
    finding += "empty out the file " + ShownName(name) + ",\nwhich is already empty!";
  } else {
    finding += "create the file " + ShownName(name) + ",\nwhich already exists!";
  }
  if (talk.MayReverse(current, finding)) current.reversed = !reversed;
  return true;
}

std::optional<std::size_t> FirstOf(const Names& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i]) return i;
  }
  return std::nullopt;
}

// The best of the names that stay below the current folder.
std::optional<std::string> BestSafeName(const Process& process, Talk& talk, Names names,
                                        bool posix) {
  std::string complained;
  while (const auto best = posix ? FirstOf(names) : BestName(names)) {
    const std::string name = *names[*best];
    if (IsSafeName(name) || process.cwd == "/") return name;
    if (complained != name) {
      talk.Say("Ignoring potentially dangerous file name " + ShownName(name) + "\n");
    }
    complained = name;
    names[*best].reset();
  }
  return std::nullopt;
}

// Those that need the fewest folders to be made.
Names FewestNewFolders(Process& process, Names names) {
  std::array<std::size_t, 3> missing{};
  std::size_t fewest = SIZE_MAX;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!names[i]) continue;
    for (std::string parent = ParentPath(*names[i]); !IsDirectory(process, parent);
         parent = ParentPath(parent)) {
      ++missing[i];
    }
    fewest = std::min(fewest, missing[i]);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (missing[i] != fewest) names[i].reset();
  }
  return names;
}

}  // namespace

void Talk::Note(const std::string& text) {
  if (options_.volume != Volume::kSilent) Say(text);
}

void Talk::Verbose(const std::string& text) {
  if (options_.volume == Volume::kVerbose) Say(text);
}

bool Talk::MayReverse(Current& current, const std::string& finding) {
  const bool quiet = options_.force && options_.volume == Volume::kSilent;
  if (options_.forward || !quiet) Say(finding);
  if (options_.forward) {
    Say("  Skipping patch.\n");
    current.skip = true;
  } else if (options_.force) {
    Note("  Applying it anyway.\n");
  } else if (options_.batch) {
    Note(current.reversed ? "  Ignoring -R.\n" : "  Assuming -R.\n");
    return true;
  } else {
    Ask(current.reversed ? "  Ignore -R? [n] " : "  Assume -R? [n] ");
    Ask("Apply anyway? [n] ");
    Note("Skipping patch.\n");
    current.skip = true;
  }
  return false;
}

void ChooseInput(Process& process, const PatchOptions& options, const Files& files, Talk& talk,
                 const Header& header, Current& current) {
  if (options.input) {
    current.input = options.input;
    current.status = files.Stat(*options.input);
    LooksReversed(talk, header, current, *options.input);
    return;
  }
  Names names = header.names;
  if (!options.posix && (names[0] || names[1])) names[2].reset();
  Names there = names;
  std::optional<std::string> any;
  for (auto& name : there) {
    if (!name) continue;
    any = name;
    // What is looked for above the current folder is not found.
    const bool above = !name->starts_with('/') && !IsSafeName(*name) && process.cwd != "/";
    if (above || !files.Stat(*name)) name.reset();
  }
  current.input = BestSafeName(process, talk, there, options.posix);
  if (current.input) current.status = files.Stat(*current.input);
  if (options.posix) return;
  if (any) {
    const std::string name = current.input.value_or(*any);
    if (LooksReversed(talk, header, current, name) && !current.status) current.input = any;
  }
  if (!current.input && header.nonexistent[current.reversed ? 1 : 0] != 0) {
    current.input = BestSafeName(process, talk, FewestNewFolders(process, names), false);
  }
}

}  // namespace computesdk::in_memory::patch
