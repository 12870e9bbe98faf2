#include "runtime/daemon/views.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "solver/model/text.h"

namespace picket::runtime {
namespace {

// From which difference on a member's clock is worth a word.
constexpr int64_t kClockDifferenceMs = 1000;

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// It was a member of our own view to its end: what it knew, we know.
bool Parted(Standing standing) {
  return standing == Standing::kMember || standing == Standing::kLeft || standing == Standing::kFenced;
}

// A report that was not delivered, as what its hello calls under way.
void AddUndelivered(const Message& message, Hello& hello) {
  if (const auto* result = std::get_if<Result>(&message)) {
    if (result->first) hello.in_flight.push_back({result->order, result->node, 0, result->operation});
  } else if (const auto* done = std::get_if<FenceDone>(&message); done && done->order != 0) {
    FenceOrder order;
    order.number = done->order;
    order.node = done->node;
    order.target = done->target;
    order.incarnation = done->incarnation;
    order.boot_id = done->boot_id;
    order.action = done->action;
    hello.fencing.push_back(std::move(order));
  }
}

}  // namespace

// --- what Corosync says ----------------------------------------------------------------------------------------

void Views::On(const GroupOpened& event, Turn& turn) {
  membership_.Open(event);
  rooms_.gate.Open(turn);
  rooms_.mail.Speak(kWireLow);
  parts_.Rename(membership_.NameOf(event.self.node));
  Reconsider(turn);
  if (!event.encrypted) {
    turn.out.Tell(SayLevel::kWarning, "group", {}, {},
                  "Corosync neither authenticates nor encrypts: whoever reaches its network can run programs here");
  }
}

// Who we are does not change while we are connected; who else there is, and with how many votes, may.
void Views::On(const GroupConfigured& event, Turn& turn) {
  if (!membership_.Configure(event.now, parts_.self.node)) return;
  turn.out.Tell(SayLevel::kNotice, "group", {}, {},
                "corosync.conf was read again: " + std::to_string(event.now.nodes.size()) + " nodes");
  if (!view_.active) return;
  parts_.coordinator.Changed();
  rooms_.changes.Judge(turn);
}

void Views::On(const GroupLost& event, Turn& turn) {
  if (!membership_.Lose(turn.now.boot_ms)) return;
  turn.out.Tell(SayLevel::kError, "group", parts_.self.node, {}, "Corosync is gone: " + event.reason);
  Reconsider(turn);
}

void Views::On(const RingChanged& event, Turn& turn) {
  membership_.SetRing(event);
  rooms_.mail.ForgetPieces();
  Reconsider(turn);
}

void Views::On(const GroupChanged& event, Turn& turn) {
  for (const NodeId id : membership_.SetProcesses(event)) {
    turn.out.Tell(SayLevel::kWarning, "group", membership_.NameOf(id), {},
                  "a second picketd is in the group; it is ignored");
  }
  rooms_.mail.ForgetPieces();
  Reconsider(turn);
}

void Views::On(const QuorumChanged& event, Turn& turn) {
  membership_.SetQuorum(event);
  if (view_.active && membership_.agreed()) {
    const bool quorate = membership_.quorate();
    parts_.replica.SetQuorate(quorate);
    view_.had_quorum = quorate;
    parts_.coordinator.Changed();
    turn.out.Tell(SayLevel::kNotice, "view", {}, {}, quorate ? "there is quorum now" : "quorum is lost");
    if (quorate) rooms_.changes.GainQuorum(turn);
  }
  Reconsider(turn);
}

void Views::OnTimer(Turn& turn) {
  if (!membership_.IsToBeAlone(turn.now.boot_ms)) return;
  turn.out.Tell(SayLevel::kError, "group", parts_.self.node, {},
                "without Corosync this node is alone and has no quorum");
  BeAlone(false, turn);
}

void Views::BeAlone(bool quorate, Turn& turn) {
  membership_.BeAlone(parts_.self.node, quorate);
  Reconsider(turn);
}

// --- the round -------------------------------------------------------------------------------------------------

void Views::Reconsider(Turn& turn) {
  const std::string base = membership_.Key();
  const std::string key = rooms_.silence.KeyIn(base);
  if (key != view_.round.key()) {
    CloseView(turn);
    rooms_.silence.BeginRound();
    view_.round = base.empty() ? Round() : Round(key, membership_.processes(), rooms_.silence.overdue());
    hello_said_ = false;
  }
  // The others' hellos may come before our own connection to the quorum names the ring.
  if (base.empty() || hello_said_ || !membership_.agreed()) return;
  hello_said_ = true;
  SayHello(turn);
}

void Views::CloseView(Turn& turn) {
  view_.active = false;
  view_.verdict.reset();
  view_.awaited.clear();
  parts_.coordinator.EndView();
  parts_.executor.DropUnbegun();
  rooms_.mail.EndView();
  rooms_.pauses.EndView();
  rooms_.clock.EndView();
  rooms_.departure.EndView();
  rooms_.changes.EndView(turn);
}

void Views::SayHello(Turn& turn) {
  const Hard& durable = rooms_.disk.durable();
  if (IsNewer(durable, parts_.replica.hard()) && !rooms_.changes.Install(durable, turn)) return;
  Hello hello;
  hello.in_flight = parts_.executor.InFlight();
  hello.fencing = parts_.fencer.InFlight();
  // What has ended and is not yet reported counts as under way.
  for (const Message& message : rooms_.mail.undelivered()) AddUndelivered(message, hello);
  ForgetWhatNeverBegan(hello);
  const Self& self = parts_.self;
  hello.view = view_.round.key();
  hello.node = self.node;
  hello.id = membership_.self();
  hello.incarnation = self.incarnation;
  hello.boot_id = self.boot_id;
  hello.wire_low = kWireLow;
  hello.wire_high = rooms_.mail.newest_format();
  hello.seen_term = std::max({view_.term, rooms_.disk.promised_term(), durable.term});
  // What is in force here is on enough disks, whether ours is one of them or not.
  hello.hard_term = parts_.replica.hard().term;
  hello.hard_index = parts_.replica.hard().index;
  hello.hard_digest = DigestOf(parts_.replica.hard());
  hello.forgetful = rooms_.disk.forgetful();
  hello.started = rooms_.gate.started();
  hello.had_quorum = view_.had_quorum;
  hello.coordinator = view_.coordinator_incarnation;
  hello.soft = parts_.replica.SoftText(self.node);
  hello.wall_ms = turn.wall_ms;
  hello.overdue.emplace(rooms_.silence.overdue().begin(), rooms_.silence.overdue().end());
  hello.stop_fencings = parts_.replica.stop_fencings();
  rooms_.mail.Transmit({0, std::move(hello)}, turn.out);
}

// What was announced and has not begun by now never will.
void Views::ForgetWhatNeverBegan(const Hello& hello) {
  const std::string& node = parts_.self.node;
  for (const std::string& resource : parts_.replica.Pending(node)) {
    const bool begun = std::any_of(hello.in_flight.begin(), hello.in_flight.end(),
                                   [&](const Begin& begin) { return begin.operation.resource == resource; });
    if (!begun) parts_.replica.ForgetPending(node, resource);
  }
}

void Views::Take(NodeId from, const Hello& hello, Turn& turn) {
  if (rooms_.silence.Adopt(hello, turn)) Reconsider(turn);
  if (!rooms_.departure.left() && view_.round.Add(from, hello)) ConcludeRound(turn);
}

void Views::Take(NodeId from, const Overdue& overdue, Turn& turn) {
  if (rooms_.silence.Take(from, overdue, turn)) Reconsider(turn);
}

void Views::ConcludeRound(Turn& turn) {
  view_.verdict = view_.round.Conclude();
  const Verdict& verdict = *view_.verdict;
  const Hello& source = view_.round.hellos().at(verdict.source);
  if (verdict.wire_differs) {
    turn.out.Tell(SayLevel::kError, "group", {}, {},
                  "the members' picketds have no message format in common; install the same package everywhere");
    if (source.wire_low > rooms_.mail.newest_format() || source.wire_high < kWireLow) rooms_.departure.Leave(3, turn);
    return;
  }
  rooms_.mail.Speak(verdict.wire);
  rooms_.silence.EndRound(view_.round.overdue());
  for (const auto& [id, hello] : view_.round.hellos()) {
    const int64_t difference_ms = hello.wall_ms - turn.wall_ms;
    if (std::abs(difference_ms) > kClockDifferenceMs && id != membership_.self() && parts_.self.grouped) {
      turn.out.Tell(SayLevel::kWarning, "clock", hello.node, {},
                    "its clock differs from ours by " + std::to_string(difference_ms / 1000) + " s");
    }
  }
  if (verdict.source != membership_.self()) return;
  view_.awaited = WhoIsAwaited(verdict);
  if (verdict.forgetful && !recovered_) {
    turn.out.Tell(SayLevel::kError, "store", {}, {},
                  "the newest configuration is lost; nothing is done until `picket recover` takes number " +
                      std::to_string(parts_.replica.hard().revision) + " instead, or a policy is applied");
  } else if (!view_.awaited.empty()) {
    turn.out.Tell(SayLevel::kWarning, "view", {}, {},
                  "nothing is started without " + view_.awaited +
                      ", which may know of later changes; `picket recover` does not wait");
  } else {
    SendTransfer(verdict, turn);
  }
}

// Quorum alone does not always prove that somebody here knows all that was accepted. A member whose store is damaged,
// and that was in no view since, knows nothing that counts: without it there must still be a majority, or everybody is
// here. Of a node that was last seen in a view of ours, all that it knew is known here. Where fewer can be quorate, a
// cold start needs more than half of those who were there last.
std::string Views::WhoIsAwaited(const Verdict& verdict) const {
  if (recovered_) return {};
  int all = 0;
  int knowing = 0;
  std::vector<std::string> missing;
  const GroupOpened& group = membership_.group();
  for (const ConfiguredNode& node : group.nodes) {
    all += node.votes;
    const auto hello = view_.round.hellos().find(node.id);
    if (hello == view_.round.hellos().end()) {
      missing.push_back(node.name);
      if (verdict.started && Parted(parts_.replica.PeerOf(node.name).standing)) knowing += node.votes;
    } else if (!hello->second.forgetful) {
      knowing += node.votes;
    }
  }
  if (group.plain_majority) {
    return !membership_.quorate() || knowing * 2 > all ? std::string() : Listed(missing);
  }
  if (verdict.started) return {};
  const std::vector<std::string>& last = parts_.replica.hard().members;
  std::erase_if(missing, [&](const std::string& name) { return std::count(last.begin(), last.end(), name) == 0; });
  return (last.size() - missing.size()) * 2 > last.size() || last.empty() ? std::string() : Listed(missing);
}

AbsentNode Views::AbsentFrom(const std::string& name) const {
  const Peer& peer = parts_.replica.PeerOf(name);
  AbsentNode absent;
  absent.node = name;
  absent.standing = peer.standing;
  absent.incarnation = peer.incarnation;
  absent.boot_id = peer.boot_id;
  if (!parts_.self.grouped) {
    absent.standing = Standing::kLeft;
  } else if (peer.standing == Standing::kMember) {
    absent.daemon_only = !rooms_.silence.IsOverdue(name) && membership_.InRing(name);
    if (!absent.daemon_only) absent.standing = Standing::kLost;
  }
  if (absent.standing != Standing::kUnseen && parts_.replica.Find(name)) absent.soft = parts_.replica.SoftText(name);
  return absent;
}

void Views::SendTransfer(const Verdict& verdict, Turn& turn) {
  const Replica& replica = parts_.replica;
  if (verdict.forgetful) {
    // Newer than the generation that could not be read, or that one would be asked for again.
    Hard hard = replica.hard();
    hard.index = std::max(hard.index, rooms_.disk.newest_seen());
    if (!rooms_.changes.Install(std::move(hard), turn)) return;
  }
  Transfer transfer;
  transfer.view = view_.round.key();
  transfer.term = verdict.term;
  transfer.started = verdict.started;
  transfer.group_wall_ms = turn.now.wall_ms;
  const std::string digest = DigestOf(replica.hard());
  std::set<std::string> names;
  for (const auto& [name, peer] : replica.peers()) names.insert(name);
  for (const solver::NodeDef& node : replica.cluster()->nodes) {
    if (replica.PeerOf(node.uname).standing == Standing::kUnseen) names.insert(node.uname);
  }
  for (const auto& [id, hello] : view_.round.hellos()) {
    if (hello.hard_digest != digest || hello.forgetful) transfer.hard = EncodeHard(replica.hard());
    std::erase_if(names, [&](const std::string& name) { return solver::EqualFolded(name, hello.node); });
  }
  for (const std::string& name : names) transfer.absent.push_back(AbsentFrom(name));
  rooms_.mail.Transmit({0, std::move(transfer)}, turn.out);
}

bool Views::WaitsForOperator() const {
  if (view_.active || !view_.verdict || view_.verdict->source != membership_.self()) return false;
  return view_.verdict->forgetful || !view_.awaited.empty();
}

void Views::GoOnWithWhatIsLeft(Turn& turn) {
  recovered_ = true;
  view_.awaited.clear();
  SendTransfer(*view_.verdict, turn);
}

// --- the view --------------------------------------------------------------------------------------------------

void Views::Take(NodeId from, const Transfer& transfer, Turn& turn) {
  if (view_.active || !view_.verdict || from != view_.verdict->source || transfer.view != view_.round.key()) return;
  // The orders in flight of a machine whose picketd is away for a moment are in nobody's hello.
  std::vector<Begin> begun;
  for (const Order& order : parts_.coordinator.InFlight()) {
    const bool away = std::any_of(transfer.absent.begin(), transfer.absent.end(), [&](const AbsentNode& absent) {
      return absent.daemon_only && solver::EqualFolded(absent.node, order.node);
    });
    if (away) begun.push_back({order.number, order.node, 0, order.operation});
  }
  if (!TakeHard(transfer, turn)) {
    if (!rooms_.departure.left()) rooms_.departure.Leave(kExitDefect, turn);
    return;
  }
  BeginView(transfer, std::move(begun), turn);
}

// The state is in force here from now on, whatever the disk says: a member that waited for its disk would be one that
// runs services and takes no orders.
bool Views::TakeHard(const Transfer& transfer, Turn& turn) {
  HardDisk& disk = rooms_.disk;
  if (!transfer.hard.empty()) {
    std::string error;
    const std::optional<Hard> hard = DecodeHard(transfer.hard, error);
    if (!hard) {
      turn.out.Tell(SayLevel::kError, "store", {}, {},
                    "the state of " + membership_.NameOf(view_.verdict->source) + " cannot be read: " + error);
      return false;
    }
    if (*hard != parts_.replica.hard() && !rooms_.changes.Install(*hard, turn)) return false;
  }
  const Hard& in_force = parts_.replica.hard();
  const bool kept = in_force == disk.durable() && !disk.forgetful();
  disk.Recall();
  if (!kept && !disk.IsWriting(in_force) && !disk.uncertain()) disk.Write(in_force, turn.out);
  return true;
}

void Views::BeginView(const Transfer& transfer, std::vector<Begin> begun, Turn& turn) {
  const Verdict& verdict = *view_.verdict;
  const std::map<NodeId, Hello>& hellos = view_.round.hellos();
  view_.term = transfer.term;
  view_.active = true;
  view_.awaited.clear();
  view_.had_quorum = membership_.quorate();
  view_.coordinator = verdict.coordinator;
  view_.coordinator_incarnation = hellos.at(verdict.coordinator).incarnation;
  view_.progress = {};
  recovered_ = false;
  rooms_.gate.BeginView(transfer, turn);
  rooms_.clock.Set(transfer.group_wall_ms, turn);
  for (const AbsentNode& absent : transfer.absent) MeetAbsent(absent);
  std::vector<FenceOrder> fencing;
  for (const auto& [id, hello] : hellos) fencing.insert(fencing.end(), hello.fencing.begin(), hello.fencing.end());
  for (const auto& [id, hello] : hellos) {
    begun.insert(begun.end(), hello.in_flight.begin(), hello.in_flight.end());
    MeetMember(hello, fencing, turn);
  }
  parts_.replica.SetQuorate(membership_.quorate());
  parts_.replica.SetCoordinator(membership_.NameOf(view_.coordinator));
  parts_.coordinator.BeginView(view_.term, view_.coordinator == membership_.self(), begun, fencing);
  TellView(turn);
  rooms_.mail.BeginView(turn.out);
  rooms_.changes.BeginView(turn);
}

void Views::MeetAbsent(const AbsentNode& absent) {
  Peer peer;
  peer.standing = absent.standing;
  peer.daemon_only = absent.daemon_only;
  peer.in_ring = membership_.InRing(absent.node);
  peer.incarnation = absent.incarnation;
  peer.boot_id = absent.boot_id;
  parts_.replica.SetPeer(absent.node, peer);
  if (!absent.soft.empty()) parts_.replica.TakeSoftText(absent.node, absent.soft);
}

void Views::MeetMember(const Hello& hello, const std::vector<FenceOrder>& fencing, Turn& turn) {
  const Peer& before = parts_.replica.PeerOf(hello.node);
  if (before.standing == Standing::kFenced && !hello.boot_id.empty() && before.boot_id == hello.boot_id) {
    turn.out.Tell(SayLevel::kError, "fencing", hello.node, {},
                  hello.node + " is back and was never off, though a device said so: the device lies");
  }
  Peer peer;
  peer.standing = Standing::kMember;
  peer.in_ring = true;
  peer.incarnation = hello.incarnation;
  peer.boot_id = hello.boot_id;
  peer.fencing = std::any_of(fencing.begin(), fencing.end(), [&](const FenceOrder& order) {
    return order.action != "on" && solver::EqualFolded(order.target, hello.node) &&
           order.incarnation != hello.incarnation;
  });
  parts_.replica.SetPeer(hello.node, peer);
  parts_.replica.TakeSoftText(hello.node, hello.soft);
  for (const StopFencing& stop : hello.stop_fencings.value_or(std::vector<StopFencing>())) {
    parts_.replica.AddStopFencing(stop);
  }
}

void Views::TellView(Turn& turn) const {
  if (!parts_.self.grouped) return;
  turn.out.Tell(SayLevel::kNotice, "view", {}, {},
                "view " + std::to_string(view_.term) + " of " + Listed(view_.MemberNames()) +
                    (membership_.quorate() ? "" : ", without quorum") + "; " + membership_.NameOf(view_.coordinator) +
                    " coordinates");
}

void Views::Take(const Progress& progress) {
  view_.progress = progress;
  rooms_.gate.Start();
}

}  // namespace picket::runtime
