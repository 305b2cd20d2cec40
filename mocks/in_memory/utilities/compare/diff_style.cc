#include "mocks/in_memory/utilities/compare/diff_style.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/listing/ls_quoting.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::diff {
namespace {

// Long options without a short form.
enum DiffExtra {
  kNormalForm = 256,
  kBinary,
  kColor,
  kFromFile,
  kToFile,
  kStripCr,
  kNoDereference,
  kIgnoreFileNameCase,
  kNoIgnoreFileNameCase,
  kHorizon,
  kTabSize,
  kBlankEmpty,
  kLeftColumn,
  kSuppressCommon,
  kLineFormat
};
// And the ones after them, in the order of Group.
constexpr int kLineFormats = 400;
constexpr int kGroupFormats = kLineFormats + 3;

constexpr std::string_view kLetters = "0123456789abBcC:dD:eEfF:hHiI:lL:nNpPqrsS:tTuU:vwW:x:X:yZ";

std::vector<Options::Long> LongOptions() {
  return {{"brief", 'q'},
          {"changed-group-format", kGroupFormats + kChanged, Options::kRequired},
          {"color", kColor, Options::kOptional},
          {"context", 'c', Options::kOptional},
          {"ed", 'e'},
          {"exclude", 'x', Options::kRequired},
          {"exclude-from", 'X', Options::kRequired},
          {"expand-tabs", 't'},
          {"forward-ed", 'f'},
          {"from-file", kFromFile, Options::kRequired},
          {"horizon-lines", kHorizon, Options::kRequired},
          {"ifdef", 'D', Options::kRequired},
          {"ignore-all-space", 'w'},
          {"ignore-blank-lines", 'B'},
          {"ignore-case", 'i'},
          {"ignore-file-name-case", kIgnoreFileNameCase},
          {"ignore-matching-lines", 'I', Options::kRequired},
          {"ignore-space-change", 'b'},
          {"ignore-tab-expansion", 'E'},
          {"ignore-trailing-space", 'Z'},
          {"initial-tab", 'T'},
          {"label", 'L', Options::kRequired},
          {"left-column", kLeftColumn},
          {"line-format", kLineFormat, Options::kRequired},
          {"minimal", 'd'},
          {"new-file", 'N'},
          {"new-group-format", kGroupFormats + kNew, Options::kRequired},
          {"new-line-format", kLineFormats + kNew, Options::kRequired},
          {"no-dereference", kNoDereference},
          {"no-ignore-file-name-case", kNoIgnoreFileNameCase},
          {"normal", kNormalForm},
          {"old-group-format", kGroupFormats + kOld, Options::kRequired},
          {"old-line-format", kLineFormats + kOld, Options::kRequired},
          {"paginate", 'l'},
          {"rcs", 'n'},
          {"recursive", 'r'},
          {"report-identical-files", 's'},
          {"show-c-function", 'p'},
          {"show-function-line", 'F', Options::kRequired},
          {"side-by-side", 'y'},
          {"speed-large-files", 'H'},
          {"starting-file", 'S', Options::kRequired},
          {"strip-trailing-cr", kStripCr},
          {"suppress-blank-empty", kBlankEmpty},
          {"suppress-common-lines", kSuppressCommon},
          {"tabsize", kTabSize, Options::kRequired},
          {"binary", kBinary},  // As here text is, too.
          {"text", 'a'},
          {"to-file", kToFile, Options::kRequired},
          {"unchanged-group-format", kGroupFormats + kUnchanged, Options::kRequired},
          {"unchanged-line-format", kLineFormats + kUnchanged, Options::kRequired},
          {"unidirectional-new-file", 'P'},
          {"unified", 'u', Options::kOptional},
          {"width", 'W', Options::kRequired}};
}

constexpr std::size_t kDefaultContext = 3;
constexpr int kTrouble = 2;

class DiffParser {
 public:
  explicit DiffParser(Process& process) : process_(process) {}

