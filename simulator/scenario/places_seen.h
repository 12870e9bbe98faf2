// Which resources run elsewhere, or otherwise, than at the event before: what asks for the place of any other resource
// gets the answer that it got then.
//
// A value beside the World, copied with whoever looks. Cost of a look: the resources of all nodes, compared; those of
// a node on which something changed, copied.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

class PlacesSeen {
 public:
  // Compares with the last look.
  void Look(const World& world);
  // At the first look, and where a node came or went, everything counts as changed.
  bool all_changed() const { return all_changed_; }
  // Primitives; some may stand here twice.
  const std::vector<std::string>& changed() const { return changed_; }
  // Whether one of the resource's primitives has changed. Whatever is no resource counts as its own primitive.
  bool Touch(const World& world, std::string_view resource) const;

 private:
  struct Place {
    std::string instance;
    std::string primitive;
    solver::Role role;
    int failing_rc;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct NodeSeen {
    std::string name;
    std::shared_ptr<const std::vector<Place>> places;  // by instance
  };
  void LookAt(const TrueNode& node, NodeSeen& seen);

  std::vector<NodeSeen> nodes_;  // in the world's order
  std::vector<std::string> changed_;
  bool all_changed_ = true;
};

// Adds the resources whose places the condition asks for. False if it asks for anything else, too: what has happened,
// who is a member, how long something was down.
bool AsksOnlyForPlaces(const compiler::scenario::Condition& condition, std::vector<std::string>& resources);

}  // namespace picket::simulator
