#include "simulator/incident/incident.h"

#include <algorithm>
#include <map>
#include <set>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::simulator::incident {
namespace {

using solver::NodeId;
using solver::ResourceId;
using solver::Role;
using solver::Run;

bool IsPlain(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_more = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), is_more);
}

// A name as the policy spells it: quoted if it is no plain word, or one that means something where names
// stand.
std::string Name(std::string_view text) {
  static constexpr std::string_view kWords[] = {"on",      "by",       "of",         "from",   "link",    "and",
                                                "or",      "not",      "implies",    "before", "any",     "fence",
                                                "start",   "stop",     "promote",    "demote", "monitor", "running",
                                                "stopped", "promoted", "unpromoted", "fenced", "online"};
  if (IsPlain(text) && std::find(std::begin(kWords), std::end(kWords), text) == std::end(kWords)) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + "\"";
}

struct NodeFacts {
  bool member = false;
  bool standby = false;
  bool fenced = false;  // fencing is called for
  std::map<std::string, std::string> attributes;
};
struct Failure {
  std::string resource, operation, node;
  uint32_t interval_ms = 0;
  int rc = 0;
  bool timed_out = false;
};

// What one input says, as far as tests can say it too.
struct Facts {
  std::map<std::string, NodeFacts> nodes;
  std::map<std::string, bool> tickets;
  std::map<std::string, Failure> failures;  // by what tells one from another: entry, call, time
  std::vector<std::string> places_now;      // `running web on n1`
  std::vector<std::string> places_next;     // where the scheduler puts them
};

bool IsSaid(std::string_view attribute) {
  static constexpr std::string_view kOwn[] = {"standby", "shutdown", "probe_complete", "maintenance", "terminate"};
  static constexpr std::string_view kPrefixes[] = {"fail-count-", "last-failure-", "master-", "#", "pingd-"};
  return std::find(std::begin(kOwn), std::end(kOwn), attribute) == std::end(kOwn) &&
         std::none_of(std::begin(kPrefixes), std::end(kPrefixes), [&](auto p) { return attribute.starts_with(p); });
}

void ReadFailures(const solver::NodeState& state, Facts& facts) {
  for (const solver::ResourceHistory& history : state.history) {
    for (const solver::HistoryEntry& entry : history.entries) {
      const int rc = entry.rc.value_or(0);
      const int status = entry.status.value_or(0);
      const bool probe = entry.operation == "monitor" && entry.interval_ms == 0;
      const bool failed =
          status == 2 || status == 4 || status == 5 || status == 6 || entry.id.ends_with("_last_failure_0");
      if (!failed || probe || status == -1 || !state.uname) continue;
      Failure failure{
          std::string(solver::BaseName(history.id)), entry.operation, *state.uname, entry.interval_ms, rc, status == 2};
      const std::string key = *state.uname + "\n" + history.id + "\n" + entry.key + "\n" +
                              std::to_string(entry.call_id) + "\n" + std::to_string(entry.last_rc_change_s.value_or(0));
      facts.failures.emplace(key, failure);
    }
  }
}

// `running web on n1` for each top-level resource, by what `node_of` and `role_of` say of its primitives.
template <typename NodesOf, typename RoleOf>
std::vector<std::string> PlacesOf(const Run& run, NodesOf&& nodes_of, RoleOf&& role_of) {
  std::vector<std::string> places;
  for (const ResourceId top : run.top_level) {
    const solver::Resource& resource = run.at(top);
    if (resource.removed || resource.fence_device || resource.connection) continue;
    std::vector<NodeId> running, promoted;
    bool all = true;
    solver::ForEachPrimitive(run, top, [&](ResourceId id) {
      const std::vector<NodeId> nodes = nodes_of(id);
      all = all && !nodes.empty();
      for (const NodeId node : nodes) {
        auto& list = role_of(id) == Role::kPromoted ? promoted : running;
        if (std::find(list.begin(), list.end(), node) == list.end()) list.push_back(node);
      }
    });
    const std::string name = Name(resource.config_id);
    for (const NodeId node : promoted) places.push_back("promoted " + name + " on " + Name(run.at(node).name));
    if (resource.promotable) continue;
    if (resource.is_bundle()) continue;
    if (running.empty()) {
      places.push_back("stopped " + name);
    } else if (resource.is_clone() || (running.size() == 1 && all)) {
      for (const NodeId node : running) places.push_back("running " + name + " on " + Name(run.at(node).name));
    }
  }
  return places;
}

