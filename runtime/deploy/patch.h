// The difference between two configurations, as edits and as the patch that Pacemaker's cibadmin takes.
//
// The second configuration was made from the first one (align.h): what they share has the same ids. Edits
// come in the order in which they are carried out: what goes, then what changes, comes or is moved, top down.
// A patch is carried out whole or not at all. What Pacemaker's versions make of a patch is told in
// docs/deploy.md.
#pragma once

#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::runtime {

struct Edit {
  enum class Kind : uint8_t { kDelete, kModify, kCreate, kMove };
  Kind kind = Kind::kModify;
  std::string path;       // of the element; of kCreate: of its parent
  pugi::xml_node before;  // in the first document; none of kCreate
  pugi::xml_node after;   // in the second document; none of kDelete
  size_t position = 0;    // of kCreate and kMove: among the parent's children
};

// Valid as long as both documents are.
std::vector<Edit> EditsBetween(const pugi::xml_document& before, const pugi::xml_document& after);

// A CIB's version as its root says it.
struct CibVersion {
  int64_t admin_epoch = 0;
  int64_t epoch = 0;
  int64_t num_updates = 0;

  // Whether the configuration is the same; a change of the status counts in num_updates alone.
  bool SameConfiguration(const CibVersion& other) const {
    return admin_epoch == other.admin_epoch && epoch == other.epoch;
  }
  friend bool operator==(const CibVersion&, const CibVersion&) = default;
};
CibVersion VersionOf(const pugi::xml_document& cib);
std::string VersionText(const CibVersion& version);  // `0.12`

enum class Guard : uint8_t {
  kConfiguration,  // applies only to this configuration, whatever became of the status
  kExact,          // applies only to this very version
  kNone,           // applies to anything that has what it changes
};

// The text for `cibadmin --patch`. Without edits it is a patch that changes nothing: a question.
std::string PatchText(const std::vector<Edit>& edits, const CibVersion& version, Guard guard);

}  // namespace picket::runtime
