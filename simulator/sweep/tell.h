// What a sweep found, in words: for people, as JSON (version 1 of the format in docs/sweep.md), as JUnit.
//
// Pure, and the same for the same sweep: how long it took is not in it, which is for the progress line to say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/scenario/report.h"
#include "simulator/sweep/search.h"

namespace picket::simulator {

struct SweepReport {
  std::string path;
  std::string decided_as;  // the release of Pacemaker
  size_t nodes = 0;
  size_t resources = 0;
  std::vector<std::string> claims;          // names of the invariants
  std::vector<compiler::Span> claim_spans;  // where each is written; empty with `default_claims`
  bool default_claims = false;              // the policy has none
  int failures_max = 0;
  std::optional<Objection> start;  // the cluster does not even come to rest
  SearchResult result;
  std::string why;  // of the counterexample, in lines; may be empty
};

// `2 nodes, 1 resource; and 2 return`: what the levels are about.
std::string FaultSummary(const SearchResult& result);
// Whether any invariant was asked anything.
bool AnythingJudged(const SearchResult& result);
// `1,234 histories with 2 faults`.
std::string LevelText(const Level& level);
// How fast, for stderr: `5.2 s, 2 threads, 2,776 histories a second, 1,388 for each core`.
std::string SpeedText(const SearchResult& result);
std::string Grouped(int64_t number);

std::string TextOf(const SweepReport& report, const Quoter& quote, bool colour);
std::string JsonOf(const SweepReport& report, const Quoter& quote);
std::string JUnitOf(const SweepReport& report, const Quoter& quote);

}  // namespace picket::simulator
