// Tables on value syntax and dates (spec 01 §3, §25.6).
#include "solver/cib/values.h"

#include <doctest/doctest.h>

#include <optional>
#include <string_view>

#include "solver/cib/dates.h"

namespace picket::solver {

TEST_CASE("booleans are words of either case, nothing else") {
  for (const auto* word : {"true", "ON", "Yes", "y", "1"}) CHECK(ParseBoolean(word) == true);
  for (const auto* word : {"false", "off", "NO", "n", "0"}) CHECK(ParseBoolean(word) == false);
  for (const auto* word : {"", "bogus", "10", " true", "truee"}) CHECK(ParseBoolean(word) == std::nullopt);
  CHECK_FALSE(IsTrue(nullptr));
}

TEST_CASE("integers ignore what follows them") {
  CHECK(ParseInteger("1x") == 1);
  CHECK(ParseInteger("2.0") == 2);
  CHECK(ParseInteger(" \t-7") == -7);
  CHECK(ParseInteger("+3") == 3);
  CHECK(ParseInteger("- 3") == std::nullopt);
  CHECK(ParseInteger("") == std::nullopt);
  CHECK(ParseInteger("99999999999999999999") == INT64_MAX);
  CHECK(ParseInteger("-99999999999999999999") == INT64_MIN);
  const std::string clipped = "-4", large = "99999999999", wrong = "x";
  CHECK(IntegerAtLeast(&clipped, 1) == 1);
  CHECK(IntegerAtLeast(&large, 1) == INT32_MAX);
  CHECK(IntegerAtLeast(&wrong, 2) == 2);
  CHECK(IntegerAtLeast(nullptr, 3) == 3);
}

TEST_CASE("scores know infinities and health words") {
  CHECK(ParseScore("+INFINITY") == Score::Infinity());
  CHECK(ParseScore("-INFINITY") == Score::MinusInfinity());
  CHECK(ParseScore("infinity") == std::nullopt);
  CHECK(ParseScore("3000000") == Score::Infinity());
  CHECK(ParseScore("red") == std::nullopt);
  CHECK(ParseScore("RED", Score(-9), Score(2), Score(3)) == Score(-9));
  CHECK(ParseScore("5", Score(-9), Score(2), Score(3)) == Score(5));
}

TEST_CASE("durations") {
  struct Case {
    std::string_view text;
    std::optional<uint32_t> ms;
  };
  const Case cases[] = {
      {"10", 10000},
      {"1.5s", 1000},
      {"3.1.4ms", 3},
      {"3 min", 180000},
      {"10minutes", 600000},
      {"5m", 300000},
      {"90seconds", 90000},
      {"2hours", 7200000},
      {"100msec", 100},
      {"100ms", 100},
      {"2500us", 2},
      {"5d", {}},
      {"1w", {}},
      {"-5s", {}},
      {"", {}},
      {"s", {}},
      {"5000000", 4294967295},
      {"PT5M", 300000},
      {"P1W1D", 604800000},
      {"P2W", 1123200000},
      {"P1D", 0},
      {"P1M", 2592000000},
      {"P1M1D", 2592000000},
      {"P1Y", 0},
      {"P1YT10S", 10000},
      {"P2Y", 4294967000},
      {"P2M", 4294967000},
      {"PT-5M", 0},
      {"p5m", {}},
      {"P", {}},
      {"PT", {}},
      {"P5", {}},
      {"P5X", {}},
      {"PT1.5S", {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(ParseDuration(c.text) == c.ms);
  }
  CHECK(ParseTimeout("PT5M") == 20000);
  CHECK(ParseTimeout("0") == 20000);
  CHECK(ParseTimeout("60") == 60000);
  CHECK(ParseTimeout("9999999h") == 2147483647);
  CHECK(RoundedSeconds(0) == 0);
  CHECK(RoundedSeconds(1) == 1);
  CHECK(RoundedSeconds(1499) == 1);
  CHECK(RoundedSeconds(1500) == 2);
}

TEST_CASE("versions compare by component") {
  CHECK(CompareVersions("1.10", "1.9") > 0);
  CHECK(CompareVersions("1.9", "1.9.0") == 0);
  CHECK(CompareVersions("3.20.5", "3.20.4") > 0);
  CHECK(CompareVersions("", "0") == 0);
  CHECK(CompareVersions("1.2-rc", "1.2") == 0);
  CHECK(CompareVersions(" 2", "10") < 0);
}

TEST_CASE("dates") {
  struct Case {
    std::string_view text;
    std::optional<std::string_view> utc;
  };
  const Case cases[] = {
      {"2030-02-28", "2030-02-28 00:00:00Z"},
      {"20300228", "2030-02-28 00:00:00Z"},
      {"2030-2-3", "2030-02-03 00:00:00Z"},
      {"2030-05", "2030-01-05 00:00:00Z"},
      {"2026-W53-7", "2027-01-03 00:00:00Z"},
      {"2030-1-1T24:00:00", "2030-01-02 00:00:00Z"},
      {"2030-01-01T10", "2030-01-01 10:00:00Z"},
      {"2030-01-01T1030", "2030-01-01 10:30:00Z"},
      {"2030-01-01 10:30 +02:00", "2030-01-01 08:30:00Z"},
      {"2030-01-01 10:30 02:00", "2030-01-01 08:30:00Z"},
      {"2030-01-01T10:30-0530", "2030-01-01 16:00:00Z"},
      {"2030-01-01T10:30 x", "2030-01-01 10:30:00Z"},
      {"2030-01-01x", "2030-01-01 00:00:00Z"},
      {"2030-01-01Z", "2030-01-01 00:00:00Z"},
      {"2030-01-01T10:30:15.5", "2030-01-01 10:30:15Z"},
      {"epoch", "1970-01-01 00:00:00Z"},
      {"EPOCH/x", "1970-01-01 00:00:00Z"},
      {"T10:30", "2023-11-14 10:30:00Z"},
      {"10:30", "2023-11-14 10:30:00Z"},
      {"", {}},
      {"2030-02-29", {}},
      {"2030-13-01", {}},
      {"2030-00-10", {}},
      {"2030-366", {}},
      {"203002", {}},
      {"2030", {}},
      {"2030-W53-1", {}},
      {"2030-W01-8", {}},
      {"2030/01/01", {}},
      {"-2030-01-01", {}},
      {"2030-01-01T", {}},
      {"2030-01-01T24:00:01", {}},
      {"2030-01-01T25:00", {}},
      {"2030-01-01T10:60", {}},
      {"2030-01-01T10:30+25:00", {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto date = ParseDateTime(c.text, 0, {1700000000, 0});
    REQUIRE(date.has_value() == c.utc.has_value());
    if (date) CHECK(FormatUtc(ToInstant(*date)) == *c.utc);
  }
  CHECK(ToInstant(*ParseDateTime("2030-01-01T10:30", 3600, {})).epoch_s ==
        ToInstant(*ParseDateTime("2030-01-01T09:30Z", 3600, {})).epoch_s);
}

// What the iso8601 of 2.1.5 says (spec 07 F-14); the second machine is three hours ahead.
TEST_CASE("times as releases before 3.0.2 read them") {
  struct Case {
    const char* text;
    const char* utc;  // null: invalid
    const char* ahead;
  };
  for (const Case& c :
       std::initializer_list<Case>{{"2024-01-01T12:00:00+01:00", "2024-01-01 12:00:00Z", "2024-01-01 09:00:00Z"},
                                   {"2024-01-01T12:00:00 +01:00", "2024-01-01 11:00:00Z", "2024-01-01 11:00:00Z"},
                                   {"2024-01-01T12:00:00 Z +02:00", "2024-01-01 12:00:00Z", "2024-01-01 12:00:00Z"},
                                   {"2024-01-01T", "2024-01-01 00:00:00Z", "2023-12-31 21:00:00Z"},
                                   {"2024-01-01", "2024-01-01 00:00:00Z", "2024-01-01 00:00:00Z"},
                                   {"2024-01-01  12:00:00", "2024-01-01 00:00:00Z", "2024-01-01 00:00:00Z"},
                                   {" 2024-01-01", "2024-01-01 20:24:00Z", "2024-01-01 17:24:00Z"},
                                   {"2024-01-01T123", "2024-01-01 12:03:00Z", "2024-01-01 09:03:00Z"},
                                   {"2024-01-01T12+05:30", "2024-01-01 12:00:05Z", "2024-01-01 09:00:05Z"},
                                   {"2024-01-01T12 -0530", "2024-01-01 17:30:53Z", "2024-01-01 17:30:53Z"},
                                   {"2024-01-01T12:00:00 x", "2024-01-01 12:00:00Z", "2024-01-01 12:00:00Z"},
                                   {"2024-01-01T24:00:00", "2024-01-02 00:00:00Z", "2024-01-01 21:00:00Z"},
                                   {"2024-01-01T-05:00", nullptr, nullptr},
                                   {"2024-01-01TZ", nullptr, nullptr},
                                   {"2024-01-01T25:00:00", nullptr, nullptr},
                                   {"2024-01-01T12:00:00 +25", nullptr, nullptr},
                                   {"2024-01-01T1 30", nullptr, nullptr},
                                   {"2024-01-01T99999999999", nullptr, nullptr}}) {
    CAPTURE(c.text);
    for (const int32_t offset_s : {0, 3 * 3600}) {
      const char* expected = offset_s == 0 ? c.utc : c.ahead;
      const auto date = ParseDateTime(c.text, offset_s, {1700000000, 0}, TimeForm::kLoose);
      REQUIRE(date.has_value() == (expected != nullptr));
      if (date) CHECK(FormatUtc(ToInstant(*date)) == expected);
    }
  }
}

TEST_CASE("calendar arithmetic clips months and keeps midnight's form") {
  DateTime date = *ParseDateTime("2030-10-31", 0, {});
  AddMonths(date, 1);
  CHECK(FormatUtc(ToInstant(date)) == "2030-11-30 00:00:00Z");
  AddMonths(date, -12);
  CHECK(FormatUtc(ToInstant(date)) == "2029-11-30 00:00:00Z");
  DateTime evening = *ParseDateTime("2030-01-01T23:00Z", 0, {});
  AddSeconds(evening, 3600);
  const DateTime midnight = *ParseDateTime("2030-01-02", 0, {});
  CHECK(evening.second == 86400);
  CHECK(CompareDates(evening, midnight) < 0);
  CHECK(ToInstant(evening).epoch_s == ToInstant(midnight).epoch_s);
  const CalendarFields fields = FieldsOf(FromInstant({1700000000, 0}));
  CHECK(fields.week == 46);
  CHECK(fields.week_day == 2);
  CHECK(fields.year_day == 318);
  CHECK(fields.week_year == 2023);
}

}  // namespace picket::solver