  Style Parse() {
    Options options(process_, kLetters, LongOptions(), kTrouble);
    while (const auto option = options.Next()) {
      if (!TakeForm(*option) && !TakeComparison(*option) && !TakeLook(*option)) TakeFiles(*option);
    }
    style_.operands = options.operands();
    if (digits_ && (style_.form == Form::kUnified || style_.form == Form::kContext)) {
      style_.context = *digits_;
    }
    if (shows_functions_ && !style_.form) {
      Choose(Form::kContext);
      style_.context = std::max(style_.context, kDefaultContext);
    }
    CompleteFormats();
    NameCommand();
    return std::move(style_);
  }

 private:
  void Choose(Form form) {
    if (style_.form && *style_.form != form) {
      UsageError(process_, "conflicting output style options", kTrouble);
    }
    style_.form = form;
  }

  std::size_t Number(const std::string& text, const std::string& what, std::int64_t least) {
    const auto number = ParseInteger(text);
    if (!number || *number < least) {
      UsageError(process_, "invalid " + what + " " + QuotedName(text), kTrouble);
    }
    return static_cast<std::size_t>(std::min<std::int64_t>(*number, INT32_MAX));
  }

  void Context(const Options::Option& option) {
    const std::size_t lines =
        option.has_value ? Number(option.value, "context length", 0) : kDefaultContext;
    style_.context = std::max(style_.context, lines);
  }

  Regex Compile(const std::string& pattern) {
    auto regex = Regex::Compile(pattern);
    if (regex) return *regex;
    Complain(process_, pattern + ": " + regex.error());
    process_.Exit(kTrouble);
  }

  bool TakeForm(const Options::Option& option) {
    switch (option.letter) {
      case 'u':
      case 'U':
        Choose(Form::kUnified);
        Context(option);
        return true;
      case 'c':
      case 'C':
        Choose(Form::kContext);
        Context(option);
        return true;
      case kNormalForm:
        Choose(Form::kNormal);
        return true;
      case 'e':
        Choose(Form::kEd);
        return true;
      case 'f':
        Choose(Form::kForwardEd);
        return true;
      case 'n':
        Choose(Form::kRcs);
        return true;
      case 'y':
        Choose(Form::kSideBySide);
        return true;
      case 'D':
        Choose(Form::kGroups);
        SetIfdef(option.value);
        return true;
      default:
        break;
    }
    if (option.letter >= '0' && option.letter <= '9') {
      digits_ = std::min<std::size_t>(
          digits_.value_or(0) * 10 + static_cast<std::size_t>(option.letter - '0'), INT32_MAX);
      return true;
    }
    if (option.letter < kLineFormats && option.letter != kLineFormat) return false;
    Choose(Form::kGroups);
    if (option.letter == kLineFormat) {
      style_.line_formats.fill(option.value);
    } else if (option.letter < kGroupFormats) {
      style_.line_formats[static_cast<std::size_t>(option.letter - kLineFormats)] = option.value;
    } else {
      style_.group_formats[static_cast<std::size_t>(option.letter - kGroupFormats)] = option.value;
    }
    return true;
  }

  void SetIfdef(const std::string& name) {
    style_.group_formats = {
        "#ifndef " + name + "\n%<#endif /* ! " + name + " */\n",
        "#ifdef " + name + "\n%>#endif /* " + name + " */\n",
        "%=", "#ifndef " + name + "\n%<#else /* " + name + " */\n%>#endif /* " + name + " */\n"};
  }

  bool TakeComparison(const Options::Option& option) {
    switch (option.letter) {
      case 'a':
        style_.as_text = true;
        return true;
      case 'b':
        style_.ignore_space_change = true;
        return true;
      case 'B':
        style_.ignore_blank_lines = true;
        return true;
      case 'E':
        style_.ignore_tab_expansion = true;
        return true;
      case 'i':
        style_.ignore_case = true;
        return true;
      case 'I':
        style_.ignored_lines.push_back(Compile(option.value));
        return true;
      case 'w':
        style_.ignore_all_space = true;
        return true;
      case 'Z':
        style_.ignore_trailing_space = true;
        return true;
      case kStripCr:
        style_.strip_trailing_cr = true;
        return true;
      case 'd':
        style_.effort = Effort::kMinimal;
        return true;
      case 'h':
      case 'H':
        return true;  // How fast they are found is all the same.
      case kHorizon:
        style_.horizon = std::max(style_.horizon, Number(option.value, "horizon length", 0));
        return true;
      default:
        return false;
    }
  }

