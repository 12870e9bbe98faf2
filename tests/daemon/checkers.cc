#include "tests/daemon/checkers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "runtime/store/hard.h"

namespace picket::daemon_test {
namespace {

using solver::Role;

// A view, a solve and a slow stream lie between what is so and what the coordinator says.
constexpr int64_t kDecidedMs = 5000;
// Delays, levels, retries: how long after the order a device may still act.
constexpr int64_t kFencingMs = 240000;
constexpr size_t kStepsPerSecondMax = 800;
constexpr size_t kEffectsMax = 500;
constexpr size_t kUnsentMax = 1000;
constexpr size_t kFilesMax = 10;

bool Runs(const Node& node, const Service& service) {
  const Role role = node.RoleOf(service.id);
  return service.promotable ? role == Role::kPromoted : service.exclusive && role != Role::kStopped;
}

// The operation that gives a machine what only one may have.
const char* Takes(const Service& service) {
  return service.promotable ? "promote" : "start";
}

class OneHomeChecker : public Checker {
 public:
  const char* name() const override { return "one home"; }
  void Ended(const Fleet& fleet, const Node&, const Process&, int) override {
    for (const Service& service : ServicesOf(fleet.shape())) {
      std::string where;
      int count = 0;
      for (const auto& node : fleet.nodes()) {
        if (!node->powered() || !Runs(*node, service)) continue;
        ++count;
        where += " " + node->name();
      }
      if (count > 1) Complain(fleet, std::string(service.id) + " runs on" + where);
    }
  }
};

class ProofFirstChecker : public Checker {
 public:
  const char* name() const override { return "proof first"; }
  void Confirmed(const Fleet&, const Node& node) override { Prove(node.name()); }
  void Lost(const Fleet& fleet, const Node& node, Loss) override {
    for (const Service& service : ServicesOf(fleet.shape())) {
      const bool begins = std::any_of(node.processes().begin(), node.processes().end(), [&](const auto& entry) {
        return entry.second.released && entry.second.resource == service.id && entry.second.operation == Takes(service);
      });
      if ((service.exclusive || service.promotable) && (begins || Runs(node, service))) {
        owed_[std::string(service.id)].insert(node.name());
      }
    }
  }
  void DaemonCame(const Fleet&, const Node& node) override { Prove(node.name()); }
  void Ended(const Fleet&, const Node&, const Process& process, int rc) override {
    const bool truly = process.trouble != Trouble::kFails && process.trouble != Trouble::kLies;
    if (process.Acts() && process.operation != "on" && rc == 0 && truly) Prove(process.target);
  }
  void Began(const Fleet& fleet, const Node& node, const Process& process) override {
    for (const Service& service : ServicesOf(fleet.shape())) {
      if (process.resource != service.id || process.operation != Takes(service)) continue;
      for (const std::string& other : owed_[process.resource]) {
        if (other == node.name()) continue;
        Complain(fleet, process.operation + " of " + process.resource + " on " + node.name() +
                            ", but nothing says that " + other + " is off");
      }
    }
  }

 private:
  void Prove(const std::string& node) {
    for (auto& [service, nodes] : owed_) nodes.erase(node);
  }
  std::map<std::string, std::set<std::string>> owed_;
};

class NoHealthyFencedChecker : public Checker {
 public:
  const char* name() const override { return "no healthy fenced"; }
  void FenceOrdered(const Fleet& fleet, const Node& by, const runtime::FenceOrder& order) override {
    if (order.action == "on") return;
    ordered_ms_[order.target] = fleet.now_ms();
    const Node* target = fleet.Find(order.target);
    if (!target || fleet.StopFailed(*target) || fleet.TogetherFor(by, *target) <= kDecidedMs) return;
    Complain(fleet, by.name() + " wants " + order.target + " fenced, which is as well as itself");
  }
  void Lost(const Fleet& fleet, const Node& node, Loss loss) override {
    if (loss != Loss::kFenced) return;
    const auto ordered = ordered_ms_.find(node.name());
    if (ordered != ordered_ms_.end() && fleet.now_ms() - ordered->second < kFencingMs) return;
    Complain(fleet, node.name() + " is shot, and nobody wanted that");
  }

