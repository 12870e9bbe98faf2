// What each command of pcs does to a CIB. The words are all of the command's; the table in pcs.cc says how
// many there are at least.
#pragma once

#include "compiler/import/pcs_cib.h"

namespace picket::compiler::import::pcs {

using Command = void (*)(PcsCib& cib, const Words& words);

// pcs_resources.cc
void Create(PcsCib& cib, const Words& w);
void Update(PcsCib& cib, const Words& w);
void Meta(PcsCib& cib, const Words& w);
void Utilization(PcsCib& cib, const Words& w);

// pcs_operations.cc
void AddOperation(PcsCib& cib, const Words& w);
void RemoveOperation(PcsCib& cib, const Words& w);
/// `monitor interval=9s start timeout=5s` into a primitive.
void Operations(PcsCib& cib, pugi::xml_node element, const Words& words);
/// The same where an operation takes the place of the one with its name and its role, with all its options.
void UpdateOperations(PcsCib& cib, pugi::xml_node element, const Words& words);

// pcs_bundles.cc
void Bundle(PcsCib& cib, const Words& w);
void UpdateBundle(PcsCib& cib, const Words& w);
void ResetBundle(PcsCib& cib, const Words& w);

// pcs_groups.cc
struct Place {
  std::string before, after;  ///< A member of the group; at most one of them.
};
void Group(PcsCib& cib, const Words& w);
void Ungroup(PcsCib& cib, const Words& w);
void Clone(PcsCib& cib, const Words& w);
void Unclone(PcsCib& cib, const Words& w);
void AddToGroup(PcsCib& cib, const std::string& id, const Words& members, const Place& place);

// pcs_removal.cc
void Delete(PcsCib& cib, const Words& w);
/// Takes away what speaks of a resource: constraints, members of sets, levels, permissions; not tags.
void RemoveReferences(PcsCib& cib, const std::string& id);
/// Whether a constraint, a tag or a permission speaks of a resource.
bool IsReferenced(PcsCib& cib, const std::string& id);
/// Takes a name out of every tag; a tag without a name goes as well.
void RemoveFromTags(PcsCib& cib, const std::string& id);
/// The tags with that name, as `t1`, `t2`; empty without one.
std::string TagsWith(PcsCib& cib, const std::string& id);

// pcs_switches.cc
void Disable(PcsCib& cib, const Words& w);
void Enable(PcsCib& cib, const Words& w);
void Manage(PcsCib& cib, const Words& w);
void NodeSwitch(PcsCib& cib, const Words& w);

// pcs_options.cc
void Defaults(PcsCib& cib, const Words& w);
void Property(PcsCib& cib, const Words& w);
void UnsetProperty(PcsCib& cib, const Words& w);
void NodeBlock(PcsCib& cib, const Words& w);

// pcs_levels.cc
void Level(PcsCib& cib, const Words& w);
void RemoveLevel(PcsCib& cib, const Words& w);
void ClearLevels(PcsCib& cib, const Words& w);

// pcs_locations.cc
void Location(PcsCib& cib, const Words& w);
void AddRule(PcsCib& cib, const Words& w);
/// `resource ban` and `resource move-with-constraint`.
void Ban(PcsCib& cib, const Words& w);
void ClearBans(PcsCib& cib, const Words& w);

/// The attribute `score`. A word that is not a score is a fault.
void Score(PcsCib& cib, pugi::xml_node element, const std::string& word);

// pcs_constraints.cc
void Order(PcsCib& cib, const Words& w);
void Colocation(PcsCib& cib, const Words& w);
void Ticket(PcsCib& cib, const Words& w);

// pcs_unconstrain.cc
void RemoveConstraints(PcsCib& cib, const Words& w);
void RemoveLocation(PcsCib& cib, const Words& w);
void RemoveRule(PcsCib& cib, const Words& w);
void RemoveOrder(PcsCib& cib, const Words& w);
void RemoveColocation(PcsCib& cib, const Words& w);
void RemoveTicket(PcsCib& cib, const Words& w);
/// Takes a resource out of the sets of a constraint. A set that is empty then goes, and so does a constraint
/// without a set. True if there was one.
bool RemoveFromSets(pugi::xml_node constraint, const std::string& id);

// pcs_tags.cc
void Tag(PcsCib& cib, const Words& w);
void RemoveTag(PcsCib& cib, const Words& w);
void UpdateTag(PcsCib& cib, const Words& w);
/// A tag among the words stands for what it names.
Words WithoutTags(PcsCib& cib, const Words& words);

// pcs_access.cc
void Role(PcsCib& cib, const Words& w);
void RemoveRole(PcsCib& cib, const Words& w);
void AssignRole(PcsCib& cib, const Words& w);
void Permission(PcsCib& cib, const Words& w);
void RemovePermission(PcsCib& cib, const Words& w);
void AclTarget(PcsCib& cib, const Words& w);
void RemoveAclTarget(PcsCib& cib, const Words& w);

// pcs_alerts.cc
void Alert(PcsCib& cib, const Words& w);
void UpdateAlert(PcsCib& cib, const Words& w);
void RemoveAlert(PcsCib& cib, const Words& w);
void Recipient(PcsCib& cib, const Words& w);
void UpdateRecipient(PcsCib& cib, const Words& w);
void RemoveRecipient(PcsCib& cib, const Words& w);

}  // namespace picket::compiler::import::pcs
