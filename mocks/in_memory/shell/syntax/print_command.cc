#include "mocks/in_memory/shell/syntax/print_command.h"

#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/syntax/parser.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr int kIndent = 4;

// Where commands stand decides how they are separated.
enum class Place {
  kLine,          // jobs, BASH_COMMAND: "a; b".
  kFunction,      // One command a line.
  kSubstitution,  // $(…): newlines stay newlines.
};

class CommandPrinter {
 public:
  explicit CommandPrinter(Place place, int indent = 0, int step = kIndent)
      : place_(place), indent_(indent), step_(step), skip_(place != Place::kFunction) {}

  void Print(const Command* command);
  void PrintFunctionBody(const Command& body);
  void PrintHeader(const Command& command);
  void PrintRedirections(const Command& command);
  void PrintHereDocuments(std::string_view before);
  std::string Take() { return std::move(text_); }

 private:
  void PrintKind(const Command& command);
  void PrintSimple(const SimpleCommand& command);
  void PrintPipeline(const Pipeline& pipeline);
  void PrintAndOr(const AndOr& list);
  void PrintList(const List& list);
  void PrintSubshell(const Compound& command);
  void PrintGroup(const Compound& command);
  void PrintIf(const If& command, std::size_t clause);
  void PrintWhile(const While& command);
  void PrintLoopBody(const CommandPtr& body);
  void PrintCase(const Case& command);
  void PrintDefinition(const FunctionDefinition& function);
  void PrintRedirection(const Redirection& redirection);
  void PrintIndented(const CommandPtr& body);
  void PrintHere(const CommandPtr& command) {
    skip_ = true;
    Print(command.get());
  }

  void Indent() { text_.append(static_cast<std::size_t>(indent_), ' '); }
  void NewLine(std::string_view text) {
    text_ += '\n';
    Indent();
    text_ += text;
  }
  void Semicolon() {
    if (text_.empty() || (text_.back() != '&' && text_.back() != '\n')) text_ += ';';
  }
  void Add(std::string_view text) { text_ += text; }

  std::string text_;
  Place place_;
  int indent_;
  int step_;
  bool skip_;                // The next command goes on in this line.
  bool after_here_ = false;  // A here-document was printed: the next ";" is left out.
  std::vector<const HereDocument*> here_documents_;  // Their bodies follow the line.
};

std::string JoinWords(const std::vector<Word>& words, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) text += separator;
    text += PrintWord(words[i]);
  }
  return text;
}

std::string ForHeader(const For& command) {
  std::string text = command.kind == CommandKind::kSelect ? "select " : "for ";
  text += command.name + " in ";
  return text + (command.has_words ? JoinWords(command.words, " ") : "\"$@\"");
}

void CommandPrinter::PrintHereDocuments(std::string_view before) {
  if (here_documents_.empty()) return;
  if (before != ";") text_ += before;
  text_ += '\n';
  for (const HereDocument* here : here_documents_) {
    text_ += PrintWord(here->body) + here->delimiter + "\n";
  }
  here_documents_.clear();
  after_here_ = true;
}

