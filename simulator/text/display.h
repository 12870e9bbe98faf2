// What the text and the XML form of a status both show: names, roles, states as words (spec 06 §10, 02 §22,
// 04 §14).
//
// Questions to a Run that ReadStatus() filled; nothing here prints or changes anything. Costs a few steps
// each, but for the ones about a collective, which walk its parts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "solver/model/run.h"

namespace picket::simulator {

// Options of one status block (spec 06 §9).
struct StatusOptions {
  bool pending = false;      // pending operations: the current status shows them, the revised one does not
  bool attributes = false;   // -A
  bool fail_counts = false;  // -c
};

// --- nodes -------------------------------------------------------------------------------------------------
enum class Health { kRed = -1, kYellow = 0, kGreen = 1 };
Health HealthOf(const solver::Run& run, solver::NodeId node);
std::vector<std::string_view> NodeNames(const solver::Run& run, const std::vector<solver::NodeId>& nodes);
// In the display order of nodes (spec 01 §3.10).
void SortByName(const solver::Run& run, std::vector<solver::NodeId>& nodes);
// `[ n1 n2 ]`.
std::string NodeBrackets(const solver::Run& run, const std::vector<solver::NodeId>& nodes);

// --- resources ---------------------------------------------------------------------------------------------
// Instance id if the resource is unique, else the configured id.
const std::string& PrintableId(const solver::Resource& resource);
std::string AgentText(const solver::Resource& resource);  // `class[:provider]:type`
// The current role, with Started shown as Unpromoted inside a promotable clone.
solver::Role DisplayedRole(const solver::Run& run, solver::ResourceId resource);
// `Starting`, `Stopping`, … or empty.
std::string_view PendingWord(const solver::Resource& resource);
// A pending operation other than a probe.
bool HasPendingNonProbe(const solver::Resource& resource);
// The configured target-role of the resource or empty.
std::string_view TargetRoleText(const solver::Resource& resource);
solver::Role TargetRole(const solver::Resource& resource);
// That of a clone, which may have it from its first instance.
std::string_view CloneTargetRoleText(const solver::Run& run, solver::ResourceId clone);
// Target-role Stopped, or Unpromoted inside (or of) a promotable clone (spec 06 §10.9).
bool IsDisabled(const solver::Run& run, solver::ResourceId resource);
bool InPromotableClone(const solver::Run& run, solver::ResourceId resource);

// Any resource at or below is removed, unmanaged, has the flag.
template <typename Predicate>
bool AnyBelow(const solver::Run& run, solver::ResourceId id, Predicate&& predicate) {
  const solver::Resource& resource = run.at(id);
  if (predicate(resource)) return true;
  for (const solver::ResourceId child : resource.children) {
    if (AnyBelow(run, child, predicate)) return true;
  }
  return false;
}

// Whether a top-level resource is left out of the list: implicit ones, and removed ones that are not active.
bool IsHidden(const solver::Run& run, solver::ResourceId resource);

// How an instance of an anonymous clone is shown (spec 06 §10.6).
enum class InstancePlace { kInFull, kStopped, kStarted, kPromoted };
struct InstanceView {
  InstancePlace place;
  solver::NodeId node;  // for the two lists
};
InstanceView ViewInstance(const solver::Run& run, solver::ResourceId clone, solver::ResourceId instance, bool pending);
// Nodes where a clone might run and does not, with what is said of them: `Stopped`, `Stopped (disabled)`,
// `Stopped (RESULT)`. Statuses in byte order, nodes in display order.
struct StoppedNodes {
  std::string status;
  std::vector<solver::NodeId> nodes;
};
std::vector<StoppedNodes> StoppedNodesOf(const solver::Run& run, solver::ResourceId clone);

// What a replica of a bundle shows: the contained primitive, or the container if there is none.
struct ReplicaView {
  solver::ResourceId resource;
  std::string name;
  solver::NodeId node;  // the container's
};
ReplicaView ViewReplica(const solver::Run& run, const solver::Replica& replica);

}  // namespace picket::simulator
