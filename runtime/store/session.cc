#include "runtime/store/session.h"

#include <tuple>

#include "runtime/group/operation_json.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

// The level of what is written. Another one is not read: a session is worth less than a guess costs.
constexpr int kLevel = 1;

template <>
inline constexpr auto kFields<RunRecord> =
    std::tuple(Field{"run", &RunRecord::run}, Field{"pid", &RunRecord::pid},
               Field{"start_ticks", &RunRecord::start_ticks}, Field{"deadline_ms", &RunRecord::deadline_ms},
               Field{"order", &RunRecord::order}, Field{"repeat", &RunRecord::repeat},
               Field{"operation", &RunRecord::operation});
static_assert(kAllFields<RunRecord>);

template <>
inline constexpr auto kFields<AgentProcess> =
    std::tuple(Field{"run", &AgentProcess::run}, Field{"pid", &AgentProcess::pid},
               Field{"start_ticks", &AgentProcess::start_ticks});
static_assert(kAllFields<AgentProcess>);

template <>
inline constexpr auto kFields<StartedWith> =
    std::tuple(Field{"resource", &StartedWith::resource}, Field{"parameters", &StartedWith::parameters});
static_assert(kAllFields<StartedWith>);

template <>
inline constexpr auto kFields<Session> =
    std::tuple(Field{"boot_id", &Session::boot_id}, Field{"node", &Session::node},
               Field{"next_run", &Session::next_run}, Field{"next_order", &Session::next_order},
               Field{"next_call", &Session::next_call}, Field{"wall_minus_boot_ms", &Session::wall_minus_boot_ms},
               Field{"runs", &Session::runs}, Field{"started", &Session::started},
               Field{"fencing", &Session::fencing},
               Field{"soft", &Session::soft});
static_assert(kAllFields<Session>);

std::string EncodeSession(const Session& session) {
  Json json = {{"level", kLevel}};
  json.update(ToJson<Json>(session));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Session> DecodeSession(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("level", Json()) != kLevel) return std::nullopt;
  try {
    Session session;
    FromJson(json, session);
    return session;
  } catch (const WrongField&) {
    return std::nullopt;
  }
}

}  // namespace picket::runtime
