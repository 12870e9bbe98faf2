// The iteration order of the specification's string-keyed tables (spec 03 §1.6, 01 §24).
//
// Our tables keep the order of insertion; where the order of a hash table shows (the most capable node, the start of
// a balanced sort, the pairs of a utilization line) it is replayed from that log. Nothing here is for finding.
// Cost: linear in the number of keys.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace picket::solver::place {

// Indices into `keys`, which are distinct and in order of insertion, in the order in which the table would be walked.
std::vector<size_t> HashOrder(const std::vector<std::string_view>& keys);

}  // namespace picket::solver::place
