// Inside the explain room: single edits of a CIB document. What is not there is left alone.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace picket::simulator::explain {

void DropConstraint(pugi::xml_document& document, const std::string& id);
void SetPair(pugi::xml_document& document, const std::string& pair_id, const std::string& value);
// A meta-attribute that goes before every other one of the resource.
void SetMeta(pugi::xml_document& document, const std::string& resource, const std::string& name,
             const std::string& value);
void SetProperty(pugi::xml_document& document, const std::string& name, const std::string& value);
// Takes an attribute away wherever a node has it: configured or transient.
void DropNodeAttribute(pugi::xml_document& document, const std::string& node, const std::string& name);
void SetUtilization(pugi::xml_document& document, const std::string& node, const std::string& name, int64_t value);
void BringOnline(pugi::xml_document& document, const std::string& node, const std::string& id);
void CallItOff(pugi::xml_document& document, const std::string& node);
void GrantTicket(pugi::xml_document& document, const std::string& ticket);
void AllowOn(pugi::xml_document& document, const std::string& resource, const std::string& node);
void AddFenceDevice(pugi::xml_document& document);
// Forgets what the resource did on the node: its history and its fail counts.
void CleanUp(pugi::xml_document& document, const std::string& resource, const std::string& node);

}  // namespace picket::simulator::explain
