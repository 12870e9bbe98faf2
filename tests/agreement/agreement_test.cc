// Two executions, one agreement: what the world does first is what `picket simulate` says, and what it leaves behind
// is what crm_simulate's execution leaves behind, but for the effects that docs/world.md lists.
//
// Over the examples, and over the CIBs of the folders that PICKET_CIBS names (separated by colons).
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "compiler/compile.h"
#include "execution/agents/attributes.h"
#include "execution/history/attributes.h"
#include "execution/plan/plan.h"
#include "simulator/inject/all_online.h"
#include "simulator/inject/modifications.h"
#include "simulator/replay/replay.h"
#include "simulator/world/world.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

using namespace execution;  // NOLINT

namespace fault = compiler::scenario;

struct Ground {
  std::string path;
  pugi::xml_document document;
  solver::Cluster cluster;
  solver::State state;
  std::shared_ptr<const Catalog> catalog;
};

std::unique_ptr<Ground> Load(const std::string& path) {
  auto ground = std::make_unique<Ground>();
  ground->path = path;
  solver::DocumentError error;
  std::string warning;
  if (path.ends_with(".picket")) {
    compiler::CompileResult result = compiler::Compile(path, {});
    if (!result.compiled) return nullptr;
    ground->document.reset(result.compiled->cib);
    BringAllOnline(ground->document);
  } else {
    std::ifstream stream(path, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!solver::ParseDocument(text.str(), ground->document, error)) return nullptr;
  }
  if (!solver::UpgradeDocument(ground->document, warning, error)) return nullptr;
  ground->cluster = solver::ReadCluster(ground->document);
  ground->state = solver::ReadState(ground->document, {}, {1767614400, 0});
  ground->catalog = std::make_shared<Catalog>(ground->cluster);
  return ground;
}

std::vector<std::string> Inputs() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("examples")) {
    if (entry.path().string().ends_with("_test.picket") || !entry.path().string().ends_with(".picket")) continue;
    paths.push_back(entry.path().string());
  }
  const char* folders = std::getenv("PICKET_CIBS");
  std::stringstream list(folders ? folders : "");
  for (std::string folder; std::getline(list, folder, ':');) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".xml") paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::shared_ptr<const Plan> PlanOf(const Ground& ground, const solver::State& state) {
  solver::Run run;
  return MakePlan(run, solver::Schedule(ground.cluster, state, run, nullptr));
}

World Begin(const Ground& ground, solver::Run& run) {
  World world(ground.catalog, ground.state, {});
  world.Resume(run);
  return world;
}

// The state after one transition, as text for each thing in it.
struct Difference {
  std::string node;
  std::string resource;  // of a history entry
  std::string what;      // id of the entry, name of the attribute
  std::string replayed;  // empty: not there
  std::string lived;
};

using Facts = std::map<std::tuple<std::string, std::string, std::string>, std::string>;

Facts FactsOf(const solver::State& state) {
  Facts facts;
  for (const auto& node : state.nodes) {
    const std::string name = node->uname.value_or(node->id);
    for (const auto& [key, value] : node->attributes) {
      if (key != "crm-debug-origin") facts[{name, "@", key}] = value;
    }
    for (const solver::NvBlock& block : node->transient) {
      for (const solver::NvPair& pair : block.pairs) facts[{name, "=", pair.name}] = pair.value;
    }
    for (const solver::ResourceHistory& history : node->history) {
      for (const solver::HistoryEntry& entry : history.entries) {
        facts[{name, history.id, entry.id}] =
            entry.operation + " " + std::to_string(entry.rc.value_or(-1)) + " " + std::to_string(entry.interval_ms) +
            " " + std::string(entry.Get("op-digest")) + " " + std::string(entry.Get("migrate_source")) + " " +
            std::string(entry.Get("migrate_target"));
      }
    }
  }
  return facts;
}

std::vector<Difference> Compare(const solver::State& replayed, const solver::State& lived) {
  const Facts a = FactsOf(replayed);
  const Facts b = FactsOf(lived);
  std::set<std::tuple<std::string, std::string, std::string>> keys;
  for (const auto& [key, value] : a) keys.insert(key);
  for (const auto& [key, value] : b) keys.insert(key);
  std::vector<Difference> differences;
  for (const auto& key : keys) {
    const auto in_a = a.find(key);
    const auto in_b = b.find(key);
    const std::string left = in_a == a.end() ? "" : in_a->second;
    const std::string right = in_b == b.end() ? "" : in_b->second;
    if (left != right) differences.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), left, right});
  }
  return differences;
}

