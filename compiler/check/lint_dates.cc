#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>

#include "compiler/check/lint_families.h"
#include "compiler/check/rules_of.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

// W0502: dates that there are not, calendar fields beyond the calendar, spans of time that end before they
// begin. Pacemaker finds such a condition false, and says nothing.
namespace picket::compiler {
namespace {

struct Bounds {
  std::int64_t first;
  std::int64_t last;
};

const std::map<std::string, Bounds, std::less<>>& Fields() {
  static const std::map<std::string, Bounds, std::less<>> fields = {
      {"months", {1, 12}},  {"monthdays", {1, 31}}, {"hours", {0, 23}}, {"minutes", {0, 59}},
      {"seconds", {0, 59}}, {"yeardays", {1, 366}}, {"weeks", {1, 53}}, {"weekdays", {1, 7}}};
  return fields;
}

constexpr std::array<const char*, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<const char*, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                 "jul", "aug", "sep", "oct", "nov", "dec"};

template <std::size_t N>
std::optional<std::size_t> NumberOf(const std::string& word, const std::array<const char*, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (word.starts_with(names[i])) return i + 1;
  }
  return std::nullopt;
}

bool AreDigits(std::string_view text) {
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return false;
  }
  return !text.empty();
}

int DaysOf(int year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// `9..16` and, as the CIB has it, `9-16`.
std::optional<Range> RangeIn(std::string_view text) {
  if (const auto number = AsInteger(text)) return Range{number, number};
  if (const auto range = AsRange(text)) return range;
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  Range range;
  if (dash > 0 && !(range.first = AsInteger(text.substr(0, dash)))) return std::nullopt;
  if (dash + 1 < text.size() && !(range.last = AsInteger(text.substr(dash + 1)))) return std::nullopt;
  return range;
}

const ast::Text* TextIn(const ast::Expr& expr) {
  const auto* value = std::get_if<ast::Value>(&expr.what);
  return value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
}

class DateLinter {
 public:
  explicit DateLinter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Condition(const ast::Expr& expr) {
    if (const auto* negated = std::get_if<ast::Not>(&expr.what)) Condition(*negated->operand);
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      for (const ast::Expr& one : junction->operands) Condition(one);
    }
    if (const auto* date = std::get_if<ast::DateAtom>(&expr.what)) Date(*date);
    const auto* value = std::get_if<ast::Value>(&expr.what);
    const auto* call = value != nullptr ? std::get_if<ast::Call>(&value->what) : nullptr;
    if (call == nullptr || call->name.literal != "date") return;
    const ast::Text *months = nullptr, *days = nullptr;
    for (const ast::Argument& argument : call->arguments) {
      const ast::Text* text = TextIn(*argument.value);
      if (!argument.name || text == nullptr) continue;
      Field(argument.name->literal, *text);
      if (argument.name->literal == "months") months = text;
      if (argument.name->literal == "monthdays") days = text;
    }
    if (months != nullptr && days != nullptr) DaysOfMonths(*months, *days);
  }

 private:
  Diagnostic& Told(const Span& span, std::string message, std::string help) {
    Diagnostic& warning = diagnostics_.Warning("W0502", span, std::move(message));
    warning.label = "never true";
    warning.help.push_back(std::move(help));
    return warning;
  }

  void Field(const std::string& name, const ast::Text& text) {
    const auto field = Fields().find(name);
    const bool year = name == "years" || name == "weekyears";
    if (field == Fields().end() && !year) return;
    const auto range = RangeIn(text.literal);
    if (!range) return NoNumber(name, text);
    const Bounds bounds = year ? Bounds{1, 9999} : field->second;
    const std::string from_to = std::to_string(bounds.first) + " to " + std::to_string(bounds.last);
    if ((range->first && (*range->first < bounds.first || *range->first > bounds.last)) ||
        (range->last && (*range->last < bounds.first || *range->last > bounds.last))) {
      const bool sunday = name == "weekdays" && range->first == 0;
      Told(text.span, "`" + name + "` goes from " + from_to + ", not `" + text.literal + "`",
           sunday ? "weekdays begin with Monday: Sunday is 7" : "write a number from " + from_to);
      return;
    }
    if (range->first && range->last && *range->first > *range->last) {
      const std::string first = std::to_string(*range->first), last = std::to_string(*range->last);
      Told(text.span, "`" + name + "=" + text.literal + "` ends before it begins",
           "write `date(" + name + "=" + first + ".." + std::to_string(bounds.last) + ") or date(" + name + "=" +
               std::to_string(bounds.first) + ".." + last + ")`");
    }
  }

  // `months=2, monthdays=31`
  void DaysOfMonths(const ast::Text& months, const ast::Text& days) {
    constexpr int kLeapYear = 2028;
    const auto in = RangeIn(months.literal), on = RangeIn(days.literal);
    if (!in || !on || !in->first || !in->last || !on->first || *in->first < 1 || *in->last > 12) return;
    int most = 0;
    for (std::int64_t month = *in->first; month <= *in->last; ++month)
      most = std::max(most, DaysOf(kLeapYear, static_cast<int>(month)));
    if (most == 0 || *on->first <= most || *on->first > 31) return;
    Told(days.span,
         "these months have " + std::to_string(most) + " days, and never a day " + std::to_string(*on->first),
         "write a day from 1 to " + std::to_string(most) + ", or other months");
  }

  void NoNumber(const std::string& name, const ast::Text& text) {
    const std::string word = Lower(text.literal);
    const auto number = [&](const std::string& one) {
      return name == "weekdays" ? NumberOf(one, kDays) : name == "months" ? NumberOf(one, kMonths) : std::nullopt;
    };
    std::string help = "as in `" + name + "=1..5`";
    const std::size_t dash = word.find_first_of("-.");
    const std::size_t after = dash == std::string::npos ? dash : word.find_first_not_of("-.", dash);
    if (const auto only = dash == std::string::npos ? number(word) : std::nullopt) {
      help = "write `" + name + "=" + std::to_string(*only) + "`";
    } else if (after != std::string::npos) {
      const auto first = number(word.substr(0, dash)), last = number(word.substr(after));
      if (first && last) help = "write `" + name + "=" + std::to_string(*first) + ".." + std::to_string(*last) + "`";
    } else if (word.find_first_of("*/") != std::string::npos) {
      help = "every one is meant where the field is left out";
    }
    Told(text.span, "`" + name + "` is a number or a range, not `" + text.literal + "`", std::move(help));
  }

  void Date(const ast::DateAtom& date) {
    const auto after = Moment(date.after), before = Moment(date.before);
    const auto from = Moment(date.from), until = Moment(date.until);
    if (!from || !until) return;
    const std::size_t common = std::min(from->size(), until->size());
    if (from->substr(0, common) <= until->substr(0, common)) return;
    Told(date.until->span, "this ends before it begins", "exchange the two dates");
  }

  // The text of a date that can be compared as text; nullopt for the other spellings of ISO 8601, and for
  // none.
  std::optional<std::string> Moment(const std::optional<ast::Value>& value) {
    const auto* text = value ? std::get_if<ast::Text>(&value->what) : nullptr;
    if (text == nullptr) return std::nullopt;
    const std::string& word = text->literal;
    const bool dashed = word.size() >= 10 && AreDigits(std::string_view(word).substr(0, 4)) && word[4] == '-' &&
                        AreDigits(std::string_view(word).substr(5, 2)) && word[7] == '-' &&
                        AreDigits(std::string_view(word).substr(8, 2));
    if (dashed) {
      const int month = std::stoi(word.substr(5, 2)), day = std::stoi(word.substr(8, 2));
      const int days = month >= 1 && month <= 12 ? DaysOf(std::stoi(word.substr(0, 4)), month) : 0;
      if (day < 1 || day > days || !IsTime(std::string_view(word).substr(10))) {
        Told(text->span, "there is no `" + word + "`",
             days > 0 && day > days ? "that month has " + std::to_string(days) + " days"
                                    : "a date is written `2026-11-30` or `2026-11-30T18:00:00`");
        return std::nullopt;
      }
      const bool zone = word.find_first_of("Z+", 10) != std::string::npos || word.find('-', 10) != std::string::npos;
      return zone ? word.substr(0, 10) : word;
    }
    if (!IsOtherDate(word)) {
      Told(text->span, "`" + word + "` is not a date", "a date is written `2026-11-30` or `2026-11-30T18:00:00`");
    }
    return std::nullopt;
  }

  // `T18:00:00`, ` 18:00`, with a zone behind it; or nothing.
  static bool IsTime(std::string_view rest) {
    if (rest.empty() || rest == "Z") return true;
    if (rest[0] != 'T' && rest[0] != ' ') return rest[0] == '+' || rest[0] == '-';
    rest.remove_prefix(1);
    constexpr int kMost[] = {24, 59, 60};
    for (int part = 0; part < 3; ++part) {
      if (rest.size() < 2 || !AreDigits(rest.substr(0, 2))) return false;
      if (*AsInteger(rest.substr(0, 2)) > kMost[part]) return false;
      rest.remove_prefix(2);
      if (!rest.empty() && rest[0] == ':')
        rest.remove_prefix(1);
      else if (rest.empty() || !std::isdigit(static_cast<unsigned char>(rest[0])))
        return true;
    }
    return true;
  }

  // Weeks, days of the year, dates without dashes, a time alone.
  static bool IsOtherDate(const std::string& word) {
    if (word == "epoch" || word.starts_with("epoch ")) return true;
    if (word.size() >= 5 && AreDigits(word.substr(0, 2)) && word[2] == ':') return true;
    if (word.size() > 1 && word[0] == 'T') return AreDigits(word.substr(1, 2));
    if (word.size() < 7 || !AreDigits(word.substr(0, 4))) return false;
    if (word.size() >= 8 && AreDigits(word.substr(0, 8))) {
      const std::int64_t month = *AsInteger(word.substr(4, 2)), day = *AsInteger(word.substr(6, 2));
      return month >= 1 && month <= 12 && day >= 1 && day <= 31;
    }
    return word.find('W') == 4 || word.find('W') == 5 || (word[4] == '-' && AreDigits(word.substr(5, 3))) ||
           AreDigits(word.substr(0, 7));
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void LintDates(const PolicyView& view, Diagnostics& diagnostics) {
  DateLinter linter(diagnostics);
  ForEachRule(view.statements(), [&](const ast::Rule& rule) {
    if (rule.condition) linter.Condition(*rule.condition);
  });
}

}  // namespace picket::compiler
