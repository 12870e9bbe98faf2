// What a verb is given to work on, as a CIB document: the one place where inputs are read.
//
// An input is a CIB in XML, perhaps packed, or a policy, from a file, from standard input (`-`) or from the live
// cluster (cli/read_cib.h). A policy is compiled; as it says
// nothing of any state, its cluster has just come up: every member online, nothing known yet.
#pragma once

#include <istream>
#include <string>

#include <pugixml.hpp>

#include "solver/cib/document.h"

namespace picket::cli {

struct Input {
  pugi::xml_document document;  // in the current schema
  std::string warning;          // for stderr, or empty
  bool is_policy = false;
};

// Gives false and the reason if the input cannot be read or is not acceptable.
bool LoadInput(const std::string& file, std::istream& standard_input, Input& input, solver::DocumentError& error);

}  // namespace picket::cli