 private:
  std::map<std::string, int64_t> ordered_ms_;
};

class OneAtATimeChecker : public Checker {
 public:
  const char* name() const override { return "one at a time"; }
  void Began(const Fleet& fleet, const Node& node, const Process& process) override {
    if (process.fences) return;
    for (const auto& [pid, other] : node.processes()) {
      if (pid == process.pid || !other.released || other.fences || other.resource != process.resource) continue;
      Complain(fleet, process.operation + " of " + process.resource + " begins on " + node.name() + " while " +
                          other.operation + " is under way");
    }
  }
};

class NothingUnexplainedChecker : public Checker {
 public:
  const char* name() const override { return "nothing unexplained"; }
  void Explained(const Fleet&) override { at_peace_ = false; }
  void AtPeace(const Fleet&) override { at_peace_ = true; }
  void Began(const Fleet& fleet, const Node& node, const Process& process) override {
    // To switch a machine on again belongs to what had it switched off.
    const bool harmless = process.fences && (!process.Acts() || process.operation == "on");
    if (!at_peace_ || process.operation == "monitor" || harmless) return;
    Complain(fleet, process.operation + " of " + process.resource + " on " + node.name() + " has no reason");
  }

 private:
  bool at_peace_ = false;
};

class SettlesRightChecker : public Checker {
 public:
  const char* name() const override { return "settles right"; }
  void End(const Fleet& fleet) override {
    for (const auto& node : fleet.nodes()) {
      if (!node->core()) Complain(fleet, "nobody is there on " + node->name());
      for (const auto& [pid, process] : node->processes()) {
        if (process.operation != "monitor") Complain(fleet, process.operation + " never ended on " + node->name());
      }
    }
    const Node* speaker = fleet.Speaker();
    if (!speaker) return;
    if (!speaker->core()->replica().configured()) Complain(fleet, "there is no configuration");
    if (!fleet.Settled()) Complain(fleet, "it has not settled");
    for (const auto& node : fleet.nodes()) {
      if (node->core() && !(node->core()->replica().hard() == speaker->core()->replica().hard())) {
        Complain(fleet, node->name() + " has another configuration than " + speaker->name());
      }
    }
    const execution::Plan plan = fleet.PlanAt(*speaker);
    for (size_t i = 0; i < plan.steps.size(); ++i) {
      if (plan.steps[i].kind == execution::StepKind::kPseudo) continue;
      Complain(fleet, "the solver would do more: " + plan.orders[i].label);
    }
    const std::string misbelief = fleet.Misbelief(*speaker);
    if (!misbelief.empty()) Complain(fleet, misbelief + " is not what it is believed to be");
  }
};

class NothingLostChecker : public Checker {
 public:
  const char* name() const override { return "nothing lost"; }
  void Accepted(const Fleet& fleet, const Change& change) override { accepted_.push_back({change, fleet.now_ms()}); }
  void End(const Fleet& fleet) override {
    const Node* speaker = fleet.Speaker();
    if (!speaker) return;
    const auto& properties = speaker->core()->replica().hard().properties;
    for (const Kept& kept : accepted_) {
      if (kept.change.property.empty()) {
        if (!speaker->core()->replica().configured()) Complain(fleet, "the policy was accepted and is gone");
        continue;
      }
      const auto found = properties.find(kept.change.property);
      if (found == properties.end()) {
        Complain(fleet, kept.change.property + "=" + kept.change.value + " was accepted and is gone");
      } else if (IsOlder(found->second, kept)) {
        Complain(fleet, kept.change.property + " is " + found->second + ", which was accepted before " +
                            kept.change.value + " was asked for");
      }
    }
  }

