#include "web/engine/engine.h"

#include "web/engine/ask.h"
#include "web/engine/history.h"
#include "web/engine/json.h"
#include "web/engine/lookup.h"
#include "web/engine/subject.h"

namespace picket::web {
namespace {

std::string Text(const Json& answer) {
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> StepsOf(const Json& request) {
  return request.value("steps", std::vector<std::string>());
}

Json Answer(Subject& subject, const std::string& verb, const Json& request) {
  if (verb == "play") return TellHistory(subject, *PlayHistory(subject, StepsOf(request)));
  if (verb == "why") return Why(subject, *PlayHistory(subject, StepsOf(request)), request.at("resource"));
  if (verb == "export") {
    return ExportTest(subject, StepsOf(request), request.value("test", std::string("from the page")));
  }
  if (verb == "faults") return FaultsToSweep(subject);
  if (verb == "sweep_row") return SweepRow(subject, request.at("fault"), request.value("pairs", false));
  if (verb == "sweep") return SweepAll(subject, request.value("failures", 1), request.value("histories", int64_t{0}));
  if (verb == "test") return PlayTests(subject);
  throw Refusal("the engine does not know `" + verb + "`");
}

}  // namespace

Engine::Engine() = default;
Engine::~Engine() = default;

std::string Engine::Call(std::string_view text) {
  try {
    const Json request = Json::parse(text);
    const std::string verb = request.at("do");
    const std::string name = request.value("name", std::string("a"));
    if (verb == "load") {
      auto subject = LoadSubject(request);
      const Json answer = Describe(*subject);
      if (subject->compilation.compiled) subjects_[name] = std::move(subject);
      return Text(answer);
    }
    if (verb == "decide") return Text({{"text", Decide(request.at("text"), request.value("clock_s", int64_t{0}))}});
    if (verb == "words") return Text(LanguageWords());
    if (verb == "agent") return Text(AgentOf(request.at("agent")));
    if (verb == "mask") return Text({{"text", WithSecretsMasked(request.at("text"))}});
    const auto subject = subjects_.find(name);
    if (subject == subjects_.end()) throw Refusal("nothing is loaded under the name `" + name + "`");
    return Text(Answer(*subject->second, verb, request));
  } catch (const Refusal& refusal) {
    return Text({{"error", refusal.what()}});
  } catch (const Json::exception& error) {
    return Text({{"error", std::string("the request is not understood: ") + error.what()}});
  }
}

}  // namespace picket::web