bool Did(const Plan& plan, const std::string& node, const std::string& resource, StepKind kind,
         std::string_view operation = {}) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const PlanStep& step) {
    return step.kind == kind && step.node == node && (operation.empty() || step.operation == operation) &&
           (resource.empty() ||
            std::find(step.target.names.begin(), step.target.names.end(), resource) != step.target.names.end());
  });
}

// The named effects: the table of docs/world.md.
struct Effect {
  std::string name;
  bool (*explains)(const Difference&, const Plan&, const Ground&);
};

bool IsAttribute(const Difference& d) {
  return d.resource == "=";
}
bool IsEntry(const Difference& d) {
  return d.resource != "=" && d.resource != "@";
}

// The attributes that say that a remote node is there (spec 09 §14.1).
bool IsArrival(const Difference& d) {
  return d.resource == "@" && (d.what == "in_ccm" || d.what == "node_fenced");
}

// Whether the plan starts the connection of a node that other steps of the plan are for.
bool Connects(const Plan& plan) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const PlanStep& step) {
    return step.operation == "start" && std::any_of(plan.steps.begin(), plan.steps.end(),
                                                    [&](const PlanStep& other) { return other.node == step.instance; });
  });
}

const std::vector<Effect>& Effects() {
  static const std::vector<Effect> effects = {
      {"a cancelled monitor is forgotten",
       [](const Difference& d, const Plan& plan, const Ground&) {
         return IsEntry(d) && d.lived.empty() && Did(plan, d.node, d.resource, StepKind::kCancel);
       }},
      {"notifications leave no history",
       [](const Difference& d, const Plan&, const Ground&) {
         return IsEntry(d) && d.lived.empty() && d.what.find("_notify_") != std::string::npos;
       }},
      {"agents set promotion scores",
       [](const Difference& d, const Plan&, const Ground&) { return IsAttribute(d) && d.what.starts_with("master-"); }},
      {"agents write node attributes",
       [](const Difference& d, const Plan& plan, const Ground& ground) {
         return IsAttribute(d) && std::any_of(plan.steps.begin(), plan.steps.end(), [&](const PlanStep& step) {
                  const CatalogEntry* entry = ground.catalog->Find(step.primitive);
                  const auto written = entry && entry->def ? execution::AttributeWrittenBy(*entry->def) : std::nullopt;
                  return step.node == d.node && written && written->name == d.what;
                });
       }},
      {"an attribute ends the transition",
       [](const Difference& d, const Plan& plan, const Ground& ground) {
         const bool not_begun = d.lived.empty() || d.lived.starts_with("monitor 7 ");
         return IsEntry(d) && not_begun && std::any_of(plan.steps.begin(), plan.steps.end(), [&](const PlanStep& step) {
                  const CatalogEntry* entry = ground.catalog->Find(step.primitive);
                  return entry && entry->def &&
                         (entry->promotable || execution::AttributeWrittenBy(*entry->def).has_value());
                });
       }},
      {"a remote node that comes is noted",
       [](const Difference& d, const Plan& plan, const Ground&) { return IsArrival(d) && Connects(plan); }},
      {"a remote node that comes ends the transition",
       [](const Difference& d, const Plan& plan, const Ground&) {
         const bool not_begun = d.lived.empty() || d.lived.starts_with("monitor 7 ");
         return IsEntry(d) && not_begun && Connects(plan);
       }},
      {"failures that are cleared are gone",
       [](const Difference& d, const Plan& plan, const Ground&) {
         const bool failure = d.what.starts_with("fail-count-") || d.what.starts_with("last-failure-") ||
                              d.what.ends_with("_last_failure_0");
         return failure && d.lived.empty() && Did(plan, d.node, {}, StepKind::kClearFailures);
       }},
      {"history that is deleted is gone",
       [](const Difference& d, const Plan& plan, const Ground&) {
         return IsEntry(d) && d.lived.empty() && Did(plan, d.node, d.resource, StepKind::kForget);
       }},
      {"a node that shuts down leaves",
       [](const Difference& d, const Plan& plan, const Ground&) {
         return !IsEntry(d) && Did(plan, d.node, {}, StepKind::kShutdown);
       }},
  };
  return effects;
}

}  // namespace