void CommandPrinter::PrintRedirection(const Redirection& redirection) {
  const bool input =
      redirection.op == RedirectOp::kInput || redirection.op == RedirectOp::kReadWrite ||
      redirection.op == RedirectOp::kDuplicateInput ||
      redirection.op == RedirectOp::kHereDocument || redirection.op == RedirectOp::kHereString;
  const int usual = input ? 0 : 1;
  const std::string target = PrintWord(redirection.target);
  const bool duplicates = redirection.op == RedirectOp::kDuplicateInput ||
                          redirection.op == RedirectOp::kDuplicateOutput;
  const bool always = redirection.op == RedirectOp::kReadWrite ||
                      (duplicates && (target.find_first_not_of("0123456789") == std::string::npos ||
                                      target.back() == '-'));
  const int fd = redirection.fd < 0 ? usual : redirection.fd;
  if (!redirection.variable.empty()) {
    text_ += "{" + redirection.variable + "}";
  } else if (always || fd != usual) {
    text_ += std::to_string(fd);
  }
  switch (redirection.op) {
    case RedirectOp::kInput:
      return Add("< " + target);
    case RedirectOp::kOutput:
      return Add("> " + target);
    case RedirectOp::kClobber:
      return Add(">| " + target);
    case RedirectOp::kAppend:
      return Add(">> " + target);
    case RedirectOp::kReadWrite:
      return Add("<> " + target);
    case RedirectOp::kDuplicateInput:
      return Add((target == "-" ? ">&" : "<&") + target);
    case RedirectOp::kDuplicateOutput:
      return Add(">&" + target);
    case RedirectOp::kOutputBoth:
      return Add("&> " + target);
    case RedirectOp::kAppendBoth:
      return Add("&>> " + target);
    case RedirectOp::kHereString:
      return Add("<<< " + target);
    case RedirectOp::kHereDocument:
      break;
  }
  const HereDocument& here = *redirection.here;
  text_ += here.strip_tabs ? "<<-" : "<<";
  text_ += here.quoted ? QuotePlainly(here.delimiter) : here.delimiter;
  here_documents_.push_back(&here);
}

void CommandPrinter::PrintRedirections(const Command& command) {
  after_here_ = false;
  for (std::size_t i = 0; i < command.redirections.size(); ++i) {
    if (i != 0) text_ += ' ';
    PrintRedirection(command.redirections[i]);
  }
}

void CommandPrinter::Print(const Command* command) {
  if (command == nullptr) return;
  if (command->kind == CommandKind::kList) return PrintList(static_cast<const List&>(*command));
  if (command->kind == CommandKind::kAndOr) {
    return PrintAndOr(static_cast<const AndOr&>(*command));
  }
  if (!skip_) Indent();
  skip_ = false;
  PrintKind(*command);
  if (command->redirections.empty() || command->kind == CommandKind::kFunction) return;
  if (!text_.empty() && text_.back() != ' ' && text_.back() != '\n') text_ += ' ';
  PrintRedirections(*command);
}

void CommandPrinter::PrintKind(const Command& command) {
  switch (command.kind) {
    case CommandKind::kSimple:
      return PrintSimple(static_cast<const SimpleCommand&>(command));
    case CommandKind::kPipeline:
      return PrintPipeline(static_cast<const Pipeline&>(command));
    case CommandKind::kSubshell:
      return PrintSubshell(static_cast<const Compound&>(command));
    case CommandKind::kGroup:
      return PrintGroup(static_cast<const Compound&>(command));
    case CommandKind::kIf:
      return PrintIf(static_cast<const If&>(command), 0);
    case CommandKind::kWhile:
      return PrintWhile(static_cast<const While&>(command));
    case CommandKind::kFor:
    case CommandKind::kSelect:
      PrintHeader(command);
      text_ += ';';
      return PrintLoopBody(static_cast<const For&>(command).body);
    case CommandKind::kArithmeticFor:
      PrintHeader(command);
      return PrintLoopBody(static_cast<const ArithmeticFor&>(command).body);
    case CommandKind::kCase:
      return PrintCase(static_cast<const Case&>(command));
    case CommandKind::kFunction:
      return PrintDefinition(static_cast<const FunctionDefinition&>(command));
    case CommandKind::kCoprocess: {
      const auto& coprocess = static_cast<const Coprocess&>(command);
      text_ += "coproc " + coprocess.name + " ";
      return PrintHere(coprocess.body);
    }
    default:
      return PrintHeader(command);
  }
}

void CommandPrinter::PrintHeader(const Command& command) {
  switch (command.kind) {
    case CommandKind::kFor:
    case CommandKind::kSelect:
      return Add(ForHeader(static_cast<const For&>(command)));
    case CommandKind::kArithmeticFor: {
      const auto& loop = static_cast<const ArithmeticFor&>(command);
      return Add("for ((" + loop.texts[0] + "; " + loop.texts[1] + "; " + loop.texts[2] + "))");
    }
    case CommandKind::kCase:
      return Add("case " + PrintWord(static_cast<const Case&>(command).word) + " in ");
    case CommandKind::kConditional:
      return Add("[[ " + PrintCondition(*static_cast<const Conditional&>(command).expression) +
                 " ]]");
    case CommandKind::kArithmetic:
      return Add("((" + static_cast<const Arithmetic&>(command).text + "))");
    default:
      return;
  }
}

