// What a verb is given to work on, as a CIB document: the one place where inputs are read.
//
// An input is a CIB in XML, perhaps packed, or a policy, from a file, from standard input (`-`) or from the live
// cluster (cli/read_cib.h). A policy is compiled; as it says
// nothing of any state, its cluster has just come up: every member online, nothing known yet.
#pragma once

#include <istream>
#include <optional>
#include <pugixml.hpp>
#include <string>

#include "compiler/compile.h"
#include "solver/cib/document.h"

namespace picket::cli {

struct Input {
  pugi::xml_document document;  // in the current schema
  std::string warning;          // for stderr, or empty
  bool is_policy = false;
  solver::Target target;  // the release for which it was read
};

// For which release of Pacemaker an input is read (spec 07 §1.2).
struct AsRelease {
  std::optional<solver::Target> target;  // none: what the document says
};

// Reads the value of `--as`; false and the reason if it is none. An empty value leaves `as` as it is.
bool ParseAs(const std::string& value, AsRelease& as, std::string& reason);

// The release that a policy names in its `cluster` block, else the newest.
solver::Target ReleaseOfPolicy(const compiler::Compiled& compiled);

// Gives false and the reason if the input cannot be read or is not acceptable.
// `as`: the release for which it is read.
bool LoadInput(const std::string& file, std::istream& standard_input, Input& input, solver::DocumentError& error,
               const AsRelease& as = {solver::Target()});

}  // namespace picket::cli
