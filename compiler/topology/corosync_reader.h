// corosync.conf read back: the topology of a cluster that has no policy, such
// as one of which only a CIB is at hand.
//
// It takes what CorosyncConf() writes and what people write by hand: comments,
// sections that say nothing about the topology, options in any order. What is
// known of totem, quorum and links ends in the members of Topology, any other
// option of those sections in its lists, and printing the result gives an
// equivalent file. corosync.conf has no names for links: they are called
// `link0`, `link1`… Whether Corosync would accept the values is not looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/topology/topology.h"

namespace picket::compiler {

struct CorosyncError {
  std::size_t line = 0;  ///< Counted from 1; 0 if it is about the whole file.
  std::string message;
  std::string help;
};

/// Nothing, and why not, if the text is no corosync.conf or lacks the nodes.
std::optional<Topology> ReadCorosyncConf(std::string_view text, CorosyncError& error);

}  // namespace picket::compiler
