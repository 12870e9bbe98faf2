#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/lint_families.h"

// What two cannot share: a node's management board (W0476, W0477), the device of a filesystem (W0478), an
// address (W0479, W0449), a name (E0235), and nodes, where there are too few of them (W0447).
namespace picket::compiler {
namespace {

// Agents for the management board of one machine: the address of the board says which machine is meant.
bool IsBoard(const std::string& agent) {
  static const std::set<std::string, std::less<>> agents = {
      "fence_ipmilan", "fence_ipmi", "fence_ilo",     "fence_ilo2",    "fence_ilo3",
      "fence_ilo4",    "fence_ilo5", "fence_idrac",   "fence_imm",     "fence_rsa",
      "fence_rsb",     "fence_drac", "fence_redfish", "external/ipmi", "fence_drac5"};
  return agent.starts_with("stonith:") && agents.contains(agent.substr(8));
}

bool IsLocal(const std::string& fstype) {
  static const std::set<std::string, std::less<>> types = {"ext2", "ext3", "ext4", "xfs",     "jfs",
                                                           "f2fs", "vfat", "ntfs", "reiserfs"};
  return types.contains(fstype);
}

// An address in numbers; what a name stands for is not known here.
bool IsNumeric(std::string_view address) {
  return address.find_first_of(".:") != std::string_view::npos &&
         address.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

bool IsMandatory(const ast::Relation& relation) {
  const std::string score = OptionText(relation.options, "score");
  return !HasOption(relation.options, "score") || ScoreNumber(score).value_or(0) >= kInfinity;
}

class SharingLinter {
 public:
  SharingLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    Nodes();
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kFence) Board(symbol);
      if (symbol.kind == SymbolKind::kFence) Plugs(symbol);
      if (symbol.kind == SymbolKind::kPrimitive) Device(symbol);
      if (symbol.kind == SymbolKind::kPrimitive) BroughtAddress(symbol);
      if (symbol.kind == SymbolKind::kClone) Everywhere(symbol);
    }
    KeptApart();
  }