TEST_CASE("the first transition of a history is that of simulate, without and with an injection") {
  solver::WithLargeStack([] {
    int compared = 0;
    for (const std::string& path : Inputs()) {
      const auto ground = Load(path);
      if (!ground) continue;
      INFO(path);
      solver::Run run;
      World world = Begin(*ground, run);
      const auto first_plan = [&run](World& from) {
        std::shared_ptr<const Plan> first;
        from.on_plan = [&](const World&, const Plan& plan) {
          first = std::make_shared<const Plan>(plan);
          return false;
        };
        from.Settle(run);
        return first;
      };
      World undisturbed = world;
      const auto first = first_plan(undisturbed);
      CHECK_MESSAGE(first, "the world makes a plan");
      if (!first) continue;
      CHECK(*first == *PlanOf(*ground, ground->state));
      ++compared;

      std::set<std::string> tickets;
      for (const solver::TicketState& ticket : ground->state.tickets) tickets.insert(ticket.id);
      for (const std::string& ticket : tickets) {
        World struck = world;
        struck.Strike(fault::Revoke{{ticket, {}}});
        solver::State state = ground->state;
        StateEditor editor(ground->cluster, state, state.now.epoch_s);
        Modifications modifications;
        modifications.tickets_revoke = {ticket};
        solver::ReadStatus(ground->cluster, ground->state, run, nullptr);
        ApplyModifications(modifications, run, editor);
        const auto reaction = first_plan(struck);
        CHECK_MESSAGE(reaction, "the world makes a plan after " << ticket << " was revoked");
        if (reaction) CHECK(*reaction == *PlanOf(*ground, state));
        ++compared;
      }
    }
    MESSAGE(compared << " first transitions compared");
    CHECK(compared > 0);
  });
}

namespace {

// The plan that the cluster makes once it has learned of the fault: the first one for which `learned` holds.
std::shared_ptr<const Plan> Reaction(World world, const fault::Fault& fault, solver::State& state,
                                     const std::function<bool(const World&)>& learned) {
  std::shared_ptr<const Plan> plan;
  solver::Run run;
  world.on_plan = [&](const World& now, const Plan& next) {
    if (!learned(now)) return true;
    plan = std::make_shared<const Plan>(next);
    state.now = now.state().now;
    state.have_quorum = now.state().have_quorum;
    return false;
  };
  world.Strike(fault);
  world.Settle(run);
  return plan;
}

// What a plan does, but for the clearing of failures.
std::multiset<std::string> ActionsOf(const Plan& plan) {
  std::multiset<std::string> actions;
  for (const PlanStep& step : plan.steps) {
    if (step.kind == StepKind::kPseudo || step.kind == StepKind::kClearFailures) continue;
    actions.insert(step.operation + " " + step.instance + " " + step.node + " " + std::to_string(step.interval_ms) +
                   " " + std::to_string(step.expected_rc));
  }
  return actions;
}

}  // namespace

