#include "simulator/text/xml_element.h"

namespace picket::simulator {

namespace {

void AppendEscaped(std::string& out, std::string_view text, bool attribute) {
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '"':
        out += attribute ? "&quot;" : "\"";
        break;
      case '\n':
        out += attribute ? "&#10;" : "\n";
        break;
      case '\t':
        out += attribute ? "&#9;" : "\t";
        break;
      default:
        out += c;
    }
  }
}

void Append(std::string& out, const XmlElement& element, int depth) {
  out.append(static_cast<size_t>(depth) * 2, ' ').append("<").append(element.name);
  for (const auto& [name, value] : element.attributes) {
    out.append(" ").append(name).append("=\"");
    AppendEscaped(out, value, true);
    out += '"';
  }
  if (element.children.empty() && element.text.empty()) {
    out += "/>\n";
    return;
  }
  out += '>';
  AppendEscaped(out, element.text, false);
  if (!element.children.empty()) {
    out += '\n';
    for (const XmlElement& child : element.children) Append(out, child, depth + 1);
    out.append(static_cast<size_t>(depth) * 2, ' ');
  }
  out.append("</").append(element.name).append(">\n");
}

}  // namespace

std::string XmlText(const XmlElement& root) {
  std::string out;
  Append(out, root, 0);
  return out;
}

}  // namespace picket::simulator
