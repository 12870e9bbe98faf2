// A cluster that has just come up: what a policy is simulated on, since it says nothing of any state.
#pragma once

#include <pugixml.hpp>

namespace picket::simulator {

// Every member node online with an empty history, quorum, and the first node as DC. For a document without node states.
void BringAllOnline(pugi::xml_document& document);

}  // namespace picket::simulator
