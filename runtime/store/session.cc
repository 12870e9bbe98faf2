#include "runtime/store/session.h"

#include <nlohmann/json.hpp>

#include "runtime/group/operation_json.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

std::string EncodeSession(const Session& session) {
  Json runs = Json::array();
  for (const RunRecord& run : session.runs) {
    runs.push_back({{"run", run.run},
                    {"pid", run.pid},
                    {"start_ticks", run.start_ticks},
                    {"deadline_ms", run.deadline_ms},
                    {"order", run.order},
                    {"repeat", run.repeat},
                    {"operation", JsonOf(run.operation)}});
  }
  const Json json = {{"level", 1},
                     {"boot_id", session.boot_id},
                     {"node", session.node},
                     {"next_run", session.next_run},
                     {"next_order", session.next_order},
                     {"next_call", session.next_call},
                     {"wall_minus_boot_ms", session.wall_minus_boot_ms},
                     {"runs", std::move(runs)},
                     {"soft", session.soft}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Session> DecodeSession(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  try {
    if (json.at("level").get<int>() != 1) return std::nullopt;
    Session session;
    json.at("boot_id").get_to(session.boot_id);
    json.at("node").get_to(session.node);
    json.at("next_run").get_to(session.next_run);
    json.at("next_order").get_to(session.next_order);
    json.at("next_call").get_to(session.next_call);
    json.at("wall_minus_boot_ms").get_to(session.wall_minus_boot_ms);
    for (const Json& entry : json.at("runs")) {
      RunRecord run;
      entry.at("run").get_to(run.run);
      entry.at("pid").get_to(run.pid);
      entry.at("start_ticks").get_to(run.start_ticks);
      entry.at("deadline_ms").get_to(run.deadline_ms);
      entry.at("order").get_to(run.order);
      entry.at("repeat").get_to(run.repeat);
      run.operation = OperationFrom(entry.at("operation"));
      session.runs.push_back(std::move(run));
    }
    json.at("soft").get_to(session.soft);
    return session;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace picket::runtime
