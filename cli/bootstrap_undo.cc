#include "cli/bootstrap_undo.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/answer.h"
#include "cli/bootstrap_do.h"
#include "cli/exit_status.h"
#include "runtime/bootstrap/undo.h"

namespace picket::cli {
namespace {

using runtime::NodeFacts;
using runtime::NodeUndo;
using std::chrono::seconds;
using Json = nlohmann::ordered_json;

constexpr seconds kShort{120};
constexpr seconds kStopping{1800};
constexpr seconds kStarting{300};

// A name that bootstrap gives to its runs; what else a node tells is none.
bool IsRun(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789abcdefTZ-") == std::string::npos;
}

// The last run of the cluster that was not taken back; empty if there is none.
std::string LastRun(const std::vector<NodeFacts>& nodes, const std::string& cluster) {
  std::string last;
  for (const NodeFacts& facts : nodes)
    for (const auto& line : facts.All("bootstrap"))
      if (line.size() > 2 && line[1] != "undone" && line[2] == cluster && IsRun(line[0]))
        last = std::max(last, line[0]);
  return last;
}

bool Has(const NodeFacts& facts, const std::string& run) {
  return facts.Has("bootstrap", run);
}

class Undo {
 public:
  Undo(const Round& round, const compiler::Topology& topology, const UndoOptions& options)
      : topology_(topology), options_(options), facts_(round.patient().nodes) {
    for (size_t i = 0; i < facts_.size(); ++i) {
      const auto& node = topology.nodes[i];
      workers_.push_back({node.name, round.hosts()[i], node.addresses.empty() ? "" : node.addresses.front().address});
    }
  }

  int Run() {
    for (const NodeFacts& facts : facts_)
      if (!facts.known()) return Tell(facts.node + " is not reached: " + facts.trouble, kEnvironmentWrong);
    run_ = LastRun(facts_, topology_.cluster);
    if (run_.empty()) {
      std::cout << "nothing to take back: no node has a record of a bootstrap of `" << topology_.cluster << "`\n";
      return kOk;
    }
    if (!ReadJournals()) return kEnvironmentWrong;
    plan_ = runtime::PlanUndo(journals_);
    Show();
    for (const auto& objection : plan_.objections)
      std::cerr << "picket: " << objection.node << ": " << objection.what << "\n        do: " << objection.remedy
                << '\n';
    if (!plan_.objections.empty()) return Tell("nothing was changed", kVerdict);
    if (plan_.stops_cluster && !options_.restart)
      return Tell("nothing was changed: this stops a running cluster with all its services; use --restart to allow it",
                  kVerdict);
    int status = kOk;
    if (!options_.agreed(status)) return status;
    return Go();
  }

 private:
  static int Tell(const std::string& what, int status) {
    std::cerr << "picket: " << what << '\n';
    return status;
  }

  Crew MakeCrew() const {
    Crew crew(workers_, topology_.cluster, run_, options_.format == "json" ? std::cerr : std::cout);
    for (const NodeFacts& facts : facts_)
      if (const std::string driver = facts.One("bootstrap-driver"); Crew::HasEnded(driver)) crew.TakeOver(driver);
    return crew;
  }

  // Of the nodes that took part in the run, whether the policy still has them or not.
  bool ReadJournals() {
    std::vector<NodeFacts> shown;
    if (!Show(0, shown)) return false;
    std::vector<compiler::TopologyNode> others;
    for (const auto& node : runtime::NodesOf(shown))
      if (std::none_of(workers_.begin(), workers_.end(),
                       [&](const Worker& worker) { return worker.name == node.name; }))
        others.push_back(node);
    const size_t known = workers_.size();
    for (NodeFacts& facts : ProbeNodes(others, options_.way, "")) {
      if (!facts.known()) {
        Tell(facts.node + ", which took part in the run, is not reached: " + facts.trouble, kEnvironmentWrong);
        return false;
      }
      facts_.push_back(std::move(facts));
    }
    for (const auto& node : others)
      workers_.push_back(
          {node.name, HostOf(node, options_.way), node.addresses.empty() ? "" : node.addresses.front().address});
    return Show(known, shown);
  }

  // Reads the journals of the workers from this one on.
  bool Show(size_t from, std::vector<NodeFacts>& shown) {
    Steps steps;
    for (size_t i = from; i < workers_.size(); ++i)
      if (Has(facts_[i], run_)) steps[workers_[i].name] = "show\n";
    const auto answers = MakeCrew().Ask(steps, kShort);
    if (answers.size() != steps.size()) return false;
    for (size_t i = from; i < workers_.size(); ++i) {
      const auto answer = answers.find(workers_[i].name);
      if (answer == answers.end()) continue;
      shown.push_back(runtime::ReadFacts(workers_[i].name, answer->second));
      if (!shown.back().known()) {
        Tell(workers_[i].name + ": its journal cannot be read: " + shown.back().trouble, kEnvironmentWrong);
        return false;
      }
      journals_.push_back({shown.back(), facts_[i]});
    }
    return true;
  }

  // --- what is told ---

  static std::string BackText(const NodeUndo::Back& back) {
    if (back.kind == "name") return "the machine is called " + back.values[0] + " again";
    if (back.kind == "moved") return back.values[0] + " comes back";
    return back.values[0] + (back.values[1] == "none" ? " is moved aside" : " is what it was");
  }

