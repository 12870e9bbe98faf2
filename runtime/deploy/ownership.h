// What of a live configuration Picket wrote: notes that are kept in the configuration itself.
//
// Whoever applies a policy may be somebody else, on another machine, than the last one; so what was declared
// then is remembered where everybody sees it, in a set of cluster options of its own, which Pacemaker does
// not look at. What is not in these notes was written by somebody else and is never removed (docs/deploy.md).
//
// The serial number has an element whose id changes with it. A patch that changes that element applies only
// to a configuration in which nobody else's Picket was faster, whatever versions say.
#pragma once

#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <string>

namespace picket::runtime {

struct Ownership {
  uint64_t serial = 0;           // of the last apply; 0: there was none
  std::set<std::string> owned;   // keys (object_key.h) of what was declared
  std::set<std::string> beside;  // keys of what stood beside it and was left alone
  // Keys of pairs whose values deployment filled in -> what the policy called them: so that nobody is shown them
  // when the policy no longer has them either.
  std::map<std::string, std::string> secrets;
  std::map<std::string, std::string> notes;  // who, when, from, commit, base: for people

  friend bool operator==(const Ownership& a, const Ownership& b) = default;
};

// `configuration` is that element of a CIB. Damaged notes count as none: then nothing is ours.
Ownership ReadOwnership(pugi::xml_node configuration);
// Puts the notes in the place of what is there.
void WriteOwnership(pugi::xml_node configuration, const Ownership& ownership);

// The keys of all that a configuration declares and that could stand there without us: objects, pairs,
// operations, recipients, members of tags.
std::set<std::string> DeclaredKeys(pugi::xml_node configuration);
// Whether the part is one of those.
bool IsOwnable(pugi::xml_node element);

}  // namespace picket::runtime
