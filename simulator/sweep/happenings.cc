#include "simulator/sweep/happenings.h"

#include <algorithm>
#include <set>
#include <string>

#include "simulator/scenario/fault_sets.h"

namespace picket::simulator {

Happenings::Happenings(const std::vector<compiler::scenario::Fault>& faults) {
  // Words stand for faults: two that read alike are one.
  std::set<std::string> ends;
  for (const compiler::scenario::Fault& fault : faults) {
    if (const auto end = ReturnOf(fault)) ends.insert(FaultText(*end));
  }
  std::set<std::string> wanted;
  for (const compiler::scenario::Fault& fault : faults) {
    const std::string text = FaultText(fault);
    if (ends.count(text) > 0) {
      wanted.insert(text);
    } else {
      list_.push_back(fault);
    }
  }
  outages_ = static_cast<uint32_t>(list_.size());
  return_of_.assign(outages_, kNone);
  for (uint32_t outage = 0; outage < outages_; ++outage) {
    const auto end = ReturnOf(list_[outage]);
    if (!end || wanted.count(FaultText(*end)) == 0) continue;
    return_of_[outage] = static_cast<uint32_t>(list_.size());
    list_.push_back(*end);
  }
}

std::vector<uint32_t> Happenings::ReturnsAfter(const std::vector<bool>& struck) const {
  std::vector<uint32_t> returns;
  for (uint32_t outage = 0; outage < outages_; ++outage) {
    if (struck[outage] && MayEnd(outage) && !struck[return_of_[outage]]) returns.push_back(return_of_[outage]);
  }
  return returns;
}

int64_t Happenings::HistoriesFrom(size_t standing) {
  int64_t histories = 1;
  for (size_t i = 1; i <= standing; ++i) histories = 1 + static_cast<int64_t>(i) * histories;
  return histories;
}

}  // namespace picket::simulator
