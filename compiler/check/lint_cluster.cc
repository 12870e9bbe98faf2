#include <algorithm>
#include <string>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

// What each node beyond the second adds to Corosync's token timeout.
constexpr std::int64_t kTokenCoefficientMs = 650;

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
    Diagnostic& warning = diagnostics_.Warning(
        "W0409", policy->span, "without quorum, each part of a split cluster goes on by itself");
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

  // ------------------------------------------------------------ W0503: downtime

  static bool LosesNode(const ast::TestStep& step) {
    if (const auto* nodes = std::get_if<ast::NodesFault>(&step.what)) {
      return nodes->verb.literal == "kill" || nodes->verb.literal == "isolate";
    }
    return std::holds_alternative<ast::PartitionFault>(step.what);
  }

  void Claims(const ast::Test& test) {
    bool lost = false;
    for (const ast::TestStep& step : test.steps) {
      lost = lost || LosesNode(step);
      const auto* condition = std::get_if<ast::ConditionStep>(&step.what);
      if (lost && condition != nullptr && condition->keyword.literal == "expect") Claim(condition->condition);
    }
  }

  void Claims(const ast::Invariant& invariant) {
    bool lost = false;
    for (const ast::InvariantItem& item : invariant.items) {
      if (const auto* over = std::get_if<ast::Over>(&item.what)) {
        lost = std::any_of(over->kinds.begin(), over->kinds.end(),
                           [](const ast::Text& kind) { return kind.literal == "node"; });
      }
    }
    if (!lost) return;
    for (const ast::InvariantItem& item : invariant.items) {
      const auto* step = std::get_if<ast::ConditionStep>(&item.what);
      if (step != nullptr && (step->keyword.literal == "always" || step->keyword.literal == "settles")) {
        Claim(step->condition);
      }
    }
  }

  // Only what has to hold is looked at: under `or`, `not` and `implies` a
  // claim may be meant to fail.
  void Claim(const ast::Expr& expr) {
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      if (!junction->conjunction) return;
      for (const ast::Expr& one : junction->operands) Claim(one);
      return;
    }
    const auto* binary = std::get_if<ast::Binary>(&expr.what);
    if (binary == nullptr || (binary->op != "<" && binary->op != "<=")) return;
    const auto* left = std::get_if<ast::Value>(&binary->left->what);
    const auto* call = left != nullptr ? std::get_if<ast::Call>(&left->what) : nullptr;
    const auto* right = std::get_if<ast::Value>(&binary->right->what);
    const auto* text = right != nullptr ? std::get_if<ast::Text>(&right->what) : nullptr;
    if (call == nullptr || call->name.literal != "downtime" || text == nullptr) return;
    const auto claimed_ms = AsDurationMs(text->literal);
    const std::int64_t detection_ms = DetectionMs();
    if (!claimed_ms || *claimed_ms > detection_ms) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0503", expr.span, "nobody can do this in " + text->literal +
                                ": it takes up to " + Seconds(detection_ms) + " to notice that a node is lost");
    warning.label = "token and consensus of Corosync alone take longer";
    warning.help.push_back("claim more time, or write a shorter `totem token=` in `cluster`");
  }

  std::int64_t DetectionMs() const {
    const auto members = static_cast<std::int64_t>(view_.members().size());
    const std::int64_t token =
        topology_.token_ms.value_or(3000) + std::max<std::int64_t>(0, members - 2) * kTokenCoefficientMs;
    return token + topology_.consensus_ms.value_or(token * 12 / 10);
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
