#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

std::string Seconds(std::int64_t ms) {
  const std::int64_t tenths = (ms + 99) / 100;
  return std::to_string(tenths / 10) + (tenths % 10 != 0 ? '.' + std::to_string(tenths % 10) : "") + 's';
}

class ClusterLinter {
 public:
  ClusterLinter(const PolicyView& view, const Topology& topology, Diagnostics& diagnostics)
      : view_(view), topology_(topology), diagnostics_(diagnostics) {}

  void Run() {
    IgnoredQuorum();
    TwoNodes();
    ExpectedVotes();
    Transport();
    TwoDisks();
    WatchdogOfNobody();
    WatchdogOfEachNode();
    WrittenByTheCluster();
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* test = std::get_if<ast::Test>(&statement.what)) Claims(*test);
      if (const auto* invariant = std::get_if<ast::Invariant>(&statement.what)) Claims(*invariant);
    }
  }

 private:
  // W0409
  void IgnoredQuorum() {
    const auto policy = view_.Property({"no-quorum-policy"});
    if (!policy || policy->conditional || policy->value != "ignore") return;
    Diagnostic& warning =
        diagnostics_.Warning("W0409", policy->span, "without quorum, each part of a split cluster goes on by itself");
    warning.help.push_back(view_.members().size() == 2
                               ? "write `quorum two_node=yes` in `cluster`: then one of two nodes keeps quorum"
                               : "write `no-quorum-policy=stop`, or `freeze` for cluster filesystems");
  }

  void TwoNodes() {
    if (view_.cluster() == nullptr || topology_.links.empty()) return;
    const std::size_t count = view_.members().size();
    const auto two_node = view_.ClusterOption("quorum", "two_node");
    if (two_node && AsBoolean(two_node->value).value_or(false)) {
      if (count != 2) {
        diagnostics_
            .Warning("W0411", two_node->span,
                     "`two_node=yes` in a cluster of " + std::to_string(count) + (count == 1 ? " node" : " nodes"))
            .help.push_back(count > 2 ? "remove it: three and more nodes have a majority without it"
                                      : "add the second node, or remove it");
        return;
      }
      const auto wait = view_.ClusterOption("quorum", "wait_for_all");
      if (!wait || AsBoolean(wait->value).value_or(true)) return;
      Diagnostic& warning = diagnostics_.Warning(
          "W0412", wait->span, "a node that boots alone does not wait for its partner, but fences it");
      warning.others.push_back({two_node->span, "either node has quorum alone"});
      warning.help.push_back("write `wait_for_all=yes`, or leave it out: `two_node` brings it");
      return;
    }
    if (count != 2 || view_.HasClusterSection("qdevice")) return;
    const auto policy = view_.Property({"no-quorum-policy"});
    if (policy && policy->value == "ignore") return;  // Has been told.
    // Whoever sets votes has thought about them.
    for (const char* name : {"expected_votes", "auto_tie_breaker", "last_man_standing"}) {
      if (view_.ClusterOption("quorum", name)) return;
    }
    diagnostics_
        .Warning("W0413", view_.cluster()->name.span,
                 "two nodes, and neither has quorum without the other: losing one stops everything")
        .help.push_back("write `quorum two_node=yes` in `cluster`, or add a `qdevice`");
  }

  // W0463: each node has a vote. A quorum device adds its own.
  void ExpectedVotes() {
    const auto expected = view_.ClusterOption("quorum", "expected_votes");
    const auto number = expected ? AsInteger(expected->value) : std::nullopt;
    const auto count = static_cast<std::int64_t>(view_.members().size());
    if (!number || *number == count || view_.HasClusterSection("qdevice") || topology_.links.empty()) return;
    Diagnostic& warning = diagnostics_.Warning("W0463", expected->span,
                                               "`expected_votes=" + expected->value + "` in a cluster of " +
                                                   std::to_string(count) + (count == 1 ? " node" : " nodes"));
    warning.label = *number > count ? "a majority of nodes that are not there is needed"
                                    : "Corosync takes the larger number, which is that of the nodes";
    warning.help.push_back("leave it out: Corosync counts the nodes");
  }

  // W0468: what goes over the wire can be read and written by whoever is there.
  void Transport() {
    if (view_.cluster() == nullptr) return;
    for (const ast::ClusterItem& item : view_.cluster()->items) {
      const auto* option = std::get_if<ast::Option>(&item);
      const auto* text = option != nullptr ? std::get_if<ast::Text>(&option->value.what) : nullptr;
      if (text == nullptr || option->name.literal != "transport" || !text->literal.starts_with("udp")) continue;
      if (topology_.links.size() > 1) continue;  // Corosync does not start (E0236).
      Diagnostic& warning = diagnostics_.Warning(
          "W0468", option->span, "`" + text->literal + "` knows one link, and neither encryption nor signatures");
      warning.label = "going away in Corosync";
      warning.help.push_back("write `transport = knet`");
    }
    for (const char* name : {"cipher", "hash"}) {
      const auto setting = view_.ClusterOption("crypto", name);
      if (!setting || setting->value != "none") continue;
      const auto cipher = view_.ClusterOption("crypto", "cipher");
      if (std::string_view(name) == "hash" && cipher && cipher->value != "none") return;  // E0236.
      Diagnostic& warning = diagnostics_.Warning("W0468", setting->span,
                                                 std::string_view(name) == "hash"
                                                     ? "anybody in the network can speak as a node of this cluster"
                                                     : "anybody in the network can read what the nodes say");
      warning.help.push_back("write `crypto cipher=aes256 hash=sha256`");
      return;
    }
  }

  // W0469: without SBD on the nodes nobody's watchdog fires (spec 08 §14.1).
  void WatchdogOfNobody() {
    const auto timeout = view_.Property({"fencing-watchdog-timeout", "stonith-watchdog-timeout"});
    if (!timeout || timeout->conditional || AsDurationMs(timeout->value).value_or(0) <= 0) return;
    const auto runs = view_.Property({"have-watchdog"});
    if (view_.HasClusterSection("sbd") || (runs && AsBoolean(runs->value).value_or(true))) return;
    for (const Symbol& symbol : view_.symbols().all()) {
      const std::string agent = view_.Agent(symbol);
      if (agent == "stonith:fence_sbd" || agent == "stonith:external/sbd" || agent == "stonith:fence_watchdog") return;
    }
    Diagnostic& warning = diagnostics_.Warning("W0469", timeout->span,
                                               "the nodes are to be fenced by their watchdogs, and nothing says that "
                                               "SBD guards them");
    warning.label = "Pacemaker ends on a node where SBD does not run";
    warning.help.push_back("write `sbd watchdog=…` in `cluster` if SBD runs on every node, with the time that it has");
    warning.help.push_back("without SBD leave it out, and declare a fence device");
  }

  // W0469: a negative time is taken from the file of the node that happens to ask (spec 08 §14.1).
  void WatchdogOfEachNode() {
    const auto timeout = view_.Property({"fencing-watchdog-timeout", "stonith-watchdog-timeout"});
    if (!timeout || timeout->conditional || !timeout->value.starts_with("-")) return;
    bool disks = false;
    for (const Symbol& symbol : view_.symbols().all()) {
      const std::string agent = view_.Agent(symbol);
      disks = disks || agent == "stonith:fence_sbd" || agent == "stonith:external/sbd";
    }
    Diagnostic& warning = diagnostics_.Warning(
        "W0469", timeout->span,
        "each node takes twice the `SBD_WATCHDOG_TIMEOUT` of its own file, and none where that is not set");
    warning.label = disks ? "SBD's disks need no such time" : "no two nodes need agree";
    warning.help.push_back(
        disks ? "leave it out: with a disk SBD fences by its messages"
              : "write the time, at least twice SBD's watchdog: `property fencing-watchdog-timeout=10s`");
  }

  // W0459: what the cluster says of itself.
  void WrittenByTheCluster() {
    for (const char* name : {"dc-version", "cluster-infrastructure", "last-lrm-refresh"}) {
      const auto setting = view_.Property({name});
      if (!setting) continue;
      Diagnostic& warning =
          diagnostics_.Warning("W0459", setting->span, "the cluster writes `" + std::string(name) + "` itself");
      warning.label = "no setting";
      warning.help.push_back("leave it out");
    }
  }

  // W0494: every node has to find the same disk under the name, after every boot.
  void ChangingName(const Symbol& device, const Setting& devices) {
    for (std::size_t at = devices.value.find("/dev/"); at != std::string::npos;
         at = devices.value.find("/dev/", at + 1)) {
      const std::string_view name = std::string_view(devices.value).substr(at + 5);
      const bool changes = name.starts_with("sd") || name.starts_with("vd") || name.starts_with("dm-") ||
                           name.starts_with("xvd") || name.starts_with("nvme");
      if (!changes) continue;
      const std::string word(name.substr(0, name.find_first_of(",; ")));
      Diagnostic& warning = diagnostics_.Warning(
          "W0494", devices.span,
          "`/dev/" + word + "` of `" + device.id + "` may be another disk after the next boot, and on another node");
      warning.help.push_back("write its name below `/dev/disk/by-id/`, which every node knows it by");
      return;
    }
  }

  // W0465: with two disks, the loss of either leaves no majority.
  void TwoDisks() {
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kFence || view_.Agent(symbol) != "stonith:fence_sbd") continue;
      const auto devices = view_.Parameter(symbol, "devices");
      if (!devices || devices->conditional) continue;
      ChangingName(symbol, *devices);
      std::size_t count = 0;
      bool inside = false;
      for (const char c : devices->value) {
        const bool separator = c == ',' || c == ';' || c == ' ';
        if (!separator && !inside) ++count;
        inside = !separator;
      }
      if (count != 2) continue;
      Diagnostic& warning =
          diagnostics_.Warning("W0465", devices->span, "SBD with two disks needs both: it is worse off than with one");
      warning.help.push_back("write one disk, or three: then any of them may fail");
    }
  }

  // ------------------------------------------------------------ W0503: downtime

  // Only a resource that is known to run on the node that is lost is down
  // until somebody notices; `downtime(r) < 1s` of any other is a fair claim.
  void Claims(const ast::Test& test) {
    std::set<std::pair<std::string, std::string>> given;  // Resource, node.
    std::set<std::string> lost;
    for (const ast::TestStep& step : test.steps) {
      if (const auto* nodes = std::get_if<ast::NodesFault>(&step.what)) {
        if (nodes->verb.literal != "kill" && nodes->verb.literal != "isolate") continue;
        for (const ast::Text& node : nodes->nodes) lost.insert(node.literal);
      }
      const auto* condition = std::get_if<ast::ConditionStep>(&step.what);
      if (condition == nullptr) continue;
      if (condition->keyword.literal == "given") Given(condition->condition, given);
      if (condition->keyword.literal != "expect") continue;
      Claim(condition->condition, [&](const std::string& resource) {
        return std::any_of(given.begin(), given.end(), [&](const auto& one) {
          return one.first == resource && lost.contains(one.second) && IsLone(resource);
        });
      });
    }
  }

  static void Given(const ast::Expr& expr, std::set<std::pair<std::string, std::string>>& given) {
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      if (!junction->conjunction) return;
      for (const ast::Expr& one : junction->operands) Given(one, given);
      return;
    }
    const auto* atom = std::get_if<ast::StateAtom>(&expr.what);
    if (atom == nullptr || !atom->node || atom->state.literal != "running") return;
    given.emplace(atom->subject.literal, atom->node->literal);
  }

  // In one place at a time, so that it is down when its node is lost.
  bool IsLone(const std::string& resource) const {
    const Symbol* symbol = view_.symbols().Find(resource);
    if (symbol == nullptr || !IsResource(symbol->kind)) return false;
    const SymbolKind kind = view_.Outermost(*symbol).kind;
    return kind == SymbolKind::kPrimitive || kind == SymbolKind::kGroup;
  }

  void Claims(const ast::Invariant& invariant) {
    bool lost = false;
    for (const ast::InvariantItem& item : invariant.items) {
      if (const auto* over = std::get_if<ast::Over>(&item.what)) {
        lost = std::any_of(over->kinds.begin(), over->kinds.end(),
                           [](const ast::Text& kind) { return kind.literal == "node"; });
      }
      // Whom it is excused from is not worked out.
      const auto* step = std::get_if<ast::ConditionStep>(&item.what);
      if (step != nullptr && step->keyword.literal == "assuming") return;
    }
    if (!lost) return;
    for (const ast::InvariantItem& item : invariant.items) {
      const auto* step = std::get_if<ast::ConditionStep>(&item.what);
      if (step != nullptr && (step->keyword.literal == "always" || step->keyword.literal == "settles")) {
        Claim(step->condition, [&](const std::string& resource) { return IsLone(resource); });
      }
    }
  }

  // Only what has to hold is looked at: under `or`, `not` and `implies` a
  // claim may be meant to fail.
  template <class Down>
  void Claim(const ast::Expr& expr, const Down& is_down) {
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      if (!junction->conjunction) return;
      for (const ast::Expr& one : junction->operands) Claim(one, is_down);
      return;
    }
    const auto* binary = std::get_if<ast::Binary>(&expr.what);
    if (binary == nullptr || (binary->op != "<" && binary->op != "<=")) return;
    const auto* left = std::get_if<ast::Value>(&binary->left->what);
    const auto* call = left != nullptr ? std::get_if<ast::Call>(&left->what) : nullptr;
    const auto* right = std::get_if<ast::Value>(&binary->right->what);
    const auto* text = right != nullptr ? std::get_if<ast::Text>(&right->what) : nullptr;
    if (call == nullptr || call->name.literal != "downtime" || call->arguments.size() != 1 || text == nullptr) return;
    const auto* argument = std::get_if<ast::Value>(&call->arguments[0].value->what);
    const auto* resource = argument != nullptr ? std::get_if<ast::Text>(&argument->what) : nullptr;
    if (resource == nullptr || !is_down(resource->literal)) return;
    const auto claimed_ms = AsDurationMs(text->literal);
    const std::int64_t detection_ms = topology_.DetectionMs();
    if (!claimed_ms || *claimed_ms > detection_ms) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0503", expr.span,
                             "`" + resource->literal + "` is down for longer than " + text->literal +
                                 ": it takes up to " + Seconds(detection_ms) + " to notice that its node is lost");
    warning.label = "Corosync's token and consensus alone take longer";
    warning.help.push_back("claim more time, or write a shorter `totem token=` in `cluster`");
  }

  const PolicyView& view_;
  const Topology& topology_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintCluster(const PolicyView& view, const Topology& topology, Diagnostics& diagnostics) {
  ClusterLinter(view, topology, diagnostics).Run();
}

}  // namespace picket::compiler
