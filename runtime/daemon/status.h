// The answer to `status`: what this daemon knows and does, as one line of JSON.
//
// The only writer of that line (docs/runtime.md). It reads every room and changes none. The CIB in it is kept as long
// as nothing in it changes, because making it takes longer than anything else that is asked for, and many may ask.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/control/request.h"
#include "runtime/daemon/departure.h"
#include "runtime/daemon/gate.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

// Nothing is to be done: the view's coordinator has said so last, and no order runs or waits here.
inline bool IsSettled(const View& view, const Executor& executor) {
  return view.active && view.progress.settled && executor.idle();
}

class Status {
 public:
  Status(const Parts& parts, const Membership& membership, const View& view, const Gate& gate,
         const Departure& departure)
      : parts_(parts), membership_(membership), view_(view), gate_(gate), departure_(departure) {}

  // `may_change`: the client may see secrets. `waits_for_operator`: Views::WaitsForOperator().
  std::string LineFor(const AskStatus& ask, bool may_change, bool waits_for_operator, const Moment& now);

 private:
  using Json = nlohmann::ordered_json;

  Json Nodes() const;
  Json ViewAsJson() const;
  std::vector<std::string> Messages() const;
  const std::string& Cib(bool secrets, const Moment& now);

  const Parts& parts_;
  const Membership& membership_;
  const View& view_;
  const Gate& gate_;
  const Departure& departure_;
  // The CIB as clients get it.
  struct KeptCib {
    std::string key;
    std::string json;
  };
  KeptCib kept_cib_;
};

}  // namespace picket::runtime
