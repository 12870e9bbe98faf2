#include "simulator/explain/remedy.h"

#include "simulator/explain/changes.h"
#include "simulator/explain/explain.h"

namespace picket::simulator::explain {
namespace {

constexpr size_t kAlternativesMax = 3;

bool Helps(const pugi::xml_document& document, const Situation& situation, std::string_view resource,
           std::initializer_list<const Trial*> trials) {
  pugi::xml_document changed;
  changed.reset(document);
  for (const Trial* trial : trials) trial->apply(changed);
  return Runs(*Solve(changed, situation.state.now, false, situation.cluster.target), resource);
}

}  // namespace

Remedy FindRemedy(const pugi::xml_document& document, const Situation& situation, std::string_view resource,
                  int tries_max) {
  Remedy remedy;
  const std::vector<Trial> trials = TrialsFor(situation, resource);
  for (const Trial& trial : trials) {
    if (remedy.tried >= tries_max || remedy.alternatives.size() >= kAlternativesMax) break;
    ++remedy.tried;
    if (!Helps(document, situation, resource, {&trial})) continue;
    (remedy.changes.empty() ? remedy.changes : remedy.alternatives).push_back(trial.change);
  }
  if (!remedy.changes.empty()) return remedy;
  // Pairs by the position of the dearer half, so that gentle pairs come first.
  for (size_t second = 1; second < trials.size(); ++second) {
    for (size_t first = 0; first < second; ++first) {
      if (remedy.tried >= tries_max) return remedy;
      ++remedy.tried;
      if (!Helps(document, situation, resource, {&trials[first], &trials[second]})) continue;
      remedy.changes = {trials[first].change, trials[second].change};
      return remedy;
    }
  }
  return remedy;
}

}  // namespace picket::simulator::explain
