#include "runtime/daemon/changes.h"

#include <algorithm>
#include <utility>

#include "solver/model/assert.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr size_t kWishesMax = 64;

bool IsRecord(const Command& command) {
  return std::holds_alternative<RecordMembers>(command);
}

}  // namespace

// --- wishes ----------------------------------------------------------------------------------------------------

void Changes::Propose(Command command, std::optional<ClientNumber> client, Turn& turn,
                      std::optional<uint64_t> only_at) {
  if (disk_.uncertain() && !parts_.self.grouped) {
    connections_.Refuse(
        client, "the disk failed to keep a change; nothing is accepted until picketd has been restarted", turn.out);
    return;
  }
  if (waiting_.size() + asked_.size() >= kWishesMax) {
    connections_.Refuse(client, "too many changes at once", turn.out);
    return;
  }
  waiting_.push_back({std::move(command), only_at, client});
  SendWishes(turn);
}

void Changes::SendWishes(Turn& turn) {
  if (!view_.active) return;
  for (Wish& wish : std::exchange(waiting_, {})) {
    if (!membership_.quorate()) {
      connections_.Refuse(wish.client, "there is no quorum here, and without it nothing may be changed", turn.out);
      continue;
    }
    const uint64_t counter = next_command_++;
    asked_[counter] = wish.client;
    turn.out.messages.push_back(Proposed{{parts_.self.incarnation, counter}, wish.only_at, std::move(wish.command)});
  }
}

void Changes::BeginView(Turn& turn) {
  promised_.clear();
  recorded_ = false;
  last_number_ = parts_.replica.hard().index;
  SendWishes(turn);
  if (membership_.quorate()) WritePromise(turn);
}

void Changes::EndView(Turn& turn) {
  commands_.clear();
  for (const auto& [counter, client] : std::exchange(asked_, {})) {
    connections_.Refuse(
        client, "the group changed before enough members had it on disk; `picket status` says whether it is in force",
        turn.out);
  }
}

void Changes::GainQuorum(Turn& turn) {
  WritePromise(turn);
  BeginFirst(turn);
}

// --- numbered commands -----------------------------------------------------------------------------------------

void Changes::Take(const Proposed& proposed, Turn& turn) {
  Numbered numbered;
  numbered.proposed = proposed;
  commands_.push_back(std::move(numbered));
  // The disk may have been full when we were to promise; now somebody waits for it.
  if (membership_.quorate() && !disk_.promising()) WritePromise(turn);
  BeginFirst(turn);
}

// Gives the first command its number and result; false if it is not to be carried out.
bool Changes::NumberFirst() {
  Numbered& first = commands_.front();
  const Hard& hard = parts_.replica.hard();
  const std::optional<uint64_t>& only_at = first.proposed.only_at;
  if (only_at && *only_at != hard.revision) {
    first.why = "the configuration has changed meanwhile: it is number " + std::to_string(hard.revision) + " now";
    return false;
  }
  first.result = Applied(hard, first.proposed.command, view_.term);
  // A number that was tried and refused is not used again: some disk may have it.
  first.result.index = std::max(hard.index, last_number_) + 1;
  if (!IsRecord(first.proposed.command)) first.result.revision = first.result.index;
  last_number_ = first.result.index;
  return true;
}

void Changes::BeginFirst(Turn& turn) {
  while (!commands_.empty()) {
    Numbered& first = commands_.front();
    if (first.result.index == 0 && !NumberFirst()) {
      RejectFirst(turn);
      continue;
    }
    // Before enough members have promised, another view may be using the same numbers for something else.
    if (first.begun || !membership_.quorate() || (parts_.self.grouped && !Suffices(promised_))) return;
    first.begun = true;
    if (disk_.uncertain()) {
      turn.out.messages.push_back(Stored{parts_.self.node, view_.term, last_number_, "an earlier change was not kept"});
    } else {
      disk_.Write(first.result, turn.out);
    }
    return;
  }
}

void Changes::Take(const Stored& stored, Turn& turn) {
  if (commands_.empty()) return;
  Numbered& first = commands_.front();
  if (first.result.index != stored.hard_index) return;
  if (stored.refused.empty()) {
    first.stored.insert(stored.node);
  } else {
    first.refused.insert(stored.node);
    if (first.why.empty()) first.why = "it could not be kept on disk: " + stored.refused;
  }
  Judge(turn);
}

// Whether what these nodes have on disk cannot be missed by any later view with quorum.
bool Changes::Suffices(const std::set<std::string>& nodes) const {
  int all = 0;
  int have = 0;
  bool nobody_unknown = true;
  for (const ConfiguredNode& node : membership_.group().nodes) {
    all += node.votes;
    const bool has = nodes.count(node.name) > 0;
    if (has) have += node.votes;
    const Standing standing = parts_.replica.PeerOf(node.name).standing;
    nobody_unknown = nobody_unknown && (has || standing == Standing::kFenced || standing == Standing::kLeft);
  }
  return membership_.group().plain_majority ? have * 2 > all : nobody_unknown;
}

void Changes::RecordMembersOnce(Turn& turn) {
  const bool among_others = parts_.self.grouped && !membership_.loopback();
  if (recorded_ || !parts_.coordinator.leads() || !membership_.quorate() || !among_others || !Suffices(promised_)) {
    return;
  }
  recorded_ = true;
  asked_[next_command_] = std::nullopt;
  turn.out.messages.push_back(
      Proposed{{parts_.self.incarnation, next_command_++}, std::nullopt, RecordMembers{view_.MemberNames()}});
}

