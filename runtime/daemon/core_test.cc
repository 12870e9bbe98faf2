#include "runtime/daemon/core.h"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_group.h"
#include "runtime/group/wire.h"

using namespace picket::runtime;

namespace {

const std::string kCib = CibOf("n1");

// The only member of a group that has one node: what it sends comes back, and its disk keeps what it writes.
class Member {
 public:
  Member() : core_(SettingsOf(true)) {
    Booted booted;
    booted.boot_id = "boot";
    booted.incarnation = "first";
    Feed(booted);
    Feed(OpenedGroup(1));
    Feed(RingChanged{{1, 1}, {1}});
    Feed(GroupChanged{{kSelf}});
    Feed(QuorumChanged{{1, 1}, true});
  }

  // As if a member had sent it that checks nothing.
  void Deliver(Message message) {
    for (std::string& piece : others_.Pack({core_.term(), std::move(message)})) Feed(GroupDelivered{kSelf, piece});
  }

  const Core& core() const { return core_; }
  std::optional<int> exit_status() const { return exit_status_; }
  bool Said(std::string_view words) const { return said_.find(words) != std::string::npos; }

 private:
  static constexpr GroupPeer kSelf{1, 10};

  void Feed(Event event) {
    waiting_.push_back(std::move(event));
    while (!waiting_.empty()) {
      const Event next = std::move(waiting_.front());
      waiting_.pop_front();
      now_.boot_ms += 1;
      now_.wall_ms += 1;
      for (const Effect& effect : core_.Step(now_, next)) CarryOut(effect);
    }
  }

  void CarryOut(const Effect& effect) {
    if (const auto* sent = std::get_if<Multicast>(&effect)) waiting_.push_back(GroupDelivered{kSelf, sent->bytes});
    if (const auto* write = std::get_if<WriteStore>(&effect))
      waiting_.push_back(StoreWritten{write->write, WriteOutcome::kDone, {}});
    if (const auto* save = std::get_if<SaveSession>(&effect)) waiting_.push_back(SessionSaved{save->save, true, {}});
    if (const auto* say = std::get_if<Say>(&effect)) said_ += say->text + "\n";
    if (const auto* exit = std::get_if<Exit>(&effect)) exit_status_ = exit->status;
  }

  Core core_;
  Wire others_;
  Moment now_{1000, 1700000000000, 0};
  std::deque<Event> waiting_;
  std::optional<int> exit_status_;
  std::string said_;
};

Proposed Replacing(const std::string& cib) {
  return {{"another", 1}, std::nullopt, ReplaceConfiguration{cib, "test"}};
}

}  // namespace

TEST_CASE("a change that the group accepts is in force") {
  Member member;
  REQUIRE(member.core().active());
  member.Deliver(Replacing(kCib));
  CHECK(member.core().replica().configured());
  CHECK(member.core().replica().HasNode("n1"));
  CHECK_FALSE(member.exit_status());
}

TEST_CASE("a member that cannot use an accepted change stops itself, and says why") {
  Member member;
  member.Deliver(Replacing(kCib));
  const uint64_t before = member.core().replica().hard().index;
  member.Deliver(Replacing("<cib"));
  REQUIRE(member.exit_status());
  CHECK(*member.exit_status() == kExitDefect);
  CHECK(member.core().left());
  CHECK(member.Said("is accepted, and this picketd cannot use it: "));
  CHECK(member.Said("it stops, so that it does not act on another configuration than the other members"));
  // The old one is still what the replica holds, and nothing more happens.
  CHECK(member.core().replica().hard().index == before);
  member.Deliver(Replacing(kCib));
  CHECK(member.core().replica().hard().index == before);
}
