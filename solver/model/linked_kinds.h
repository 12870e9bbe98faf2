// What kinds of relations there are between two actions: a table from pairs of actions to kinds, for finding only.
//
// One array that is at most half full; a pair that is taken goes to the next free place. A plan has several times as
// many relations as actions, so a map with memory of its own for each pair costs more than linking them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "solver/model/action.h"

namespace picket::solver {

class LinkedKinds {
 public:
  // The kinds of the pair, none if it is new; good until the next call. Whoever calls gives a new pair some kind.
  Kinds& Of(ActionId first, ActionId then) {
    if (2 * (used_ + 1) > places_.size()) Grow();
    Place& place = Find(first, then);
    if (place.kinds == 0) {
      place = {first, then, 0};
      ++used_;
    }
    return place.kinds;
  }

  // Keeps the memory.
  void Clear() {
    places_.assign(places_.size(), Place());
    used_ = 0;
  }

 private:
  struct Place {
    ActionId first;
    ActionId then;
    Kinds kinds = 0;  // none: the place is free
  };

  Place& Find(ActionId first, ActionId then) {
    uint64_t mixed = (uint64_t{static_cast<uint32_t>(first.value)} << 32) | static_cast<uint32_t>(then.value);
    mixed *= 0x9E3779B97F4A7C15u;
    size_t at = (mixed ^ (mixed >> 32)) & (places_.size() - 1);
    while (places_[at].kinds != 0 && (places_[at].first != first || places_[at].then != then)) {
      at = (at + 1) & (places_.size() - 1);
    }
    return places_[at];
  }

  void Grow() {
    constexpr size_t kFirstPlaces = 64;  // a power of two, as every later size
    std::vector<Place> before(places_.empty() ? kFirstPlaces : 2 * places_.size());
    before.swap(places_);
    for (const Place& place : before) {
      if (place.kinds != 0) Find(place.first, place.then) = place;
    }
  }

  std::vector<Place> places_;
  size_t used_ = 0;
};

}  // namespace picket::solver
