// A failed claim in the author's words, and why it is so instead: shared by the verbs that show verdicts.
#pragma once

#include <string>

#include "compiler/source_map/source_map.h"
#include "simulator/scenario/report.h"

namespace picket::cli {

// Quotes spans of the policy; refers to `sources` for as long as it lives.
simulator::Quoter QuoterOf(const compiler::SourceMap& sources);

// What the solver says of the moment of the objection, about what the claim is about. Lines; empty: nothing.
std::string WhyOf(const simulator::Objection& objection, const compiler::SourceMap& sources);

}  // namespace picket::cli
