// The metadata that an agent prints of itself, as a document.
#pragma once

#include <pugixml.hpp>
#include <string_view>

namespace picket::runtime {

// False if the text is no metadata. An agent may print something before it comes to the point.
inline bool LoadMetadata(std::string_view text, pugi::xml_document& document) {
  const size_t begin = text.find("<resource-agent");
  if (begin == std::string_view::npos) return false;
  text.remove_prefix(begin);
  return document.load_buffer(text.data(), text.size()) && document.child("resource-agent").child("actions");
}

inline bool IsSet(pugi::xml_attribute attribute) {
  const std::string_view value = attribute.value();
  return value == "1" || value == "true";
}

}  // namespace picket::runtime
