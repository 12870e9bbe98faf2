#include "simulator/profile/stage_times.h"

#include <algorithm>
#include <utility>

#include "solver/model/query.h"

namespace picket::simulator {
namespace {

constexpr size_t kMostResources = 5;

using Clock = std::chrono::steady_clock;

std::string Padded(std::string text, size_t width, bool right) {
  if (text.size() < width) text.insert(right ? 0 : text.size(), width - text.size(), ' ');
  return text;
}

// `  placement          12.345 ms   34 %`
std::string Line(std::string_view name, Clock::duration took, Clock::duration whole) {
  const int64_t us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const std::string ms = std::to_string(us / 1000) + "." + std::to_string(1000 + us % 1000).substr(1);
  const std::string share = std::to_string(whole.count() > 0 ? 100 * took.count() / whole.count() : 0);
  constexpr size_t kNameWidth = 24, kTimeWidth = 12, kShareWidth = 4;
  return "  " + Padded(std::string(name), kNameWidth, false) + Padded(ms, kTimeWidth, true) + " ms" +
         Padded(share, kShareWidth, true) + " %\n";
}

}  // namespace

StageTimes::Stage& StageTimes::StageOf(std::string_view name) {
  const auto known =
      std::find_if(stages_.begin(), stages_.end(), [name](const Stage& stage) { return stage.name == name; });
  return known != stages_.end() ? *known : stages_.emplace_back(Stage{name, {}});
}

// What has passed since the last tick belongs to the stage and to the resource under way.
void StageTimes::Tick() {
  const Clock::time_point now = Clock::now();
  if (is_running_) {
    stages_[stage_].took += now - last_;
    if (resource_.valid()) {
      if (of_resource_.size() <= resource_.index()) of_resource_.resize(resource_.index() + 1);
      of_resource_[resource_.index()] += now - last_;
    }
  }
  is_running_ = true;
  last_ = now;
}

void StageTimes::Begin(std::string_view stage) {
  Tick();
  resource_ = {};
  stage_ = static_cast<size_t>(&StageOf(stage) - stages_.data());
}

void StageTimes::For(solver::ResourceId resource) {
  if (resource == resource_) return;
  Tick();
  resource_ = resource;
}

void StageTimes::EndSolve(const solver::Run& run, std::string_view stage) {
  Begin(stage);
  if (!of_resource_.empty()) ++solves_;
  for (size_t i = 0; i < of_resource_.size() && i < run.resources.size(); ++i) {
    if (of_resource_[i].count() == 0) continue;
    by_name_[run.at(solver::Top(run, solver::ResourceId(i))).id] += of_resource_[i];
  }
  of_resource_.clear();
}

void StageTimes::Add(const StageTimes& other) {
  for (const Stage& stage : other.stages_) StageOf(stage.name).took += stage.took;
  for (const auto& [name, took] : other.by_name_) by_name_[name] += took;
  solves_ += other.solves_;
}

std::string StageTimes::Text() const {
  Clock::duration whole{};
  for (const Stage& stage : stages_) whole += stage.took;
  std::string text = "time by stage, of " + std::to_string(solves_) + (solves_ == 1 ? " solve:\n" : " solves:\n");
  for (const Stage& stage : stages_) {
    if (stage.took.count() > 0) text += Line(stage.name, stage.took, whole);
  }
  std::vector<std::pair<std::string, Clock::duration>> most(by_name_.begin(), by_name_.end());
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (most.size() > kMostResources) most.resize(kMostResources);
  if (!most.empty()) text += "the most expensive resources:\n";
  for (const auto& [name, took] : most) text += Line(name, took, whole);
  return text;
}

}  // namespace picket::simulator
