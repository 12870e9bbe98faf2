#include "solver/promises.h"

#include <sys/wait.h>
#include <unistd.h>

#include "doctest/doctest.h"

using namespace picket::solver;

namespace {

// The exit status of a process that makes the check; 0 if the promise is kept.
template <typename Check>
int StatusOf(const Check& check) {
  const pid_t child = fork();
  if (child == 0) {
    close(STDERR_FILENO);
    check();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

constexpr int kKept = 0;
constexpr int kBroken = 70;

struct Tables {
  Cluster cluster;
  State state;
  Run run;
  Transition transition;

  Tables() {
    run.cluster = &cluster;
    run.state = &state;
    run.nodes.resize(2);
    run.node_order = {NodeId(size_t{1}), NodeId(size_t{0})};
    run.resources.resize(2);
    run.actions.resize(2);
    for (size_t i = 0; i < 2; ++i) {
      run.resources[i].self = ResourceId(i);
      run.actions[i].id = ActionId(i);
    }
    run.relations.resize(1);
    run.relations[0].first = ActionId(size_t{0});
    run.relations[0].then = ActionId(size_t{1});
    transition.synapses = {ActionId(size_t{0}), ActionId(size_t{1})};
    transition.first_input = {0, 0, 1};
    transition.inputs = {ActionId(size_t{0})};
  }
};

int Everything(const Tables& tables) {
  return StatusOf([&] {
    CheckUnpacked(tables.run);
    CheckConstraints(tables.run);
    CheckAssigned(tables.run);
    CheckActions(tables.run);
    CheckTransition(tables.run, tables.transition);
  });
}

}  // namespace

TEST_CASE("tables that agree keep all promises") {
  CHECK(Everything(Tables()) == kKept);
}

TEST_CASE("each promise that is broken ends the program with 70") {
  const auto broken = [](const auto& harm) {
    Tables tables;
    harm(tables);
    return Everything(tables);
  };
  CHECK(broken([](Tables& t) { t.run.cluster = nullptr; }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.node_order.push_back(NodeId(size_t{0})); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.node_order[0] = NodeId(size_t{2}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.resources[1].self = ResourceId(size_t{0}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.resources[1].children = {ResourceId()}; }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.resources[1].active = {NodeId(size_t{9})}; }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.colocations.resize(1); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.locations.resize(1); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.ticket_constraints.resize(1); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.resources[0].node = NodeId(size_t{2}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.actions[0].id = ActionId(); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.actions[0].resource = ResourceId(size_t{2}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.relations[0].then = ActionId(size_t{2}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.run.relations[0].next_after = RelationId(size_t{1}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.transition.first_input = {0, 1}; }) == kBroken);
  CHECK(broken([](Tables& t) { t.transition.first_input = {0, 2, 1}; }) == kBroken);
  CHECK(broken([](Tables& t) { t.transition.synapses[1] = ActionId(size_t{5}); }) == kBroken);
  CHECK(broken([](Tables& t) { t.transition.inputs[0] = ActionId(); }) == kBroken);
}
