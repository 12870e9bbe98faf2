#include "execution/history/node.h"

#include <doctest/doctest.h>

#include "execution/history/attributes.h"
#include "execution/history/history.h"
#include "execution/history/testing.h"

namespace picket::execution {
namespace {

solver::NodeState Joined() {
  solver::NodeState state = Node("n1");
  MarkJoined(state);
  RecordResult(state, kDb, Of("start", 0, 0, 0), 100);
  StoreTransient(state, "master-db", "10");
  solver::NvBlock utilization;
  utilization.pairs.push_back({"u", "cpu", "4"});
  state.transient_utilization.push_back(utilization);
  return state;
}

std::string Words(const solver::NodeState& state) {
  std::string text;
  for (const char* name : {"in_ccm", "crmd", "join", "expected"}) {
    text += (text.empty() ? "" : " ") + std::string(state.Get(name));
  }
  if (!state.history.empty()) text += " history";
  if (state.has_transient) text += " attributes";
  if (!state.transient_utilization.empty()) text += " utilization";
  return text;
}

TEST_CASE("what is written when a node comes and goes (09 §4.2, §11.3)") {
  struct Case {
    const char* event;
    void (*mark)(solver::NodeState&);
    const char* words;
  };
  for (const auto& [event, mark, words] : std::initializer_list<Case>{
           {"joined", MarkJoined, "true online member member history attributes utilization"},
           {"lost", MarkLost, "false offline down member history"},
           {"its Pacemaker crashed", MarkPeerLost, "true offline down member history attributes utilization"},
           {"its Pacemaker left", MarkPeerLeft, "true offline down down history"},
           {"left", MarkLeft, "false offline down down history"},
           {"fenced", MarkFenced, "true online down down"}}) {
    CAPTURE(event);
    solver::NodeState state = Joined();
    mark(state);
    CHECK(Words(state) == words);
  }
}

TEST_CASE("a node that was never seen is no member once it was fenced (09 §4.2)") {
  solver::NodeState state = Node("n1");
  MarkFenced(state);
  CHECK(state.Get("in_ccm") == "false");
}

TEST_CASE("remote nodes: what the connection's start, stop and fencing leave (09 §14.1)") {
  solver::NodeState up = Joined();
  MarkRemoteUp(up);
  CHECK(Words(up) == "true online member member");
  CHECK(up.Get("node_fenced") == "0");
  solver::NodeState down = Joined();
  MarkRemoteDown(down);
  CHECK(Words(down) == "false online member member history");
  MarkRemoteFenced(down, 120);
  CHECK(Words(down) == "false online member member");
  CHECK(down.Get("node_fenced") == "120");
}

}  // namespace
}  // namespace picket::execution