  bool TakeLook(const Options::Option& option) {
    switch (option.letter) {
      case 'F':
        style_.function_lines.push_back(Compile(option.value));
        return true;
      case 'p':
        style_.function_lines.push_back(Compile("^[[:alpha:]$_]"));
        shows_functions_ = true;
        return true;
      case 'L':
        style_.labels.push_back(option.value);
        return true;
      case 't':
        style_.expand_tabs = true;
        return true;
      case 'T':
        style_.initial_tab = true;
        return true;
      case 'W':
        style_.width = Number(option.value, "width", 1);
        return true;
      case kTabSize:
        style_.tab_size = Number(option.value, "tabsize", 1);
        return true;
      case kBlankEmpty:
        style_.suppress_blank_empty = true;
        return true;
      case kLeftColumn:
        style_.left_column = true;
        return true;
      case kSuppressCommon:
        style_.suppress_common_lines = true;
        return true;
      case kColor:
        // Standard output is no terminal, so that "auto" is "never".
        if (option.value != "always" && option.value != "never" && option.value != "auto" &&
            option.has_value) {
          UsageError(process_, "invalid color " + QuotedName(option.value), kTrouble);
        }
        style_.color = option.value == "always";
        return true;
      case 'l':
        style_.paginate = true;
        return true;
      default:
        return false;
    }
  }

  void TakeFiles(const Options::Option& option) {
    switch (option.letter) {
      case 'N':
        style_.new_file = true;
        break;
      case 'P':
        style_.unidirectional_new_file = true;
        break;
      case 'q':
        style_.brief = true;
        break;
      case 'r':
        style_.recursive = true;
        break;
      case 's':
        style_.report_same = true;
        break;
      case 'S':
        style_.starting_file = option.value;
        break;
      case 'v':
        (void)process_.Write(1, "diff (GNU diffutils) 3.8\n");
        process_.Exit(0);
      case 'x':
        style_.exclude.push_back(option.value);
        break;
      case 'X':
        ReadExcluded(option.value);
        break;
      case kFromFile:
      case kToFile:
        (option.letter == kFromFile ? style_.from_file : style_.to_file) = option.value;
        break;
      case kBinary:
        break;
      case kNoDereference:
        style_.no_dereference = true;
        break;
      default:
        style_.ignore_file_name_case = option.letter == kIgnoreFileNameCase;
    }
  }

  void ReadExcluded(const std::string& name) {
    const auto fd = name == "-" ? IoResult<int>(0) : process_.Open(name, O_RDONLY);
    if (!fd) {
      ComplainOf(process_, name, fd.error());
      process_.Exit(kTrouble);
    }
    Input input(process_, *fd);
    while (const auto line = input.ReadLine()) {
      if (!line->empty()) style_.exclude.emplace_back(*line);
    }
    if (*fd != 0) (void)process_.Close(*fd);
  }

  // What no format was given for.
  void CompleteFormats() {
    for (auto& format : style_.line_formats) {
      if (!format) format = "%l\n";
    }
    auto& groups = style_.group_formats;
    if (!groups[kOld]) groups[kOld] = groups[kChanged].value_or("%<");
    if (!groups[kNew]) groups[kNew] = groups[kChanged].value_or("%>");
    if (!groups[kUnchanged]) groups[kUnchanged] = "%=";
    if (!groups[kChanged]) groups[kChanged] = *groups[kOld] + *groups[kNew];
  }

  // The command as it was given, without the operands.
  void NameCommand() {
    std::vector<std::string> words(process_.args.begin() + 1, process_.args.end());
    for (auto operand = style_.operands.rbegin(); operand != style_.operands.rend(); ++operand) {
      const auto last = std::find(words.rbegin(), words.rend(), *operand);
      if (last != words.rend()) words.erase(std::next(last).base());
    }
    for (const std::string& word : words) {
      style_.command += " " + QuoteForListing(word, Quoting::kShell, false);
    }
  }

  Process& process_;
  Style style_;
  std::optional<std::size_t> digits_;
  bool shows_functions_ = false;  // -p.
};

}  // namespace

Style ParseDiff(Process& process) { return DiffParser(process).Parse(); }

}  // namespace computesdk::in_memory::diff
