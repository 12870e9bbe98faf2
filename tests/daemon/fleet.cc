#include "tests/daemon/fleet.h"

#include <algorithm>
#include <cstdio>

#include "runtime/store/hard.h"
#include "solver/model/query.h"
#include "solver/schedule.h"

namespace picket::daemon_test {

using namespace runtime;  // NOLINT
using solver::Role;

namespace {

constexpr int64_t kAnswerMs = 30000;  // nobody waits longer for one
constexpr int64_t kNewsMs = 100;      // by then all members know

std::vector<ConfiguredNode> Configured(const Shape& shape) {
  std::vector<ConfiguredNode> nodes;
  for (int node = 1; node <= shape.nodes; ++node) nodes.push_back({static_cast<NodeId>(node), NodeName(node), 1});
  return nodes;
}

}  // namespace

Fleet::Fleet(uint64_t seed, Shape shape, Odds odds, Planted planted)
    : timeline_(seed),
      shape_(shape),
      odds_(odds),
      planted_(planted),
      ether_(timeline_, Configured(shape), [this](NodeId node, const Event& event) {
        if (trace) TellEvent(*nodes_[node - 1], event);
        if (IsLoss(event)) Explain();
        nodes_[node - 1]->Feed(event);
      }) {
  for (int node = 1; node <= shape.nodes; ++node) {
    nodes_.push_back(std::make_unique<Node>(timeline_, *this, shape, node, planted));
  }
  ether_.two_node = shape.two_node;
  ether_.swaps_messages = planted == Planted::kSwapsMessages;
  ether_.on_message = [this](NodeId sender, const std::string& bytes) { Heard(sender, bytes); };
}

void Checker::Complain(const Fleet& fleet, const std::string& text) {
  fleet.Say(std::string("!! ") + name() + ": " + text);
  complaints_.push_back(text + " (at " + fleet.Clock() + ")");
}

// --- the history -----------------------------------------------------------------------------------------------

void Fleet::Play(int64_t faulty_ms, int64_t calm_ms) {
  Explain();
  const int64_t calm_from_ms = timeline_.now_ms() + faulty_ms;
  for (const auto& node : nodes_) PowerOn(*node);
  if (shape_.grouped) {
    KeepApplying();
  } else {
    Request(*nodes_.front(), ApplyLine());
  }
  ScheduleFault();
  timeline_.At(calm_from_ms, [this] { Calm(); });
  timeline_.RunUntil(calm_from_ms + calm_ms);
  // It may be looking at the world just now, as it does every so often.
  for (int look = 0; look < 20 && !Settled(); ++look) timeline_.RunUntil(now_ms() + 100);
  Watchers([&](Checker& checker) { checker.End(*this); });
}

// Until somebody says that the policy is accepted.
void Fleet::KeepApplying() {
  timeline_.After(timeline_.Random(1000, 4000), [this] {
    if (applied_) return;
    if (Node* node = Some([](const Node& n) { return n.core() != nullptr; })) {
      AskFor(*node, {{{}, "the policy", now_ms()}, false}, ApplyLine());
    }
    KeepApplying();
  });
}

// Everything is repaired and switched on, and people clean up what they see broken.
void Fleet::Calm() {
  Say("-- calm");
  faulty_ = false;
  ether_.OnNextMessage(nullptr);
  ether_.MendAll();
  for (const auto& node : nodes_) {
    node->RepairDisk();
    if (shape_.grouped && node->sync_failed()) node->KillDaemon();
    node->DieAtEffect(SIZE_MAX, false);
    if (node->paused()) Resume(*node);
    node->GoOn();
    PowerOn(*node);
    node->StartDaemon();
  }
  Explain();
  CleanUpAfter(shape_.grouped ? 20000 : 0);
  if (shape_.grouped) CleanUpAfter(50000);
}

void Fleet::CleanUpAfter(int64_t delay_ms) {
  timeline_.After(delay_ms, [this] {
    if (const Node* speaker = Speaker()) Request(*nodes_[speaker->id() - 1], R"({"verb":"cleanup"})");
  });
}

std::vector<std::string> Fleet::Complaints() const {
  std::vector<std::string> all;
  for (const auto& checker : checkers_) {
    for (const std::string& complaint : checker->complaints()) {
      all.push_back(std::string(checker->name()) + ": " + complaint);
    }
  }
  return all;
}

std::string Fleet::Clock() const {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(timeline_.now_ms() - 100000) / 1000);
  return text;
}