Facts Read(const Input& input) {
  Facts facts;
  Run run;
  solver::ReadStatus(input.cluster, input.state, run, nullptr);
  for (const solver::Node& node : run.nodes) {
    if (node.remote) continue;
    NodeFacts& said = facts.nodes[node.name];
    said.member = node.online && !node.unclean;
    said.standby = node.standby && !node.standby_on_fail;
  }
  for (const auto& state : input.state.nodes) {
    if (!state->uname) continue;
    ReadFailures(*state, facts);
    for (const solver::NvBlock& block : state->transient) {
      for (const solver::NvPair& pair : block.pairs) {
        if (IsSaid(pair.name)) facts.nodes[*state->uname].attributes[pair.name] = pair.value;
      }
    }
  }
  for (const auto& [name, ticket] : run.tickets) facts.tickets[name] = ticket.granted && !ticket.standby;
  const auto active = [&](ResourceId id) {
    std::vector<NodeId> nodes = run.at(id).active;
    std::erase_if(nodes, [&](NodeId node) { return !solver::IsClean(run, node); });
    return nodes;
  };
  facts.places_now = PlacesOf(run, active, [&](ResourceId id) { return run.at(id).role; });
  const solver::Transition transition = solver::Decide(run);
  for (const solver::NodeSummary& line : transition.summary.nodes) {
    if (!line.reason.empty()) facts.nodes[run.at(line.node).name].fenced = true;
  }
  const auto assigned = [&](ResourceId id) {
    const solver::Resource& resource = run.at(id);
    if (!resource.managed) return active(id);
    if (!resource.node.valid() || resource.next_role == Role::kStopped) return std::vector<NodeId>();
    const solver::ActionId start = solver::OldestWithKey(run, id, solver::Symbol::kStart, 0, resource.node);
    if (start.valid() && !run.at(start).optional && !run.at(start).runnable) return std::vector<NodeId>();
    return std::vector<NodeId>{resource.node};
  };
  facts.places_next = PlacesOf(run, assigned, [&](ResourceId id) { return run.at(id).next_role; });
  return facts;
}

class Steps {
 public:
  void First(const Facts& facts, const std::string& name) {
    Add(LineKind::kComment, "as it was in " + name);
    for (const auto& [node, said] : facts.nodes) {
      if (!said.member) Add(LineKind::kFault, "kill " + Name(node));
      if (said.member && said.standby) Add(LineKind::kFault, "standby " + Name(node));
      for (const auto& [attribute, value] : said.attributes) Set(attribute, value, node);
    }
    for (const auto& [ticket, granted] : facts.tickets) {
      if (granted) Add(LineKind::kFault, "grant " + Name(ticket));
    }
    std::string given;
    for (const std::string& place : facts.places_now) {
      if (place.starts_with("running ")) given += (given.empty() ? "" : " and ") + place;
    }
    if (!given.empty()) Add(LineKind::kGiven, "given " + given);
    group_begin_ = lines_.size();
    if (!facts.failures.empty()) {
      Add(LineKind::kComment,
          std::to_string(facts.failures.size()) + " failures that are older than this are left out");
    }
  }

