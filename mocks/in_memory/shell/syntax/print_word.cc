#include <string_view>

#include "mocks/in_memory/shell/syntax/print_command.h"

// Words, and what is made of nothing else.
namespace computesdk::in_memory::shell {

std::string QuotePlainly(std::string_view text) {
  if (text == "'") return "\\'";
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

namespace {

std::string PrintSource(const WordSource& source) {
  std::string text;
  std::size_t at = 0;
  for (const WordSource::Piece& piece : source.pieces) {
    text.append(source.text, at, piece.start - at);
    at = piece.end;
    if (piece.quotes) {
      text += QuotePlainly(piece.text);
    } else if (!piece.open.empty()) {
      text += piece.open + PrintSubstitution(piece.body) + ")";
    }
  }
  return text.append(source.text, at);
}

}  // namespace

std::string PrintWord(const Word& word) {
  if (word.assignment != nullptr) return PrintAssignment(*word.assignment);
  if (word.source != nullptr) return PrintSource(*word.source);
  std::string text;
  for (const WordPart& part : word.parts) {
    if (const auto* literal = std::get_if<Literal>(&part.value)) text += literal->text;
    if (const auto* tilde = std::get_if<Tilde>(&part.value)) text += "~" + tilde->name;
  }
  return text;
}

std::string PrintAssignment(const Assignment& assignment) {
  if (assignment.source != nullptr) return PrintSource(*assignment.source);
  std::string text = assignment.name + (assignment.append ? "+=" : "=");
  if (!assignment.array) return text + PrintWord(assignment.value);
  text += "(";
  for (std::size_t i = 0; i < assignment.elements.size(); ++i) {
    const ArrayElement& element = assignment.elements[i];
    if (i != 0) text += ' ';
    text += element.source != nullptr ? PrintSource(*element.source) : PrintWord(element.value);
  }
  return text + ")";
}

std::string PrintCondition(const ConditionalNode& node) {
  using Kind = ConditionalNode::Kind;
  switch (node.kind) {
    case Kind::kOr:
      return PrintCondition(*node.first) + " || " + PrintCondition(*node.second);
    case Kind::kAnd:
      return PrintCondition(*node.first) + " && " + PrintCondition(*node.second);
    case Kind::kNot:
      return "! " + PrintCondition(*node.first);
    case Kind::kGroup:
      return "( " + PrintCondition(*node.first) + " )";
    case Kind::kUnary:
      return node.op + " " + PrintWord(node.left);
    case Kind::kBinary:
      return PrintWord(node.left) + " " + node.op + " " + PrintWord(node.right);
    case Kind::kWord:
      break;
  }
  return "-n " + PrintWord(node.left);
}

}  // namespace computesdk::in_memory::shell
