// The parts that the rooms of the core share: who we are, what is known, what is to be done, and who does it here.
//
// Each part has a header of its own and knows nothing of the others. The core owns them and hands this struct to the
// rooms that work with several of them; a room that needs one part takes that part.
#pragma once

#include <string>

#include "runtime/coordinator/coordinator.h"
#include "runtime/daemon/self.h"
#include "runtime/executor/executor.h"
#include "runtime/fencer/fencer.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

struct Parts {
  explicit Parts(const Settings& settings) : executor(settings), fencer(settings) {
    self.node = settings.node;
    self.grouped = settings.group;
    fencer.next_run = &executor.next_run;
    coordinator.self = settings.node;
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  // Our own name turned out to be another one.
  void Rename(const std::string& node) {
    if (node == self.node) return;
    replica.SetPeer(self.node, Peer());
    self.node = node;
    executor.Rename(node);
    fencer.Rename(node);
    coordinator.self = node;
    BeHere();
  }
  // We are a member ourselves.
  void BeHere() {
    Peer here;
    here.standing = Standing::kMember;
    here.in_ring = true;
    replica.SetPeer(self.node, here);
  }

  Self self;
  Replica replica;          // what is known
  Coordinator coordinator;  // what to do
  Executor executor;        // this node's agents
  Fencer fencer;            // other nodes' power
};

}  // namespace picket::runtime
