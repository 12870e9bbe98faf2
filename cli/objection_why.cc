#include "cli/objection_why.h"

#include "simulator/explain/explain.h"
#include "simulator/explain/text.h"
#include "simulator/world/by_hand.h"

namespace picket::cli {

simulator::Quoter QuoterOf(const compiler::SourceMap& sources) {
  return [&sources](const compiler::Span& span) {
    const compiler::Place place = sources.PlaceOf(span);
    simulator::Quote quote;
    quote.place = std::string(place.path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    if (span.file < sources.files.size()) {
      quote.file = place.path;
      quote.line = place.line;
      quote.text = sources.files[span.file].text.substr(span.begin, span.end - span.begin);
    }
    return quote;
  };
}

std::string WhyOf(const simulator::Objection& objection, const compiler::SourceMap& sources) {
  namespace explain = simulator::explain;
  constexpr size_t kLinesMax = 24;
  const auto cite = [&](std::string_view id) {
    const auto span = sources.Find(id);
    if (!span && simulator::IsByHand(id)) return std::string("by a step of the test");
    return span ? QuoterOf(sources)(*span).place : std::string(id);
  };
  if (objection.questions.empty() || !objection.moment.catalog) return "";
  const auto situation =
      explain::Solve(objection.moment.catalog->cluster(), objection.moment.state, objection.moment.not_fenced);
  std::string text;
  for (const simulator::WhyQuestion& question : objection.questions) {
    const auto explanation = explain::Explain(*situation, question.resource);
    if (!explanation) continue;
    const std::string brief =
        BriefOf(*explanation, {question.resource, question.node, question.not_there}, cite, kLinesMax);
    if (text.find(brief) == std::string::npos) text += brief;
  }
  return text;
}

}  // namespace picket::cli
