#include "solver/cib/dates.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <limits>

#include "solver/model/text.h"

namespace picket::solver {
namespace {

constexpr int32_t kDaySeconds = 86400;
constexpr int32_t kHourSeconds = 3600;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsLeap(int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}
int32_t DaysInYear(int64_t year) {
  return IsLeap(year) ? 366 : 365;
}

int32_t DaysInMonth(int64_t year, int32_t month) {
  constexpr std::array<int32_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[static_cast<size_t>(month - 1)];
}

int32_t DayOfYear(int64_t year, int32_t month, int32_t month_day) {
  int32_t day = month_day;
  for (int32_t m = 1; m < month; ++m) day += DaysInMonth(year, m);
  return day;
}

// Days from 1970-01-01 to the first day of `year`.
int64_t DaysBeforeYear(int64_t year) {
  const int64_t y = year - 1;
  const auto floor_div = [](int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
  constexpr int64_t kDaysBefore1970 = 719162;
  return y * 365 + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) - kDaysBefore1970;
}

// 1 = Monday. 1970-01-01 was a Thursday.
int32_t WeekDay(int64_t days_since_1970) {
  return static_cast<int32_t>(((days_since_1970 + 3) % 7 + 7) % 7) + 1;
}

// Day (since 1970) of the Monday of ISO week 1: the week with 4 January.
int64_t FirstMonday(int64_t year) {
  const int64_t fourth = DaysBeforeYear(year) + 3;
  return fourth - (WeekDay(fourth) - 1);
}

int32_t WeeksInYear(int64_t year) {
  return static_cast<int32_t>((FirstMonday(year + 1) - FirstMonday(year)) / 7);
}

DateTime FromDays(int64_t days_since_1970) {
  int64_t year = 1970 + days_since_1970 / 366;
  while (DaysBeforeYear(year + 1) <= days_since_1970) ++year;
  while (DaysBeforeYear(year) > days_since_1970) --year;
  return {static_cast<int32_t>(year), static_cast<int32_t>(days_since_1970 - DaysBeforeYear(year)) + 1, 0, 0};
}

// A cursor over the text. Reads fail by leaving the cursor where it is.
struct Cursor {
  std::string_view rest;

