#include <algorithm>
#include <cstring>
#include <pugixml.hpp>

#include "simulator/report/page.h"

namespace picket::simulator::report {

std::string Escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += ' ';
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
  }
  return out;
}

namespace {

constexpr const char* kElements[] = {"svg",    "g",    "title", "desc",  "path", "polygon", "polyline", "ellipse",
                                     "circle", "line", "text",  "tspan", "rect", "defs",    "a"};

bool IsDrawn(const char* name) {
  return std::any_of(std::begin(kElements), std::end(kElements),
                     [&](const char* e) { return std::strcmp(e, name) == 0; });
}

bool IsHarmless(const char* name) {
  constexpr const char* kBad[] = {"href", "xlink:href", "style", "id", "xlink:title"};
  if (std::strncmp(name, "on", 2) == 0) return false;
  return std::none_of(std::begin(kBad), std::end(kBad), [&](const char* bad) { return std::strcmp(bad, name) == 0; });
}

void Clean(pugi::xml_node node) {
  for (pugi::xml_attribute attribute = node.first_attribute(); attribute;) {
    const pugi::xml_attribute next = attribute.next_attribute();
    if (!IsHarmless(attribute.name())) node.remove_attribute(attribute);
    attribute = next;
  }
  for (pugi::xml_node child = node.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    const bool text = child.type() == pugi::node_pcdata;
    if (!text && (child.type() != pugi::node_element || !IsDrawn(child.name()))) {
      node.remove_child(child);
    } else if (!text) {
      Clean(child);
    }
    child = next;
  }
}

struct StringWriter : pugi::xml_writer {
  std::string text;
  void write(const void* data, size_t size) override { text.append(static_cast<const char*>(data), size); }
};

}  // namespace

std::string CleanSvg(std::string_view svg) {
  pugi::xml_document document;
  if (!document.load_buffer(svg.data(), svg.size())) return {};
  pugi::xml_node root = document.child("svg");
  if (!root) return {};
  Clean(root);
  StringWriter writer;
  root.print(writer, "", pugi::format_raw);
  return writer.text;
}

}  // namespace picket::simulator::report
