#include "runtime/store/session.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "runtime/group/operation_json.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

// The level of what is written. Another one is not read: a session is worth less than a guess costs.
constexpr int kLevel = 2;

template <>
inline constexpr auto kFields<RunRecord> = std::tuple(Field{"run", &RunRecord::run}, Field{"pid", &RunRecord::pid},
                                                      Field{"start_ticks", &RunRecord::start_ticks},
                                                      Field{"deadline_ms", &RunRecord::deadline_ms},
                                                      Field{"order", &RunRecord::order},
                                                      Field{"repeat", &RunRecord::repeat},
                                                      Field{"operation", &RunRecord::operation});
static_assert(kAllFields<RunRecord>);

template <>
inline constexpr auto kFields<AgentProcess> = std::tuple(Field{"run", &AgentProcess::run},
                                                         Field{"pid", &AgentProcess::pid},
                                                         Field{"start_ticks", &AgentProcess::start_ticks});
static_assert(kAllFields<AgentProcess>);

template <>
inline constexpr auto kFields<StartedWith> = std::tuple(Field{"resource", &StartedWith::resource},
                                                        Field{"parameters", &StartedWith::parameters});
static_assert(kAllFields<StartedWith>);

template <>
inline constexpr auto kFields<RunEnded> = std::tuple(Field{"run", &RunEnded::run});
static_assert(kAllFields<RunEnded>);

template <>
inline constexpr auto kFields<NoLongerStarted> = std::tuple(Field{"resource", &NoLongerStarted::resource});
static_assert(kAllFields<NoLongerStarted>);

template <>
inline constexpr auto kFields<FencingProcesses> = std::tuple(Field{"processes", &FencingProcesses::processes});
static_assert(kAllFields<FencingProcesses>);

template <>
inline constexpr auto kFields<SessionNumbers> = std::tuple(Field{"next_run", &SessionNumbers::next_run},
                                                           Field{"next_order", &SessionNumbers::next_order},
                                                           Field{"next_call", &SessionNumbers::next_call});
static_assert(kAllFields<SessionNumbers>);

template <>
inline constexpr auto kFields<SoftPart> = std::tuple(Field{"resource", &SoftPart::resource},
                                                     Field{"text", &SoftPart::text});
static_assert(kAllFields<SoftPart>);

template <>
inline constexpr auto kAlternatives<SessionChange> =
    std::to_array<std::string_view>({"run", "run-ended", "started", "no-longer-started", "fencing", "numbers", "soft"});
static_assert(kAlternatives<SessionChange>.size() == std::variant_size_v<SessionChange>);

// The parts are changes, and no field of the whole.
template <>
inline constexpr auto kFields<Session> = std::tuple(Field{"boot_id", &Session::boot_id}, Field{"node", &Session::node},
                                                    Field{"next_run", &Session::next_run},
                                                    Field{"next_order", &Session::next_order},
                                                    Field{"next_call", &Session::next_call},
                                                    Field{"wall_minus_boot_ms", &Session::wall_minus_boot_ms},
                                                    Field{"runs", &Session::runs}, Field{"started", &Session::started},
                                                    Field{"fencing", &Session::fencing}, Field{"soft", &Session::soft});

namespace {

void Apply(Session& session, const RunRecord& run) {
  session.runs.push_back(run);
}
void Apply(Session& session, const RunEnded& ended) {
  std::erase_if(session.runs, [&](const RunRecord& run) { return run.run == ended.run; });
}
void Apply(Session& session, const StartedWith& started) {
  std::erase_if(session.started, [&](const StartedWith& other) { return other.resource == started.resource; });
  session.started.push_back(started);
}
void Apply(Session& session, const NoLongerStarted& stopped) {
  std::erase_if(session.started, [&](const StartedWith& other) { return other.resource == stopped.resource; });
}
void Apply(Session& session, const FencingProcesses& fencing) {
  session.fencing = fencing.processes;
}
void Apply(Session& session, const SessionNumbers& numbers) {
  session.next_run = numbers.next_run;
  session.next_order = numbers.next_order;
  session.next_call = numbers.next_call;
}
void Apply(Session& session, const SoftPart& part) {
  session.parts[part.resource] = part.text;
}

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string EncodeSession(const Session& session) {
  Json json = {{"level", kLevel}};
  json.update(ToJson<Json>(session));
  return LineOf(json);
}

std::string EncodeChange(const SessionChange& change) {
  return LineOf(ToJson<Json>(change));
}

std::optional<Session> DecodeSession(std::string_view text) {
  std::optional<Session> session;
  for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const Json json = Json::parse(text.substr(0, end), nullptr, false);
    text.remove_prefix(end + 1);
    if (!json.is_object() || (!session && json.value("level", Json()) != kLevel)) return std::nullopt;
    try {
      if (!session) {
        FromJson(json, session.emplace());
        continue;
      }
      SessionChange change;
      FromJson(json, change);
      std::visit([&](const auto& what) { Apply(*session, what); }, change);
    } catch (const WrongField&) {
      return std::nullopt;
    }
  }
  return session;
}

}  // namespace picket::runtime
