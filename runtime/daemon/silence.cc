// The core's ear: members that are in the group and do not speak.
//
// Corosync notices machines that are silent, not daemons: one that is stopped, or waits for something, stays
// in the group. So each member sends a pulse from time to time (runtime/group/patience.h) and counts, for
// every other, its own pulses that came back with nothing from the other in between. Whoever counts too many
// says so; in the total order all see alike whether that is so, and go on in a new round without the one that
// is overdue. To them it is lost; if it hears of that it ends, since whatever it knew is of a past that is
// over.
#include <algorithm>

#include "runtime/daemon/core.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr int kWireOfPulses = 2;

std::string_view Word(Lateness lateness) {
  switch (lateness) {
    case Lateness::kSilent:
      return "is silent";
    case Lateness::kHello:
      return "does not say what it knows";
    case Lateness::kTransfer:
      return "knows most and does not say it";
    case Lateness::kWork:
      return "does not carry out what it is told";
  }
  return "is silent";
}

}  // namespace

// --- pulses

// Members of an earlier version have none, and would not understand.
bool Core::MayAccuse() const {
  if (loopback_ || base_key_.empty() || wire_.high < kWireOfPulses) return false;
  return std::all_of(round_.hellos().begin(), round_.hellos().end(),
                     [](const auto& entry) { return entry.second.wire_high >= kWireOfPulses; });
}

void Core::BeatPulse() {
  if (!booted_ || left_ || !MayAccuse()) {
    pulse_due_ms_.reset();
    return;
  }
  const int64_t every_ms = PulseMs(group_->token_ms, group_->consensus_ms);
  if (!pulse_due_ms_) pulse_due_ms_ = turn_.now.boot_ms + every_ms;
  if (turn_.now.boot_ms < *pulse_due_ms_) return;
  pulse_due_ms_ = turn_.now.boot_ms + every_ms;
  // One that waits to be sent says all that another would.
  if (pulse_out_ && ++pulses_held_ <= kPulses) return;
  pulse_out_ = true;
  pulses_held_ = 0;
  const bool waits = WaitsForOperator() || (verdict_ && verdict_->wire_differs);
  Transmit({term_, Pulse{self_.node, waits}});
}

// A piece of a message was delivered, or a whole one.
void Core::NoticePiece(NodeId from, bool whole) {
  Voice& voice = voices_[from];
  voice.last_piece = ++pieces_;
  voice.silent = 0;
  if (!whole && verdict_ && from == verdict_->source) transfer_pulses_ = 0;
}

void Core::TakePulse(NodeId from, const Pulse& pulse) {
  Voice& voice = voices_[from];
  voice.last_pulse = voice.last_piece;
  voice.pulses = true;
  voice.waits = pulse.waits;
  if (!group_ || from != group_->self.node) return;
  pulse_out_ = false;
  JudgeOthers();
}

// One of our pulses is back, and with it all that was said before.
void Core::JudgeOthers() {
  if (!MayAccuse()) return;
  ++round_pulses_;
  for (const GroupPeer& peer : processes_) {
    if (peer == group_->self || overdue_.count({peer.node, peer.process}) > 0) continue;
    Voice& voice = voices_[peer.node];
    // Who said in its hello that it knows pulses owes them, also if it hangs before its first one.
    const bool owes = voice.pulses || round_.hellos().count(peer.node) > 0;
    if (++voice.silent > kPulses && owes) Accuse(peer, Lateness::kSilent);
  }
  if (!verdict_ && round_pulses_ > kPulses) {
    for (const GroupPeer& peer : round_.Missing()) {
      if (peer != group_->self) Accuse(peer, Lateness::kHello);
    }
  }
  if (verdict_ && !active_ && verdict_->source != group_->self.node && !voices_[verdict_->source].waits &&
      ++transfer_pulses_ > kPulses) {
    for (const GroupPeer& peer : processes_) {
      if (peer.node == verdict_->source) Accuse(peer, Lateness::kTransfer);
    }
  }
  if (!active_ || !coordinator_.leads()) return;
  const std::set<std::string> late =
      coordinator_.Late(turn_.now, WorkPatienceMs(group_->token_ms, group_->consensus_ms), kPulses);
  for (const GroupPeer& peer : processes_) {
    if (peer != group_->self && late.count(solver::Folded(NameOf(peer.node))) > 0) Accuse(peer, Lateness::kWork);
  }
}

