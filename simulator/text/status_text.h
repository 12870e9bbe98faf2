// The status block of the text output: nodes, resources, attributes, fail counts and failures (spec 06 §10).
//
// One function for each section; each gives whether it printed anything, because an empty line goes between
// sections that did. They read a Run that ReadStatus() filled. Cost: what is printed, and for clones their
// nodes.
#pragma once

#include <string_view>

#include "simulator/text/display.h"
#include "simulator/text/text_writer.h"

namespace picket::simulator {

// The whole block under its title (`Current cluster status`, `Revised Cluster Status`).
void WriteStatus(TextWriter& out, solver::Run& run, std::string_view title, const StatusOptions& options);

// The sections. `after_another`: an earlier section has printed something.
bool WriteNodeList(TextWriter& out, const solver::Run& run);  // §10.1, §10.2
bool WriteResourceList(TextWriter& out, const solver::Run& run, const StatusOptions& options,
                       bool after_another);                                            // §10.4-§10.7
bool WriteNodeAttributes(TextWriter& out, solver::Run& run, bool after_another);       // §10.10
bool WriteMigrationSummary(TextWriter& out, solver::Run& run, bool after_another);     // §10.11
bool WriteFailedActions(TextWriter& out, const solver::Run& run, bool after_another);  // §10.12

// The line of a primitive, without bullet (§10.4). `name` and `node` are given, since those of a bundle
// differ.
std::string PrimitiveLine(const solver::Run& run, solver::ResourceId resource, std::string_view name,
                          solver::NodeId node, bool pending);
// The state of a node on a line of its own (§10.2): `UNCLEAN (offline)`, `standby`, …
std::string_view NodeStateText(const solver::Node& node);

}  // namespace picket::simulator
