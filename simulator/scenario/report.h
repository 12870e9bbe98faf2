// Verdicts in words: for people, as JSON, as JUnit.
//
// Pure: data in, text out. Places in the policy come from the caller, who has the source map.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "simulator/scenario/coverage.h"
#include "simulator/scenario/play.h"

namespace picket::simulator {

// A span as people read it.
struct Quote {
  std::string place;  // `pbx.picket:71:10`
  std::string file;   // `pbx.picket`; empty if the span is in no file
  size_t line = 0;    // from 1
  std::string text;   // the words of the policy, on one line
};
using Quoter = std::function<Quote(const compiler::Span&)>;

struct PolicyReport {
  std::string path;
  std::string decided_as;  // the release of Pacemaker
  size_t nodes = 0;
  size_t resources = 0;
  Durations durations;             // said in the report, with their sources
  std::optional<Objection> start;  // the cluster does not even come to rest from nothing
  std::vector<Verdict> verdicts;
  std::vector<int64_t> verdict_elapsed_ms;  // real time of each verdict
  int64_t elapsed_ms = 0;                   // real time of all
  // Why there are no verdicts: the file cannot be read or is wrong. Lines for people, and the exit status of
  // that.
  std::vector<std::string> error;
  int error_status = 0;
  // Why it is so instead, in lines with the places of what is behind it; unset or empty: nothing to say.
  std::function<std::string(const Objection&)> why;
  bool tells_devices = false;  // starts and stops of fence devices, in stories
  bool tells_coverage = false;
  std::vector<CoveredItem> coverage;
  // The place of an element of the configuration, or empty.
  std::function<std::string(const std::string& id)> place_of;
};

struct Tally {
  size_t passed = 0;
  size_t failed = 0;
};
Tally Count(const PolicyReport& report);

// One block for each verdict; `with_stories` also tells those that passed (of tests only).
std::string TextOf(const PolicyReport& report, const Quoter& quote, bool with_stories, bool colour);
// Version 2 of `picket-test` (docs/json.md), and JUnit with file, line and time of each case. A report with
// an `error` is in both: the results of the others are not lost.
std::string JsonOf(const std::vector<PolicyReport>& reports, const std::vector<Quoter>& quotes);
std::string JUnitOf(const std::vector<PolicyReport>& reports, const std::vector<Quoter>& quotes);

}  // namespace picket::simulator
