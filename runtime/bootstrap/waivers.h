// Checks of `picket doctor` that a policy waives, one by one, with a reason:
//
//     node ha2 { … }            # allow doctor.time-sync: the clock is the hypervisor's      for ha2
//     cluster shop { … }        # allow doctor.crypto: a cable between the two, nobody else  for all nodes
//
// A comment on the line of a node is about that node; anywhere else it is about all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::runtime {

struct Waiver {
  std::string check;
  std::string node;  // empty: all
  std::string reason;
  std::size_t line = 0;
};

// `complaints` gets a line for each that names no check or gives no reason: those waive nothing.
std::vector<Waiver> ReadWaivers(std::string_view policy, std::vector<std::string>& complaints);

// The waiver for a finding; null if there is none.
const Waiver* WaiverFor(const std::vector<Waiver>& waivers, std::string_view check, std::string_view node);

}  // namespace picket::runtime
