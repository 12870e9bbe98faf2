#include "runtime/daemon/silence.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "runtime/group/patience.h"
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

// --- pulses ----------------------------------------------------------------------------------------------------

// Members of an earlier version have none, and would not understand.
bool Silence::MayAccuse() const {
  if (membership_.loopback() || base_key_.empty() || mail_.newest_format() < kWireOfPulses) return false;
  const auto& hellos = view_.round.hellos();
  return std::all_of(hellos.begin(), hellos.end(),
                     [](const auto& entry) { return entry.second.wire_high >= kWireOfPulses; });
}

void Silence::Beat(bool waits, Turn& turn) {
  if (!MayAccuse()) {
    pulse_due_ms_.reset();
    return;
  }
  const int64_t now_ms = turn.now.boot_ms;
  const int64_t every_ms = PulseMs(membership_.group().token_ms, membership_.group().consensus_ms);
  if (!pulse_due_ms_) pulse_due_ms_ = now_ms + every_ms;
  if (now_ms < *pulse_due_ms_) return;
  pulse_due_ms_ = now_ms + every_ms;
  // One that waits to be sent says all that another would.
  if (pulse_out_ && ++pulses_held_ <= kPulses) return;
  pulse_out_ = true;
  pulses_held_ = 0;
  mail_.Transmit({view_.term, Pulse{parts_.self.node, waits}}, turn.out);
}

void Silence::NoticePiece(NodeId from, bool whole) {
  Voice& voice = voices_[from];
  voice.last_piece = ++pieces_;
  voice.silent = 0;
  if (!whole && view_.verdict && from == view_.verdict->source) transfer_pulses_ = 0;
}

void Silence::Take(NodeId from, const Pulse& pulse, Turn& turn) {
  Voice& voice = voices_[from];
  voice.last_pulse = voice.last_piece;
  voice.pulses = true;
  voice.waits = pulse.waits;
  if (!membership_.known() || from != membership_.self()) return;
  pulse_out_ = false;
  JudgeOthers(turn);
}

// One of our pulses is back, and with it all that was said before.
void Silence::JudgeOthers(Turn& turn) {
  if (!MayAccuse()) return;
  ++round_pulses_;
  const std::vector<GroupPeer>& processes = membership_.processes();
  for (const GroupPeer& peer : processes) {
    if (membership_.IsSelf(peer) || overdue_.count({peer.node, peer.process}) > 0) continue;
    Voice& voice = voices_[peer.node];
    // Who said in its hello that it knows pulses owes them, also if it hangs before its first one.
    const bool owes = voice.pulses || view_.round.hellos().count(peer.node) > 0;
    if (++voice.silent > kPulses && owes) Accuse(peer, Lateness::kSilent, turn);
  }
  const std::optional<Verdict>& verdict = view_.verdict;
  if (!verdict && round_pulses_ > kPulses) {
    for (const GroupPeer& peer : view_.round.Missing()) {
      if (!membership_.IsSelf(peer)) Accuse(peer, Lateness::kHello, turn);
    }
  }
  if (verdict && !view_.active && verdict->source != membership_.self() && !voices_[verdict->source].waits &&
      ++transfer_pulses_ > kPulses) {
    for (const GroupPeer& peer : processes) {
      if (peer.node == verdict->source) Accuse(peer, Lateness::kTransfer, turn);
    }
  }
  if (!view_.active || !parts_.coordinator.leads()) return;
  const GroupOpened& group = membership_.group();
  const std::set<std::string> late =
      parts_.coordinator.Late(turn.now, WorkPatienceMs(group.token_ms, group.consensus_ms), kPulses);
  for (const GroupPeer& peer : processes) {
    const bool is_late = late.count(solver::Folded(membership_.NameOf(peer.node))) > 0;
    if (is_late && !membership_.IsSelf(peer)) Accuse(peer, Lateness::kWork, turn);
  }
}

void Silence::Accuse(const GroupPeer& peer, Lateness lateness, Turn& turn) {
  mail_.Transmit({view_.term, Overdue{view_.round.key(), {peer.node, peer.process}, lateness}}, turn.out);
}

// --- what comes of it ------------------------------------------------------------------------------------------

