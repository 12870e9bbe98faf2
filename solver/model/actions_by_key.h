// The actions of each key, oldest first: a table for finding only.
//
// One array that is at most half full, as in linked_kinds.h; lists keep their place and, from one solve to the next,
// their memory. Cost of finding: one place, or a few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "solver/model/action.h"

namespace picket::solver {

class ActionsByKey {
 public:
  // Null if there is none. The list stays where it is.
  const std::vector<ActionId>* Find(const ActionKey& key) const {
    if (places_.empty()) return nullptr;
    const Place& place = places_[PlaceOf(key)];
    return place.list == kFree ? nullptr : &lists_[place.list];
  }
  // The list, made if there is none.
  std::vector<ActionId>& Of(const ActionKey& key) {
    if (2 * (used_ + 1) > places_.size()) Grow();
    Place& place = places_[PlaceOf(key)];
    if (place.list == kFree) {
      place = {key, static_cast<uint32_t>(used_)};
      if (used_ == lists_.size()) lists_.emplace_back();
      ++used_;
    }
    return lists_[place.list];
  }
  // Keeps the memory.
  void Clear() {
    places_.assign(places_.size(), Place());
    for (size_t i = 0; i < used_; ++i) lists_[i].clear();
    used_ = 0;
  }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  struct Place {
    ActionKey key;
    uint32_t list = kFree;
  };

  size_t PlaceOf(const ActionKey& key) const {
    size_t at = ActionKeyHash()(key) & (places_.size() - 1);
    while (places_[at].list != kFree && !(places_[at].key == key)) at = (at + 1) & (places_.size() - 1);
    return at;
  }

  void Grow() {
    constexpr size_t kFirstPlaces = 64;  // a power of two, as every later size
    std::vector<Place> before(places_.empty() ? kFirstPlaces : 2 * places_.size());
    before.swap(places_);
    for (const Place& place : before) {
      if (place.list != kFree) places_[PlaceOf(place.key)] = place;
    }
  }

  std::vector<Place> places_;
  std::deque<std::vector<ActionId>> lists_;  // the first `used_` are in use
  size_t used_ = 0;
};

}  // namespace picket::solver