 private:
  // A setting that holds for certain.
  std::optional<Setting> Sure(const Symbol& symbol, std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      auto setting = view_.Parameter(symbol, name);
      if (setting && !setting->conditional && !setting->value.empty()) return setting;
    }
    return std::nullopt;
  }

  // E0235: a node with addresses of its own, and a connection to a remote node of that name.
  void Nodes() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto* node = std::get_if<ast::Node>(&statement.what);
      if (node == nullptr) continue;
      for (const ast::Item& item : node->items) {
        const auto* link = std::get_if<ast::LinkAddress>(&item);
        const auto* text = link != nullptr ? std::get_if<ast::Text>(&link->address.what) : nullptr;
        if (text == nullptr) continue;
        addresses_.emplace(text->literal, std::make_pair(node->name.literal, text->span));
        const Symbol* same = view_.symbols().Find(node->name.literal);
        if (same == nullptr || !IsConnection(*same) || !told_.insert(node->name.literal).second) continue;
        Diagnostic& error = diagnostics_.Error("E0235", same->span,
                                               "`" + same->id + "` would be a remote node and a node of the cluster");
        error.others.push_back({node->name.span, "the node of the cluster"});
        error.help.push_back("give the remote node a name of its own");
      }
    }
  }

  // W0476: two nodes, one board. W0477: the address is that of a node, which answers for as long as it lives.
  void Board(const Symbol& device) {
    const auto* fence = std::get_if<ast::Fence>(&device.statement->what);
    const auto address = Sure(device, {"ip", "ipaddr"});
    if (fence == nullptr || !address || !IsBoard(view_.Agent(device))) return;
    if (const auto node = addresses_.find(address->value); node != addresses_.end()) {
      Diagnostic& warning = diagnostics_.Warning(
          "W0477", address->span, "`" + device.id + "` has the address of node `" + node->second.first + "`");
      warning.label = "a node does not answer for its board";
      warning.others.push_back({node->second.second, "its address"});
      warning.help.push_back("write the address of the management board");
    }
    std::string targets;
    for (const ast::Host& host : fence->hosts) targets += host.name.literal + ' ';
    if (targets.empty()) targets = Sure(device, {"pcmk_host_list", "hostname"}).value_or(Setting{}).value;
    if (targets.empty()) return;
    // One address may serve several machines, each by a part of its own.
    std::string key = address->value;
    for (const char* part : {"ipport", "systems_uri", "systems-uri", "plug", "port"}) {
      const auto own = Sure(device, {part});
      key += ' ' + (own ? own->value : "");
    }
    if (fence->hosts.size() > 1 && key.find_first_not_of(' ', address->value.size()) == std::string::npos)
      SeveralTargets(device, *fence);
    const auto [first, fresh] = boards_.emplace(key, BoardOf{device.id, targets, address->span});
    if (fresh || first->second.targets == targets) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0476", address->span, "`" + device.id + "` and `" + first->second.id + "` reach the same board");
    warning.label = "one of them shoots the wrong node";
    warning.others.push_back({first->second.span, "the first one"});
    warning.help.push_back("write the address of each node's own board");
  }

  // W0476: `for n1=1, n2=1`.
  void Plugs(const Symbol& device) {
    const auto* fence = std::get_if<ast::Fence>(&device.statement->what);
    if (fence == nullptr) return;
    std::map<std::string, const ast::Host*> plugs;
    for (const ast::Host& host : fence->hosts) {
      const auto* alias = host.alias ? std::get_if<ast::Text>(&host.alias->what) : nullptr;
      if (alias == nullptr) continue;
      const auto [first, fresh] = plugs.emplace(alias->literal, &host);
      if (fresh) continue;
      Diagnostic& warning =
          diagnostics_.Warning("W0476", alias->span,
                               "`" + device.id + "` knows `" + first->second->name.literal + "` and `" +
                                   host.name.literal + "` by one name, `" + alias->literal + "`");
      warning.label = "whichever is meant, the same machine is switched off";
      warning.others.push_back({first->second->name.span, "the first one"});
      warning.help.push_back("write what the device calls `" + host.name.literal + "`");
      return;
    }
  }

  // W0476: a board that is to switch machines in which it does not sit.
  void SeveralTargets(const Symbol& device, const ast::Fence& fence) {
    for (const ast::Host& host : fence.hosts) {
      if (host.alias) return;
    }
    if (view_.Parameter(device, "pcmk_host_map")) return;
    Diagnostic& warning = diagnostics_.Warning("W0476", fence.hosts[1].name.span,
                                               "`" + device.id + "` is the board of one machine, and is to fence " +
                                                   std::to_string(fence.hosts.size()) + " nodes");
    warning.label = "for each of them it shoots the same one";
    warning.help.push_back("write a device for each node, with the address of its own board");
  }

  // W0478: copied, and the device forgotten.
  void Device(const Symbol& primitive) {
    if (view_.Agent(primitive) != "ocf:heartbeat:Filesystem") return;
    const auto device = Sure(primitive, {"device"}), folder = Sure(primitive, {"directory"}),
               type = Sure(primitive, {"fstype"});
    if (!device || !folder || !type || !IsLocal(type->value)) return;
    const auto [first, fresh] = devices_.emplace(device->value, Mount{primitive.id, folder->value, device->span});
    if (fresh || first->second.folder == folder->value) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0478", device->span, "`" + primitive.id + "` mounts the device of `" + first->second.id + "`");
    warning.label = "two nodes that mount it at a time destroy it";
    warning.others.push_back({first->second.span, "the first one"});
    warning.help.push_back("write the device that belongs to `" + folder->value + "`");
  }

  // W0449: where standbys look for the primary.
  void BroughtAddress(const Symbol& primitive) {
    if (view_.Agent(primitive) != "ocf:heartbeat:pgsql") return;
    const auto address = Sure(primitive, {"master_ip"});
    if (!address || !IsNumeric(address->value)) return;
    bool any = false;
    std::vector<std::string> brought;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive) continue;
      const std::string agent = view_.Agent(symbol);
      if (agent.find("IP") == std::string::npos && agent.find("ip") == std::string::npos) continue;
      any = true;  // An agent that may bring addresses, by whatever parameter.
      const auto own = view_.Parameter(symbol, "ip");
      if (!own || own->conditional || own->value == address->value) return;
      brought.push_back(own->value);
    }
    if (!any) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0449", address->span, "no resource brings the address " + address->value);
    warning.label = "standbys look for the primary there";
    warning.help.push_back(brought.size() == 1 ? "write `master_ip=" + brought[0] + "`"
                                               : "write the address that goes with the promoted copy");
  }

  // W0479
  void Everywhere(const Symbol& clone) {
    const auto most = view_.OwnMeta(clone, "clone-max"), unique = view_.OwnMeta(clone, "globally-unique");
    if ((most && most->value == "1") || unique) return;
    for (const Symbol* primitive : view_.Primitives(clone)) {
      const std::string agent = view_.Agent(*primitive);
      if (agent != "ocf:heartbeat:IPaddr2" && agent != "ocf:heartbeat:IPaddr") continue;
      const auto address = Sure(*primitive, {"ip"});
      if (!address || view_.Parameter(*primitive, "lvs_support") || view_.Parameter(*primitive, "unique_clone_address"))
        continue;
      const auto nic = view_.Parameter(*primitive, "nic");
      if (nic && (nic->value.starts_with("lo") || nic->value.starts_with("dummy"))) continue;
      Diagnostic& warning = diagnostics_.Warning("W0479", address->span,
                                                 "`" + primitive->id + "` puts one address on every node at a time");
      warning.label = "several machines answer for it";
      warning.others.push_back({clone.span, "this runs it everywhere"});
      warning.help.push_back("take it out of `" + clone.id + "`: an address runs once");
    }
  }

  // W0447: more that exclude each other than there are nodes.
  void KeptApart() {
    std::map<std::string, std::set<std::string>> apart;
    std::map<std::string, Span> where;
    for (const ast::Statement& statement : view_.statements()) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr || relation->keyword.literal != "separate" || !IsMandatory(*relation)) continue;
      if (relation->parts.size() != 2) continue;
      for (const ast::Text* left : NamesIn(relation->parts[0])) {
        for (const ast::Text* right : NamesIn(relation->parts[1])) {
          if (!RunsOnce(*left) || !RunsOnce(*right) || left->literal == right->literal) continue;
          apart[left->literal].insert(right->literal);
          apart[right->literal].insert(left->literal);
          where.emplace(left->literal, left->span);
          where.emplace(right->literal, right->span);
        }
      }
    }
    const std::size_t nodes = view_.symbols().nodes().size() + view_.symbols().implied_nodes().size();
    for (const auto& [first, others] : apart) {
      std::vector<std::string> all = {first};
      for (const std::string& other : others) {
        if (std::all_of(all.begin(), all.end(), [&](const auto& one) { return apart[one].contains(other); }))
          all.push_back(other);
      }
      if (all.size() <= nodes || nodes == 0) continue;
      Crowd(all, nodes, where);
      return;
    }
  }

  void Crowd(const std::vector<std::string>& all, std::size_t nodes, const std::map<std::string, Span>& where) {
    std::string names;
    for (std::size_t i = 0; i < all.size(); ++i)
      names += (i == 0 ? "`" : i + 1 == all.size() ? " and `" : ", `") + all[i] + '`';
    Diagnostic& warning =
        diagnostics_.Warning("W0447", where.at(all[0]),
                             names + " are kept apart from each other, and there " +
                                 (nodes == 1 ? "is one node" : "are " + std::to_string(nodes) + " nodes"));
    warning.label = "not all of them can run";
    warning.help.push_back("give each `separate` a `score`: then two share a node when they have to");
  }

  // Not at all where it is kept stopped.
  bool RunsOnce(const ast::Text& name) const {
    const Symbol* symbol = view_.symbols().Find(name.literal);
    if (symbol == nullptr || (symbol->kind != SymbolKind::kPrimitive && symbol->kind != SymbolKind::kGroup))
      return false;
    const SymbolKind outermost = view_.Outermost(*symbol).kind;
    if (view_.IsKeptStopped(*symbol)) return false;
    return outermost == SymbolKind::kPrimitive || outermost == SymbolKind::kGroup;
  }

  struct BoardOf {
    std::string id, targets;
    Span span;
  };
  struct Mount {
    std::string id, folder;
    Span span;
  };

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::pair<std::string, Span>> addresses_;  ///< Of nodes; by address.
  std::map<std::string, BoardOf> boards_;
  std::map<std::string, Mount> devices_;
  std::set<std::string> told_;
};

}  // namespace

void LintSharing(const PolicyView& view, Diagnostics& diagnostics) {
  SharingLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
