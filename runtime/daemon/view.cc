// The core's views: from what Corosync says to a membership in which all know the same.
//
// A ring change closes the view: nothing new begins. Each member then says hello; when all hellos of a membership are
// delivered, all conclude the same from them, and the source's word opens the view (runtime/group/round.h).
#include <algorithm>

#include "runtime/daemon/core.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

// How long Corosync may be away before its node behaves as one that has lost quorum.
constexpr int64_t kAloneAfterMs = 3000;
constexpr int64_t kDeadtimeMs = 20000;

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// It was a member of our own view to its end: what it knew, we know.
bool Parted(Standing standing) {
  return standing == Standing::kMember || standing == Standing::kLeft || standing == Standing::kFenced;
}

// A cold start waits so long for nodes that are still booting.
int64_t DeadtimeOf(const solver::Cluster& cluster) {
  for (const solver::NvBlock& block : cluster.properties) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == "dc-deadtime") return std::max<int64_t>(solver::DurationOrZero(pair.value), 0);
    }
  }
  return kDeadtimeMs;
}

}  // namespace

std::string Core::NameOf(NodeId id) const {
  for (const ConfiguredNode& node : group_->nodes) {
    if (node.id == id) return node.name;
  }
  return "node " + std::to_string(id);
}

std::vector<std::string> Core::MemberNames() const {
  std::vector<std::string> names;
  for (const auto& [id, hello] : round_.hellos()) names.push_back(hello.node);
  return names;
}

// --- what Corosync says ----------------------------------------------------------------------------------------

void Core::On(const GroupOpened& event) {
  group_ = event;
  loopback_ = false;
  alone_at_ms_.reset();
  patient_until_ms_ = turn_.now.boot_ms + kAloneAfterMs;
  ring_.reset();
  quorum_ring_.reset();
  processes_.clear();
  ring_members_.clear();
  wire_.speaks = kWireLow;
  Rename(NameOf(event.self.node));
  Reconsider();
  if (!event.encrypted) {
    turn_.out.Tell(SayLevel::kWarning, "group", {}, {},
                   "Corosync neither authenticates nor encrypts: whoever reaches its network can run programs here");
  }
}

// Who we are does not change while we are connected; who else there is, and with how many votes, may.
void Core::On(const GroupConfigured& event) {
  if (!group_ || loopback_) return;
  const bool ours = std::any_of(event.now.nodes.begin(), event.now.nodes.end(),
                                [&](const ConfiguredNode& node) { return node.id == group_->self.node; });
  if (!ours || NameOf(group_->self.node) != self_.node) return;
  const GroupPeer self = group_->self;
  group_ = event.now;
  group_->self = self;
  turn_.out.Tell(SayLevel::kNotice, "group", {}, {},
                 "corosync.conf was read again: " + std::to_string(group_->nodes.size()) + " nodes");
  if (!active_) return;
  coordinator_.Changed();
  Judge();
}

void Core::On(const GroupLost& event) {
  if (!group_) return;
  turn_.out.Tell(SayLevel::kError, "group", self_.node, {}, "Corosync is gone: " + event.reason);
  ring_.reset();
  quorum_ring_.reset();
  processes_.clear();
  ring_members_.clear();
  quorate_ = false;
  Reconsider();
  alone_at_ms_ = turn_.now.boot_ms + kAloneAfterMs;
}

void Core::On(const RingChanged& event) {
  ring_ = event.ring;
  ring_members_ = event.members;
  wire_.Forget();
  Reconsider();
}

void Core::On(const GroupChanged& event) {
  processes_.clear();
  for (const GroupPeer& peer : event.members) {
    const bool counted = std::none_of(processes_.begin(), processes_.end(),
                                      [&](const GroupPeer& other) { return other.node == peer.node; });
    if (counted) {
      processes_.push_back(peer);
    } else {
      turn_.out.Tell(SayLevel::kWarning, "group", NameOf(peer.node), {},
                     "a second picketd is in the group; it is ignored");
    }
  }
  wire_.Forget();
  Reconsider();
}

void Core::On(const QuorumChanged& event) {
  quorum_ring_ = event.ring;
  quorate_ = event.quorate;
  if (active_ && quorum_ring_ == ring_) {
    replica_.SetQuorate(quorate_);
    had_quorum_ = quorate_;
    coordinator_.Changed();
    turn_.out.Tell(SayLevel::kNotice, "view", {}, {}, quorate_ ? "there is quorum now" : "quorum is lost");
    if (quorate_) {
      WritePromise();
      BeginFirst();
    }
  }
  Reconsider();
}