  void Show() const {
    if (options_.format == "json") {
      std::cout << JsonText(AsJson()) << std::flush;
      return;
    }
    std::cout << "taking back run " << run_ << " of cluster " << topology_.cluster << '\n';
    for (const NodeUndo& node : plan_.nodes) {
      if (node.empty()) continue;
      std::cout << node.node << '\n';
      for (const std::string& unit : node.stop) std::cout << "  stop " << unit << '\n';
      if (!node.after.empty()) std::cout << "  files that the cluster has written since are moved aside\n";
      for (const auto& back : node.back) std::cout << "  " << runtime::Plain(BackText(back)) << '\n';
      for (const std::string& unit : node.disable) std::cout << "  disable " << unit << '\n';
      for (const std::string& unit : node.enable) std::cout << "  enable " << unit << '\n';
      for (const std::string& unit : node.start) std::cout << "  start " << unit << '\n';
    }
    for (const std::string& name : plan_.forgotten) std::cout << name << " leaves the CIB\n";
    for (const std::string& left : plan_.left) std::cout << "left: " << runtime::Plain(left) << '\n';
    std::cout << std::flush;
  }

  Json AsJson() const {
    Json json = Envelope("picket-bootstrap-undo");
    json["run"] = run_;
    json["nodes"] = Json::array();
    for (const NodeUndo& node : plan_.nodes) {
      Json back = Json::array();
      for (const auto& each : node.back) back.push_back(BackText(each));
      json["nodes"].push_back({{"node", node.node},
                               {"stop", node.stop},
                               {"back", back},
                               {"disable", node.disable},
                               {"enable", node.enable},
                               {"start", node.start}});
    }
    json["forgotten"] = plan_.forgotten;
    json["left"] = plan_.left;
    return json;
  }

  // --- the doing ---

  template <class Of>
  Steps Each(Of of) const {
    Steps steps;
    for (const NodeUndo& node : plan_.nodes)
      if (std::string text = of(node); !text.empty()) steps[node.node] = std::move(text);
    return steps;
  }
  static std::string Units(const std::string& verb, const std::vector<std::string>& units, int managers = -1) {
    std::string text;
    for (const std::string& unit : units)
      if (managers < 0 || (unit != "corosync") == (managers == 1)) text += Call("unit", {verb, unit});
    return text;
  }
  static std::string BackSteps(const NodeUndo& node) {
    std::string text;
    for (const std::string& pattern : node.after) text += Call("after", {pattern});
    for (const auto& back : node.back)
      text += Call(back.kind == "file" ? "back_file" : back.kind == "moved" ? "back_move" : "back_name", back.values);
    return text;
  }
  static Steps One(const std::string& node, const std::string& text) {
    return node.empty() || text.empty() ? Steps() : Steps{{node, text}};
  }

  int Go() {
    Crew crew = MakeCrew();
    Steps everyone;
    for (const auto& journal : journals_) everyone[journal.shown.node] = ":\n";
    if (!crew.Do(everyone, kShort, true)) return Tell("nothing was changed", kEnvironmentWrong);
    std::string forget;
    for (const std::string& name : plan_.forgotten) forget += Call("forget", {name});
    const struct {
      Steps steps;
      seconds limit;
    } phases[] = {
        {Each([](const NodeUndo& node) { return Units("stop", node.stop, 1); }), kStopping},
        {Each([](const NodeUndo& node) { return Units("stop", node.stop, 0); }), kShort},
        {Each(BackSteps), kShort},
        {One(plan_.reload_on, "reload\n"), kShort},
        {One(plan_.forget_on, forget), kShort},
        {Each([](const NodeUndo& node) {
           return Units("disable", node.disable) + Units("enable", node.enable) + Units("start", node.start, 0);
         }),
         kStarting},
        {Each([](const NodeUndo& node) { return Units("start", node.start, 1); }), kStarting},
    };
    for (const auto& phase : phases)
      if (!crew.Do(phase.steps, phase.limit))
        return Tell("not all steps were taken back; run the same command again to go on", kEnvironmentWrong);
    if (!RunsAgain()) return kVerdict;
    for (auto& [name, steps] : everyone) steps = "finish undone\n";
    if (!crew.Do(everyone, kShort)) return kEnvironmentWrong;
    for (const std::string& left : crew.left()) std::cerr << "picket: left: " << left << '\n';
    for (const std::string& left : plan_.left) std::cerr << "picket: left: " << runtime::Plain(left) << '\n';
    return crew.left().empty() && plan_.left.empty() ? kOk : kVerdict;
  }

  // Where the cluster was at work before and is again, its nodes agree: by the corosync.conf that they have
  // now.
  bool RunsAgain() const {
    std::vector<compiler::TopologyNode> nodes;
    for (size_t i = 0; i < plan_.nodes.size(); ++i)
      if (plan_.nodes[i].stays || !plan_.nodes[i].start.empty()) {
        compiler::TopologyNode node;
        node.name = plan_.nodes[i].node;
        for (const Worker& worker : workers_)
          if (worker.name == node.name && !worker.address.empty()) node.addresses.push_back({0, worker.address});
        nodes.push_back(std::move(node));
      }
    if (nodes.empty()) return true;
    compiler::Topology now;
    for (const NodeFacts& facts : ProbeNodes(nodes, options_.way, ""))
      if (auto conf = runtime::ConfOf(facts); conf && now.nodes.empty()) now = std::move(*conf);
    now.engine = topology_.engine;
    if (now.nodes.empty() || runtime::IsExample(now)) return true;
    return AwaitAgreement(now, options_.way, options_.wait, options_.format == "json" ? std::cerr : std::cout);
  }

  const compiler::Topology& topology_;
  const UndoOptions& options_;
  std::vector<NodeFacts> facts_;  // of the workers, in their order
  std::vector<Worker> workers_;
  std::string run_;
  std::vector<runtime::RunJournal> journals_;
  runtime::UndoPlan plan_;
};

}  // namespace

int UndoBootstrap(const Round& round, const compiler::Topology& topology, const UndoOptions& options) {
  return Undo(round, topology, options).Run();
}

}  // namespace picket::cli