 private:
  struct Kept {
    Change change;
    int64_t accepted_ms = 0;
  };
  // One that was never answered may be there or not.
  bool IsOlder(const std::string& value, const Kept& than) const {
    return std::any_of(accepted_.begin(), accepted_.end(), [&](const Kept& kept) {
      return kept.change.property == than.change.property && kept.change.value == value && value != than.change.value &&
             kept.accepted_ms <= than.change.asked_ms;
    });
  }
  std::vector<Kept> accepted_;
};

class SameNumberSameStateChecker : public Checker {
 public:
  const char* name() const override { return "same number, same state"; }
  void Stepped(const Fleet& fleet, const Node& node, size_t) override {
    const runtime::Hard& hard = node.core()->replica().hard();
    const auto number = std::pair(hard.term, hard.index);
    auto& last = last_[node.name()];
    if (last == number) return;
    last = number;
    const std::string text = runtime::EncodeHard(hard);
    const auto [found, fresh] = states_.emplace(number, text);
    if (!fresh && found->second != text) {
      Complain(fleet, node.name() + " has another number " + std::to_string(hard.term) + "." +
                          std::to_string(hard.index) + " than was seen before");
    }
  }

 private:
  std::map<std::string, std::pair<uint64_t, uint64_t>> last_;
  std::map<std::pair<uint64_t, uint64_t>, std::string> states_;
};

class BoundedChecker : public Checker {
 public:
  const char* name() const override { return "bounded"; }
  void Stepped(const Fleet& fleet, const Node& node, size_t effects) override {
    Window& window = windows_[node.name()];
    if (fleet.now_ms() - window.from_ms >= 1000) window = {fleet.now_ms(), 0};
    if (++window.steps == kStepsPerSecondMax) Complain(fleet, node.name() + " does not come to rest");
    if (effects > kEffectsMax) Complain(fleet, node.name() + " does too much at once");
    if (fleet.ether().Unsent(node.id()) > kUnsentMax) Complain(fleet, node.name() + " talks too much");
    if (node.store().size() > kFilesMax) Complain(fleet, node.name() + " keeps too many files");
  }

 private:
  struct Window {
    int64_t from_ms = 0;
    size_t steps = 0;
  };
  std::map<std::string, Window> windows_;
};

}  // namespace

std::unique_ptr<Checker> OneHome() {
  return std::make_unique<OneHomeChecker>();
}
std::unique_ptr<Checker> ProofFirst() {
  return std::make_unique<ProofFirstChecker>();
}
std::unique_ptr<Checker> NoHealthyFenced() {
  return std::make_unique<NoHealthyFencedChecker>();
}
std::unique_ptr<Checker> OneAtATime() {
  return std::make_unique<OneAtATimeChecker>();
}
std::unique_ptr<Checker> NothingUnexplained() {
  return std::make_unique<NothingUnexplainedChecker>();
}
std::unique_ptr<Checker> SettlesRight() {
  return std::make_unique<SettlesRightChecker>();
}
std::unique_ptr<Checker> NothingLost() {
  return std::make_unique<NothingLostChecker>();
}
std::unique_ptr<Checker> SameNumberSameState() {
  return std::make_unique<SameNumberSameStateChecker>();
}
std::unique_ptr<Checker> Bounded() {
  return std::make_unique<BoundedChecker>();
}

std::vector<std::unique_ptr<Checker>> AllCheckers() {
  std::vector<std::unique_ptr<Checker>> all;
  all.push_back(OneHome());
  all.push_back(ProofFirst());
  all.push_back(NoHealthyFenced());
  all.push_back(OneAtATime());
  all.push_back(NothingUnexplained());
  all.push_back(SettlesRight());
  all.push_back(NothingLost());
  all.push_back(SameNumberSameState());
  all.push_back(Bounded());
  return all;
}

const std::vector<Excuse>& Excuses() {
  static const std::vector<Excuse> all = {
      {"a fence device that lies", "one home", [](const Odds& odds) { return odds.lies; }},
      {"a fence device that lies", "proof first", [](const Odds& odds) { return odds.lies; }},
      {"a fence device that shoots another node", "no healthy fenced", [](const Odds& odds) { return odds.lies; }},
  };
  return all;
}

std::vector<std::string> Unexcused(const Fleet& fleet) {
  std::vector<std::string> complaints = fleet.Complaints();
  std::erase_if(complaints, [&](const std::string& complaint) {
    return std::any_of(Excuses().begin(), Excuses().end(), [&](const Excuse& excuse) {
      return excuse.holds(fleet.odds()) && complaint.starts_with(std::string(excuse.checker) + ":");
    });
  });
  return complaints;
}

}  // namespace picket::daemon_test