// Whether it is so, from what all members have been delivered in this round.
bool Silence::IsLate(NodeId by, const Overdue& overdue) const {
  const auto accuser = voices_.find(by);
  const auto target = voices_.find(overdue.peer.node);
  const uint64_t last_piece = target == voices_.end() ? 0 : target->second.last_piece;
  const uint64_t last_pulse = accuser == voices_.end() ? 0 : accuser->second.last_pulse;
  switch (overdue.lateness) {
    case Lateness::kSilent:
      return last_pulse > 0 && last_piece < last_pulse;
    case Lateness::kHello: {
      const std::vector<GroupPeer> missing = view_.round.Missing();
      return std::any_of(missing.begin(), missing.end(),
                         [&](const GroupPeer& peer) { return peer.node == overdue.peer.node; });
    }
    case Lateness::kTransfer:
      return !view_.active && view_.verdict && view_.verdict->source == overdue.peer.node;
    case Lateness::kWork:
      return view_.active && by == view_.coordinator;
  }
  return false;
}

bool Silence::Take(NodeId from, const Overdue& overdue, Turn& turn) {
  const GroupPeer peer{overdue.peer.node, overdue.peer.process};
  if (!IsHere(peer) || overdue.view != view_.round.key() || from == peer.node) return false;
  if (IsOverdue(from) || IsOverdue(peer.node) || !IsLate(from, overdue)) return false;
  const std::string name = membership_.NameOf(peer.node);
  if (membership_.IsSelf(peer)) {
    turn.out.Tell(SayLevel::kError, "group", name, {},
                  "we were not heard of for too long and the others go on without us");
    departure_.Leave(kExitOverdue, turn);
    return false;
  }
  turn.out.Tell(SayLevel::kError, "view", name, {},
                "the picketd of " + name + " " + std::string(Word(overdue.lateness)) + "; its node counts as lost");
  overdue_.insert(overdue.peer);
  ++epoch_;
  return true;
}

bool Silence::Adopt(const Hello& hello, Turn& turn) {
  if (base_key_.empty() || !hello.view.starts_with(base_key_) || !hello.overdue) return false;
  const std::string_view rest = std::string_view(hello.view).substr(base_key_.size());
  if (!rest.empty() && rest.front() != '/') return false;
  for (const OverduePeer& peer : *hello.overdue) {
    if (!membership_.IsSelf({peer.node, peer.process})) continue;
    turn.out.Tell(SayLevel::kError, "group", parts_.self.node, {}, "the others go on without us");
    departure_.Leave(kExitOverdue, turn);
    return false;
  }
  const int epoch = rest.empty() ? 0 : std::atoi(std::string(rest.substr(1)).c_str());
  if (epoch <= epoch_) return false;
  epoch_ = epoch;
  overdue_.insert(hello.overdue->begin(), hello.overdue->end());
  return true;
}

std::string Silence::KeyIn(const std::string& membership) {
  if (membership != base_key_) epoch_ = 0;
  base_key_ = membership;
  return base_key_.empty() || epoch_ == 0 ? base_key_ : base_key_ + "/" + std::to_string(epoch_);
}

void Silence::BeginRound() {
  const std::vector<GroupPeer>& processes = membership_.processes();
  std::erase_if(overdue_, [&](const OverduePeer& peer) { return !IsHere({peer.node, peer.process}); });
  std::erase_if(voices_, [&](const auto& entry) { return !IsHere({entry.first, entry.second.process}); });
  for (const GroupPeer& peer : processes) voices_[peer.node].process = peer.process;
  for (auto& [id, voice] : voices_) {
    voice.last_piece = voice.last_pulse = 0;
    voice.waits = false;
  }
  round_pulses_ = transfer_pulses_ = 0;
  pulse_out_ = false;
}

bool Silence::IsOverdue(const std::string& node) const {
  return std::any_of(overdue_.begin(), overdue_.end(),
                     [&](const OverduePeer& peer) { return solver::EqualFolded(membership_.NameOf(peer.node), node); });
}

bool Silence::IsOverdue(NodeId id) const {
  return std::any_of(overdue_.begin(), overdue_.end(), [&](const OverduePeer& peer) { return peer.node == id; });
}

bool Silence::IsHere(const GroupPeer& peer) const {
  const std::vector<GroupPeer>& processes = membership_.processes();
  return std::find(processes.begin(), processes.end(), peer) != processes.end();
}

}  // namespace picket::runtime