  bool Take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  // Up to `most` digits.
  std::optional<int32_t> Number(size_t most) {
    size_t length = 0;
    int64_t value = 0;
    while (length < rest.size() && length < most && IsDigit(rest[length])) value = value * 10 + (rest[length++] - '0');
    if (length == 0 || value > std::numeric_limits<int32_t>::max()) return std::nullopt;
    rest.remove_prefix(length);
    return static_cast<int32_t>(value);
  }
  size_t Digits() const {
    size_t length = 0;
    while (length < rest.size() && IsDigit(rest[length])) ++length;
    return length;
  }
};

constexpr size_t kFieldDigits = 9;

std::optional<DateTime> DateOfMonth(int32_t year, int32_t month, int32_t month_day) {
  if (year < 1 || month < 1 || month > 12 || month_day < 1 || month_day > DaysInMonth(year, month)) return std::nullopt;
  return DateTime{year, DayOfYear(year, month, month_day), 0, 0};
}

std::optional<DateTime> DateOfWeek(int32_t year, Cursor cursor) {
  const auto week = cursor.Number(kFieldDigits);
  if (!week || !cursor.Take('-')) return std::nullopt;
  const auto week_day = cursor.Number(kFieldDigits);
  if (!week_day || year < 1 || *week < 1 || *week > WeeksInYear(year) || *week_day < 1 || *week_day > 7) {
    return std::nullopt;
  }
  return FromDays(FirstMonday(year) + (*week - 1) * 7 + (*week_day - 1));
}

// The date of forms 3-5 (spec 01 §3.8).
std::optional<DateTime> ParseDate(std::string_view text) {
  Cursor cursor{text};
  const size_t digits = cursor.Digits();
  if (digits == 8 && (text.size() == 8 || text[8] != '-')) {
    const auto year = cursor.Number(4);
    const auto month = cursor.Number(2);
    const auto month_day = cursor.Number(2);
    return DateOfMonth(*year, *month, *month_day);
  }
  const auto year = cursor.Number(kFieldDigits);
  if (!year || !cursor.Take('-')) return std::nullopt;
  if (cursor.Take('W')) return DateOfWeek(*year, cursor);
  const auto second = cursor.Number(kFieldDigits);
  if (!second) return std::nullopt;
  if (!cursor.Take('-')) {
    if (*year < 1 || *second < 1 || *second > DaysInYear(*year)) return std::nullopt;
    return DateTime{*year, *second, 0, 0};
  }
  const auto month_day = cursor.Number(kFieldDigits);
  if (!month_day) return std::nullopt;
  return DateOfMonth(*year, *second, *month_day);
}

// `HH[:MM[:SS]]` or `HH[MM[SS]]`.
std::optional<int32_t> ParseClock(Cursor& cursor) {
  const auto hour = cursor.Number(2);
  if (!hour) return std::nullopt;
  std::array<int32_t, 2> parts = {0, 0};
  for (int32_t& part : parts) {
    if (!cursor.Take(':') && cursor.Digits() == 0) break;
    const auto value = cursor.Number(2);
    if (!value) return std::nullopt;
    part = *value;
  }
  const auto [minute, second] = parts;
  if (*hour == 24 && minute == 0 && second == 0) return kDaySeconds;
  if (*hour >= 24 || minute >= 60 || second >= 60) return std::nullopt;
  return *hour * kHourSeconds + minute * 60 + second;
}

// The time behind the sign, as `clock` reads it. Nothing: invalid.
template <typename Clock>
std::optional<int32_t> SignedOffset(std::string_view text, Clock clock) {
  Cursor cursor{text};
  while (cursor.Take(' ')) {
  }
  const bool negative = cursor.Take('-');
  if (!negative) cursor.Take('+');
  if (cursor.Digits() == 0) return 0;
  const std::optional<int32_t> seconds = clock(cursor);
  if (!seconds || *seconds == kDaySeconds) return std::nullopt;
  return negative ? -*seconds : *seconds;
}

// Spec 01 §3.8 "Offset". Nothing: invalid.
std::optional<int32_t> ParseOffset(std::string_view text, int32_t local_offset_s) {
  if (text.find('Z') != std::string_view::npos) return 0;
  const size_t at = text.find_first_of(" +-");
  if (at == std::string_view::npos) return local_offset_s;
  return SignedOffset(text.substr(at), ParseClock);
}

// An integer as scanf reads it: white space, a sign, up to `width` characters with the sign.
std::optional<int32_t> LooseNumber(Cursor& cursor, size_t width) {
  Cursor ahead = cursor;
  while (!ahead.rest.empty() && std::isspace(static_cast<unsigned char>(ahead.rest.front())) != 0) {
    ahead.rest.remove_prefix(1);
  }
  const bool negative = ahead.Take('-');
  const bool sign = negative || ahead.Take('+');
  const auto value = ahead.Number(sign ? width - 1 : width);
  if (!value) return std::nullopt;
  cursor = ahead;
  return negative ? -*value : *value;
}

// `HH:MM:SS` or, if no colon follows the hour, `HHMMSS`; what is missing or wrong behind the first number is
// 0.
std::optional<int32_t> LooseClock(std::string_view text) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return 0;
  std::array<int32_t, 3> parts = {0, 0, 0};
  const auto read = [&](bool colons, size_t width) {
    Cursor cursor{text};
    size_t count = 0;
    while (count < parts.size() && (count == 0 || !colons || cursor.Take(':'))) {
      const auto value = LooseNumber(cursor, width);
      if (!value) break;
      parts[count++] = *value;
    }
    return count;
  };
  if (read(true, kFieldDigits + 1) < 2) {
    parts = {0, 0, 0};
    if (read(false, 2) == 0) return std::nullopt;
  }
  const auto [hour, minute, second] = parts;
  if (hour == 24 && minute == 0 && second == 0) return kDaySeconds;
  if (hour < 0 || hour >= 24 || minute < 0 || minute >= 60 || second < 0 || second >= 60) return std::nullopt;
  return hour * kHourSeconds + minute * 60 + second;
}

// Only what stands behind a space is an offset.
std::optional<int32_t> LooseOffset(std::string_view text, int32_t local_offset_s) {
  if (text.find('Z') != std::string_view::npos) return 0;
  const size_t at = text.find(' ');
  if (at == std::string_view::npos) return local_offset_s;
  return SignedOffset(text.substr(at), [](const Cursor& cursor) { return LooseClock(cursor.rest); });
}

std::optional<DateTime> WithTime(DateTime date, std::string_view time, int32_t local_offset_s, TimeForm form) {
  const bool loose = form == TimeForm::kLoose;
  Cursor cursor{time};
  const auto second = loose ? LooseClock(time) : ParseClock(cursor);
  const auto offset = loose ? LooseOffset(time, local_offset_s) : ParseOffset(cursor.rest, local_offset_s);
  if (!second || !offset) return std::nullopt;
  date.second = *second;
  date.offset_s = *offset;
  if (date.second == kDaySeconds) {
    AddDays(date, 1);
    date.second = 0;
  }
  return date;
}

DateTime InUtc(DateTime date) {
  const int32_t offset = date.offset_s;
  date.offset_s = 0;
  if (offset != 0) AddSeconds(date, -int64_t{offset});
  return date;
}

bool Fits(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

// One integer of an ISO duration: a sign (or `:`, ignored) and digits, within 32 bits.
std::optional<int64_t> DurationNumber(Cursor& cursor) {
  const bool negative = cursor.Take('-');
  if (!negative && !cursor.Take('+')) cursor.Take(':');
  if (cursor.Digits() == 0 || cursor.Digits() > 18) return std::nullopt;
  int64_t value = 0;
  for (size_t left = cursor.Digits(); left > 0; --left) value = value * 10 + *cursor.Number(1);
  if (negative) value = -value;
  if (!Fits(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<DateTime> ParseDateTime(std::string_view text, int32_t local_offset_s, Instant today, TimeForm form) {
  if (text.empty()) return std::nullopt;
  if (text.front() == 'T' || (text.size() > 2 && text[2] == ':')) {
    DateTime date = FromInstant(today);
    date.second = 0;
    return WithTime(date, text.front() == 'T' ? text.substr(1) : text, local_offset_s, form);
  }
  constexpr std::string_view kEpoch = "epoch";
  if (text.size() >= kEpoch.size() && EqualFolded(text.substr(0, kEpoch.size()), kEpoch)) {
    const std::string_view rest = text.substr(kEpoch.size());
    if (rest.empty() || rest.front() == '/' || rest.front() == ' ') return DateTime{1970, 1, 0, 0};
    return std::nullopt;
  }
  const size_t blanks = form == TimeForm::kLoose ? text.find_first_not_of(' ') : 0;
  const auto date = ParseDate(text.substr(std::min(blanks, text.size())));
  if (!date) return std::nullopt;
  const size_t end = text.find_first_not_of("0123456789-W");
  if (end == std::string_view::npos || (text[end] != ' ' && text[end] != 'T')) return date;
  std::string_view time = text.substr(end + 1);
  while (form == TimeForm::kStrict && time.starts_with(' ')) time.remove_prefix(1);
  return WithTime(*date, time, local_offset_s, form);
}

DateTime FromInstant(Instant instant) {
  const int64_t local = instant.epoch_s + instant.offset_s;
  int64_t days = local / kDaySeconds;
  int64_t second = local % kDaySeconds;
  if (second < 0) {
    second += kDaySeconds;
    --days;
  }
  DateTime date = FromDays(days);
  date.second = static_cast<int32_t>(second);
  date.offset_s = instant.offset_s;
  return date;
}

Instant ToInstant(const DateTime& date) {
  const int64_t days = DaysBeforeYear(date.year) + date.day - 1;
  return {days * kDaySeconds + date.second - date.offset_s, date.offset_s};
}

int CompareDates(const DateTime& a, const DateTime& b) {
  const DateTime x = InUtc(a);
  const DateTime y = InUtc(b);
  if (x.year != y.year) return x.year < y.year ? -1 : 1;
  if (x.day != y.day) return x.day < y.day ? -1 : 1;
  if (x.second != y.second) return x.second < y.second ? -1 : 1;
  return 0;
}

void AddYears(DateTime& date, int64_t years) {
  date.year = static_cast<int32_t>(date.year + years);
}

void AddMonths(DateTime& date, int64_t months) {
  const CalendarFields fields = FieldsOf(date);
  int64_t index = int64_t{fields.year} * 12 + (fields.month - 1) + months;
  const int64_t year = index / 12 - (index % 12 < 0 ? 1 : 0);
  const auto month = static_cast<int32_t>(index - year * 12) + 1;
  date.year = static_cast<int32_t>(year);
  date.day = DayOfYear(year, month, std::min(fields.month_day, DaysInMonth(year, month)));
}

void AddDays(DateTime& date, int64_t days) {
  const DateTime moved = FromDays(DaysBeforeYear(date.year) + date.day - 1 + days);
  date.year = moved.year;
  date.day = moved.day;
}

// Landing exactly on midnight keeps second 86400 of the day before (spec 01 §3.8).
void AddSeconds(DateTime& date, int64_t seconds) {
  int64_t days = seconds / kDaySeconds;
  int64_t second = date.second + seconds % kDaySeconds;
  if (second > kDaySeconds) {
    second -= kDaySeconds;
    ++days;
  } else if (second < 0) {
    second += kDaySeconds;
    --days;
  }
  date.second = static_cast<int32_t>(second);
  AddDays(date, days);
}

CalendarFields FieldsOf(const DateTime& date) {
  CalendarFields fields;
  fields.year = date.year;
  fields.year_day = date.day;
  fields.month = 1;
  fields.month_day = date.day;
  while (fields.month < 12 && fields.month_day > DaysInMonth(date.year, fields.month)) {
    fields.month_day -= DaysInMonth(date.year, fields.month++);
  }
  fields.hour = date.second / kHourSeconds;
  fields.minute = date.second / 60 % 60;
  fields.second = date.second % 60;
  const int64_t days = DaysBeforeYear(date.year) + date.day - 1;
  fields.week_day = WeekDay(days);
  fields.week_year = date.year;
  if (days < FirstMonday(date.year)) {
    --fields.week_year;
  } else if (days >= FirstMonday(int64_t{date.year} + 1)) {
    ++fields.week_year;
  }
  fields.week = static_cast<int32_t>((days - FirstMonday(fields.week_year)) / 7) + 1;
  return fields;
}

std::optional<IsoDuration> ParseIsoDuration(std::string_view text) {
  Cursor cursor{text};
  if (!cursor.Take('P')) return std::nullopt;
  int64_t years = 0, months = 0, days = 0, seconds = 0;
  bool in_time = false;
  bool any = false;
  const auto ended = [&cursor] {
    return cursor.rest.empty() || cursor.rest.front() == '/' || cursor.rest.front() == ' ' ||
           (cursor.rest.front() >= '\t' && cursor.rest.front() <= '\r');
  };
  while (!ended()) {
    if (cursor.Take('T')) {
      in_time = true;
      continue;
    }
    const auto number = DurationNumber(cursor);
    if (!number) return std::nullopt;
    if (cursor.Take('Y')) {
      years = *number;
    } else if (cursor.Take('M')) {
      if (in_time) {
        seconds += *number * 60;
      } else {
        months = *number;
      }
    } else if (cursor.Take('W')) {
      days += *number * 7;
    } else if (cursor.Take('D')) {
      days += *number;
    } else if (cursor.Take('H')) {
      seconds += *number * kHourSeconds;
    } else if (cursor.Take('S')) {
      seconds += *number;
    } else {
      return std::nullopt;
    }
    if (!Fits(days) || !Fits(seconds)) return std::nullopt;
    any = true;
  }
  if (!any) return std::nullopt;
  return IsoDuration{static_cast<int32_t>(years), static_cast<int32_t>(months), static_cast<int32_t>(days),
                     static_cast<int32_t>(seconds)};
}

std::string FormatUtc(Instant instant) {
  const CalendarFields fields = FieldsOf(FromInstant({instant.epoch_s, 0}));
  std::array<char, 64> buffer;
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.4d-%.2d-%.2d %.2d:%.2d:%.2dZ", fields.year,
                                   fields.month, fields.month_day, fields.hour, fields.minute, fields.second);
  return std::string(buffer.data(), static_cast<size_t>(length));
}

int32_t LocalOffset(int64_t epoch_s) {
  const std::time_t time = epoch_s;
  std::tm local{};
  if (localtime_r(&time, &local) == nullptr) return 0;
  return static_cast<int32_t>(local.tm_gmtoff);
}

}  // namespace picket::solver
