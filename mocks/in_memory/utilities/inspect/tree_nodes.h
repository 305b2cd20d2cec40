#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_TREE_NODES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_TREE_NODES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/inspect/tree.h"

namespace computesdk::in_memory {

struct TreeNode {
  std::string name;
  std::string path;
  FileStatus status;
  std::string target;                // Of a link.
  std::optional<FileStatus> behind;  // What a link leads to.
  bool is_directory = false;         // Also a link to one.
};

// Which files tree shows, and in what order.
class TreeReader {
 public:
  TreeReader(Process& process, const TreeStyle& style) : process_(process), style_(style) {}

  std::vector<TreeNode> Children(const TreeNode& folder);
  // Whether a folder is gone into; a link only with -l.
  bool Descends(const TreeNode& node) const;
  // --du: of a folder with all that is shown below it.
  std::uint64_t UsageOf(const TreeNode& node, std::size_t depth = 0);

 private:
  TreeNode MakeNode(const TreeNode& folder, const std::string& name);
  // `all`: whatever -P wants.
  bool Shows(const TreeNode& node, bool all = false) const;
  // Whether nothing below a folder is shown.
  bool IsBarren(const TreeNode& folder, std::size_t depth);
  int CompareByOrder(const TreeNode& a, const TreeNode& b) const;
  void Sort(std::vector<TreeNode>& nodes) const;

  Process& process_;
  const TreeStyle& style_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_TREE_NODES_H_