void CommandPrinter::PrintSimple(const SimpleCommand& command) {
  bool first = true;
  for (const Assignment& assignment : command.assignments) {
    if (!first) text_ += ' ';
    first = false;
    text_ += PrintAssignment(assignment);
  }
  for (const Word& word : command.words) {
    if (!first) text_ += ' ';
    first = false;
    text_ += PrintWord(word);
  }
  if (!first && !command.redirections.empty()) text_ += ' ';
}

void CommandPrinter::PrintPipeline(const Pipeline& pipeline) {
  if (pipeline.timed) text_ += pipeline.posix_times ? "time -p " : "time ";
  if (pipeline.negated) text_ += "! ";
  for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
    if (i != 0) {
      if (here_documents_.empty()) {
        text_ += " | ";
      } else {
        PrintHereDocuments(" |");
        text_ += "  ";
      }
    }
    PrintHere(pipeline.stages[i]);
  }
}

void CommandPrinter::PrintAndOr(const AndOr& list) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    if (i != 0) {
      const std::string_view op = list.items[i].is_and ? " && " : " || ";
      if (here_documents_.empty()) {
        text_ += op;
      } else {
        PrintHereDocuments(op);
        text_ += ' ';
      }
      skip_ = true;
    }
    Print(list.items[i].command.get());
  }
}

// Whether it is of several commands, as bash keeps them.
bool IsConnected(const Command& command) {
  if (command.kind == CommandKind::kAndOr) return true;
  return command.kind == CommandKind::kPipeline &&
         static_cast<const Pipeline&>(command).stages.size() > 1;
}

void CommandPrinter::PrintList(const List& list) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const List::Item& item = list.items[i];
    const bool last = i + 1 == list.items.size();
    Print(item.command.get());
    if (item.background) {
      if (here_documents_.empty()) {
        text_ += " &";
      } else {
        PrintHereDocuments(" &");
        if (!last) text_ += ' ';
      }
      if (!last) text_ += ' ';
      skip_ = true;
      continue;
    }
    if (last) break;
    const bool keeps_line = place_ == Place::kSubstitution && item.newline;
    if (!here_documents_.empty()) {
      PrintHereDocuments(place_ == Place::kFunction ? "" : ";");
      after_here_ = i == 0 && !IsConnected(*item.command);
    } else if (after_here_) {
      after_here_ = false;
    } else if (!keeps_line) {
      text_ += ';';
    }
    if (place_ == Place::kFunction || keeps_line) {
      if (text_.back() != '\n' || place_ == Place::kFunction) text_ += '\n';
    } else if (text_.back() != '\n') {
      text_ += ' ';
    }
    skip_ = place_ != Place::kFunction && !keeps_line;
    if (place_ == Place::kSubstitution) skip_ = true;
  }
}

void CommandPrinter::PrintIndented(const CommandPtr& body) {
  indent_ += step_;
  skip_ = false;
  Print(body.get());
  PrintHereDocuments("");
  indent_ -= step_;
}

void CommandPrinter::PrintSubshell(const Compound& command) {
  text_ += "( ";
  PrintHere(command.body);
  PrintHereDocuments("");
  text_ += " )";
}

void CommandPrinter::PrintGroup(const Compound& command) {
  text_ += "{ ";
  if (place_ == Place::kFunction) {
    text_ += '\n';
    PrintIndented(command.body);
    NewLine("}");
    return;
  }
  PrintHere(command.body);
  PrintHereDocuments("");
  Semicolon();
  text_ += " }";
}

