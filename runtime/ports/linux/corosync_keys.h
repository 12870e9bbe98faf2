// What corosync.conf says, out of the keys of Corosync's map (cmap_keys(7)). Pure functions; no Corosync in here.
#pragma once

#include <map>
#include <string>

#include "runtime/ports/events.h"

namespace picket::runtime {

// Keys of the map and their values as text; numbers are in decimal.
using CorosyncKeys = std::map<std::string, std::string>;

// All but `self.process`, which is not Corosync's to know. Without a nodelist that has this node, `self.node` is 0.
//
// A node is called by its `name`; without one by its first address, if that is a name; without that our own node is
// called by `host_name`, and another one has no name until it says hello.
GroupOpened OpenedFrom(const CorosyncKeys& keys, const std::string& host_name);

// The name of a node of the list; empty if it has none.
std::string NameOf(const GroupOpened& opened, NodeId node);

}  // namespace picket::runtime
