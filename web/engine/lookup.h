// What the editor of the page looks up while somebody writes: the words of the language, and agents. Nothing of it is
// of one policy.
#pragma once

#include <string>

#include "web/engine/json.h"

namespace picket::web {

// {"statements":[word],"words":[word],"agents":[{"name","text"}]}: what may open a statement; other words with a
// meaning of their own; the agents that policies are checked against.
Json LanguageWords();
// {"name","text","parameters":[{"name","text","required","default","choices":[]}],"actions":[name]} of an agent.
// Throws Refusal if there is none of that name.
Json AgentOf(const std::string& name);
// A CIB or a policy with its secrets masked (web/page/secrets.h). What is neither comes back as it is.
std::string WithSecretsMasked(const std::string& text);

}  // namespace picket::web
