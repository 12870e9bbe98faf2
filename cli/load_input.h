// What a verb is given to work on, as a CIB document: the one place where inputs are read.
//
// Today an input is a CIB in XML, from a file or from standard input (`-`); a policy will be compiled here.
#pragma once

#include <istream>
#include <string>

#include <pugixml.hpp>

#include "solver/cib/document.h"

namespace picket::cli {

struct Input {
  pugi::xml_document document;  // in the current schema
  std::string warning;          // one line for stderr, or empty
};

// Gives false and the reason if the input cannot be read or is not acceptable.
bool LoadInput(const std::string& file, std::istream& standard_input, Input& input, solver::DocumentError& error);

}  // namespace picket::cli
