// Dates, calendar arithmetic and ISO durations (spec 01 §3.8, §3.9).
//
// A date keeps the form in which it came to be: second 86400 of a day is earlier than second 0 of the next
// when dates are compared, and the same second when they are counted from 1970. Everything here is a pure
// function except LocalOffset, which asks the machine's time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "solver/model/state.h"

namespace picket::solver {

// A point in time as the specification keeps it: (year, day of year, second of day, offset). Comparisons
// convert to UTC.
struct DateTime {
  int32_t year = 0;
  int32_t day = 0;     // of the year, from 1
  int32_t second = 0;  // of the day, 0..86400
  int32_t offset_s = 0;
};

// How the time behind a date is read. `kLoose` is what releases before 3.0.2 do (spec 07 F-14): an offset
// counts only behind a space, an empty time is midnight, and signs and missing digits are understood as C's
// scanf does.
enum class TimeForm : uint8_t { kStrict, kLoose };

// `local_offset_s`: used where the text gives no offset after a time. `today`: for texts that are a time
// only.
std::optional<DateTime> ParseDateTime(std::string_view text, int32_t local_offset_s, Instant today,
                                      TimeForm form = TimeForm::kStrict);
DateTime FromInstant(Instant instant);
Instant ToInstant(const DateTime& date);
int CompareDates(const DateTime& a, const DateTime& b);

// Calendar arithmetic (spec 01 §3.8): years keep the day of the year, months clip the day of the month.
void AddYears(DateTime& date, int64_t years);
void AddMonths(DateTime& date, int64_t months);
void AddDays(DateTime& date, int64_t days);
void AddSeconds(DateTime& date, int64_t seconds);

// The calendar fields that a date_spec compares, read in the date's own offset.
struct CalendarFields {
  int32_t year = 0;
  int32_t month = 0;      // 1-12
  int32_t month_day = 0;  // 1-31
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t year_day = 0;   // 1-366
  int32_t week_year = 0;  // ISO
  int32_t week = 0;       // 1-53
  int32_t week_day = 0;   // 1 = Monday
};
CalendarFields FieldsOf(const DateTime& date);

// `P…` (spec 01 §3.9). Nothing: invalid.
struct IsoDuration {
  int32_t years = 0;
  int32_t months = 0;
  int32_t days = 0;     // weeks included
  int32_t seconds = 0;  // hours and minutes included
};
std::optional<IsoDuration> ParseIsoDuration(std::string_view text);

// `YYYY-MM-DD HH:MM:SSZ` in UTC (spec 01 §2.2).
std::string FormatUtc(Instant instant);
// The offset of the local time zone at that time.
int32_t LocalOffset(int64_t epoch_s);

}  // namespace picket::solver
