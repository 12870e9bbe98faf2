#include "runtime/daemon/departure.h"

#include <nlohmann/json.hpp>
#include <string>

namespace picket::runtime {

void Departure::Leave(int status, Turn& turn, bool clean) {
  left_ = true;
  turn.out.Tell(SayLevel::kNotice, "daemon", parts_.self.node, {},
                clean ? "nothing runs here any more; picketd leaves" : "picketd leaves; what runs here goes on");
  if (clean) journal_.Wipe(turn);
  newsroom_.Publish(parts_.replica, connections_, turn);
  turn.out.effects.push_back(Exit{status});
}

void Departure::Ask(const AskedToLeave& event, Turn& turn, std::optional<ClientNumber> client) {
  if (client) client_ = client;
  const bool configured = parts_.replica.configured();
  const bool nobody_to_stop_them = !view_.active && (!parts_.self.grouped || !configured);
  if (!event.stop_services || leaving_ || nobody_to_stop_them) {
    Leave(0, turn);
    return;
  }
  leaving_ = true;
  if (!configured) {
    may_leave_ = true;
    return;
  }
  turn.out.Tell(SayLevel::kNotice, "daemon", parts_.self.node, {}, "all services are stopped, then picketd leaves");
  turn.out.messages.push_back(AttributeSet{parts_.self.node, "shutdown", std::to_string(turn.now.wall_s())});
}

void Departure::SayGoodbye(bool quiet, Turn& turn) {
  if (!view_.active || !may_leave_ || said_goodbye_ || !quiet) return;
  said_goodbye_ = true;
  NameWhatRunsOn(turn);
  turn.out.messages.push_back(Goodbye{parts_.self.node});
}

void Departure::NameWhatRunsOn(Turn& turn) const {
  std::string names;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const StartedWith& started : parts_.executor.Started()) {
    // A fence device is in nobody's process.
    if (parts_.executor.IsDevice(started.resource)) continue;
    names += (names.empty() ? "" : ", ") + started.resource;
    list.push_back(started.resource);
  }
  if (names.empty()) return;
  turn.out.Tell(SayLevel::kWarning, "daemon", parts_.self.node, {},
                "picketd leaves; these are not managed and go on: " + names);
  if (client_ && connections_.IsHere(*client_)) {
    turn.out.effects.push_back(Answer{*client_, nlohmann::ordered_json{{"still_runs", std::move(list)}}.dump()});
  }
}

}  // namespace picket::runtime
