// The changes between two configurations in the author's words: what is added, changed and removed, object by
// object.
//
// The one list that people are shown, that a plan file keeps, that the exit status is computed from, and by
// which a plan that was made again is compared with the one that was shown. Values that may be secret are not
// in it.
#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

namespace picket::runtime {

struct Detail {
  std::string part;    // `instance_attributes/ip`
  std::string before;  // empty: it was not there
  std::string after;   // empty: it goes
  std::string id;      // of the element
  friend bool operator==(const Detail&, const Detail&) = default;
};

struct Change {
  enum class Kind : uint8_t { kAdded, kChanged, kRemoved };
  Kind kind = Kind::kChanged;
  std::string object;  // its key: `primitive web`
  std::string about;   // what kind of thing it is: `ocf:heartbeat:IPaddr2`; may be empty
  std::string id;
  std::vector<Detail> details;  // of kChanged
  friend bool operator==(const Change&, const Change&) = default;
};

// The second document was made from the first one (align.h). What Picket notes there is left out. Removals
// first, then in the order of the configuration.
// `secret`: keys (object_key.h) of pairs whose values are hidden, whatever they are called.
std::vector<Change> ChangesBetween(const pugi::xml_document& before, const pugi::xml_document& after,
                                   const std::set<std::string>& secret = {});

// A line for each change, and one below it for each detail.
std::string ChangesText(const std::vector<Change>& changes);

// Whether a pair may hold a password or the like, by its name or because deployment fills it in.
bool MayBeSecret(std::string_view name, std::string_view value);
inline constexpr const char* kHidden = "(hidden)";

}  // namespace picket::runtime
