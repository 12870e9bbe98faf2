// The core's changes of the hard state: from somebody's wish to an accepted command.
//
// A wish is sent to the group and comes back to all with its place in the order. The members put the first command on
// their disks, one at a time, and say so; it is accepted, and in force, when nodes with more than half of all votes
// have it (in a group that is quorate with fewer: when everybody here has it and who is missing is known to be off).
// Nothing is written without quorum. A view with quorum begins with promises and a record of its members.
#include <algorithm>

#include "runtime/daemon/core.h"
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

void Core::Propose(Command command, std::optional<ClientNumber> client, std::optional<uint64_t> only_at) {
  if (store_uncertain_ && !self_.grouped) {
    connections_.Refuse(
        client, "the disk failed to keep a change; nothing is accepted until picketd has been restarted", turn_.out);
    return;
  }
  if (waiting_.size() + asked_.size() >= kWishesMax) {
    connections_.Refuse(client, "too many changes at once", turn_.out);
    return;
  }
  waiting_.push_back({std::move(command), only_at, client});
  SendWishes();
}

void Core::SendWishes() {
  if (!active_) return;
  for (Wish& wish : std::exchange(waiting_, {})) {
    if (!quorate_) {
      connections_.Refuse(wish.client, "there is no quorum here, and without it nothing may be changed", turn_.out);
      continue;
    }
    const uint64_t counter = next_command_++;
    asked_[counter] = wish.client;
    turn_.out.messages.push_back(Proposed{{self_.incarnation, counter}, wish.only_at, std::move(wish.command)});
  }
}

// The view has ended. What was on enough disks is in force in the next one, what was on none is not.
void Core::AbandonChanges() {
  commands_.clear();
  for (const auto& [counter, client] : std::exchange(asked_, {})) {
    connections_.Refuse(
        client, "the group changed before enough members had it on disk; `picket status` says whether it is in force",
        turn_.out);
  }
}

// --- numbered commands -----------------------------------------------------------------------------------------

void Core::Deliver(const Proposed& proposed) {
  Numbered numbered;
  numbered.proposed = proposed;
  commands_.push_back(std::move(numbered));
  // The disk may have been full when we were to promise; now somebody waits for it.
  if (quorate_ && writing_promise_.empty()) WritePromise();
  BeginFirst();
}

void Core::BeginFirst() {
  while (!commands_.empty()) {
    Numbered& first = commands_.front();
    if (first.result.index == 0) {
      const std::optional<uint64_t>& only_at = first.proposed.only_at;
      if (only_at && *only_at != replica_.hard().revision) {
        first.why = "the configuration has changed meanwhile: it is number " +
                    std::to_string(replica_.hard().revision) + " now";
        RejectFirst();
        continue;
      }
      first.result = Applied(replica_.hard(), first.proposed.command, term_);
      // A number that was tried and refused is not used again: some disk may have it.
      first.result.index = std::max(replica_.hard().index, last_number_) + 1;
      if (!IsRecord(first.proposed.command)) first.result.revision = first.result.index;
      last_number_ = first.result.index;
    }
    // Before enough members have promised, another view may be using the same numbers for something else.
    if (first.begun || !quorate_ || (self_.grouped && !Suffices(promised_))) return;
    first.begun = true;
    if (store_uncertain_) {
      turn_.out.messages.push_back(Stored{self_.node, term_, last_number_, "an earlier change was not kept"});
    } else {
      WriteHard(first.result);
    }
    return;
  }
}

void Core::Deliver(const Stored& stored) {
  if (commands_.empty()) return;
  Numbered& first = commands_.front();
  if (first.result.index != stored.hard_index) return;
  if (stored.refused.empty()) {
    first.stored.insert(stored.node);
  } else {
    first.refused.insert(stored.node);
    if (first.why.empty()) first.why = "it could not be kept on disk: " + stored.refused;
  }
  Judge();
}

// Whether what these nodes have on disk cannot be missed by any later view with quorum.
bool Core::Suffices(const std::set<std::string>& nodes) const {
  int all = 0;
  int have = 0;
  bool nobody_unknown = true;
  for (const ConfiguredNode& node : group_->nodes) {
    all += node.votes;
    const bool has = nodes.count(node.name) > 0;
    if (has) have += node.votes;
    const Standing standing = replica_.PeerOf(node.name).standing;
    nobody_unknown = nobody_unknown && (has || standing == Standing::kFenced || standing == Standing::kLeft);
  }
  return group_->plain_majority ? have * 2 > all : nobody_unknown;
}

// Something that decides has changed: who has what on disk, who is known to be off.
void Core::Judge() {
  if (!active_) return;
  if (coordinator_.leads() && !recorded_ && quorate_ && self_.grouped && !loopback_ && Suffices(promised_)) {
    recorded_ = true;
    asked_[next_command_] = std::nullopt;
    turn_.out.messages.push_back(
        Proposed{{self_.incarnation, next_command_++}, std::nullopt, RecordMembers{MemberNames()}});
  }
  if (commands_.empty()) return;
  const Numbered& first = commands_.front();
  if (Suffices(first.stored)) {
    AcceptFirst();
    if (!left_) BeginFirst();
    return;
  }
  std::set<std::string> possible;
  for (const std::string& name : MemberNames()) {
    if (first.refused.count(name) == 0) possible.insert(name);
  }
  if (first.refused.empty() || Suffices(possible)) return;
  RejectFirst();
  BeginFirst();
}

