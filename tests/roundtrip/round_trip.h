// The way of a CIB to a policy and back, with everything that has to hold on
// it: import has no complaint, its policy is in canonical spelling, and what
// the policy compiles to is equal to the CIB in normal form (docs/import.md).
#pragma once

#include <cstddef>
#include <string>

#include "compiler/import/import.h"

namespace picket {

struct RoundTrip {
  std::string policy;
  std::string compiled;  ///< The CIB that it compiles to, as text; empty if it does not.
  std::size_t elements_as_xml = 0;
  std::string trouble;  ///< What did not hold; empty if all did.
};

RoundTrip GoRound(const std::string& cib, const compiler::import::ImportOptions& how);

/// The CIB with its configuration replaced by that of `compiled`, and with its
/// own state: what a cluster would have to do the same with.
std::string WithConfiguration(const std::string& cib, const std::string& compiled);

/// What crm_simulate -S, with scores, would print of a CIB.
std::string Simulated(const std::string& cib);

}  // namespace picket
