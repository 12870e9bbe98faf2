// Which resource a recorded history is about (spec 02 §3).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver {

// Finds resources by instance id or history id while histories are read: as FindResource() does, without walking the
// whole list for each of nodes × resources histories. It must be told of resources and history ids as they come;
// history ids that go are noticed when they are looked up.
class ResourceIndex {
 public:
  explicit ResourceIndex(const Run& run);
  void Add(const Run& run, ResourceId resource);  // with everything below it
  void AddHistoryId(const Run& run, ResourceId resource);
  // The first in depth-first order; among instances of one anonymous clone any, since it is chosen anew for the node.
  ResourceId Find(const Run& run, std::string_view id) const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <typename Value>
  using Map = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  Map<ResourceId> by_id_;
  Map<std::vector<ResourceId>> by_history_id_;
};

// The primitive for a history of `node`: found by id, chosen among the instances of an anonymous clone, or made for a
// resource that is not configured any more. None: the history is skipped. Sets the resource's history id.
ResourceId ResourceOfHistory(Run& run, ResourceIndex& index, NodeId node, const ResourceHistory& history);

}  // namespace picket::solver
