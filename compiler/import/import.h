// A CIB as a policy: what a person would have written to get it.
//
// Import makes statements element by element, as readable as it can, prints
// them, compiles the result and compares it with the CIB it began with. What
// does not come back the same is said more plainly, and in the end as
// `xml SECTION '…'`. So nothing is lost, whatever stood in the CIB; a
// construct that the importer misreads costs readability only.
//
// The `status` of a CIB, its versions and its origin are state, not policy,
// and are left out. docs/import.md tells what is meant by "the same".
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/compile.h"

namespace picket::compiler::import {

struct ImportOptions {
  /// Writes the ids of inner elements too, which are derived otherwise.
  bool all_ids = false;
  /// As the policy will be compiled: nodes that nothing can fence are written
  /// down as such.
  std::function<void(const Review&)> review;
};

struct Imported {
  std::string policy;                 ///< In canonical spelling.
  std::size_t elements_as_xml = 0;    ///< Elements for which there was no word.
  std::vector<std::string> warnings;  ///< What the user should know; usually nothing.
  /// What is faulty in the configuration itself: hosts of fence devices that are no nodes, options that nobody reads.
  std::vector<std::string> faults;
};

/// False, and the reason, if the text is no CIB.
bool Import(std::string_view cib, const ImportOptions& options, Imported& imported, std::string& reason);

}  // namespace picket::compiler::import