void Fleet::Say(const std::string& text) const {
  if (trace) std::printf("%8s %s\n", Clock().c_str(), text.c_str());
}

// Somebody is missing, or quorum is; that the same come together anew explains nothing.
bool Fleet::IsLoss(const Event& event) const {
  if (const auto* ring = std::get_if<RingChanged>(&event)) return ring->members.size() < nodes_.size();
  const auto* quorum = std::get_if<QuorumChanged>(&event);
  return quorum && !quorum->quorate;
}

void Fleet::TellEvent(const Node& node, const Event& event) {
  std::string text;
  if (const auto* ring = std::get_if<RingChanged>(&event)) {
    text = "ring " + std::to_string(ring->ring.representative) + "." + std::to_string(ring->ring.sequence) + " of";
    for (const NodeId member : ring->members) text += " " + NodeName(static_cast<int>(member));
  } else if (const auto* group = std::get_if<GroupChanged>(&event)) {
    text = "group of";
    for (const GroupPeer& peer : group->members) text += " " + NodeName(static_cast<int>(peer.node));
  } else if (const auto* quorum = std::get_if<QuorumChanged>(&event)) {
    text = std::string(quorum->quorate ? "quorum" : "no quorum") + " in " +
           std::to_string(quorum->ring.representative) + "." + std::to_string(quorum->ring.sequence);
  }
  if (!text.empty()) Tell(node, "-- sees " + text);
}

void Fleet::Tell(const Node& node, const std::string& text) {
  if (trace) Say(node.name() + " " + text);
}

void Fleet::Explain() {
  if (planted_ == Planted::kUntold && at_peace_) return;
  at_peace_ = false;
  explained_ms_ = now_ms();
  Watchers([&](Checker& checker) { checker.Explained(*this); });
}

// --- machines --------------------------------------------------------------------------------------------------

void Fleet::PowerOn(Node& node) {
  if (node.powered()) return;
  node.PowerOn();
  Explain();
  if (!shape_.grouped) return node.StartDaemon();
  const int64_t corosync_ms = timeline_.Random(500, 3000);
  After(node, corosync_ms, [this](Node& booted) { ether_.Start(booted.id()); });
  After(node, corosync_ms + timeline_.Random(-500, 2000), [](Node& booted) { booted.StartDaemon(); });
}

void Fleet::PowerOff(Node& node, Loss loss) {
  if (!node.powered()) return;
  Say(node.name() + (loss == Loss::kFenced ? " -- is shot" : " -- loses power"));
  Watchers([&](Checker& checker) { checker.Lost(*this, node, loss); });
  node.PowerOff();
  ether_.Die(node.id());
  stop_failed_.erase(node.name());
  Explain();
  NoteHealth();
}

// In the boot that is now.
void Fleet::After(Node& node, int64_t delay_ms, std::function<void(Node&)> what) {
  timeline_.After(delay_ms, [&node, boot = node.boot(), what = std::move(what)] {
    if (node.powered() && node.boot() == boot) what(node);
  });
}

void Fleet::Pause(Node& node, int64_t for_ms) {
  if (!node.powered() || node.paused() || !ether_.Up(node.id())) return;
  Say(node.name() + " -- stands still for " + std::to_string(for_ms) + " ms");
  node.Pause();
  ether_.Pause(node.id());
  // Too short to be noticed is no reason for anything.
  if (for_ms >= 1000) Explain();
  After(node, for_ms, [this](Node& paused) { Resume(paused); });
}