  void Next(const Facts& before, const Facts& now, const std::string& name) {
    // An operation fails in the reaction to what struck before, so it has to be told before that.
    std::vector<Line> armed = FailedOperations(before, now, /*monitors=*/false);
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(group_begin_), armed.begin(), armed.end());
    reacting_ = reacting_ || !armed.empty();
    const size_t begin = lines_.size();
    Nodes(before, now);
    for (Line& line : FailedOperations(before, now, /*monitors=*/true)) lines_.push_back(std::move(line));
    for (const auto& [ticket, granted] : now.tickets) {
      const auto old = before.tickets.find(ticket);
      if ((old != before.tickets.end() && old->second) == granted) continue;
      Add(LineKind::kFault, (granted ? "grant " : "revoke ") + Name(ticket));
    }
    for (const auto& [node, said] : now.nodes) {
      for (const auto& [attribute, value] : said.attributes) {
        const auto old_node = before.nodes.find(node);
        if (old_node != before.nodes.end()) {
          const auto old = old_node->second.attributes.find(attribute);
          if (old != old_node->second.attributes.end() && old->second == value) continue;
        }
        Set(attribute, value, node);
      }
    }
    if (lines_.size() == begin) return;
    // What happened before this had come to an end by then, as far as anybody knows.
    std::vector<Line> faults(lines_.begin() + static_cast<std::ptrdiff_t>(begin), lines_.end());
    lines_.resize(begin);
    if (reacting_) Expect(before.places_next);
    Add(LineKind::kComment, "seen in " + name);
    group_begin_ = lines_.size();
    for (Line& fault : faults) lines_.push_back(std::move(fault));
    reacting_ = true;
  }

  void Fenced(const Facts& facts) {
    for (const auto& [node, said] : facts.nodes) {
      if (said.fenced) fenced_.insert(node);
    }
  }

  void Last(const Facts& facts) { Expect(facts.places_next); }
  std::vector<Line> Take() { return std::move(lines_); }

 private:
  void Add(LineKind kind, std::string text) { lines_.push_back({kind, std::move(text)}); }
  void Set(const std::string& attribute, const std::string& value, const std::string& node) {
    Add(LineKind::kFault, "set " + Name(attribute) + "=" + Name(value) + " on " + Name(node));
  }

  void Nodes(const Facts& before, const Facts& now) {
    for (const auto& [node, said] : now.nodes) {
      const auto known = before.nodes.find(node);
      const NodeFacts old = known == before.nodes.end() ? NodeFacts{} : known->second;
      if (old.member && !said.member) Add(LineKind::kFault, "kill " + Name(node));
      if (!old.member && said.member) Add(LineKind::kFault, "online " + Name(node));
      if (said.member && said.standby && !old.standby) Add(LineKind::kFault, "standby " + Name(node));
      if (said.member && old.member && old.standby && !said.standby) Add(LineKind::kFault, "online " + Name(node));
    }
  }

  static std::vector<Line> FailedOperations(const Facts& before, const Facts& now, bool monitors) {
    std::vector<Line> lines;
    for (const auto& [key, failure] : now.failures) {
      const bool recurring_monitor = failure.operation == "monitor";
      if (before.failures.count(key) || recurring_monitor != monitors) continue;
      std::string text = "fail " + Name(failure.resource) + (recurring_monitor ? "" : " " + failure.operation) +
                         " on " + Name(failure.node);
      if (failure.timed_out) {
        text += " rc=timeout";
      } else if (failure.rc != 1) {
        text += " rc=" + std::to_string(failure.rc);
      }
      // One failure may stand in the history twice.
      const auto same = [&](const Line& line) { return line.text == text; };
      if (std::none_of(lines.begin(), lines.end(), same)) lines.push_back({LineKind::kFault, text});
    }
    return lines;
  }

  void Expect(const std::vector<std::string>& places) {
    for (const std::string& node : fenced_) Add(LineKind::kExpect, "expect fenced " + Name(node));
    fenced_.clear();
    for (const std::string& place : places) Add(LineKind::kExpect, "expect " + place);
  }

  std::vector<Line> lines_;
  std::set<std::string> fenced_;
  size_t group_begin_ = 0;
  bool reacting_ = false;
};

}  // namespace

std::vector<Line> StepsOf(const std::vector<Input>& inputs) {
  Steps steps;
  Facts before = Read(inputs.front());
  steps.First(before, inputs.front().name);
  for (size_t i = 1; i < inputs.size(); ++i) {
    Facts now = Read(inputs[i]);
    steps.Next(before, now, inputs[i].name);
    steps.Fenced(now);
    before = std::move(now);
  }
  steps.Last(before);
  return steps.Take();
}

std::string TestText(const std::string& name, const std::vector<Line>& steps, const std::vector<bool>& disabled) {
  std::string title;
  for (const char c : name) {
    if (c == '"' || c == '\\' || c == '$') title += '\\';
    title += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  std::string text = "test \"" + title + "\" {\n";
  bool expects = false;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool comment = steps[i].kind == LineKind::kComment;
    std::string words = steps[i].text;
    for (char& c : words) c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    text += comment ? "  # " : disabled[i] ? "  # not so in the simulation: " : "  ";
    text += words + "\n";
    expects = expects || (steps[i].kind == LineKind::kExpect && !disabled[i]);
  }
  // A test has to expect something; this much is known of every input.
  if (!expects) text += "  expect count(online) >= 0\n";
  return text + "}\n";
}

}  // namespace picket::simulator::incident
