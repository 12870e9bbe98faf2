// What `test`, `sweep` and `diff` play in: one input, loaded once and kept for as long as anything is told about it.
//
// An input is a policy, or a CIB with its present status; a CIB says nothing of tests, so they come from a file of
// their own, whose names are resolved against the CIB.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "compiler/compile.h"
#include "simulator/scenario/play.h"
#include "simulator/scenario/report.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::cli {

struct Playground {
  std::string path;
  compiler::CompileResult compilation;  // of the policy, or of the tests beside a CIB
  pugi::xml_document document;          // in the current schema
  solver::Cluster cluster;
  solver::State state;
  simulator::WorldSettings settings;
  bool has_status = false;  // the cluster goes on from there; else it starts from nothing
  size_t resources = 0;

  const compiler::scenario::Scenario& scenario() const;
  simulator::Quoter Quoter() const;
  // What the solver says of the moment of an objection, about what the claim is about; may be empty.
  std::string Why(const simulator::Objection& objection) const;
  // Where the element with this id is written, or empty.
  std::string PlaceOf(const std::string& id) const;
  // A player at the beginning; Start() has not been called.
  simulator::Player Player(std::shared_ptr<const simulator::WorldHooks> hooks = nullptr) const;
};

// What the command line says that the input does not; each may be empty. `tests` and `corosync` apply to a CIB only,
// `agents` to a policy only.
struct Beside {
  std::string tests;                     // a policy file with tests and invariants
  std::string corosync;                  // corosync.conf: links, votes, two_node, how soon a loss is noticed
  std::string agents;                    // the lock of agents that a policy is checked against (docs/agents.md)
  std::string engine;                    // pacemaker or picket, whatever the policy says
  std::string as;                        // the release of Pacemaker that decides, whatever the input says
  std::optional<solver::Target> target;  // instead of `as`, where no name says it
  // Also called with the compilation of a policy, after the usual checks.
  std::function<void(const compiler::Review&)> review;
  std::string now;  // the moment at which the histories begin; empty: that of the CIB, or a fixed one
};

// Null after telling why on stderr; `status` is then the exit status.
std::unique_ptr<Playground> LoadPlayground(const std::string& path, const Beside& beside, int& status);

}  // namespace picket::cli