void Core::On(const GroupDelivered& event) {
  const auto counted = std::find_if(processes_.begin(), processes_.end(),
                                    [&](const GroupPeer& peer) { return peer.node == event.sender.node; });
  if (counted != processes_.end() && *counted != event.sender) return;
  std::string error;
  const std::optional<Envelope> envelope = wire_.Unpack(event.sender, event.bytes, error);
  if (counted != processes_.end()) NoticePiece(event.sender.node, envelope || !error.empty());
  // Once for each sender and view: a stranger in the group must not flood the news.
  if (!error.empty() && unreadable_.insert(event.sender.node).second) {
    turn_.out.Tell(SayLevel::kError, "group", NameOf(event.sender.node), {}, "a message cannot be read: " + error);
  }
  if (envelope) Receive(event.sender.node, *envelope);
}

// A group of one: what is said comes back at once.
void Core::BeAlone(bool quorate) {
  if (!group_) {
    GroupOpened alone;
    alone.self = {1, 1};
    alone.nodes = {{1, self_.node, 1}};
    group_ = std::move(alone);
  }
  loopback_ = true;
  ring_ = RingId{0, ++alone_views_};
  ring_members_ = {group_->self.node};
  processes_ = {group_->self};
  quorum_ring_ = ring_;
  quorate_ = quorate;
  Reconsider();
}

// --- the round -------------------------------------------------------------------------------------------------

void Core::Reconsider() {
  const bool here = ring_ && group_ && std::count(processes_.begin(), processes_.end(), group_->self) > 0;
  const std::string base = here ? ViewKey(*ring_, processes_) : std::string();
  if (base != base_key_) epoch_ = 0;
  base_key_ = base;
  if (RoundKey() != round_.key()) {
    CloseView();
    ForgetSilence();
    round_ = here ? Round(RoundKey(), processes_, overdue_) : Round();
    hello_said_ = false;
  }
  // The others' hellos may come before our own connection to the quorum names the ring.
  if (!here || hello_said_ || quorum_ring_ != ring_) return;
  hello_said_ = true;
  SayHello();
}

void Core::CloseView() {
  active_ = false;
  verdict_.reset();
  awaited_.clear();
  coordinator_.EndView();
  executor_.DropUnbegun();
  unreadable_.clear();
  held_begins_.clear();
  held_fences_.clear();
  echo_awaited_.reset();
  clock_.EndView();
  said_goodbye_ = false;
  AbandonChanges();
}

