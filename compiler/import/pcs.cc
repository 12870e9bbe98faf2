#include "compiler/import/pcs.h"

#include <algorithm>

#include "compiler/import/pcs_commands.h"
#include "compiler/import/pcs_lines.h"

namespace picket::compiler::import {
namespace pcs {
namespace {

struct Known {
  std::initializer_list<const char*> begin;
  std::size_t at_least;  ///< Words.
  Command carry_out;
};

// The first that fits counts.
const Known kKnown[] = {
    {{"resource", "create"}, 4, Create},
    {{"stonith", "create"}, 4, Create},
    {{"resource", "bundle", "create"}, 4, Bundle},
    {{"resource", "bundle", "update"}, 4, UpdateBundle},
    {{"resource", "bundle", "reset"}, 4, ResetBundle},
    {{"resource", "group", "add"}, 4, Group},
    {{"resource", "group", "delete"}, 4, Ungroup},
    {{"resource", "group", "remove"}, 4, Ungroup},
    {{"resource", "ungroup"}, 3, Ungroup},
    {{"resource", "clone"}, 3, Clone},
    {{"resource", "promotable"}, 3, Clone},
    {{"resource", "unclone"}, 3, Unclone},
    {{"resource", "delete"}, 3, Delete},
    {{"resource", "remove"}, 3, Delete},
    {{"stonith", "delete"}, 3, Delete},
    {{"stonith", "remove"}, 3, Delete},
    {{"resource", "ban"}, 3, Ban},
    {{"resource", "move-with-constraint"}, 3, Ban},
    {{"resource", "clear"}, 3, ClearBans},
    {{"resource", "meta"}, 3, Meta},
    {{"stonith", "meta"}, 3, Meta},
    {{"resource", "utilization"}, 4, Utilization},
    {{"resource", "op", "defaults"}, 4, Defaults},
    {{"resource", "op", "add"}, 5, AddOperation},
    {{"resource", "op", "remove"}, 4, RemoveOperation},
    {{"resource", "op", "delete"}, 4, RemoveOperation},
    {{"stonith", "op", "remove"}, 4, RemoveOperation},
    {{"stonith", "op", "delete"}, 4, RemoveOperation},
    {{"resource", "update"}, 4, Update},
    {{"stonith", "update"}, 4, Update},
    {{"resource", "defaults"}, 3, Defaults},
    {{"resource", "disable"}, 3, Disable},
    {{"stonith", "disable"}, 3, Disable},
    {{"resource", "enable"}, 3, Enable},
    {{"stonith", "enable"}, 3, Enable},
    {{"resource", "unmanage"}, 3, Manage},
    {{"resource", "manage"}, 3, Manage},
    {{"stonith", "level", "add"}, 6, Level},
    {{"stonith", "level", "remove"}, 4, RemoveLevel},
    {{"stonith", "level", "delete"}, 4, RemoveLevel},
    {{"stonith", "level", "clear"}, 3, ClearLevels},
    {{"property", "set"}, 3, Property},
    {{"property", "unset"}, 3, UnsetProperty},
    {{"constraint", "delete"}, 3, RemoveConstraints},
    {{"constraint", "remove"}, 3, RemoveConstraints},
    {{"constraint", "location", "delete"}, 4, RemoveLocation},
    {{"constraint", "location", "remove"}, 4, RemoveLocation},
    {{"constraint", "rule", "delete"}, 4, RemoveRule},
    {{"constraint", "rule", "remove"}, 4, RemoveRule},
    {{"constraint", "order", "delete"}, 4, RemoveOrder},
    {{"constraint", "order", "remove"}, 4, RemoveOrder},
    {{"constraint", "colocation", "delete"}, 5, RemoveColocation},
    {{"constraint", "colocation", "remove"}, 5, RemoveColocation},
    {{"constraint", "ticket", "delete"}, 5, RemoveTicket},
    {{"constraint", "ticket", "remove"}, 5, RemoveTicket},
    {{"constraint", "location"}, 5, Location},
    {{"constraint", "rule", "add"}, 5, AddRule},
    {{"constraint", "order"}, 4, Order},
    {{"constraint", "colocation"}, 5, Colocation},
    {{"constraint", "ticket"}, 5, Ticket},
    {{"tag", "create"}, 4, Tag},
    {{"tag", "delete"}, 3, RemoveTag},
    {{"tag", "remove"}, 3, RemoveTag},
    {{"tag", "update"}, 4, UpdateTag},
    {{"node", "attribute"}, 4, NodeBlock},
    {{"node", "utilization"}, 4, NodeBlock},
    {{"node", "standby"}, 2, NodeSwitch},
    {{"node", "maintenance"}, 2, NodeSwitch},
    {{"node", "unstandby"}, 2, NodeSwitch},
    {{"node", "unmaintenance"}, 2, NodeSwitch},
    {{"acl", "role", "create"}, 4, Role},
    {{"acl", "role", "delete"}, 4, RemoveRole},
    {{"acl", "role", "remove"}, 4, RemoveRole},
    {{"acl", "role", "assign"}, 5, AssignRole},
    {{"acl", "role", "unassign"}, 5, AssignRole},
    {{"acl", "permission", "add"}, 4, Permission},
    {{"acl", "permission", "delete"}, 4, RemovePermission},
    {{"acl", "permission", "remove"}, 4, RemovePermission},
    {{"acl", "user", "create"}, 4, AclTarget},
    {{"acl", "group", "create"}, 4, AclTarget},
    {{"acl", "user", "delete"}, 4, RemoveAclTarget},
    {{"acl", "user", "remove"}, 4, RemoveAclTarget},
    {{"acl", "group", "delete"}, 4, RemoveAclTarget},
    {{"acl", "group", "remove"}, 4, RemoveAclTarget},
    {{"alert", "create"}, 3, Alert},
    {{"alert", "update"}, 3, UpdateAlert},
    {{"alert", "delete"}, 3, RemoveAlert},
    {{"alert", "remove"}, 3, RemoveAlert},
    {{"alert", "recipient", "add"}, 4, Recipient},
    {{"alert", "recipient", "update"}, 4, UpdateRecipient},
    {{"alert", "recipient", "delete"}, 4, RemoveRecipient},
    {{"alert", "recipient", "remove"}, 4, RemoveRecipient},
};

// Commands that show something, and change nothing.
bool Shows(const Words& w) {
  return std::any_of(w.begin() + 1, w.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(w.size(), 3)),
                     [](const std::string& word) { return word == "config" || word == "show" || word == "list"; });
}

void CarryOut(PcsCib& cib, const PcsCommand& command) {
  cib.Begin(command);
  const Words& w = command.words;
  std::string all = "pcs";
  for (std::size_t i = 0; i < std::min<std::size_t>(w.size(), 3); ++i) all += ' ' + w[i];
  for (const Known& known : kKnown) {
    if (!Is(w, known.begin) || Shows(w)) continue;
    if (w.size() < known.at_least) return cib.Fault("`" + all + "` is not complete");
    return known.carry_out(cib, w);
  }
  if (Is(w, {"acl", "enable"})) return Property(cib, {"property", "set", "enable-acl=true"});
  if (Is(w, {"acl", "disable"})) return Property(cib, {"property", "set", "enable-acl=false"});
  cib.Skip("`" + all + "` is not read");
}

}  // namespace

// A command with a fault leaves nothing: what is there goes back to the last state that was remembered, and
// the good commands since are carried out again.
void Read(std::string_view text, PcsCib& cib, TextRead& read) {
  PcsLines lines = SplitPcs(text);
  read.skipped = std::move(lines.skipped);
  read.faults = std::move(lines.faults);
  std::vector<const PcsCommand*> since;
  cib.Remember();
  for (const PcsCommand& command : lines.commands) {
    const std::size_t faults = read.faults.size(), skipped = read.skipped.size();
    CarryOut(cib, command);
    if (read.faults.size() == faults) {
      since.push_back(&command);
      continue;
    }
    cib.Restore();
    for (const PcsCommand* good : since) CarryOut(cib, *good);
    read.skipped.resize(skipped);
    cib.Remember();
    since.clear();
  }
  cib.Finish();
}

}  // namespace pcs

bool LooksLikePcs(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] == '<') return false;
  const PcsLines lines = SplitPcs(text.substr(0, std::min<std::size_t>(text.size(), 1 << 20)));
  return lines.commands.size() + lines.faults.size() > lines.skipped.size() / 4 && !lines.commands.empty();
}

void ReadPcs(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, TextRead& read) {
  pcs::PcsCib of_pcs(resolve, cib, read);
  pcs::Read(text, of_pcs, read);
}

}  // namespace picket::compiler::import
