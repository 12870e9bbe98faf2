// What a page is about: a policy, or a CIB with its state; compiled, started, and at rest.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/compile.h"
#include "simulator/scenario/play.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"
#include "web/engine/json.h"

namespace picket::web {

struct History;

struct Subject {
  std::string path;
  std::string policy;  // the text that is compiled: of a CIB, what the importer makes of it
  bool from_cib = false;
  std::map<std::string, std::string> files;  // what it may import
  compiler::CompileResult compilation;
  pugi::xml_document document;  // in the current schema
  solver::Cluster cluster;
  solver::State initial;
  simulator::WorldSettings settings;
  bool resumes = false;  // the CIB has a state: the cluster goes on from there
  std::optional<simulator::Player> player;
  // The histories that were played last: a page asks for the same one several times.
  std::vector<std::shared_ptr<const History>> played;
  std::string unrest;  // why the cluster does not come to rest; empty: it does

  const compiler::scenario::Scenario& scenario() const { return compilation.compiled->scenario; }
  const simulator::World& rested() const { return player->rested(); }
  size_t Primitives() const;
  // `web.picket:12:3`; the id where it has no place.
  std::string Cite(std::string_view id) const;
};

// Whether it is meant as a CIB, and not as a policy.
bool LooksLikeXml(std::string_view text);

// {"path","text","files"?:{name:text},"as"?} → a subject whose `compilation.compiled` is empty where the
// policy is wrong. Throws Refusal for what is no policy and no CIB.
std::unique_ptr<Subject> LoadSubject(const Json& request);

// What the page needs to know of it: nodes, resources, what can be struck, tests, diagnostics, places.
Json Describe(const Subject& subject);

// Compiles the policy with one more test of these steps, each as the language says it. Throws Refusal with
// what the compiler says of them.
compiler::CompileResult CompileWithSteps(const Subject& subject, const std::vector<std::string>& steps,
                                         const std::vector<std::string>& expectations);

}  // namespace picket::web
