#include <fcntl.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/system/small_programs.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

constexpr int kRfc3339 = 256;
constexpr int kResolution = 257;

struct TimeStyle {
  std::string_view name;
  std::string_view clock;
};
constexpr std::array<TimeStyle, 5> kIsoStyles = {{{"hours", "%H%:z"},
                                                  {"minutes", "%H:%M%:z"},
                                                  {"date", ""},
                                                  {"seconds", "%H:%M:%S%:z"},
                                                  {"ns", "%H:%M:%S,%N%:z"}}};
constexpr std::array<TimeStyle, 3> kRfcStyles = {
    {{"date", ""}, {"seconds", "%H:%M:%S%:z"}, {"ns", "%H:%M:%S.%N%:z"}}};

// The format of -I or --rfc-3339. Words may be cut short where one letter tells them apart.
template <typename Styles>
std::string FormatNamed(Process& process, const Styles& styles, const std::string& name,
                        const std::string& option, const std::string& separator) {
  const std::string day = "%Y-%m-%d";
  for (const TimeStyle& style : styles) {
    if (name.empty() || !style.name.starts_with(name)) continue;
    return style.clock.empty() ? day : day + separator + std::string(style.clock);
  }
  std::vector<std::string_view> words;
  words.reserve(styles.size());
  for (const TimeStyle& style : styles) words.push_back(style.name);
  UsageError(process, InvalidArgument(name, option, words));
}

class DateProgram {
 public:
  explicit DateProgram(Process& process)
      : process_(process), now_(MomentOf(process.clock().Now())), zone_(ZoneOf(process)) {}

  int Run() {
    ReadOptions();
    Output out(process_);
    if (resolution_) {
      out << "0.000000001\n";
      return out.Finish(0);
    }
    const std::string format = format_.value_or("%a %b %e %H:%M:%S %Z %Y");
    const auto show = [&](Moment moment) { out << FormatTime(format, moment, zone_) << "\n"; };
    if (dates_.empty() && !from_file_) show(time_);
    for (const std::string& date : dates_) {
      if (const auto parsed = ParseMoment(date, time_, zone_)) {
        show(*parsed);
      } else {
        out.Flush();
        Complain(process_, "invalid date " + QuotedWord(date));
        status_ = 1;
      }
    }
    return out.Finish(status_);
  }

 private:
  void ReadOptions() {
    Options options(process_, "d:f:I::r:Rs:u",
                    {{"date", 'd', Options::kRequired},
                     {"iso-8601", 'I', Options::kOptional},
                     {"file", 'f', Options::kRequired},
                     {"reference", 'r', Options::kRequired},
                     {"resolution", kResolution},
                     {"rfc-3339", kRfc3339, Options::kRequired},
                     {"rfc-email", 'R'},
                     {"rfc-2822", 'R'},
                     {"rfc-822", 'R'},
                     {"set", 's', Options::kRequired},
                     {"universal", 'u'},
                     {"uct", 'u'},
                     {"utc", 'u'}});
    while (const auto option = options.Next()) TakeOption(*option);
    const int sources =
        (date_ ? 1 : 0) + (file_ ? 1 : 0) + (reference_ ? 1 : 0) + (resolution_ ? 1 : 0);
    if (sources > 1) {
      UsageError(process_, "the options to specify dates for printing are mutually exclusive");
    }
    if (set_ && (date_ || file_ || reference_)) {
      UsageError(process_, "the options to print and set the time may not be used together");
    }
    TakeOperands(options.operands());
    ReadSources();
  }

  void TakeOption(const Options::Option& option) {
    switch (option.letter) {
      case 'd':
        date_ = option.value;
        break;
      case 'f':
        file_ = option.value;
        break;
      case 'I':
        SetFormat(FormatNamed(process_, kIsoStyles, option.has_value ? option.value : "date",
                              "--iso-8601", "T"));
        break;
      case kRfc3339:
        SetFormat(FormatNamed(process_, kRfcStyles, option.value, "--rfc-3339", " "));
        break;
      case 'R':
        SetFormat("%a, %d %b %Y %H:%M:%S %z");
        break;
      case 'r':
        reference_ = option.value;
        break;
      case 's':
        set_ = option.value;
        break;
      case 'u':
        zone_ = TimeZone();
        break;
      default:
        resolution_ = true;
    }
  }

  void SetFormat(std::string format) {
    if (format_) {
      Complain(process_, "multiple output formats specified");
      process_.Exit(1);
    }
    format_ = std::move(format);
  }

  void TakeOperands(const std::vector<std::string>& operands) {
    if (operands.empty()) return;
    if (operands.size() > 1) UsageError(process_, "extra operand " + QuotedWord(operands[1]));
    if (operands[0].starts_with('+')) {
      SetFormat(operands[0].substr(1));
    } else if (date_ || set_ || file_ || reference_) {
      Complain(process_, "the argument " + QuotedWord(operands[0]) +
                             " lacks a leading '+';\nwhen using an option to specify date(s), any "
                             "non-option\nargument must be a format string beginning with '+'");
      UsageHint(process_, 1);
    } else {
      // MMDDhhmm[[CC]YY][.ss]: a date to set the clock to.
      std::string stamp = operands[0];
      const std::string seconds = stamp.substr(std::min(stamp.find('.'), stamp.size()));
      stamp.erase(stamp.size() - seconds.size());
      if (stamp.size() > 8) stamp = stamp.substr(8) + stamp.substr(0, 8);
      const auto time = ParseTimeStamp(stamp + seconds, process_.clock().Now(), zone_);
      if (!time) Invalid(operands[0]);
      now_ = MomentOf(*time);
      MaySetNothing();
    }
  }

  [[noreturn]] void Invalid(const std::string& date) {
    Complain(process_, "invalid date " + QuotedWord(date));
    process_.Exit(1);
  }

  // The clock of a sandbox is its owner's; the time that would have been set is shown.
  void MaySetNothing() {
    Complain(process_, "cannot set date: Operation not permitted");
    status_ = 1;
  }

  void ReadSources() {
    time_ = now_;
    if (date_) dates_ = {*date_};
    if (set_) {
      const auto moment = ParseMoment(*set_, now_, zone_);
      if (!moment) Invalid(*set_);
      time_ = *moment;
      MaySetNothing();
    }
    if (reference_) {
      const auto status = StatPath(process_, *reference_);
      if (!status) Missing(*reference_, status.error());
      time_ = MomentOf(status->modified);
    }
    if (!file_) return;
    const auto fd = *file_ == "-" ? IoResult<int>(0) : process_.Open(*file_, O_RDONLY);
    if (!fd) Missing(*file_, fd.error());
    from_file_ = true;
    Input lines(process_, *fd);
    while (const auto line = lines.ReadLine()) dates_.emplace_back(*line);
  }

  [[noreturn]] void Missing(const std::string& file, std::errc error) {
    ComplainOf(process_, file, error);
    process_.Exit(1);
  }

  Process& process_;
  Moment now_;
  TimeZone zone_;
  Moment time_;
  std::optional<std::string> format_, date_, file_, reference_, set_;
  std::vector<std::string> dates_;
  bool from_file_ = false, resolution_ = false;
  int status_ = 0;
};

}  // namespace

int DateMain(Process& process) { return DateProgram(process).Run(); }

}  // namespace computesdk::in_memory
