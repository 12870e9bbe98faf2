// Dates, calendar arithmetic and ISO durations (spec 01 §3.8, §3.9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "solver/model/state.h"

namespace picket::solver {

// A point in time as the specification keeps it: (year, day of year, second of day, offset). Comparisons convert to UTC.
struct DateTime {
  int32_t year = 0;
  int32_t day = 0;      // of the year, from 1
  int32_t second = 0;   // of the day, 0..86400
  int32_t offset_s = 0;
};

// `local_offset_s`: used where the text gives no offset after a time. `today`: for texts that are a time only.
std::optional<DateTime> ParseDateTime(std::string_view text, int32_t local_offset_s, Instant today);
DateTime FromInstant(Instant instant);
Instant ToInstant(const DateTime& date);
int CompareDates(const DateTime& a, const DateTime& b);

// `YYYY-MM-DD HH:MM:SSZ` in UTC (spec 01 §2.2).
std::string FormatUtc(Instant instant);
// The offset of the local time zone at that time.
int32_t LocalOffset(int64_t epoch_s);

}  // namespace picket::solver
