#include <map>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/dump.h"

// W0452: a resource that is tied to itself. W0453: constraints and fence devices that stand there twice.
// W0462: constraints that never act.
namespace picket::compiler {
namespace {

std::string KeyOf(const ast::Reference& part) {
  std::string key = (part.role ? part.role->literal : "") + '/' + (part.action ? part.action->literal : "") + '/' +
                    (part.any ? "any" : "");
  const auto* set = std::get_if<ast::Set>(&part.what);
  if (set != nullptr) {
    key += set->ordered ? "[" : "{";
    if (set->from) key += "from " + set->from->literal;
    for (const ast::Option& option : set->options) key += ' ' + option.name.literal + '=' + DumpValue(option.value);
  }
  for (const ast::Text* name : NamesIn(part)) key += ' ' + name->literal;
  return key;
}

std::string KeyOf(const std::vector<ast::Option>& options) {
  std::string key;
  for (const ast::Option& option : options) key += '|' + option.name.literal + '=' + DumpValue(option.value);
  return key;
}

class RepeatLinter {
 public:
  RepeatLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {
    const auto symmetric = view.Property({"symmetric-cluster"});
    opt_in_ = symmetric && symmetric->value != "yes" && symmetric->value != "true";
  }

  void operator()(const ast::Relation& node) {
    const std::string& keyword = node.keyword.literal;
    std::string key = keyword + (node.ticket ? ' ' + node.ticket->literal : "");
    for (const ast::Reference& part : node.parts) key += " ; " + KeyOf(part);
    Twice(key + KeyOf(node.options), node.parts.empty() ? node.keyword.span : node.parts.front().span,
          "this " + keyword + " stands here twice");
    if (keyword != "ticket") Itself(node, keyword);
    const auto score = ScoreNumber(OptionText(node.options, "score"));
    if (score && *score == 0 && keyword != "order" && !node.parts.empty()) {
      Idle(node.parts.front().span, "a score of 0 places nothing", "write the score, or remove this");
    }
  }

  void operator()(const ast::Location& node) {
    std::string subject = (node.role ? node.role->literal : "") + (node.negated ? " not " : " ") +
                          (node.pattern ? '/' + node.pattern->pattern.literal : "");
    for (const ast::Reference& part : node.subjects) subject += " ; " + KeyOf(part);
    for (const ast::Clause& clause : node.clauses) {
      Clause(node, clause, subject);
    }
  }

  void operator()(const ast::Fencing& node) {
    const auto* target = std::get_if<ast::Text>(&node.target);
    std::map<std::string, Span> earlier;  // Devices of the levels before.
    for (const ast::Level& level : node.levels) {
      std::map<std::string, Span> here;
      for (const ast::Text& device : level.devices) {
        const auto [place, fresh] = here.emplace(device.literal, device.span);
        const auto before = earlier.find(device.literal);
        if (!fresh) {
          Repeated(device, place->second, "`" + device.literal + "` stands in this level twice",
                   "name the second device that has to be switched off, or write it once");
        } else if (before != earlier.end() && level.devices.size() == 1) {
          Repeated(device, before->second,
                   "`" + device.literal + "` has failed when this level is tried: it is in the level before",
                   "name another device for" + (target != nullptr ? " `" + target->literal + "`" : " this level") +
                       "; one device is tried again by itself (`pcmk_reboot_retries`)");
        }
      }
      earlier.insert(here.begin(), here.end());
    }
  }

  void operator()(const ast::Fence& node) {
    std::map<std::string, Span> seen;
    for (const ast::Host& host : node.hosts) Once(host.name, seen);
  }
  void operator()(const ast::Tag& node) {
    std::map<std::string, Span> seen;
    for (const ast::Text& member : node.members) Once(member, seen);
  }

  template <class Other>
  void operator()(const Other&) {}

 private:
  void Once(const ast::Text& name, std::map<std::string, Span>& seen) {
    const auto [first, fresh] = seen.emplace(name.literal, name.span);
    if (!fresh) Repeated(name, first->second, "`" + name.literal + "` stands here twice", "remove one of them");
  }

  void Repeated(const ast::Text& device, const Span& first, std::string message, std::string help) {
    Diagnostic& warning = diagnostics_.Warning("W0453", device.span, std::move(message));
    warning.others.push_back({first, "the first time"});
    warning.help.push_back(std::move(help));
  }

