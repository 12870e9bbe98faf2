// The configuration that a simulated cluster lives by: small, and with something of each kind in it.
//
// A plain resource, a group of an address and a server that may run once only, a promotable clone that is notified, a
// clone, fence devices in levels; ordered and colocated, with failures that expire. Its agents are played by Node.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::daemon_test {

struct Shape {
  int nodes = 1;
  bool grouped = false;  // cores of a group; else one alone
  bool fencing = false;
  int fence_devices = 1;  // the second is a level of its own
  bool two_node = false;
  bool mixed = false;  // at each start of a picketd it is chance whether it is of an earlier version
};

// As the history names it.
struct Service {
  std::string_view id;
  bool exclusive = false;   // active on one node only
  bool promotable = false;  // promoted on one node only
};
// Those in the policy of that shape.
const std::vector<Service>& ServicesOf(const Shape& shape);

std::string NodeName(int number);
// The text of a CIB.
std::string PolicyText(const Shape& shape);

}  // namespace picket::daemon_test
