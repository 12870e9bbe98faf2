// What goes wrong in a fleet, by chance.
#include <algorithm>

#include "tests/daemon/fleet.h"

namespace picket::daemon_test {

using namespace runtime;  // NOLINT

Node* Fleet::Some(const std::function<bool(const Node&)>& fits) {
  std::vector<Node*> found;
  for (const auto& node : nodes_) {
    if (fits(*node)) found.push_back(node.get());
  }
  if (found.empty()) return nullptr;
  return found[static_cast<size_t>(timeline_.Random(0, static_cast<int64_t>(found.size()) - 1))];
}

void Fleet::ScheduleFault() {
  timeline_.After(timeline_.Random(500, fault_every_ms), [this] {
    if (!faulty_) return;
    Strike();
    NoteHealth();
    ScheduleFault();
  });
}

void Fleet::Strike() {
  const int64_t kind = timeline_.Random(0, shape_.grouped ? 13 : 5);
  if (kind > 5) return StrikeGroup(kind);
  Node* node = Some([](const Node& n) { return n.powered() && !n.paused(); });
  if (node) StrikeMachine(*node, kind);
}

void Fleet::StrikeMachine(Node& node, int64_t kind) {
  switch (kind) {
    case 0:
      if (!odds_.services) return;
      if (const std::string id = node.KillService(static_cast<size_t>(timeline_.Random(0, 100))); !id.empty()) {
        Tell(node, "-- the service of " + id + " dies");
      }
      return;
    case 1:
      if (odds_.daemon) node.KillDaemon();
      return;
    case 2:
      // In the middle of some step, between two of its effects.
      if (odds_.power && shape_.grouped && timeline_.Chance(50)) {
        node.DieAtEffect(static_cast<size_t>(timeline_.Random(0, 3)), true);
      } else if (odds_.daemon) {
        node.DieAtEffect(static_cast<size_t>(timeline_.Random(0, 3)), false);
      }
      return;
    case 3:
      if (odds_.clock) StrikeClocks(node);
      return;
    case 4:
      if (odds_.disk) StrikeDisk(node);
      return;
    default:
      if (odds_.people) StrikePeople(node);
      return;
  }
}

void Fleet::StrikeClocks(Node& node) {
  const int64_t by_ms = timeline_.Random(-7200, 7200) * 1000;
  Tell(node, "-- the wall clock is set by " + std::to_string(by_ms / 1000) + " s");
  node.SetWall(by_ms);
  if (!shape_.grouped || timeline_.Chance(50)) return;
  Say("-- so are the others");
  for (const auto& other : nodes_) {
    if (other.get() != &node) other->SetWall(by_ms);
  }
}

void Fleet::StrikeDisk(Node& node) {
  switch (timeline_.Random(0, shape_.grouped ? 6 : 2)) {
    case 1: {
      const int64_t for_ms = timeline_.Random(100, 12000);
      Tell(node, "-- nothing can be written down for " + std::to_string(for_ms) + " ms");
      Explain();
      // For longer than a stop may take: it fails.
      if (for_ms > 4000) stop_failed_.insert(node.name());
      return node.FillRun(now_ms() + for_ms);
    }
    case 2: {
      const int64_t for_ms = timeline_.Random(100, 12000);
      Tell(node, "-- to write something down takes " + std::to_string(for_ms) + " ms");
      Explain();
      if (for_ms > 4000) stop_failed_.insert(node.name());
      return node.SlowRun(now_ms() + for_ms);
    }
    case 0:
      Tell(node, "-- the disk is full");
      return node.FillDisk(static_cast<int>(timeline_.Random(1, 3)));
    case 3:
      Tell(node, "-- the disk is slow");
      return node.SlowDisk(now_ms() + timeline_.Random(5000, 60000));
    case 4:
      Tell(node, "-- the disk will not sync");
      return node.FailSync();
    case 5:
      if (torn_ || !timeline_.Chance(50) || !node.RestoreOld()) return;
      torn_ = true;
      return PowerFails(node);
    default:
      // Found at the next start. One at a time: what is accepted is on more than half of the disks, not on all.
      if (torn_ || !node.TearStore()) return;
      torn_ = true;
      return PowerFails(node);
  }
}

void Fleet::StrikePeople(Node& node) {
  switch (timeline_.Random(0, shape_.grouped ? 9 : 4)) {
    case 7:
      Tell(node, "-- is told to leave in good order");
      return Request(node, R"({"verb":"stop"})");
    case 8:
      return Confirm(node);
    case 9:
      Say("-- corosync.conf is read again");
      for (const auto& each : nodes_) ether_.Reload(each->id());
      return;
    case 0:
      return Request(node, R"({"verb":"cleanup"})");
    case 1:
      return Request(node, ApplyLine());
    case 2: {
      Node& target = *nodes_[static_cast<size_t>(timeline_.Random(0, shape_.nodes - 1))];
      return Request(node, R"({"verb":"set-attribute","node":")" + target.name() +
                               R"(","name":"standby","permanent":true,"value":")" +
                               std::string(timeline_.Chance(50) ? "on" : "off") + "\"}");
    }
    case 5:
    case 6:
      // Two at once, from two of them.
      ChangeProperty(node, false);
      if (Node* other = Some([&](const Node& n) { return n.core() && n.id() != node.id(); })) {
        ChangeProperty(*other, false);
      }
      return;
    default:
      return ChangeProperty(node, true);
  }
}