namespace {

// That both plans do the same; what only one of them does is named.
void CheckSameActions(const Plan& lived, const Plan& expected) {
  for (const std::string& action : ActionsOf(lived)) {
    INFO("only in the world: " << action);
    CHECK(ActionsOf(expected).count(action) > 0);
  }
  for (const std::string& action : ActionsOf(expected)) {
    INFO("only in simulate: " << action);
    CHECK(ActionsOf(lived).count(action) > 0);
  }
}

// The reaction to the loss of a node is that of simulate -f.
void CheckLostNode(const Ground& ground, const World& rested, const std::string& name) {
  solver::State state = rested.state();
  const auto plan = Reaction(rested, fault::Kill{{{name, {}}}}, state,
                             [&](const World& now) { return !now.nodes().at(name).member; });
  REQUIRE(plan);
  // In a live cluster the attributes of a node go with the node (spec 09 §11.3); -f keeps them.
  for (auto& candidate : state.nodes) {
    if (candidate->uname != name) continue;
    auto without = std::make_shared<solver::NodeState>(*candidate);
    execution::ForgetTransient(*without);
    candidate = std::move(without);
  }
  StateEditor(ground.cluster, state, state.now.epoch_s).Fail(name);
  CheckSameActions(*plan, *PlanOf(ground, state));
}

// What -i takes to fail the first monitor of that instance on the node: `web_monitor_10000@n1=1`; empty without one.
std::string FailedMonitor(const solver::State& state, const std::string& node, const std::string& instance) {
  for (const auto& candidate : state.nodes) {
    if (candidate->uname != node) continue;
    for (const solver::ResourceHistory& entries : candidate->history) {
      for (const solver::HistoryEntry& entry : entries.entries) {
        if (entries.id == instance && entry.interval_ms > 0)
          return instance + "_monitor_" + std::to_string(entry.interval_ms) + "@" + node + "=1";
      }
    }
  }
  return {};
}

// The reaction to a failed monitor is that of simulate -i. False if the failure is never noticed.
bool CheckFailedMonitor(const Ground& ground, const World& rested, const std::string& primitive,
                        const std::string& node, const std::string& spec) {
  fault::FailResource fail;
  fail.resource.id = primitive;
  fail.node = fault::Name{node, {}};
  solver::State failing = rested.state();
  const auto reaction = Reaction(rested, fail, failing, [events = rested.events()](const World& now) {
    return now.story().size() > events && now.story().back().kind == EventKind::kFailureNoticed;
  });
  if (!reaction) return false;
  solver::Run run;
  const solver::State before = rested.state();
  solver::ReadStatus(ground.cluster, before, run, nullptr);
  StateEditor editor(ground.cluster, failing, failing.now.epoch_s);
  Modifications modifications;
  modifications.operations = {spec};
  ApplyModifications(modifications, run, editor);
  // An injected result has no digest, so the solver takes its definition for changed and clears the count.
  CHECK(ActionsOf(*reaction) == ActionsOf(*PlanOf(ground, failing)));
  return true;
}

}  // namespace

TEST_CASE("the reaction to a lost node and to a failed monitor is that of simulate -f and -i") {
  solver::WithLargeStack([] {
    int lost = 0, failed = 0;
    for (const std::string& path : Inputs()) {
      if (!path.ends_with(".picket")) continue;
      const auto ground = Load(path);
      REQUIRE(ground);
      INFO(path);
      solver::Run run;
      World rested = Begin(*ground, run);
      REQUIRE(rested.Settle(run) == Rest::kSettled);
      for (const auto& [name, node] : rested.nodes()) {
        if (node.remote || !node.member) continue;
        INFO(name);
        CheckLostNode(*ground, rested, name);
        ++lost;
        for (const auto& [instance, resource] : node.resources) {
          const std::string spec = FailedMonitor(rested.state(), name, instance);
          if (spec.empty() || resource.role != solver::Role::kStarted) continue;
          INFO(spec);
          failed += CheckFailedMonitor(*ground, rested, resource.primitive, name, spec);
        }
      }
    }
    MESSAGE(lost << " lost nodes and " << failed << " failed monitors compared");
    CHECK(lost > 0);
    CHECK(failed > 0);
  });
}