void Changes::Judge(Turn& turn) {
  if (!view_.active) return;
  RecordMembersOnce(turn);
  if (commands_.empty()) return;
  const Numbered& first = commands_.front();
  if (Suffices(first.stored)) {
    AcceptFirst(turn);
    if (!departure_.left()) BeginFirst(turn);
    return;
  }
  std::set<std::string> possible;
  for (const std::string& name : view_.MemberNames()) {
    if (first.refused.count(name) == 0) possible.insert(name);
  }
  if (first.refused.empty() || Suffices(possible)) return;
  RejectFirst(turn);
  BeginFirst(turn);
}

std::optional<std::optional<ClientNumber>> Changes::TakeAsker(const Proposed& proposed) {
  if (proposed.id.incarnation != parts_.self.incarnation) return std::nullopt;
  const auto asked = asked_.find(proposed.id.counter);
  if (asked == asked_.end()) return std::nullopt;
  const std::optional<ClientNumber> client = asked->second;
  asked_.erase(asked);
  return client;
}

void Changes::AcceptFirst(Turn& turn) {
  PICKET_ASSERT(view_.active && !commands_.empty(), "a change is accepted in a view, and is the first one");
  const Numbered accepted = std::move(commands_.front());
  commands_.pop_front();
  PICKET_ASSERT(accepted.result.index > parts_.replica.hard().index,
                "an accepted change has a higher number than the last");
  if (!Install(accepted.result, turn)) return;
  if (!IsRecord(accepted.proposed.command)) {
    const bool replaced = std::holds_alternative<ReplaceConfiguration>(accepted.proposed.command);
    turn.out.Tell(SayLevel::kNotice, "configuration", {}, {},
                  "number " + std::to_string(accepted.result.revision) + " is in force" +
                      (replaced && !accepted.result.source.empty() ? ", from " + accepted.result.source : ""));
  }
  if (const auto asker = TakeAsker(accepted.proposed)) {
    connections_.Accept(*asker, parts_.replica.hard().revision, turn.out);
  }
}

void Changes::RejectFirst(Turn& turn) {
  PICKET_ASSERT(!commands_.empty(), "the change that is refused is the first one");
  const Numbered rejected = std::move(commands_.front());
  commands_.pop_front();
  const auto asker = TakeAsker(rejected.proposed);
  if (!asker) return;
  turn.out.Tell(SayLevel::kError, "configuration", {}, {}, "a change is refused: " + rejected.why);
  connections_.Refuse(*asker, rejected.why, turn.out);
}

bool Changes::Install(Hard hard, Turn& turn) {
  std::string error;
  const uint64_t revision = hard.revision;
  Replica& replica = parts_.replica;
  if (!replica.Install(std::move(hard), error)) {
    // The member that was asked for the change has checked it, so this is a defect of Picket.
    turn.out.Tell(SayLevel::kError, "configuration", parts_.self.node, {},
                  "configuration " + std::to_string(revision) + " is accepted, and this picketd cannot use it: " +
                      error + "; it stops, so that it does not act on another configuration than the other members");
    departure_.Leave(kExitDefect, turn);
    return false;
  }
  if (!parts_.self.grouped) {
    Peer left;
    left.standing = Standing::kLeft;
    for (const solver::NodeDef& node : replica.cluster()->nodes) {
      if (replica.PeerOf(node.uname).standing == Standing::kUnseen) replica.SetPeer(node.uname, left);
    }
  }
  parts_.fencer.Configure(replica.cluster());
  parts_.coordinator.Changed();
  return true;
}

// --- the disk --------------------------------------------------------------------------------------------------

void Changes::WritePromise(Turn& turn) {
  const std::string& node = parts_.self.node;
  if (!parts_.self.grouped || membership_.loopback() || promised_.count(node)) return;
  if (disk_.promised_term() >= view_.term) {
    turn.out.messages.push_back(Promised{node});
  } else {
    disk_.WritePromise(view_.term, turn.out);
  }
}

void Changes::Take(const Promised& promised, Turn& turn) {
  promised_.insert(promised.node);
  BeginFirst(turn);
  Judge(turn);
}

void Changes::On(const StoreWritten& event, Turn& turn) {
  const HardDisk::Written written = disk_.On(event, turn);
  const std::string& node = parts_.self.node;
  if (const auto* promise = std::get_if<HardDisk::PromiseKept>(&written)) {
    if (view_.active && promise->term == view_.term) turn.out.messages.push_back(Promised{node});
  } else if (const auto* generation = std::get_if<HardDisk::GenerationWritten>(&written)) {
    const Hard& hard = generation->hard;
    if (!view_.active || commands_.empty() || commands_.front().result != hard) return;
    turn.out.messages.push_back(Stored{node, hard.term, hard.index, generation->refused});
  }
}

void Changes::CheckPromises() const {
  PICKET_ASSERT(view_.active || departure_.left() || commands_.empty(), "numbered changes belong to a view");
  for (size_t i = 1; i < commands_.size(); ++i)
    PICKET_ASSERT(!commands_[i].begun, "only the first change is being written");
  PICKET_ASSERT(commands_.empty() || !commands_.front().begun || commands_.front().result.index == last_number_,
                "the change that is being written has the last number");
}

}  // namespace picket::runtime
