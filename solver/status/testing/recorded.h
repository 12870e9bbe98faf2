// A small cluster with a recorded history, for tests of the status room: what happened in one line, what it means in
// another.
//
// A history is `RESOURCE: ENTRY ENTRY …` with entries `OPERATION[/INTERVAL]=RC` in order of their call ids; behind them
// may follow `!EXPECTED` (else 7 for a probe, 0), `~STATUS` (else 0, -1 for rc 193), `@TIME` and `#ID` (else
// `RSC_OP_INTERVAL`). Migrations are between n1 and n2.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver::testing {

inline constexpr int64_t kNow = 1000000000;

struct Recorded {
  std::string nodes = "n1 n2";
  std::string properties;  // nvpair elements
  std::string resources;
  std::vector<std::pair<std::string, std::string>> history;     // node, line
  std::vector<std::pair<std::string, std::string>> attributes;  // node, nvpair elements
  std::vector<std::pair<std::string, std::string>> membership;  // node, XML attributes instead of a healthy member's
  bool fencing = false;
  bool quorum = true;
};

std::string Pair(std::string_view name, std::string_view value);
// An ocf:pacemaker:Dummy with meta-attributes (`a=1 b=2`) and operations (`monitor/10000 on-fail=stop; start …`).
std::string Dummy(std::string_view id, std::string_view meta = {}, std::string_view operations = {});
std::string Clone(std::string_view id, std::string_view child, std::string_view meta = {});

// The configuration and the status, read.
class Read {
 public:
  explicit Read(const Recorded& recorded);
  Read(const Read&) = delete;  // The run refers to the rest.

  // `ROLE NODE… [FLAG…] [next ROLE]`, e.g. `Started n1 failed stop next Stopped`.
  std::string Of(std::string_view resource) const;
  // `online`, `offline`, with `unclean`, `standby`, `pending`, `shutdown`.
  std::string Node(std::string_view name) const;
  // The score of a resource on a node, or `absent`.
  std::string Score(std::string_view resource, std::string_view node) const;
  // All actions so far: `KEY@NODE`, optional ones in parentheses, reasons in quotes.
  std::string Actions() const;
  // Keys of the failed list.
  std::string Failed() const;

  Run run;

 private:
  Cluster cluster_;
  State state_;
};

}  // namespace picket::solver::testing
