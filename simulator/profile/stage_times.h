// Where the time goes: by stage of the solver, by what its caller does between two solves, and by resource.
//
// Listens to a solve as its StageWatch and has the clock that the solver has not. One for each thread; Add() sums them
// up. Times are of the wall clock, so what else runs on the machine counts, too: look at shares. Cost: two readings of
// the clock for each action.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "solver/explain/stage_watch.h"
#include "solver/model/run.h"

namespace picket::simulator {

class StageTimes : public solver::StageWatch {
 public:
  void Begin(std::string_view stage) override;
  void For(solver::ResourceId resource) override;
  // The solve that `run` holds has ended, if there was one, and `stage` begins: only now are the resources known by
  // name.
  void EndSolve(const solver::Run& run, std::string_view stage);
  void Add(const StageTimes& other);

  // Stages in the order in which they came first, and the five resources of the top level that took most, in
  // milliseconds, with shares of the whole.
  std::string Text() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Stage {
    std::string_view name;
    Clock::duration took{};
  };
  Stage& StageOf(std::string_view name);
  void Tick();

  std::vector<Stage> stages_;
  size_t stage_ = 0;  // the one under way
  bool is_running_ = false;
  Clock::time_point last_;
  solver::ResourceId resource_;               // the one under way; may be none
  std::vector<Clock::duration> of_resource_;  // of this solve, by id
  std::map<std::string, Clock::duration> by_name_;
  int64_t solves_ = 0;
};

}  // namespace picket::simulator