namespace {

// What the world did in its first transition.
struct Lived {
  std::shared_ptr<const Plan> plan;  // null: it had none
  std::multiset<std::string> actions;
  std::map<std::string, size_t> begun, done_at;  // which event
  bool undisturbed = true;
};

void Note(const StoryEvent& event, Lived& lived) {
  lived.undisturbed = lived.undisturbed && event.kind != EventKind::kActionFails &&
                      event.kind != EventKind::kActionLost && event.kind != EventKind::kFenceFails &&
                      event.kind != EventKind::kNodeJoins;
  if (event.kind == EventKind::kActionBegins && event.operation != "meta-data")
    lived.actions.insert(event.operation + " " + event.resource + " " + event.node);
  if (event.kind == EventKind::kFenceBegins) lived.actions.insert("fence " + event.node);
  const std::string key =
      event.operation + " " + event.instance + " " + event.node + " " + std::to_string(event.interval_ms);
  const size_t number = lived.begun.size() + lived.done_at.size();
  if (event.kind == EventKind::kActionBegins) lived.begun.emplace(key, number);
  if (event.kind == EventKind::kActionDone) lived.done_at.emplace(key, number);
}

Lived LiveFirst(World& world, solver::Run& run) {
  Lived lived;
  world.on_plan = [&](const World&, const Plan& next) {
    if (lived.plan) return false;
    lived.plan = std::make_shared<const Plan>(next);
    return true;
  };
  world.on_event = [&](const World&, const StoryEvent& event) { Note(event, lived); };
  world.Settle(run);
  world.on_plan = nullptr;
  world.on_event = nullptr;
  return lived;
}

// What replay does, in the words of Lived::actions.
std::multiset<std::string> ActionsOf(const Replayed& replayed) {
  std::multiset<std::string> done;
  for (const ExecutionEvent& event : replayed.events) {
    if (const auto* fired = std::get_if<ResourceFired>(&event)) {
      if (fired->operation != "delete" && fired->operation != "meta-data")
        done.insert(fired->operation + " " + std::string(solver::BaseName(fired->name)) + " " + fired->node);
    }
    if (const auto* fired = std::get_if<FencingFired>(&event)) {
      if (fired->operation != "on") done.insert("fence " + fired->node);
    }
  }
  return done;
}

// That no step began before a step that it waits for was done.
void CheckOrder(const Lived& lived) {
  const auto key_of = [](const PlanStep& step) {
    return step.operation + " " + step.instance + " " + step.node + " " + std::to_string(step.interval_ms);
  };
  for (const PlanStep& step : lived.plan->steps) {
    if (step.kind != StepKind::kOperation || !lived.done_at.contains(key_of(step))) continue;
    for (const uint32_t follower : step.followers) {
      const auto began = lived.begun.find(key_of(lived.plan->steps[follower]));
      if (began != lived.begun.end()) CHECK(lived.done_at.at(key_of(step)) < began->second);
    }
  }
}

// That each difference is an effect of the list; `explained` counts the effects.
void CheckExplained(const std::vector<Difference>& differences, const Plan& plan, const Ground& ground,
                    std::map<std::string, int>& explained) {
  for (const Difference& difference : differences) {
    const auto effect = std::find_if(Effects().begin(), Effects().end(), [&](const Effect& candidate) {
      return candidate.explains(difference, plan, ground);
    });
    if (effect != Effects().end()) {
      ++explained[effect->name];
      continue;
    }
    FAIL_CHECK("no listed effect: " << difference.node << " " << difference.resource << " " << difference.what
                                    << ": replayed `" << difference.replayed << "`, lived `" << difference.lived
                                    << "`");
  }
}

}  // namespace

TEST_CASE("an undisturbed first transition does what replay does and leaves the same") {
  solver::WithLargeStack([] {
    int compared = 0;
    std::map<std::string, int> explained;
    for (const std::string& path : Inputs()) {
      const auto ground = Load(path);
      if (!ground) continue;
      INFO(path);
      solver::Run run;
      World world = Begin(*ground, run);
      const Lived lived = LiveFirst(world, run);
      if (!lived.undisturbed || !lived.plan) continue;

      solver::State replayed_state = ground->state;
      const solver::Transition transition = solver::Schedule(ground->cluster, ground->state, run, nullptr);
      StateEditor editor(ground->cluster, replayed_state, ground->state.now.epoch_s);
      const Replayed replayed = Replay(run, transition, {}, editor);
      if (replayed.terminated) continue;
      const std::multiset<std::string> done = ActionsOf(replayed);
      const std::vector<Difference> differences = Compare(replayed_state, world.state());
      // An attribute that an agent writes, or a remote node that comes, ends the transition: the rest is done in
      // the next one.
      const auto ends = [](const Difference& d) { return IsAttribute(d) || IsArrival(d); };
      if (std::any_of(differences.begin(), differences.end(), ends)) {
        CHECK(std::includes(done.begin(), done.end(), lived.actions.begin(), lived.actions.end()));
      } else {
        CHECK(lived.actions == done);
      }
      CheckOrder(lived);
      CheckExplained(differences, *lived.plan, *ground, explained);
      ++compared;
    }
    MESSAGE(compared << " transitions compared");
    for (const auto& [name, number] : explained) MESSAGE(number << " × " << name);
    CHECK(compared > 0);
  });
}

TEST_CASE("docs/world.md lists these effects and no others") {
  std::ifstream stream("docs/world.md");
  REQUIRE(stream);
  std::set<std::string> documented;
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("| **")) continue;
    documented.insert(line.substr(4, line.find("**", 4) - 4));
  }
  std::set<std::string> tested;
  for (const Effect& effect : Effects()) tested.insert(effect.name);
  CHECK(documented == tested);
}

}  // namespace picket::simulator
