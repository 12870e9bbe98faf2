#include "simulator/profile/stage_times.h"

#include <doctest/doctest.h>

#include <thread>

namespace picket::simulator {
namespace {

// A run of two resources, of which one is inside the other.
solver::Run TwoResources() {
  solver::Run run;
  run.resources.resize(3);
  for (size_t i = 0; i < run.resources.size(); ++i) run.resources[i].self = solver::ResourceId(i);
  run.resources[0].id = "group";
  run.resources[1].id = "member";
  run.resources[1].parent = solver::ResourceId(0);
  run.resources[2].id = "other";
  return run;
}

void Pass() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

TEST_CASE("stages come in their order, resources as those at the top") {
  const solver::Run run = TwoResources();
  StageTimes times;
  times.Begin("placement");
  times.For(solver::ResourceId(1));
  Pass();
  times.Begin("probes");
  times.EndSolve(run, "the world");
  const std::string text = times.Text();
  CHECK(text.starts_with("time by stage, of 1 solve:\n  placement"));
  CHECK(text.find("  probes") < text.find("  the world"));
  CHECK(text.find("the most expensive resources:\n  group") != std::string::npos);
  CHECK(text.find("member") == std::string::npos);
  CHECK(text.find("other") == std::string::npos);
}

TEST_CASE("the times of threads are summed up") {
  StageTimes sum;
  for (int i = 0; i < 2; ++i) {
    StageTimes one;
    one.Begin("placement");
    one.For(solver::ResourceId(2));
    Pass();
    one.EndSolve(TwoResources(), "the world");
    sum.Add(one);
  }
  const std::string text = sum.Text();
  CHECK(text.starts_with("time by stage, of 2 solves:\n  placement"));
  CHECK(text.find("placement", text.find("placement") + 1) == std::string::npos);
}

}  // namespace
}  // namespace picket::simulator