// --- between machines ------------------------------------------------------------------------------------------

void Fleet::StrikeGroup(int64_t kind) {
  Node* node = Some([](const Node& n) { return n.powered() && !n.paused(); });
  if (!node) return;
  switch (kind) {
    case 6:
      if (odds_.power) StrikePower(*node);
      return;
    case 7:
    case 8:
      if (odds_.pauses) Pause(*node, timeline_.Chance(30) ? timeline_.Random(10, 1000) : timeline_.Random(1000, 8000));
      return;
    case 12:
    case 13:
      if (odds_.hangs) StrikeDaemon(*node);
      return;
    case 9:
      if (!odds_.corosync) return;
      Tell(*node, "-- Corosync restarts");
      Explain();
      return ether_.Restart(node->id(), timeline_.Random(500, 5000));
    default:
      if (odds_.network) StrikeNetwork(*node);
      return;
  }
}

void Fleet::PowerFails(Node& node) {
  PowerOff(node, Loss::kAccident);
  timeline_.After(timeline_.Random(2000, timeline_.Chance(80) ? 8000 : 30000), [this, &node] { PowerOn(node); });
}

void Fleet::StrikePower(Node& node) {
  if (timeline_.Chance(92)) return PowerFails(node);
  Say("-- no power anywhere");
  for (const auto& other : nodes_) PowerFails(*other);
}

// For a moment, for about as long as it is waited for, or until somebody switches the machine off; and as if
// that were not enough, another machine may lose its power meanwhile.
void Fleet::StrikeDaemon(Node& node) {
  const int64_t luck = timeline_.Random(1, 100);
  Hang(node, luck <= 30 ? timeline_.Random(10, 3000) : luck <= 70 ? timeline_.Random(3000, 16000) : 120000);
  if (!odds_.power || !timeline_.Chance(30)) return;
  timeline_.After(timeline_.Random(0, 8000), [this, &node] {
    Node* other = Some([&](const Node& n) { return n.powered() && n.id() != node.id(); });
    if (faulty_ && other) PowerFails(*other);
  });
}

void Fleet::StrikeNetwork(Node& node) {
  const int64_t kind = timeline_.Random(0, 7);
  if (kind >= 3) return StrikeRing(node, kind);
  const int64_t mend_ms = timeline_.Random(500, 10000);
  Explain();
  switch (kind) {
    case 0:
      Tell(node, "-- is cut off for " + std::to_string(mend_ms) + " ms");
      CutOff(node);
      break;
    case 1:
      Say("-- the network falls apart for " + std::to_string(mend_ms) + " ms");
      for (const auto& one : nodes_) {
        for (const auto& other : nodes_) {
          if (one->id() % 2 != other->id() % 2) ether_.Cut(one->id(), other->id());
        }
      }
      break;
    default: {
      const NodeId deaf = static_cast<NodeId>(timeline_.Random(1, shape_.nodes));
      if (deaf == node.id()) return;
      Tell(node, "-- is not heard by " + NodeName(static_cast<int>(deaf)));
      ether_.Cut(node.id(), deaf);
    }
  }
  timeline_.After(mend_ms, [this] {
    Say("-- the network is mended");
    Explain();
    ether_.MendAll();
  });
}

// Somebody has looked, and says that a machine is off that is.
void Fleet::Confirm(Node& node) {
  Node* off = Some([](const Node& n) { return !n.powered(); });
  if (!off) return;
  Tell(node, "-- is told that " + off->name() + " is off");
  Watchers([&](Checker& checker) { checker.Confirmed(*this, *off); });
  Request(node, R"({"verb":"fence","node":")" + off->name() + R"(","confirm":true})");
}

void Fleet::StrikeRing(Node& node, int64_t kind) {
  switch (kind) {
    case 3:
      Tell(node, "-- rings in quick succession");
      Explain();
      return ether_.Shake(node.id());
    case 4:
      Tell(node, "-- try again");
      return ether_.HoldSends(node.id(), timeline_.Random(100, 8000));
    case 5:
      Tell(node, "-- its ring is not quorate for a while");
      Explain();
      return ether_.Flicker(node.id(), timeline_.Random(100, 5000));
    case 6:
      // A message that only its sender knows.
      return ether_.OnNextMessage([this](NodeId sender) {
        Say("-- in the middle of a message");
        Explain();
        PowerFails(*nodes_[sender - 1]);
      });
    default:
      return ether_.OnNextMessage([this](NodeId sender) {
        Tell(*nodes_[sender - 1], "-- is cut off in the middle of a message");
        Explain();
        CutOff(*nodes_[sender - 1]);
        timeline_.After(timeline_.Random(500, 10000), [this] {
          Explain();
          ether_.MendAll();
        });
      });
  }
}

void Fleet::CutOff(Node& node) {
  for (const auto& other : nodes_) {
    if (other->id() != node.id()) ether_.CutBoth(node.id(), other->id());
  }
}

}  // namespace picket::daemon_test
