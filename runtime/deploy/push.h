// A new configuration for a live Pacemaker, put there whole or not at all, and never over somebody else's
// change.
//
// The protocol that CIBs of several versions allow (docs/deploy.md says what was measured):
//
//   - the node is asked, with a patch that changes nothing, whether it compares the configuration's version
//   alone. If it
//     does, that is the guard: no change of the configuration is lost, and no change of the status makes it
//     fail;
//   - else the exact version is the guard, made again as long as only the status moved. A busy cluster could
//   keep that
//     from ever succeeding, so in the end the patch goes without a version: then the serial number that
//     Picket keeps in the configuration fails it where another Picket was faster;
//   - after every success the configuration is read back. "Yes" is not enough: there are patches to which the
//   answer is
//     yes and which change nothing.
//
// Pure but for the port. Whatever moved in between, the target is made anew from what is live then.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <string>

#include "runtime/deploy/patch.h"

namespace picket::runtime {

// Where the CIB is.
class CibPort {
 public:
  virtual ~CibPort() = default;
  // The whole CIB as text; nothing, and the reason, if it cannot be read.
  virtual std::optional<std::string> Query(std::string& reason) = 0;
  struct Answer {
    int status = 0;  // Pacemaker's; negative: it is not known whether the patch arrived
    std::string complaint;
  };
  virtual Answer Patch(const std::string& patch) = 0;
  virtual void Pause(int64_t ms) = 0;
};

// Makes the target of a live CIB. False, and why, if what was agreed to is no longer what would be done.
using TargetMaker =
    std::function<bool(const pugi::xml_document& live, pugi::xml_document& target, std::string& reason)>;

struct PushOptions {
  int tries_max = 60;
  int exact_misses_max = 20;     // of the exact guard, before the patch goes without a version
  bool allow_no_quorum = false;  // for CIBs in a file, which have neither quorum nor coordinator
};

struct PushResult {
  enum class End : uint8_t {
    kApplied,
    kNothing,  // there was nothing to change
    kMoved,    // somebody else changed what this is about: nothing was changed
    kRefused,  // nothing was changed
    kUnknown,  // the connection broke, and it is not known what became of the patch
  };
  End end = End::kRefused;
  std::string reason;
  CibVersion base, applied;
  Guard guard = Guard::kConfiguration;
  int tries = 0;
  bool moved_since = false;  // it was applied, and somebody has changed something since
};

PushResult Push(CibPort& port, const TargetMaker& make, const PushOptions& options);

}  // namespace picket::runtime
