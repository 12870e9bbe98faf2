#include "tests/plain/solve.h"

#include <pugixml.hpp>
#include <stdexcept>
#include <variant>

#include "solver/actions/summary.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/graph/transition.h"
#include "solver/schedule.h"

namespace picket::tests {
namespace {

using namespace solver;

void AddScores(const Run& run, const Recorder& recorder, std::string& text) {
  for (const Event& event : recorder.events()) {
    if (const auto* line = std::get_if<ScoreLine>(&event)) {
      text += std::to_string(static_cast<int>(line->stage)) + " " + run.at(line->resource).id + " ";
      text += run.at(line->node).name + " " + line->score.ToString() + "\n";
    } else if (const auto* promotion = std::get_if<PromotionLine>(&event)) {
      text += "promotion " + run.at(promotion->resource).id + " ";
      text += (promotion->node.valid() ? run.at(promotion->node).name : "-") + " " + promotion->score.ToString() + "\n";
    } else if (const auto* message = std::get_if<LogLine>(&event)) {
      text += message->text + "\n";
    }
  }
}

void AddSummary(const TransitionSummary& summary, std::string& text) {
  for (const NodeSummary& line : summary.nodes) {
    text += line.task + " " + line.node_text + " '" + line.reason + "'\n";
  }
  for (const ResourceSummary& line : summary.resources) {
    text += line.change + " " + line.id + " ( " + line.details + " ) " + line.reason + "\n";
  }
}

}  // namespace

Read ReadCib(std::string_view cib) {
  pugi::xml_document document;
  DocumentError error;
  std::string warning;
  if (!ParseDocument(cib, document, error)) throw std::runtime_error(error.message);
  if (!UpgradeDocument(document, warning, error)) throw std::runtime_error(error.message);
  return {std::make_shared<const Cluster>(ReadCluster(document)),
          ReadState(document, std::nullopt, Instant{1000000000, 0})};
}

std::string SolvedText(std::string_view cib, Run& run) {
  const Read read = ReadCib(cib);
  return SolvedText(*read.cluster, read.state, run);
}

namespace {

std::string TextOf(const Cluster& cluster, const State& state, Run& run, bool reasons) {
  Recorder recorder;
  recorder.scores = recorder.utilization = recorder.log = true;
  recorder.reasons = reasons;
  const Transition transition = Schedule(cluster, state, run, &recorder);
  std::string text;
  AddScores(run, recorder, text);
  AddSummary(transition.summary, text);
  text += GraphXml(run, transition);
  text += DotText(run, transition, true, true);
  return text;
}

}  // namespace

std::string SolvedText(const Cluster& cluster, const State& state, Run& run) {
  const std::string text = TextOf(cluster, state, run, true);
  if (TextOf(cluster, state, run, false) != text) throw std::runtime_error("who asks for reasons gets another answer");
  return text;
}

std::string SolvedText(std::string_view cib) {
  std::string text;
  WithLargeStack([&] {
    Run run;
    text = SolvedText(cib, run);
  });
  return text;
}

}  // namespace picket::tests
