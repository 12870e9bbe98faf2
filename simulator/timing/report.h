// Chains and limits in words: a table for people, and JSON (`picket-timing` in docs/json.md).
//
// Pure: data in, text out.
#pragma once

#include <string>
#include <vector>

#include "compiler/topology/topology.h"
#include "simulator/timing/chains.h"
#include "simulator/timing/fence_times.h"
#include "simulator/timing/limits.h"

namespace picket::simulator {

// An operation with less time than its agent advises, as `check` says it.
struct Advice {
  std::string code;
  std::string place;
  std::string message;
};

struct TimingReport {
  std::string path;
  // Why there is nothing else: the file cannot be read or is wrong. Lines for people, and the exit status of that.
  std::vector<std::string> error;
  int error_status = 0;
  size_t nodes = 0;
  compiler::Detection detection;
  bool fencing = true;  // nodes are fenced at all
  int64_t fencing_timeout_ms = 0;
  int64_t watchdog_ms = 0;  // fencing-watchdog-timeout; 0: not used
  std::vector<FenceTimes> fence_times;
  ChainsResult chains;
  std::vector<Limit> limits;
  std::vector<Advice> advice;
  Durations durations;
};

// Whether every limit holds, and no operation has less time than advised.
bool AllFits(const TimingReport& report);

std::string TextOf(const TimingReport& report);
std::string JsonOf(const std::vector<TimingReport>& reports);

}  // namespace picket::simulator
