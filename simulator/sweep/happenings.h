// What can happen in a history: outages, and for some of them the end.
//
// The end of an outage follows the outage, strikes at rest and counts as no fault of its own. Where several
// outages stand, they end in every order, and some may stay. So the number of histories that go on from a
// rest is known beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compiler/scenario/scenario.h"

namespace picket::simulator {

class Happenings {
 public:
  // In any order. The end of an outage that is not among them is left out.
  explicit Happenings(const std::vector<compiler::scenario::Fault>& faults);

  // Outages first, then ends of outages; the numbers below count in this list.
  const std::vector<compiler::scenario::Fault>& list() const { return list_; }
  uint32_t outages() const { return outages_; }
  bool IsReturn(uint32_t number) const { return number >= outages_; }
  bool MayEnd(uint32_t outage) const { return return_of_[outage] != kNone; }
  // The ends of outages that have struck and still stand.
  std::vector<uint32_t> ReturnsAfter(const std::vector<bool>& struck) const;
  // How many histories begin with a given rest at which so many outages stand that may end, the one that ends
  // there included.
  static int64_t HistoriesFrom(size_t standing);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  std::vector<compiler::scenario::Fault> list_;
  uint32_t outages_ = 0;
  std::vector<uint32_t> return_of_;  // of each outage
};

}  // namespace picket::simulator