void CommandPrinter::PrintIf(const If& command, std::size_t clause) {
  text_ += "if ";
  PrintHere(command.clauses[clause].first);
  Semicolon();
  text_ += " then\n";
  PrintIndented(command.clauses[clause].second);
  const bool more = clause + 1 < command.clauses.size();
  if (more || command.otherwise != nullptr) {
    Semicolon();
    NewLine("else\n");
    if (more) {
      indent_ += step_;
      Indent();
      PrintIf(command, clause + 1);
      indent_ -= step_;
    } else {
      PrintIndented(command.otherwise);
    }
  }
  Semicolon();
  NewLine("fi");
}

void CommandPrinter::PrintWhile(const While& command) {
  text_ += command.until ? "until " : "while ";
  PrintHere(command.condition);
  PrintHereDocuments("");
  Semicolon();
  text_ += " do\n";
  PrintIndented(command.body);
  Semicolon();
  NewLine("done");
}

void CommandPrinter::PrintLoopBody(const CommandPtr& body) {
  NewLine("do\n");
  PrintIndented(body);
  Semicolon();
  NewLine("done");
}

void CommandPrinter::PrintCase(const Case& command) {
  PrintHeader(command);
  indent_ += step_;
  for (const Case::Clause& clause : command.clauses) {
    NewLine(JoinWords(clause.patterns, " | "));
    text_ += ")\n";
    PrintIndented(clause.body);
    NewLine(clause.next == Case::Next::kEnd           ? ";;"
            : clause.next == Case::Next::kFallThrough ? ";&"
                                                      : ";;&");
  }
  indent_ -= step_;
  NewLine("esac");
}

void CommandPrinter::PrintDefinition(const FunctionDefinition& function) {
  text_ += "function " + function.name + " () ";
  const Place before = place_;
  NewLine("{ \n");
  place_ = Place::kFunction;
  PrintFunctionBody(*function.body);
  place_ = before;
}

// From behind the "{" to the "}" and the redirections.
void CommandPrinter::PrintFunctionBody(const Command& body) {
  indent_ += step_;
  skip_ = false;
  const bool group = body.kind == CommandKind::kGroup;
  Print(group ? static_cast<const Compound&>(body).body.get() : &body);
  PrintHereDocuments("");
  indent_ -= step_;
  NewLine("}");
  after_here_ = false;
  if (!group || body.redirections.empty()) return;
  text_ += ' ';
  PrintRedirections(body);
  PrintHereDocuments("");
}

}  // namespace

std::string PrintSubstitution(const CommandPtr& body) {
  if (body == nullptr) return "";
  CommandPrinter printer(Place::kSubstitution);
  printer.Print(body.get());
  printer.PrintHereDocuments("");
  std::string text = printer.Take();
  if (!text.empty() && text[0] == '(') text.insert(0, 1, ' ');  // Not the start of $((…)).
  return text;
}
std::string PrintCommand(const Command& command) {
  CommandPrinter printer(Place::kLine);
  printer.Print(&command);
  printer.PrintHereDocuments("");
  return printer.Take();
}

std::string PrintHeader(const Command& command, int part) {
  CommandPrinter printer(Place::kLine);
  if (command.kind == CommandKind::kArithmeticFor) {
    const auto& loop = static_cast<const ArithmeticFor&>(command);
    return "((" + loop.texts[static_cast<std::size_t>(part)] + "))";
  }
  printer.PrintHeader(command);
  std::string text = printer.Take();
  return text.empty() ? PrintCommand(command) : text;
}

std::string PrintFunction(const FunctionDefinition& function) {
  CommandPrinter printer(Place::kFunction);
  printer.PrintFunctionBody(*function.body);
  return (IsReservedWord(function.name) ? "function " : "") + function.name + " () \n{ \n" +
         printer.Take();
}

std::string PrintExportedFunction(const FunctionDefinition& function) {
  CommandPrinter body(Place::kFunction, 1, 0);
  body.PrintFunctionBody(*function.body);
  std::string text = body.Take();
  const std::size_t end = text.rfind("\n }");
  if (end != std::string::npos) text.erase(end + 1, 1);
  return "() { " + text;
}

}  // namespace computesdk::in_memory::shell