void Fleet::Hang(Node& node, int64_t for_ms) {
  if (!node.core() || node.paused() || node.hung()) return;
  Say(node.name() + " -- its picketd hangs for " + std::to_string(for_ms) + " ms");
  node.Hang();
  if (for_ms >= 1000) Explain();
  After(node, for_ms, [this, incarnation = node.incarnation()](Node& hung) {
    if (!hung.hung() || hung.incarnation() != incarnation) return;
    Say(hung.name() + " -- its picketd goes on");
    hung.GoOn();
  });
}

void Fleet::Resume(Node& node) {
  if (!node.paused()) return;
  Say(node.name() + " -- goes on");
  node.Resume();
  if (node.powered()) ether_.Resume(node.id());
}

void Fleet::DaemonCame(Node& node) {
  Watchers([&](Checker& checker) { checker.DaemonCame(*this, node); });
  if (shape_.grouped) ether_.Open(node.id(), next_process_++);
}

void Fleet::DaemonWent(Node& node, bool in_good_order) {
  Watchers([&](Checker& checker) { checker.DaemonWent(*this, node, in_good_order); });
  if (shape_.grouped && node.powered()) ether_.Close(node.id());
  NoteHealth();
  if (!node.powered()) return;
  int64_t away_ms = timeline_.Random(0, 3000);
  const bool long_away = shape_.grouped && faulty_ && (in_good_order || timeline_.Chance(20));
  if (long_away) away_ms = timeline_.Random(8000, 25000);
  if (long_away) Explain();
  After(node, away_ms, [](Node& there) { there.StartDaemon(); });
}

// A fence device acts, or there is an accident.
void Fleet::Shoot(const Node& by, const std::string& target, const std::string& action) {
  Node* found = nullptr;
  for (const auto& node : nodes_) {
    if (node->name() == target) found = node.get();
  }
  if (!found) return;
  Say(by.name() + " does " + action + " to " + target);
  if (action == "on") return PowerOn(*found);
  PowerOff(*found, action == "accident" ? Loss::kAccident : Loss::kFenced);
  const int64_t off_ms = action == "reboot" ? timeline_.Random(2000, 8000) : timeline_.Random(5000, 30000);
  timeline_.After(off_ms, [this, found] { PowerOn(*found); });
}

bool Fleet::HasPower(const std::string& node) const {
  const Node* found = Find(node);
  return found && found->powered();
}

void Fleet::Multicast(Node& node, std::string bytes) {
  ether_.Send(node.id(), std::move(bytes));
}

Trouble Fleet::Luck(const Node&, const Process& process) {
  if (!faulty_) return planted_ == Planted::kDeviceLies && process.Acts() ? Trouble::kLies : Trouble::kNone;
  const int64_t luck = timeline_.Random(1, 100);
  if (process.Acts()) {
    if (planted_ == Planted::kDeviceLies) return Trouble::kLies;
    if (planted_ == Planted::kForgesProof) return Trouble::kFails;
    if (planted_ == Planted::kWrongTarget) return Trouble::kOther;
    if (odds_.lies && luck > 90) return luck > 95 ? Trouble::kLies : Trouble::kOther;
    if (!odds_.devices || luck > 30) return Trouble::kNone;
    return luck > 15 ? Trouble::kFails : luck > 8 ? Trouble::kLate : Trouble::kHangs;
  }
  if (process.fences || !odds_.agents) return Trouble::kNone;
  if (luck <= 6) return Trouble::kFails;
  if (luck <= 9) return Trouble::kHangs;
  return luck == 10 ? Trouble::kIgnoresKill : Trouble::kNone;
}

// --- what happens ----------------------------------------------------------------------------------------------

void Fleet::Began(const Node& node, const Process& process) {
  // While it lives no stop of its resource can succeed.
  if (process.trouble == Trouble::kIgnoresKill) stop_failed_.insert(node.name());
  Watchers([&](Checker& checker) { checker.Began(*this, node, process); });
}

