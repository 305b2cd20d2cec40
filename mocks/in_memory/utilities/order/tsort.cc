#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/order/order_programs.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct TsortItem {
  const std::string* name = nullptr;
  std::size_t before = 0;              // Items that have to come first.
  std::vector<TsortItem*> successors;  // The last that was told comes first.
  TsortItem* link = nullptr;           // Of the path that looks for a loop.
  bool printed = false;
};

class TopologicalSorter {
 public:
  TopologicalSorter(Process& process, std::string file)
      : process_(process), file_(std::move(file)), out_(process) {}

  void Add(const std::string& first, const std::string& second) {
    TsortItem& before = Item(first);
    TsortItem& after = Item(second);
    if (&before == &after) return;
    before.successors.insert(before.successors.begin(), &after);
    ++after.before;
  }

  int Run() {
    std::size_t left = items_.size();
    bool whole = true;
    while (true) {
      left -= PrintFree();
      if (left == 0) break;
      whole = false;
      out_.Flush();
      Complain(process_, file_ + ": input contains a loop:");
      BreakLoop();
    }
    return out_.Finish(whole ? 0 : 1);
  }

 private:
  TsortItem& Item(const std::string& name) {
    const auto [found, added] = items_.try_emplace(name);
    if (added) found->second.name = &found->first;
    return found->second;
  }

  // Prints what nothing has to come before, and what becomes so; how many.
  std::size_t PrintFree() {
    std::deque<TsortItem*> free;
    for (auto& [name, item] : items_) {
      if (item.before == 0 && !item.printed) free.push_back(&item);
    }
    std::size_t count = 0;
    for (; !free.empty(); free.pop_front(), ++count) {
      process_.Checkpoint();
      TsortItem& item = *free.front();
      out_ << *item.name << "\n";
      item.printed = true;
      for (TsortItem* next : item.successors) {
        if (--next->before == 0) free.push_back(next);
      }
    }
    return count;
  }

  // Walks back along what comes before, until the path meets itself; takes its last step away.
  void BreakLoop() {
    TsortItem* path = nullptr;
    do {
      for (auto& [name, item] : items_) {
        process_.Checkpoint();
        if (item.before == 0) continue;
        if (path == nullptr) {
          path = &item;
        } else if (Follow(item, path)) {
          break;
        }
      }
    } while (path != nullptr);
  }

  // True if it found the loop; `path` is empty then.
  bool Follow(TsortItem& item, TsortItem*& path) {
    for (std::size_t i = 0; i < item.successors.size(); ++i) {
      if (item.successors[i] != path) continue;
      if (item.link == nullptr) {
        item.link = path;
        path = &item;
        return false;
      }
      while (path != nullptr) {
        TsortItem* next = path->link;
        Complain(process_, *path->name);
        if (path == &item) {
          --item.successors[i]->before;
          item.successors.erase(item.successors.begin() + static_cast<std::ptrdiff_t>(i));
          break;
        }
        path->link = nullptr;
        path = next;
      }
      while (path != nullptr) path = std::exchange(path->link, nullptr);
      return true;
    }
    return false;
  }

  Process& process_;
  const std::string file_;
  Output out_;
  std::map<std::string, TsortItem> items_;
};

}  // namespace

int TsortMain(Process& process) {
  Options options(process, "");
  while (options.Next()) {
  }
  const std::vector<std::string>& operands = options.operands();
  if (operands.size() > 1) UsageError(process, "extra operand " + QuotedWord(operands[1]));
  const std::string file = operands.empty() ? "-" : operands[0];
  TopologicalSorter sorter(process, file);
  std::vector<std::string> words;
  std::size_t bytes = 0;
  const int status = ForEachInput(process, operands, [&](int fd, const std::string&) {
    Input input(process, fd);
    while (const auto line = input.ReadLine()) {
      bytes += line->size();
      RequireMemory(process, bytes);
      std::string_view rest = *line;
      while (!rest.empty()) {
        const std::size_t begin = std::min(rest.find_first_not_of(" \t"), rest.size());
        rest.remove_prefix(begin);
        const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
        if (end > 0) words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end);
      }
    }
  });
  if (status != 0) return status;
  if (words.size() % 2 != 0) {
    Complain(process, file + ": input contains an odd number of tokens");
    return 1;
  }
  for (std::size_t i = 0; i < words.size(); i += 2) sorter.Add(words[i], words[i + 1]);
  return sorter.Run();
}

void AddOrderPrograms(ProgramTable& table) {
  table["csplit"] = CsplitMain;
  table["tsort"] = TsortMain;
}

}  // namespace computesdk::in_memory
