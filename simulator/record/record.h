// What each test did, step by step, in the neutral form that the lab writes of live clusters too
// (docs/testing-policies.md): operations in the order of their beginning, calls of fence devices, and the entries and
// attributes of every node once the cluster is at rest.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "simulator/scenario/play.h"

namespace picket::simulator {

class Record {
 public:
  Record();
  ~Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  // Keeps what `player` plays from here on.
  void Watch(Player& player);
  // The steps since the last verdict belong to this one.
  void Close(const Verdict& verdict);
  // All verdicts so far, as JSON.
  std::string Text() const;

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

}  // namespace picket::simulator