  void Twice(const std::string& key, const Span& span, std::string message) {
    const auto [place, fresh] = seen_.emplace(key, span);
    if (fresh) return;
    Diagnostic& warning = diagnostics_.Warning("W0453", span, std::move(message));
    warning.others.push_back({place->second, "the first one"});
    warning.help.push_back("remove one of them; scores of constraints that say the same are added");
  }

  void Idle(const Span& span, std::string message, std::string help) {
    Diagnostic& warning = diagnostics_.Warning("W0462", span, std::move(message));
    warning.label = "has no effect";
    warning.help.push_back(std::move(help));
  }

  void Clause(const ast::Location& node, const ast::Clause& clause, const std::string& subject) {
    const std::string& verb = clause.verb.literal;
    std::string key = "location " + subject + " | " + verb;
    for (const ast::Text& name : clause.nodes) key += ' ' + name.literal;
    if (clause.where) {
      key += " where ";
      key += clause.where->from        ? "from " + clause.where->from->literal
             : clause.where->condition ? DumpExpr(*clause.where->condition)
                                       : "";
    }
    Twice(key + KeyOf(clause.options), clause.span, "this location stands here twice");
    const auto score = ScoreNumber(OptionText(clause.options, "score"));
    if (score && *score == 0 && (verb == "prefers" || verb == "avoids")) {
      Idle(clause.span, "a score of 0 prefers no node",
           "write the score; `allows` says that a resource may run there in a cluster with "
           "`symmetric-cluster=no`");
      return;
    }
    std::map<std::string, Span> names;
    for (const ast::Text& name : clause.nodes) Once(name, names);
    const std::size_t nodes = view_.symbols().nodes().size() + view_.symbols().implied_nodes().size();
    // A preference for every node may be a floor that keeps sums above zero.
    if (!opt_in_ && nodes > 1 && names.size() == nodes && verb == "only") {
      Idle(clause.span, "`only` names every node", "name those on which it may run, or remove this");
      return;
    }
    // A preference for what another clause forbids.
    if (clause.where || node.pattern) return;
    for (const ast::Text& name : clause.nodes) {
      const std::string place = subject + '@' + name.literal;
      if (verb == "never") {
        const auto wish = wishes_.find(place);
        if (wish != wishes_.end()) Contradicted(wish->second, clause.span, name.literal);
        bans_.emplace(place, clause.span);
      } else if (verb == "prefers") {
        const auto ban = bans_.find(place);
        if (ban != bans_.end()) Contradicted(clause.span, ban->second, name.literal);
        wishes_.emplace(place, clause.span);
      }
    }
  }

  void Contradicted(const Span& wish, const Span& ban, const std::string& node) {
    Diagnostic& warning =
        diagnostics_.Warning("W0462", wish, "no preference for `" + node + "` counts: `never` keeps it away");
    warning.label = "has no effect";
    warning.others.push_back({ban, "the stronger one"});
    warning.help.push_back("remove one of them");
  }

  // W0452
  void Itself(const ast::Relation& node, const std::string& keyword) {
    std::map<std::string, Span> seen;
    for (const ast::Reference& part : node.parts) {
      for (const ast::Text* name : NamesIn(part)) {
        const std::string who = (part.role ? part.role->literal + ' ' : "") +
                                (part.action ? part.action->literal + ' ' : "") + name->literal;
        const auto [place, fresh] = seen.emplace(who, name->span);
        if (fresh) continue;
        const char* what = keyword == "separate" ? "` is kept apart from itself"
                           : keyword == "order"  ? "` waits for itself"
                                                 : "` is placed with itself";
        Diagnostic& warning = diagnostics_.Warning("W0452", name->span, "`" + name->literal + what);
        warning.label = "has no effect";
        warning.others.push_back({place->second, "named here"});
        warning.help.push_back("name another resource");
        return;
      }
    }
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  bool opt_in_ = false;
  std::map<std::string, Span> seen_;
  std::map<std::string, Span> wishes_;
  std::map<std::string, Span> bans_;
};

}  // namespace

void LintRepeats(const PolicyView& view, Diagnostics& diagnostics) {
  RepeatLinter linter(view, diagnostics);
  for (const ast::Statement& statement : view.statements()) std::visit(linter, statement.what);
}

}  // namespace picket::compiler
