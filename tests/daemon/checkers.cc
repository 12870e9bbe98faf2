#include "tests/daemon/checkers.h"

#include <optional>

namespace picket::daemon_test {
namespace {

class OneAtATimeChecker : public Checker {
 public:
  const char* name() const override { return "one at a time"; }
  void Released(const Machine& machine, const Process& process) override {
    for (const auto& [pid, other] : machine.processes()) {
      if (pid == process.pid || !other.released || other.resource != process.resource) continue;
      complaints.push_back(process.operation + " of " + process.resource + " begins while " + other.operation +
                           " is under way");
    }
  }
};

class NothingUnexplainedChecker : public Checker {
 public:
  const char* name() const override { return "nothing unexplained"; }
  void Explained(const Machine&) override { at_peace_ = false; }
  void AtPeace(const Machine&) override { at_peace_ = true; }
  void Released(const Machine&, const Process& process) override {
    if (!at_peace_ || process.operation == "monitor") return;
    complaints.push_back(process.operation + " of " + process.resource + " has no reason");
  }

 private:
  bool at_peace_ = false;
};

class SettlesRightChecker : public Checker {
 public:
  const char* name() const override { return "settles right"; }
  void End(const Machine& machine) override {
    const runtime::Core* core = machine.core();
    if (!core) {
      complaints.push_back("nobody is there");
      return;
    }
    if (!core->coordinator().settled()) complaints.push_back("it has not settled");
    for (const auto& [pid, process] : machine.processes()) {
      if (process.operation != "monitor") complaints.push_back(process.operation + " never ended");
    }
    for (const runtime::PlanStep& step : machine.PlanNow().steps) {
      if (step.kind != runtime::StepKind::kPseudo) complaints.push_back("the solver would do more: " + step.label);
    }
    const std::string misbelief = machine.Misbelief();
    if (!misbelief.empty()) complaints.push_back(misbelief + " is not what it is believed to be");
  }
};

class NothingLostChecker : public Checker {
 public:
  const char* name() const override { return "nothing lost"; }
  void Accepted(const Machine&, const std::string& property, const std::string& value) override {
    accepted_ = {property, value};
  }
  void End(const Machine& machine) override {
    if (!accepted_ || !machine.core()) return;
    const auto& properties = machine.core()->replica().hard().properties;
    const auto found = properties.find(accepted_->first);
    // A later change that was never answered may be there or not.
    if (found == properties.end()) {
      complaints.push_back(accepted_->first + " was accepted and is gone");
    } else if (found->second < accepted_->second && found->second != accepted_->second) {
      complaints.push_back(accepted_->first + " is an older one than was accepted");
    }
  }

 private:
  std::optional<std::pair<std::string, std::string>> accepted_;
};

}  // namespace

std::unique_ptr<Checker> OneAtATime() { return std::make_unique<OneAtATimeChecker>(); }
std::unique_ptr<Checker> NothingUnexplained() { return std::make_unique<NothingUnexplainedChecker>(); }
std::unique_ptr<Checker> SettlesRight() { return std::make_unique<SettlesRightChecker>(); }
std::unique_ptr<Checker> NothingLost() { return std::make_unique<NothingLostChecker>(); }

std::vector<std::unique_ptr<Checker>> AllCheckers() {
  std::vector<std::unique_ptr<Checker>> all;
  all.push_back(OneAtATime());
  all.push_back(NothingUnexplained());
  all.push_back(SettlesRight());
  all.push_back(NothingLost());
  return all;
}

}  // namespace picket::daemon_test
