// Names as the policy language spells them, and its text on one line.
#pragma once

#include <string>
#include <string_view>

#include "simulator/scenario/play.h"

namespace picket::web {

// A name that stands where names stand in a test: bare where it can, else in quotes.
std::string WordOf(std::string_view name);
// Blanks for line ends and for several blanks; comments are left out.
std::string OneLine(std::string_view text);
// A fault as a step of a test; nothing where the language has no word for it.
std::string StepOf(const compiler::scenario::Fault& fault);

}  // namespace picket::web
