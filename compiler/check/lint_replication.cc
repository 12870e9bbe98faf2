#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/check/ties.h"
#include "compiler/syntax/shape.h"

// Replicated services: agents that work only where they are promoted (W0485), waits for the start where the promotion
// is meant (W0486), promotions that follow what needs them (W0487), databases of which one copy would work (W0488),
// and promotables that their agents cannot serve: parameters that are missing, nodes that are not listed (W0508).
namespace picket::compiler {
namespace {

// Agents whose service, or device, is there for others only on the promoted copy.
bool WorksPromotedOnly(const std::string& agent) {
  static const std::set<std::string, std::less<>> agents = {
      "ocf:linbit:drbd",    "ocf:heartbeat:galera",  "ocf:heartbeat:pgsqlms",      "ocf:heartbeat:mariadb",
      "ocf:suse:SAPHana",   "ocf:heartbeat:SAPHana", "ocf:suse:SAPHanaController", "ocf:heartbeat:SAPHanaController",
      "ocf:heartbeat:redis"};
  return agents.contains(agent);
}

// What is meant to follow a promotion.
bool Follows(const std::string& agent) {
  static const std::set<std::string, std::less<>> agents = {"ocf:heartbeat:IPaddr2",
                                                            "ocf:heartbeat:IPaddr",
                                                            "ocf:heartbeat:IPv6addr",
                                                            "ocf:heartbeat:IPsrcaddr",
                                                            "ocf:heartbeat:Filesystem",
                                                            "ocf:heartbeat:LVM-activate",
                                                            "ocf:heartbeat:LVM",
                                                            "ocf:heartbeat:iSCSITarget",
                                                            "ocf:heartbeat:exportfs",
                                                            "ocf:heartbeat:aws-vpc-move-ip",
                                                            "ocf:heartbeat:gcp-vpc-move-vip"};
  return agents.contains(agent);
}

bool IsMandatory(const ast::Relation& relation) {
  const std::string score = OptionText(relation.options, "score"), kind = OptionText(relation.options, "kind");
  return (score.empty() || ScoreNumber(score).value_or(0) >= kInfinity) && (kind.empty() || kind == "mandatory");
}

class ReplicationLinter {
 public:
  ReplicationLinter(const PolicyView& view, Diagnostics& diagnostics)
      : view_(view), ties_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive || std::holds_alternative<ast::Xml>(symbol.statement->what)) continue;
      NeverPromoted(symbol);
      OneOfMany(symbol);
      Lacking(symbol);
      Unlisted(symbol);
    }
    if (!ties_.Collect()) return;
    for (const ast::Statement& statement : view_.statements()) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation != nullptr && relation->parts.size() == 2) Note(*relation);
    }
    for (const auto& [pair, place] : started_) {
      if (with_promoted_.contains(pair) && !promoted_.contains(pair)) TooEarly(pair, place);
    }
  }

 private:
  using Pair = std::pair<std::string, std::string>;  // Who follows, and the promotable.

  // W0485
  void NeverPromoted(const Symbol& symbol) {
    if (!WorksPromotedOnly(view_.Agent(symbol)) || view_.CanBePromoted(symbol)) return;
    const Symbol& outermost = view_.Outermost(symbol);
    const bool clone = outermost.kind == SymbolKind::kClone;
    if (!told_.emplace(symbol.span.file, symbol.span.begin).second) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0485", symbol.span, "`" + symbol.id + "` is never promoted, and its agent works only where it is");
    warning.label = clone ? "a plain clone: all copies stay unpromoted" : "a plain resource stays unpromoted";
    warning.help.push_back(clone ? "write `promotable " + outermost.id + " of …` instead of `clone`"
                                 : "write `promotable " + symbol.id + "-clone of " + symbol.id + " { notify=yes }`");
  }

  // W0488
  void OneOfMany(const Symbol& symbol) {
    if (view_.Agent(symbol) != "ocf:heartbeat:galera") return;
    const Symbol& outermost = view_.Outermost(symbol);
    if (outermost.kind != SymbolKind::kPromotable || view_.members().size() < 2) return;
    for (const char* name : {"promoted-max", "master-max"}) {
      if (view_.OwnMeta(outermost, name)) return;
    }
    const auto most = view_.OwnMeta(outermost, "clone-max");
    const std::string count = most ? most->value : std::to_string(view_.members().size());
    if (count == "1") return;
    Diagnostic& warning =
        diagnostics_.Warning("W0488", outermost.span, "one copy of `" + outermost.id + "` is promoted, of " + count);
    warning.label = "the others serve nobody";
    warning.help.push_back("write `promoted-max=" + count + "` in its braces: every copy of Galera is to be promoted");
  }

  // W0508: without these parameters the agent knows nothing of replication.
  void Lacking(const Symbol& symbol) {
    static const std::map<std::string, std::vector<const char*>, std::less<>> needed = {
        {"ocf:heartbeat:pgsql", {"rep_mode", "node_list", "master_ip"}},
        {"ocf:heartbeat:mysql", {"replication_user"}},
    };
    const auto agent = needed.find(view_.Agent(symbol));
    const Symbol& outermost = view_.Outermost(symbol);
    if (agent == needed.end() || outermost.kind != SymbolKind::kPromotable || BorrowsParameters(symbol)) return;
    const auto mode = HeldParameter(view_, symbol, "rep_mode");
    if (mode && (mode->conditional || mode->value == "slave")) return;
    for (const char* name : agent->second) {
      if (HeldParameter(view_, symbol, name)) continue;
      Diagnostic& warning =
          diagnostics_.Warning("W0508", symbol.span, "`" + symbol.id + "` is promotable, and has no `" + name + "`");
      warning.label = "its agent replicates nothing without it";
      warning.others.push_back({outermost.span, "promoted here"});
      const std::string value = std::string_view(name) == "rep_mode" ? "sync" : "…";
      warning.help.push_back("write `" + std::string(name) + '=' + value + "` in the braces of `" + symbol.id + "`");
      return;
    }
  }

  // W0508: a copy on a node that the agent is not told of.
  void Unlisted(const Symbol& symbol) {
    const std::string agent = view_.Agent(symbol);
    const char* name = agent == "ocf:heartbeat:pgsql" ? "node_list"
                       : agent == "ocf:heartbeat:galera" && !view_.Parameter(symbol, "cluster_host_map")
                           ? "wsrep_cluster_address"
                           : nullptr;
    const auto list = name != nullptr ? view_.Parameter(symbol, name) : std::nullopt;
    const Symbol& outermost = view_.Outermost(symbol);
    if (!list || list->conditional || outermost.kind != SymbolKind::kPromotable || HasLocation(outermost.id)) return;
    const std::size_t start = list->value.find("//");
    std::string_view rest = list->value;
    if (start != std::string::npos) rest.remove_prefix(start + 2);
    std::set<std::string, std::less<>> names;
    for (std::size_t at = 0; (at = rest.find_first_not_of(" ,;\t", at)) != std::string_view::npos;) {
      const std::size_t end = std::min(rest.find_first_of(" ,;?\t", at), rest.size());
      names.emplace(rest.substr(at, end - at));
      at = end;
    }
    // A name that no node has is told as such (W0460).
    if (std::any_of(names.begin(), names.end(), [&](const auto& one) { return !view_.symbols().IsNode(one); })) return;
    const auto most = view_.OwnMeta(outermost, "clone-max");
    const auto copies = most ? AsInteger(most->value) : std::nullopt;
    if (names.empty() || (copies && *copies <= static_cast<std::int64_t>(names.size()))) return;
    for (const ast::Node* node : view_.members()) {
      if (names.contains(node->name.literal)) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0508", list->span,
          "`" + outermost.id + "` runs on `" + node->name.literal + "` too, which is not in `" + name + "`");
      warning.label = "the copy there fails";
      warning.help.push_back("add `" + node->name.literal + "`, or write `location " + outermost.id + " never " +
                             node->name.literal + "`");
      return;
    }
  }

  // Whether something decides about its places: then they are not judged here.
  bool HasLocation(const std::string& id) const {
    for (const ast::Statement& statement : view_.statements()) {
      if (std::holds_alternative<ast::Xml>(statement.what)) return true;
      const auto* location = std::get_if<ast::Location>(&statement.what);
      if (location == nullptr) continue;
      if (location->pattern) return true;
      for (const ast::Reference& subject : location->subjects) {
        const std::vector<const ast::Text*> names = NamesIn(subject);
        if (std::any_of(names.begin(), names.end(), [&](const ast::Text* name) { return name->literal == id; }))
          return true;
      }
    }
    const auto symmetric = view_.Property({"symmetric-cluster"});
    return symmetric && !AsBoolean(symmetric->value).value_or(true);
  }

  static const ast::Text* NameOf(const ast::Reference& part) { return std::get_if<ast::Text>(&part.what); }

  static bool IsPromoted(const ast::Reference& part) { return part.role && part.role->literal == "promoted"; }

  void Note(const ast::Relation& relation) {
    const std::string& keyword = relation.keyword.literal;
    const ast::Reference &left = relation.parts[0], &right = relation.parts[1];
    if (NameOf(left) == nullptr || NameOf(right) == nullptr) return;
    if (keyword == "order") {
      const std::string action = left.action ? left.action->literal : "start";
      const bool starts = !right.action || right.action->literal == "start";
      if (!starts) return;
      for (const Pair& pair : Pairs(right, left)) {
        if (action == "promote") promoted_.insert(pair);
        if (action == "start" && IsMandatory(relation)) started_.emplace(pair, left.span);
      }
      return;
    }
    if (keyword != "colocation" && keyword != "depend") return;
    if (IsPromoted(right)) {
      for (const Pair& pair : Pairs(left, right)) with_promoted_.insert(pair);
      if (keyword == "depend") {
        for (const Pair& pair : Pairs(left, right)) promoted_.insert(pair);
      }
    }
    if (IsPromoted(left) && !IsPromoted(right) && IsMandatory(relation) && !HasOption(relation.options, "same"))
      Backwards(left, right);
  }

  std::vector<Pair> Pairs(const ast::Reference& follower, const ast::Reference& leader) const {
    std::vector<Pair> pairs;
    for (const std::string& a : ties_.Names(follower)) {
      for (const std::string& b : ties_.Names(leader)) {
        const Symbol* promotable = view_.symbols().Find(b);
        if (promotable != nullptr && promotable->kind == SymbolKind::kPromotable) pairs.emplace_back(a, b);
      }
    }
    return pairs;
  }

  // W0486
  void TooEarly(const Pair& pair, const Span& place) {
    Diagnostic& warning = diagnostics_.Warning(
        "W0486", place, "`" + pair.first + "` waits for the start of `" + pair.second + "`, and needs its promotion");
    warning.label = "started, and not promoted yet";
    warning.help.push_back("write `order promote " + pair.second + " then start " + pair.first + "`; `depend " +
                           pair.first + " on promoted " + pair.second + "` says both");
  }

  // W0487
  void Backwards(const ast::Reference& left, const ast::Reference& right) {
    const Symbol* other = view_.symbols().Find(NameOf(right)->literal);
    if (other == nullptr || !IsResource(other->kind)) return;
    const SymbolKind kind = view_.Outermost(*other).kind;
    if (kind != SymbolKind::kPrimitive && kind != SymbolKind::kGroup) return;
    const std::vector<const Symbol*> all = view_.Primitives(*other);
    if (!std::any_of(all.begin(), all.end(), [&](const Symbol* one) { return Follows(view_.Agent(*one)); })) return;
    const std::string &promotable = NameOf(left)->literal, &follower = other->id;
    Diagnostic& warning =
        diagnostics_.Warning("W0487", left.span, "the promotion of `" + promotable + "` follows `" + follower + "`");
    warning.label = "promoted only where `" + follower + "` runs, be the copy there good or not";
    warning.help.push_back("write `depend " + follower + " on promoted " + promotable + "` if `" + follower +
                           "` is what depends");
  }

  const PolicyView& view_;
  Ties ties_;
  Diagnostics& diagnostics_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> told_;
  std::map<Pair, Span> started_;
  std::set<Pair> promoted_, with_promoted_;
};

}  // namespace

void LintReplication(const PolicyView& view, Diagnostics& diagnostics) {
  ReplicationLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