void Fleet::Ended(const Node& node, const Process& process, int rc) {
  if (process.operation == "stop" && rc != 0) stop_failed_.insert(node.name());
  // What is not as it was expected has yet to get about.
  if (rc != 0 && rc != 8) Explain();
  Watchers([&](Checker& checker) { checker.Ended(*this, node, process, rc); });
}

void Fleet::Answered(Node& node, ClientNumber client, const std::string& line) {
  const auto asked = asked_.find({node.name(), client});
  if (asked == asked_.end()) return;
  const Asked what = asked->second;
  asked_.erase(asked);
  if (what.sequential) sequential_ms_.reset();
  if (line.find("accepted") == std::string::npos) return;
  applied_ = applied_ || what.change.property.empty();
  Tell(node, "-- accepted " + what.change.property + "=" + what.change.value);
  Watchers([&](Checker& checker) { checker.Accepted(*this, what.change); });
}

void Fleet::Stepped(Node& node, size_t effects) {
  NoteHealth();
  Watchers([&](Checker& checker) { checker.Stepped(*this, node, effects); });
  CheckPeace();
}

// A piece of a message has its place in the order.
void Fleet::Heard(NodeId sender, const std::string& bytes) {
  // Most are none, and to read them is not cheap.
  if (bytes.find("\"fence-order\"") == std::string::npos) return;
  std::string error;
  const auto envelope = wire_.Unpack({sender, nodes_[sender - 1]->incarnation()}, bytes, error);
  if (!envelope) return;
  const auto* order = std::get_if<FenceOrder>(&envelope->message);
  if (!order) return;
  Say(nodes_[sender - 1]->name() + " orders " + order->action + " of " + order->target + " by " + order->node);
  Watchers([&](Checker& checker) { checker.FenceOrdered(*this, *nodes_[sender - 1], *order); });
}

// --- the truth -------------------------------------------------------------------------------------------------

const Node* Fleet::Find(std::string_view name) const {
  for (const auto& node : nodes_) {
    if (node->name() == name) return node.get();
  }
  return nullptr;
}

const Node* Fleet::Speaker() const {
  const Node* best = nullptr;
  for (const auto& node : nodes_) {
    if (!node->core() || node->paused() || node->hung()) continue;
    const size_t ring = ether_.MembersOf(node->id()).size();
    if (!best || ring > ether_.MembersOf(best->id()).size()) best = node.get();
  }
  return best;
}

execution::Plan Fleet::PlanAt(const Node& node) const {
  const solver::State state = node.core()->replica().Snapshot(node.Now());
  return execution::PlanOrders(*node.core()->replica().cluster(), state, scratch_);
}

std::string Fleet::Misbelief(const Node& node) const {
  const solver::State state = node.core()->replica().Snapshot(node.Now());
  solver::ReadStatus(*node.core()->replica().cluster(), state, scratch_, nullptr);
  for (const Service& service : ServicesOf(shape_)) {
    std::map<std::string, Role> believed;
    bool known = false, failed = false;
    for (const solver::Resource& resource : scratch_.resources) {
      if (!resource.is_primitive() || resource.config_id != service.id) continue;
      known = true;
      failed = failed || resource.failed;
      for (const solver::NodeId on : resource.active) believed[scratch_.at(on).name] = resource.role;
    }
    if (!known) return std::string(service.id);
    if (failed) continue;
    for (const auto& there : nodes_) {
      if (!there->powered()) continue;
      const Role truth = there->RoleOf(service.id);
      const auto found = believed.find(there->name());
      const bool runs = truth != Role::kStopped;
      const bool promoted = truth == Role::kPromoted;
      const bool believed_promoted = found != believed.end() && found->second == Role::kPromoted;
      if (runs != (found != believed.end()) || promoted != believed_promoted) {
        return std::string(service.id) + " on " + there->name();
      }
    }
  }
  return {};
}

bool Fleet::Settled() const {
  const RingId ring = ether_.RingOf(1);
  bool settled = false;
  for (const auto& node : nodes_) {
    const Core* core = node->core();
    if (!core || node->paused() || node->hung() || !core->active() || core->replica().state().have_quorum != "1")
      return false;
    if (shape_.grouped && ether_.RingOf(node->id()) != ring) return false;
    if (core->term() != nodes_.front()->core()->term()) return false;
    settled = settled || (core->coordinator().leads() && core->coordinator().settled());
  }
  return settled;
}

