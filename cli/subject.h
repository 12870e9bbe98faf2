// What `why` and `report` talk about: a cluster in a state, and where its elements were written.
//
// A CIB brings its state along. A policy says nothing of any state: its cluster is started in the simulated world and
// comes to rest. Faults, in the words of `test`, may strike then, one after the other; a CIB's cluster lives on from
// the state that it has.
#pragma once

#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/compile.h"
#include "simulator/explain/situation.h"
#include "simulator/world/world.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::cli {

struct Subject {
  std::string path;
  std::string text;                     // as it was read
  compiler::CompileResult compilation;  // of a policy; empty for a CIB
  bool is_policy = false;
  pugi::xml_document document;  // configuration and state, in the current schema
  solver::Instant now;
  solver::Cluster cluster;                // with the release that decides
  std::optional<simulator::World> world;  // after the faults; none for a CIB that was taken as it is
  std::vector<compiler::scenario::Fault> faults;
  std::optional<solver::State> reaction;  // when the world began to act on what happened last

  // `pbx.picket:61:1`, or the id where there are no lines.
  std::string Cite(std::string_view id) const;
};

// The subject as it is now, solved with every reason; nodes that could not be fenced count as such.
std::unique_ptr<simulator::explain::Situation> SituationOf(const Subject& subject);

// Fills `subject`, for the release `as` (empty: what the input says, else the newest); else tells why on
// stderr and gives the exit status.
int LoadSubject(const std::string& file, const std::vector<std::string>& faults, Subject& subject,
                const std::string& as = {});

}  // namespace picket::cli
