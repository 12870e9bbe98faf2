// Views as the core of n1 sees them, in a group of two. What n1 sends comes back; what n2 says is written by hand.
#include "runtime/daemon/views.h"

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/core.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

constexpr GroupPeer kSelf{1, 10};
constexpr GroupPeer kOther{2, 20};

class Group {
 public:
  Group() : core_(SettingsOf(true)) {
    Booted booted;
    booted.boot_id = "boot";
    booted.incarnation = "first";
    Feed(booted);
    Feed(OpenedGroup(2));
  }

  // Both are here from now on, in a ring of that number, and Corosync has told all of it.
  void Meet(uint64_t number) {
    const RingId ring{1, number};
    key_ = ViewKey(ring, {kSelf, kOther});
    Feed(RingChanged{ring, {1, 2}});
    Feed(GroupChanged{{kSelf, kOther}});
    Feed(QuorumChanged{ring, true});
  }
  // The hello of n2 in that round. It knows nothing and runs nothing; `started`: it was in a view that gave orders.
  Hello OtherHello(bool started = false) const {
    Hello hello;
    hello.started = started;
    hello.view = key_;
    hello.node = "n2";
    hello.id = 2;
    hello.incarnation = "other";
    hello.boot_id = "other boot";
    hello.wall_ms = 1700000000000;
    return hello;
  }
  // A view with n2 that has given orders before. n2 knows most, and gives its word.
  void BeginStartedView() {
    Meet(4);
    OtherSays(OtherHello(true));
    Transfer transfer;
    transfer.view = key_;
    transfer.term = 1;
    transfer.started = true;
    transfer.group_wall_ms = now_.wall_ms;
    OtherSays(transfer);
    REQUIRE(core_.active());
  }
  void OtherSays(Message message, uint64_t term = 0) {
    for (std::string& piece : other_.Pack({term, std::move(message)})) Feed(GroupDelivered{kOther, piece});
  }
  void Feed(Event event) {
    waiting_.push_back(std::move(event));
    while (!waiting_.empty()) {
      const Event next = std::move(waiting_.front());
      waiting_.pop_front();
      for (const Effect& effect : core_.Step(now_, next)) CarryOut(effect);
    }
  }
  const Core& core() const { return core_; }
  Standing StandingOf(const std::string& node) const { return core_.replica().PeerOf(node).standing; }

 private:
  void CarryOut(const Effect& effect) {
    if (const auto* sent = std::get_if<Multicast>(&effect)) waiting_.push_back(GroupDelivered{kSelf, sent->bytes});
    if (const auto* write = std::get_if<WriteStore>(&effect)) {
      waiting_.push_back(StoreWritten{write->write, WriteOutcome::kDone, {}});
    }
    if (const auto* save = std::get_if<SaveSession>(&effect)) waiting_.push_back(SessionSaved{save->save, true, {}});
  }

  Core core_;
  Wire other_;
  Moment now_{1000, 1700000000000, 0};
  std::string key_;
  std::deque<Event> waiting_;
};

}  // namespace

TEST_CASE("a view begins when all hellos and the source's word are delivered") {
  Group group;
  group.Meet(4);
  CHECK_FALSE(group.core().active());
  group.OtherSays(group.OtherHello());
  CHECK(group.core().active());
  CHECK(group.core().term() == 1);
  CHECK(group.StandingOf("n2") == Standing::kMember);
}

TEST_CASE("a hello of another membership is not taken for one of this") {
  Group group;
  group.Meet(4);
  Hello old = group.OtherHello();
  old.view = "another";
  group.OtherSays(old);
  CHECK_FALSE(group.core().active());
}

TEST_CASE("a view ends with its membership, and the next one has a higher term") {
  Group group;
  group.Meet(4);
  group.OtherSays(group.OtherHello());
  REQUIRE(group.core().active());
  group.Feed(RingChanged{{1, 8}, {1, 2}});
  CHECK_FALSE(group.core().active());
  group.Meet(8);
  Hello hello = group.OtherHello();
  hello.seen_term = 5;
  group.OtherSays(hello);
  CHECK(group.core().active());
  CHECK(group.core().term() == 6);
}

TEST_CASE("who is gone without a word is lost, who said goodbye has left") {
  for (const bool in_order : {false, true}) {
    Group group;
    group.BeginStartedView();
    if (in_order) group.OtherSays(Goodbye{"n2"}, group.core().term());
    group.Feed(RingChanged{{1, 8}, {1}});
    group.Feed(GroupChanged{{kSelf}});
    group.Feed(QuorumChanged{{1, 8}, true});
    REQUIRE(group.core().active());
    CHECK(group.StandingOf("n2") == (in_order ? Standing::kLeft : Standing::kLost));
  }
}

TEST_CASE("a machine that stays in the ring without its picketd is still a member") {
  Group group;
  group.BeginStartedView();
  group.Feed(GroupChanged{{kSelf}});
  REQUIRE(group.core().active());
  CHECK(group.StandingOf("n2") == Standing::kMember);
  CHECK(group.core().replica().PeerOf("n2").daemon_only);
}

TEST_CASE("where nothing has started yet, a member that may know of later changes is waited for") {
  Group group;
  group.Meet(4);
  group.OtherSays(group.OtherHello());
  group.Feed(GroupChanged{{kSelf}});
  CHECK_FALSE(group.core().active());
}

TEST_CASE("members without a message format in common have no view") {
  Group group;
  group.Meet(4);
  Hello future = group.OtherHello();
  future.wire_low = future.wire_high = kWireHigh + 1;
  group.OtherSays(future);
  CHECK_FALSE(group.core().active());
}