// Nor is anything under way.
bool Fleet::Idle() const {
  return Settled() && std::all_of(nodes_.begin(), nodes_.end(), [&](const std::unique_ptr<Node>& node) {
           return node->core()->executor().quiet() && ether_.Unsent(node->id()) == 0;
         });
}

void Fleet::NoteHealth() {
  if (!shape_.grouped) return;
  for (const auto& one : nodes_) {
    for (const auto& other : nodes_) {
      if (one->id() >= other->id()) continue;
      const bool together = one->core() && other->core() && !one->paused() && !other->paused() && !one->hung() &&
                            !other->hung() && ether_.Together(one->id(), other->id());
      const auto pair = std::pair(one->id(), other->id());
      if (!together) {
        together_since_.erase(pair);
      } else {
        together_since_.emplace(pair, now_ms());
      }
    }
  }
}

int64_t Fleet::TogetherFor(const Node& one, const Node& other) const {
  const auto found = together_since_.find(std::minmax(one.id(), other.id()));
  return found == together_since_.end() ? 0 : now_ms() - found->second;
}

bool Fleet::StopFailed(const Node& node) const {
  return stop_failed_.count(node.name()) > 0;
}

bool Fleet::RemembersFailures(const Node& asked) const {
  for (const auto& node : asked.core()->replica().state().nodes) {
    for (const solver::ResourceHistory& history : node->history) {
      for (const solver::HistoryEntry& entry : history.entries) {
        if (entry.id.ends_with("_last_failure_0")) return true;
      }
    }
    for (const solver::NvBlock& block : node->transient) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name.starts_with("fail-count-")) return true;
      }
    }
  }
  return false;
}

void Fleet::CheckPeace() {
  if (at_peace_ || !Idle()) return;
  if (now_ms() < explained_ms_ + kNewsMs) return;
  // It is not cheap to find out, and peace lasts.
  if (shape_.grouped && now_ms() < next_look_ms_) return;
  next_look_ms_ = now_ms() + 500;
  const Node* speaker = Speaker();
  if (!speaker || !speaker->core()->replica().configured()) return;
  if (RemembersFailures(*speaker) || !Misbelief(*speaker).empty()) return;
  at_peace_ = true;
  Say("-- at peace");
  Watchers([&](Checker& checker) { checker.AtPeace(*this); });
}

// --- people ----------------------------------------------------------------------------------------------------

void Fleet::Request(Node& node, const std::string& line) {
  Explain();
  node.Ask(line);
}

std::string Fleet::ApplyLine() const {
  std::string line = R"({"verb":"apply","source":"test","cib":")";
  for (const char c : PolicyText(shape_)) {
    if (c == '"') line += '\\';
    line += c == '\n' ? ' ' : c;
  }
  return line + "\"}";
}

// One under a name of its own, that nothing else changes; or the next of a sequence that is only continued once the
// one before is answered.
void Fleet::ChangeProperty(Node& node, bool sequential) {
  if (sequential && sequential_ms_ && now_ms() < *sequential_ms_ + kAnswerMs) return;
  const std::string value = std::to_string(next_change_++);
  const Change change{sequential ? "cluster-name" : "mark-" + value, value, now_ms()};
  if (sequential) sequential_ms_ = now_ms();
  AskFor(node, {change, sequential},
         R"({"verb":"set-property","name":")" + change.property + R"(","value":")" + value + "\"}");
}

void Fleet::AskFor(Node& node, const Asked& what, const std::string& line) {
  Explain();
  Tell(node, "-- is asked for " + what.change.property + "=" + what.change.value);
  // The answer may come within the step.
  const auto key = std::pair(node.name(), node.next_client());
  asked_[key] = what;
  if (node.Ask(line) == 0) asked_.erase(key);
}

}  // namespace picket::daemon_test