void Core::AcceptFirst() {
  PICKET_ASSERT(active_ && !commands_.empty(), "a change is accepted in a view, and is the first one");
  const Numbered accepted = std::move(commands_.front());
  commands_.pop_front();
  PICKET_ASSERT(accepted.result.index > replica_.hard().index, "an accepted change has a higher number than the last");
  if (!InstallHard(accepted.result)) return;
  if (!IsRecord(accepted.proposed.command)) {
    const bool replaced = std::holds_alternative<ReplaceConfiguration>(accepted.proposed.command);
    turn_.out.Tell(SayLevel::kNotice, "configuration", {}, {},
                   "number " + std::to_string(accepted.result.revision) + " is in force" +
                       (replaced && !accepted.result.source.empty() ? ", from " + accepted.result.source : ""));
  }
  if (accepted.proposed.id.incarnation != self_.incarnation) return;
  const auto asked = asked_.find(accepted.proposed.id.counter);
  if (asked == asked_.end()) return;
  connections_.Accept(asked->second, replica_.hard().revision, turn_.out);
  asked_.erase(asked);
}

void Core::RejectFirst() {
  PICKET_ASSERT(!commands_.empty(), "the change that is refused is the first one");
  const Numbered rejected = std::move(commands_.front());
  commands_.pop_front();
  if (rejected.proposed.id.incarnation != self_.incarnation) return;
  const auto asked = asked_.find(rejected.proposed.id.counter);
  if (asked == asked_.end()) return;
  turn_.out.Tell(SayLevel::kError, "configuration", {}, {}, "a change is refused: " + rejected.why);
  connections_.Refuse(asked->second, rejected.why, turn_.out);
  asked_.erase(asked);
}

bool Core::InstallHard(Hard hard) {
  std::string error;
  const uint64_t revision = hard.revision;
  if (!replica_.Install(std::move(hard), error)) {
    // The member that was asked for the change has checked it, so this is a defect of Picket. To go on with the old
    // configuration would be to go on with another state than the other members.
    turn_.out.Tell(SayLevel::kError, "configuration", self_.node, {},
                   "configuration " + std::to_string(revision) + " is accepted, and this picketd cannot use it: " +
                       error + "; it stops, so that it does not act on another configuration than the other members");
    Leave(kExitDefect);
    return false;
  }
  if (!self_.grouped) {
    Peer left;
    left.standing = Standing::kLeft;
    for (const solver::NodeDef& node : replica_.cluster()->nodes) {
      if (replica_.PeerOf(node.uname).standing == Standing::kUnseen) replica_.SetPeer(node.uname, left);
    }
  }
  fencer_.Configure(replica_.cluster());
  coordinator_.Changed();
  return true;
}

// --- the disk --------------------------------------------------------------------------------------------------

void Core::WriteHard(const Hard& hard) {
  // Writes are carried out in turn: those that wait before this one are generations by then.
  std::vector<std::string> generations = generations_;
  for (const auto& [write, waiting] : writing_) generations.push_back(GenerationName(waiting.index));
  const uint64_t write = next_write_++;
  writing_[write] = hard;
  turn_.out.effects.push_back(
      WriteStore{write, GenerationName(hard.index), EncodeHard(hard), OldGenerations(generations, hard.index)});
}

// That this member never again speaks in an older term has to be on disk before the view records itself: else a later
// view could take the same number, and two histories would look alike.
void Core::WritePromise() {
  if (!self_.grouped || loopback_ || promised_.count(self_.node)) return;
  if (promised_term_ >= term_) {
    turn_.out.messages.push_back(Promised{self_.node});
    return;
  }
  const uint64_t write = next_write_++;
  writing_promise_[write] = term_;
  turn_.out.effects.push_back(WriteStore{write, kPromiseName, EncodePromise(term_), {}});
}

void Core::Deliver(const Promised& promised) {
  promised_.insert(promised.node);
  BeginFirst();
  Judge();
}

void Core::On(const StoreWritten& event) {
  // What is in force is still known here; only the disk is no longer to be trusted.
  if (event.outcome == WriteOutcome::kUncertain) store_uncertain_ = true;
  if (const auto promise = writing_promise_.find(event.write); promise != writing_promise_.end()) {
    const uint64_t term = promise->second;
    writing_promise_.erase(promise);
    if (event.outcome != WriteOutcome::kDone) return;
    promised_term_ = std::max(promised_term_, term);
    if (active_ && term == term_) turn_.out.messages.push_back(Promised{self_.node});
    return;
  }
  const auto write = writing_.find(event.write);
  if (write == writing_.end()) return;
  const Hard hard = std::move(write->second);
  writing_.erase(write);
  OnHardWritten(hard, event);
}

void Core::OnHardWritten(const Hard& hard, const StoreWritten& event) {
  Stored stored{self_.node, hard.term, hard.index, {}};
  // A write that failed may have left its file: it is removed with the others, later.
  std::erase(generations_, GenerationName(hard.index));
  generations_.push_back(GenerationName(hard.index));
  if (event.outcome == WriteOutcome::kDone) {
    for (const std::string& old : OldGenerations(generations_, hard.index)) std::erase(generations_, old);
    durable_ = hard;
  } else {
    turn_.out.Tell(SayLevel::kError, "store", {}, {}, "a change could not be kept: " + event.error);
    stored.refused = event.error;
  }
  if (active_ && !commands_.empty() && commands_.front().result == hard)
    turn_.out.messages.push_back(std::move(stored));
}

}  // namespace picket::runtime