void Core::SayHello() {
  if (IsNewer(durable_, replica_.hard()) && !InstallHard(durable_)) return;
  Hello hello;
  hello.in_flight = executor_.InFlight();
  hello.fencing = fencer_.InFlight();
  // What has ended and is not yet reported counts as under way.
  for (const Message& message : unacked_) {
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
  // What was announced and has not begun by now never will.
  for (const std::string& resource : replica_.Pending(self_.node)) {
    const bool begun = std::any_of(hello.in_flight.begin(), hello.in_flight.end(),
                                   [&](const Begin& begin) { return begin.operation.resource == resource; });
    if (!begun) replica_.ForgetPending(self_.node, resource);
  }
  hello.view = round_.key();
  hello.node = self_.node;
  hello.id = group_->self.node;
  hello.incarnation = self_.incarnation;
  hello.boot_id = self_.boot_id;
  hello.wire_low = kWireLow;
  hello.wire_high = wire_.high;
  hello.seen_term = std::max({term_, promised_term_, durable_.term});
  // What is in force here is on enough disks, whether ours is one of them or not.
  hello.hard_term = replica_.hard().term;
  hello.hard_index = replica_.hard().index;
  hello.hard_digest = DigestOf(replica_.hard());
  hello.forgetful = forgetful_;
  hello.started = started_;
  hello.had_quorum = had_quorum_;
  hello.coordinator = coordinator_incarnation_;
  hello.soft = replica_.SoftText(self_.node);
  hello.wall_ms = turn_.wall_ms;
  hello.overdue.emplace(overdue_.begin(), overdue_.end());
  hello.stop_fencings = replica_.stop_fencings();
  Transmit({0, std::move(hello)});
}

void Core::TakeHello(NodeId from, const Hello& hello) {
  AdoptOverdue(hello);
  if (!left_ && round_.Add(from, hello)) ConcludeRound();
}

void Core::ConcludeRound() {
  verdict_ = round_.Conclude();
  const Hello& source = round_.hellos().at(verdict_->source);
  if (verdict_->wire_differs) {
    turn_.out.Tell(SayLevel::kError, "group", {}, {},
                   "the members' picketds have no message format in common; install the same package everywhere");
    if (source.wire_low > wire_.high || source.wire_high < kWireLow) Leave(3);
    return;
  }
  wire_.speaks = verdict_->wire;
  overdue_.insert(round_.overdue().begin(), round_.overdue().end());
  for (const auto& [id, hello] : round_.hellos()) {
    if (std::abs(hello.wall_ms - turn_.wall_ms) > 1000 && id != group_->self.node && self_.grouped) {
      turn_.out.Tell(SayLevel::kWarning, "clock", hello.node, {},
                     "its clock differs from ours by " + std::to_string((hello.wall_ms - turn_.wall_ms) / 1000) + " s");
    }
  }
  if (verdict_->source != group_->self.node) return;
  awaited_ = WhoIsAwaited(*verdict_);
  if (verdict_->forgetful && !recovered_) {
    turn_.out.Tell(SayLevel::kError, "store", {}, {},
                   "the newest configuration is lost; nothing is done until `picket recover` takes number " +
                       std::to_string(replica_.hard().revision) + " instead, or a policy is applied");
  } else if (!awaited_.empty()) {
    turn_.out.Tell(
        SayLevel::kWarning, "view", {}, {},
        "nothing is started without " + awaited_ + ", which may know of later changes; `picket recover` does not wait");
  } else {
    SendTransfer(*verdict_);
  }
}

// Quorum alone does not always prove that somebody here knows all that was accepted. A member whose store is damaged,
// and that was in no view since, knows nothing that counts: without it there must still be a majority, or everybody is
// here. Of a node that was last seen in a view of ours, all that it knew is known here. Where fewer can be quorate, a
// cold start needs more than half of those who were there last.
std::string Core::WhoIsAwaited(const Verdict& verdict) const {
  if (recovered_) return {};
  int all = 0;
  int knowing = 0;
  std::vector<std::string> missing;
  for (const ConfiguredNode& node : group_->nodes) {
    all += node.votes;
    const auto hello = round_.hellos().find(node.id);
    if (hello == round_.hellos().end()) {
      missing.push_back(node.name);
      if (verdict.started && Parted(replica_.PeerOf(node.name).standing)) knowing += node.votes;
    } else if (!hello->second.forgetful) {
      knowing += node.votes;
    }
  }
  if (group_->plain_majority) return !quorate_ || knowing * 2 > all ? std::string() : Listed(missing);
  if (verdict.started) return {};
  const std::vector<std::string>& last = replica_.hard().members;
  std::erase_if(missing, [&](const std::string& name) { return std::count(last.begin(), last.end(), name) == 0; });
  return (last.size() - missing.size()) * 2 > last.size() || last.empty() ? std::string() : Listed(missing);
}

AbsentNode Core::AbsentFrom(const std::string& name) const {
  const Peer& peer = replica_.PeerOf(name);
  AbsentNode absent;
  absent.node = name;
  absent.standing = peer.standing;
  absent.incarnation = peer.incarnation;
  absent.boot_id = peer.boot_id;
  if (!self_.grouped) {
    absent.standing = Standing::kLeft;
  } else if (peer.standing == Standing::kMember) {
    absent.daemon_only = !IsOverdue(name) && std::any_of(ring_members_.begin(), ring_members_.end(), [&](NodeId id) {
      return solver::EqualFolded(NameOf(id), name);
    });
    if (!absent.daemon_only) absent.standing = Standing::kLost;
  }
  if (absent.standing != Standing::kUnseen && replica_.Find(name)) absent.soft = replica_.SoftText(name);
  return absent;
}

void Core::SendTransfer(const Verdict& verdict) {
  if (verdict.forgetful) {
    // Newer than the generation that could not be read, or that one would be asked for again.
    Hard hard = replica_.hard();
    hard.index = std::max(hard.index, newest_seen_);
    if (!InstallHard(std::move(hard))) return;
  }
  Transfer transfer;
  transfer.view = round_.key();
  transfer.term = verdict.term;
  transfer.started = verdict.started;
  transfer.group_wall_ms = turn_.now.wall_ms;
  const std::string digest = DigestOf(replica_.hard());
  std::set<std::string> names;
  for (const auto& [name, peer] : replica_.peers()) names.insert(name);
  for (const solver::NodeDef& node : replica_.cluster()->nodes) {
    if (replica_.PeerOf(node.uname).standing == Standing::kUnseen) names.insert(node.uname);
  }
  for (const auto& [id, hello] : round_.hellos()) {
    if (hello.hard_digest != digest || hello.forgetful) transfer.hard = EncodeHard(replica_.hard());
    std::erase_if(names, [&](const std::string& name) { return solver::EqualFolded(name, hello.node); });
  }
  for (const std::string& name : names) transfer.absent.push_back(AbsentFrom(name));
  Transmit({0, std::move(transfer)});
}

// --- the view --------------------------------------------------------------------------------------------------

void Core::TakeTransfer(NodeId from, const Transfer& transfer) {
  if (active_ || !verdict_ || from != verdict_->source || transfer.view != round_.key()) return;
  // The orders in flight of a machine whose picketd is away for a moment are in nobody's hello.
  std::vector<Begin> begun;
  for (const Order& order : coordinator_.InFlight()) {
    const bool away = std::any_of(transfer.absent.begin(), transfer.absent.end(), [&](const AbsentNode& absent) {
      return absent.daemon_only && solver::EqualFolded(absent.node, order.node);
    });
    if (away) begun.push_back({order.number, order.node, 0, order.operation});
  }
  if (!TakeHard(transfer)) {
    if (!left_) Leave(kExitDefect);
    return;
  }
  BeginView(transfer, begun);
}

// The state is in force here from now on, whatever the disk says: a member that waited for its disk would be one that
// runs services and takes no orders.
bool Core::TakeHard(const Transfer& transfer) {
  if (!transfer.hard.empty()) {
    std::string error;
    const std::optional<Hard> hard = DecodeHard(transfer.hard, error);
    if (!hard) {
      turn_.out.Tell(SayLevel::kError, "store", {}, {},
                     "the state of " + NameOf(verdict_->source) + " cannot be read: " + error);
      return false;
    }
    if (*hard != replica_.hard() && !InstallHard(*hard)) return false;
  }
  const bool kept = replica_.hard() == durable_ && !forgetful_;
  const bool on_its_way = !writing_.empty() && writing_.rbegin()->second == replica_.hard();
  forgetful_ = false;
  if (!kept && !on_its_way && !store_uncertain_) WriteHard(replica_.hard());
  return true;
}

void Core::BeginView(const Transfer& transfer, std::vector<Begin> begun) {
  term_ = transfer.term;
  active_ = true;
  started_ = transfer.started;
  awaited_.clear();
  recovered_ = false;
  start_at_ms_ = turn_.now.boot_ms + DeadtimeOf(*replica_.cluster());
  had_quorum_ = quorate_;
  gathering_until_ms_ = verdict_->had_quorum ? 0 : turn_.now.boot_ms + group_->token_ms * 6 / 5;
  coordinator_id_ = verdict_->coordinator;
  coordinator_incarnation_ = round_.hellos().at(coordinator_id_).incarnation;
  clock_.Set(transfer.group_wall_ms, turn_);
  progress_ = {};
  promised_.clear();
  recorded_ = false;
  for (auto& [id, absence] : daemonless_) absence.told = false;

  const auto in_ring = [&](const std::string& name) {
    return std::any_of(ring_members_.begin(), ring_members_.end(),
                       [&](NodeId id) { return solver::EqualFolded(NameOf(id), name); });
  };
  for (const AbsentNode& absent : transfer.absent) {
    Peer peer;
    peer.standing = absent.standing;
    peer.daemon_only = absent.daemon_only;
    peer.in_ring = in_ring(absent.node);
    peer.incarnation = absent.incarnation;
    peer.boot_id = absent.boot_id;
    replica_.SetPeer(absent.node, peer);
    if (!absent.soft.empty()) replica_.TakeSoftText(absent.node, absent.soft);
  }
  std::vector<FenceOrder> fencing;
  for (const auto& [id, hello] : round_.hellos()) {
    fencing.insert(fencing.end(), hello.fencing.begin(), hello.fencing.end());
  }
  for (const auto& [id, hello] : round_.hellos()) {
    begun.insert(begun.end(), hello.in_flight.begin(), hello.in_flight.end());
    const Peer& before = replica_.PeerOf(hello.node);
    if (before.standing == Standing::kFenced && !hello.boot_id.empty() && before.boot_id == hello.boot_id) {
      turn_.out.Tell(SayLevel::kError, "fencing", hello.node, {},
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
    replica_.SetPeer(hello.node, peer);
    replica_.TakeSoftText(hello.node, hello.soft);
    for (const StopFencing& fencing : hello.stop_fencings.value_or(std::vector<StopFencing>())) {
      replica_.AddStopFencing(fencing);
    }
  }
  replica_.SetQuorate(quorate_);
  replica_.SetCoordinator(NameOf(coordinator_id_));
  coordinator_.BeginView(term_, coordinator_id_ == group_->self.node, begun, fencing);
  TellView();

  last_number_ = replica_.hard().index;
  for (const Message& message : unacked_) Transmit({term_, message});
  SendWishes();
  if (quorate_) WritePromise();
}

void Core::TellView() {
  if (!self_.grouped) return;
  turn_.out.Tell(SayLevel::kNotice, "view", {}, {},
                 "view " + std::to_string(term_) + " of " + Listed(MemberNames()) +
                     (quorate_ ? "" : ", without quorum") + "; " + NameOf(coordinator_id_) + " coordinates");
}

// --- before orders are given -----------------------------------------------------------------------------------

// A machine in the ring without its picketd: known members are given a while to come back before that is told.
void Core::NoticeDaemons() {
  std::erase_if(daemonless_, [&](const auto& entry) {
    const bool in_ring = std::find(ring_members_.begin(), ring_members_.end(), entry.first) != ring_members_.end();
    const bool has_daemon = std::any_of(processes_.begin(), processes_.end(),
                                        [&](const GroupPeer& peer) { return peer.node == entry.first; });
    return !in_ring || has_daemon;
  });
  for (const NodeId id : ring_members_) {
    const bool has_daemon =
        std::any_of(processes_.begin(), processes_.end(), [&](const GroupPeer& peer) { return peer.node == id; });
    if (!has_daemon) daemonless_.emplace(id, Absence{turn_.now.boot_ms, false});
  }
  if (!active_ || !coordinator_.leads()) return;
  for (auto& [id, absence] : daemonless_) {
    if (absence.told || absence.since_ms + kDaemonGraceMs > turn_.now.boot_ms) continue;
    absence.told = true;
    if (replica_.PeerOf(NameOf(id)).daemon_only) turn_.out.messages.push_back(DaemonGone{NameOf(id)});
  }
}

bool Core::MayGiveOrders() {
  if (!active_ || !coordinator_.leads() || !replica_.configured()) return false;
  if (!self_.grouped) return true;
  // A Corosync that was started again is alone in its first ring; that is no reason to stop anything.
  if (!quorate_ && turn_.now.boot_ms < patient_until_ms_) return false;
  // Of a machine whose picketd was not met in the view before, nobody knows what it runs.
  for (const auto& [id, absence] : daemonless_) {
    const Standing standing = replica_.PeerOf(NameOf(id)).standing;
    const bool unknown = standing == Standing::kUnseen || standing == Standing::kLost;
    if (unknown && !absence.told) return false;
  }
  const bool all_here = std::all_of(group_->nodes.begin(), group_->nodes.end(), [&](const ConfiguredNode& node) {
    const Peer& peer = replica_.PeerOf(node.name);
    return !replica_.HasNode(node.name) || peer.standing == Standing::kMember;
  });
  // Nodes that find one another again do so one after the other; the last to come is not to be fenced for that.
  if (quorate_ && !all_here && turn_.now.boot_ms < gathering_until_ms_) return false;
  if (started_) return true;
  if (!all_here && turn_.now.boot_ms < start_at_ms_) return false;
  started_ = true;
  turn_.out.messages.push_back(Progress{});
  return true;
}

}  // namespace picket::runtime
