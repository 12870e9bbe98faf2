// Texts of crmsh and pcs beside the CIBs that those tools made of them.
#pragma once

#include <filesystem>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/import/text_read.h"

namespace picket::compiler::import {

/// A file as it is; empty if it cannot be read.
std::string Contents(const std::filesystem::path& path);

/// The files of a folder with that ending (".crm"), sorted.
std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder, const std::string& ending);

/// As crmsh and pcs take a short name of an agent where Pacemaker's own are not asked for.
std::string Resolve(const std::string& type);

/// A reader of a tool's text.
using Reader = void (*)(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, TextRead& read);

/// What a reader makes of a text, serialised.
std::string AsCib(Reader reader, const std::string& text, TextRead& read);

/// The normal form as lines; without the section `without`.
std::vector<std::string> Lines(const pugi::xml_document& document, std::string_view without = "");
/// The same of a text; no lines if it is no XML.
std::vector<std::string> Lines(const std::string& cib, std::string_view without = "");

/// The lines of what a policy made from the CIB compiles to; none if that fails.
std::vector<std::string> LinesOfPolicy(const std::string& cib, std::string_view without = "");

}  // namespace picket::compiler::import
