#include "web/engine/lookup.h"

#include <set>

#include "compiler/agents/builtin.h"
#include "compiler/syntax/keywords.h"
#include "solver/cib/document.h"
#include "web/engine/subject.h"
#include "web/page/secrets.h"

namespace picket::web {

Json LanguageWords() {
  std::set<std::string> words;
  for (const std::string& word : compiler::WordsOf(compiler::kFaultWords)) words.insert(word);
  for (const char* word :
       {"started", "stopped", "promoted", "unpromoted", "start",   "stop",   "promote", "demote", "running",
        "fenced",  "online",  "prefers",  "avoids",     "allows",  "only",   "never",   "then",   "with",
        "from",    "on",      "of",       "and",        "or",      "for",    "where",   "when",   "over",
        "before",  "in",      "implies",  "grants",     "after",   "expect", "given",   "during", "always",
        "link",    "op",      "takes",    "not",        "settles", "within"})
    words.insert(word);
  for (const std::string& word : compiler::FailureReactions()) words.insert(word);
  Json agents = Json::array();
  for (const auto& [name, agent] : compiler::agents::BuiltinLock().agents)
    agents.push_back({{"name", name}, {"text", agent.text}});
  return {{"statements", compiler::StatementKeywords()}, {"words", words}, {"agents", std::move(agents)}};
}

Json AgentOf(const std::string& name) {
  const compiler::agents::Agent* agent = compiler::agents::BuiltinLock().Find(name);
  if (!agent) throw Refusal("no agent `" + name + "` is known");
  Json parameters = Json::array();
  for (const compiler::agents::Parameter& parameter : agent->parameters) {
    Json one = {{"name", parameter.name}, {"text", parameter.text}, {"required", parameter.required}};
    one["default"] = parameter.fallback ? Json(*parameter.fallback) : Json();
    one["choices"] = parameter.choices;
    parameters.push_back(std::move(one));
  }
  std::set<std::string> actions;
  for (const compiler::agents::Action& action : agent->actions) actions.insert(action.name);
  return {{"name", name}, {"text", agent->text}, {"parameters", std::move(parameters)}, {"actions", actions}};
}

std::string WithSecretsMasked(const std::string& text) {
  if (!LooksLikeXml(text)) return WithoutSecrets(text);
  pugi::xml_document document;
  solver::DocumentError error;
  if (!solver::ParseDocument(text, document, error)) return text;
  MaskSecrets(document.document_element());
  return solver::DocumentText(document);
}

}  // namespace picket::web
