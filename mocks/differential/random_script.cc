#include "mocks/differential/random_script.h"

#include <string>
#include <vector>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {

std::size_t ScriptMaker::Pick(std::size_t count) {
  if (choices_ == nullptr || next_ >= choices_->size()) return 0;
  return (*choices_)[next_++] % count;
}

bool ScriptMaker::Chance(unsigned percent) { return Pick(100) >= 100 - percent; }

std::string ScriptMaker::OneOf(std::initializer_list<std::string_view> texts) {
  return std::string(texts.begin()[Pick(texts.size())]);
}

std::string ScriptMaker::OneOf(std::initializer_list<Alternative> alternatives) {
  const Alternative chosen = alternatives.begin()[Pick(alternatives.size())];
  if (deep()) return (this->**alternatives.begin())();
  const Nested nested(*this);
  return (this->*chosen)();
}

std::string ScriptMaker::Settings(const Choices& choices) {
  choices_ = &choices;
  next_ = 0;
  if (!Chance(60)) return "";
  const std::string setting = OneOf({"set -e",
                                     "set -u",
                                     "set -f",
                                     "set -o pipefail",
                                     "shopt -s extglob",
                                     "shopt -s nullglob",
                                     "set -eu",
                                     "IFS=:",
                                     "IFS=",
                                     "IFS=$',\\n'",
                                     "IFS=', '",
                                     "shopt -s nocasematch",
                                     "shopt -s dotglob",
                                     "shopt -s globstar",
                                     "shopt -s failglob",
                                     "shopt -s inherit_errexit",
                                     "set -euo pipefail",
                                     "set -o noglob; shopt -s extglob",
                                     "shopt -s nocaseglob",
                                     "set -E",
                                     "set -T",
                                     "shopt -s lastpipe",
                                     "set -a",
                                     "set -C",
                                     "unset IFS",
                                     "declare -i x; declare -u y"});
  extglob_ = setting.find("extglob") != std::string::npos;
  return setting + "\n";
}

std::string ScriptMaker::Line(const Choices& choices) {
  choices_ = &choices;
  next_ = 0;
  place_ = {};
  return Command() + "\n";
}

std::string MakeRandomScript(const std::vector<Choices>& lines) {
  ScriptMaker maker;
  if (lines.empty()) return "";
  std::string script = maker.Settings(lines[0]);
  for (std::size_t i = 1; i < lines.size(); ++i) script += maker.Line(lines[i]);
  return script +
         "echo \"status $?\"; set +eu; declare -p x y z arr map 2>/dev/null; printf '<%s>' "
         "\"$@\"\n";
}

}  // namespace computesdk::differential