void Core::Accuse(const GroupPeer& peer, Lateness lateness) {
  Transmit({term_, Overdue{round_.key(), {peer.node, peer.process}, lateness}});
}

// --- what comes of it

// Whether it is so, from what all members have been delivered in this round.
bool Core::IsLate(NodeId by, const Overdue& overdue) const {
  const auto accuser = voices_.find(by);
  const auto target = voices_.find(overdue.peer.node);
  const uint64_t last_piece = target == voices_.end() ? 0 : target->second.last_piece;
  const uint64_t last_pulse = accuser == voices_.end() ? 0 : accuser->second.last_pulse;
  switch (overdue.lateness) {
    case Lateness::kSilent:
      return last_pulse > 0 && last_piece < last_pulse;
    case Lateness::kHello: {
      const std::vector<GroupPeer> missing = round_.Missing();
      return std::any_of(missing.begin(), missing.end(),
                         [&](const GroupPeer& peer) { return peer.node == overdue.peer.node; });
    }
    case Lateness::kTransfer:
      return !active_ && verdict_ && verdict_->source == overdue.peer.node;
    case Lateness::kWork:
      return active_ && by == coordinator_id_;
  }
  return false;
}

void Core::TakeOverdue(NodeId from, const Overdue& overdue) {
  const GroupPeer peer{overdue.peer.node, overdue.peer.process};
  const auto is_overdue = [&](NodeId node) {
    return std::any_of(overdue_.begin(), overdue_.end(), [&](const OverduePeer& other) { return other.node == node; });
  };
  const bool here = std::find(processes_.begin(), processes_.end(), peer) != processes_.end();
  if (!here || overdue.view != round_.key() || is_overdue(from) || is_overdue(peer.node) || from == peer.node) return;
  if (!IsLate(from, overdue)) return;
  const std::string name = NameOf(peer.node);
  if (peer == group_->self) {
    turn_.out.Tell(SayLevel::kError, "group", name, {},
                   "we were not heard of for too long and the others go on without us");
    Leave(kExitOverdue);
    return;
  }
  turn_.out.Tell(SayLevel::kError, "view", name, {},
                 "the picketd of " + name + " " + std::string(Word(overdue.lateness)) + "; its node counts as lost");
  overdue_.insert(overdue.peer);
  ++epoch_;
  Reconsider();
}

// Who came in later hears from the others' hellos without whom they go on.
void Core::AdoptOverdue(const Hello& hello) {
  if (base_key_.empty() || !hello.view.starts_with(base_key_) || !hello.overdue) return;
  const std::string_view rest = std::string_view(hello.view).substr(base_key_.size());
  if (!rest.empty() && rest.front() != '/') return;
  for (const OverduePeer& peer : *hello.overdue) {
    if (GroupPeer{peer.node, peer.process} != group_->self) continue;
    turn_.out.Tell(SayLevel::kError, "group", self_.node, {}, "the others go on without us");
    Leave(kExitOverdue);
    return;
  }
  const int epoch = rest.empty() ? 0 : std::atoi(std::string(rest.substr(1)).c_str());
  if (epoch <= epoch_) return;
  epoch_ = epoch;
  overdue_.insert(hello.overdue->begin(), hello.overdue->end());
  Reconsider();
}

// A new round: what was heard before it is not the same for all.
void Core::ForgetSilence() {
  std::erase_if(overdue_, [&](const OverduePeer& peer) {
    return std::find(processes_.begin(), processes_.end(), GroupPeer{peer.node, peer.process}) == processes_.end();
  });
  std::erase_if(voices_, [&](const auto& entry) {
    return std::none_of(processes_.begin(), processes_.end(), [&](const GroupPeer& peer) {
      return peer.node == entry.first && peer.process == entry.second.process;
    });
  });
  for (const GroupPeer& peer : processes_) voices_[peer.node].process = peer.process;
  for (auto& [id, voice] : voices_) {
    voice.last_piece = voice.last_pulse = 0;
    voice.waits = false;
  }
  round_pulses_ = transfer_pulses_ = 0;
  pulse_out_ = false;
}

bool Core::IsOverdue(const std::string& node) const {
  return std::any_of(overdue_.begin(), overdue_.end(),
                     [&](const OverduePeer& peer) { return solver::EqualFolded(NameOf(peer.node), node); });
}

std::string Core::RoundKey() const {
  return base_key_.empty() || epoch_ == 0 ? base_key_ : base_key_ + "/" + std::to_string(epoch_);
}

}  // namespace picket::runtime
