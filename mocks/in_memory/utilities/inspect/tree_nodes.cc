#include "mocks/in_memory/utilities/inspect/tree_nodes.h"

#include <fnmatch.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/version_order.h"

namespace computesdk::in_memory {
namespace {

// "a|b" is a choice of patterns.
bool TreeMatches(const std::vector<std::string>& patterns, const std::string& name,
                 const TreeStyle& style, bool directory) {
  const int flags = FNM_PERIOD | (style.ignore_case ? FNM_CASEFOLD : 0);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    std::string_view rest = pattern;
    while (true) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      std::string part(rest.substr(0, bar));
      if (part.ends_with('/')) {
        if (!directory) part.clear();
        if (!part.empty()) part.pop_back();
      }
      if (!part.empty() && fnmatch(part.c_str(), name.c_str(), flags) == 0) return true;
      if (bar == rest.size()) return false;
      rest.remove_prefix(bar + 1);
    }
  });
}

int Sign(bool less, bool greater) { return less ? -1 : greater ? 1 : 0; }

}  // namespace

std::vector<TreeNode> TreeReader::Children(const TreeNode& folder) {
  std::vector<TreeNode> nodes;
  const auto entries = process_.files().List(process_.AbsolutePath(folder.path));
  if (!entries) return nodes;
  const bool all = style_.match_directories && !style_.wanted.empty() &&
                   TreeMatches(style_.wanted, LastComponent(folder.path), style_, true);
  for (const DirectoryEntry& entry : *entries) {
    process_.Checkpoint();
    if (!style_.all && entry.name.starts_with('.')) continue;
    TreeNode node = MakeNode(folder, entry.name);
    if (Shows(node, all)) nodes.push_back(std::move(node));
  }
  Sort(nodes);
  if (style_.prune && !style_.directories_only) {
    std::erase_if(nodes, [&](const TreeNode& node) {
      return node.is_directory && (!Descends(node) || IsBarren(node, 0));
    });
  }
  return nodes;
}

TreeNode TreeReader::MakeNode(const TreeNode& folder, const std::string& name) {
  TreeNode node;
  node.name = name;
  node.path = ChildPath(folder.path, name);
  if (const auto status = StatLink(process_, node.path)) node.status = *status;
  node.is_directory = node.status.type == FileType::kDirectory;
  if (node.status.type == FileType::kSymlink) {
    node.target = process_.files().ReadLink(process_.AbsolutePath(node.path)).value_or("");
    if (const auto behind = StatPath(process_, node.path)) node.behind = *behind;
    node.is_directory = node.behind && node.behind->type == FileType::kDirectory;
  }
  return node;
}

bool TreeReader::Shows(const TreeNode& node, bool all) const {
  if (style_.directories_only && !node.is_directory) return false;
  const bool plain_directory =
      node.status.type == FileType::kDirectory || (style_.follow && node.is_directory);
  if (!all && !style_.wanted.empty() && (!plain_directory || style_.match_directories)) {
    const bool matches = TreeMatches(style_.wanted, node.name, style_, plain_directory);
    if (!matches && !plain_directory) return false;
  }
  return style_.ignored.empty() || !TreeMatches(style_.ignored, node.name, style_, plain_directory);
}

bool TreeReader::IsBarren(const TreeNode& folder, std::size_t depth) {
  constexpr std::size_t kDeepest = 1000;
  if (depth == kDeepest) return false;
  if (style_.match_directories && !style_.wanted.empty() &&
      TreeMatches(style_.wanted, folder.name, style_, true)) {
    return false;
  }
  const auto entries = process_.files().List(process_.AbsolutePath(folder.path));
  if (!entries) return true;
  return std::all_of(entries->begin(), entries->end(), [&](const DirectoryEntry& entry) {
    process_.Checkpoint();
    if (!style_.all && entry.name.starts_with('.')) return true;
    const TreeNode node = MakeNode(folder, entry.name);
    if (!Shows(node)) return true;
    return node.status.type == FileType::kDirectory && IsBarren(node, depth + 1);
  });
}

std::uint64_t TreeReader::UsageOf(const TreeNode& node, std::size_t depth) {
  constexpr std::size_t kDeepest = 1000;
  std::uint64_t size = node.status.size;
  if (!Descends(node) || depth == kDeepest) return size;
  for (const TreeNode& child : Children(node)) size += UsageOf(child, depth + 1);
  return size;
}

int TreeReader::CompareByOrder(const TreeNode& a, const TreeNode& b) const {
  const FileStatus& left = a.status;
  const FileStatus& right = b.status;
  switch (style_.order) {
    case TreeOrder::kVersion:
      return CompareVersions(a.name, b.name);
    case TreeOrder::kTime:
      return Sign(left.modified<right.modified, left.modified> right.modified);
    case TreeOrder::kChange:
      return Sign(left.changed<right.changed, left.changed> right.changed);
    case TreeOrder::kSize:
      return Sign(left.size > right.size, left.size < right.size);
    case TreeOrder::kName:
    case TreeOrder::kNone:
      break;
  }
  return 0;
}

void TreeReader::Sort(std::vector<TreeNode>& nodes) const {
  if (style_.order == TreeOrder::kNone) return;
  std::stable_sort(nodes.begin(), nodes.end(), [&](const TreeNode& a, const TreeNode& b) {
    if ((style_.directories_first || style_.files_first) && a.is_directory != b.is_directory) {
      return a.is_directory == style_.directories_first;
    }
    int order = CompareByOrder(a, b);
    if (order == 0) order = a.name.compare(b.name);
    return style_.reverse ? order > 0 : order < 0;
  });
}

bool TreeReader::Descends(const TreeNode& node) const {
  if (!node.is_directory) return false;
  if (node.status.type != FileType::kSymlink) return true;
  return style_.follow;
}

}  // namespace computesdk::in_memory
