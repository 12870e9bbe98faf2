// From what is declared and what is live to what should be live: the live configuration with as little
// changed as possible.
//
// A declared part finds its live counterpart by what it says, not by the ids of inner elements: a pair by its
// name, an operation by name, interval and role, a block by its kind and rule. The counterpart keeps its id,
// so a parameter that pcs or crmsh once wrote is changed and not made anew. What means the same in another
// spelling is left alone (compiler/import/normal_form.h says what that is). What is live and not declared
// goes if Picket wrote it, and is kept otherwise. Nodes are neither made nor removed: they come and go with
// their cluster software.
//
// Pure. Cost: the size of both configurations, and that of changed objects a few times more.
#pragma once

#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

#include "runtime/deploy/ownership.h"

namespace picket::runtime {

struct AlignOptions {
  bool own_all = false;         // what is live and not declared goes, whoever wrote it
  std::set<std::string> owned;  // keys (object_key.h) of what may go
};

// What cannot be done, with the id of the element that it is about.
struct Objection {
  std::string id;
  std::string what;
};

struct Alignment {
  pugi::xml_document target;                // the live document with the changes, without its status
  std::vector<std::string> beside;          // keys of what is live, not declared and kept, in document order
  std::vector<std::string> renamed;         // keys of live objects that are declared with another id
  std::vector<std::string> absent_nodes;    // declared, and not in the live cluster
  std::vector<std::string> unread_secrets;  // keys of declared secrets whose value is not known here and is live
  std::vector<Objection> objections;
};

// Both are CIBs in a schema of the same generation.
Alignment Align(const pugi::xml_document& declared, const pugi::xml_document& live, const AlignOptions& options);

// Whether both configurations mean the same to a cluster.
bool MeanTheSame(const pugi::xml_document& a, const pugi::xml_document& b);

// Whether a value is one that deployment fills in: `secret(PATH)`.
bool IsSecretPlaceholder(std::string_view value);

}  // namespace picket::runtime
