#include "compiler/diagnostics/sarif.h"

#include <algorithm>

#include "compiler/diagnostics/registry.h"

namespace picket::compiler {
namespace {

using nlohmann::ordered_json;

// A path as a URI reference: what a URI does not allow is written as %XX.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kAllowed = "-_.~/";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = path.starts_with("/") ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                       kAllowed.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

// Nothing if the finding is about no file that was read.
ordered_json LocationOf(const Span& span, const SourceMap& sources) {
  if (span.file >= sources.files.size()) return nullptr;
  const Place begin = sources.PlaceOf(span);
  const Place end = sources.PlaceOf({span.file, span.end, span.end, span.frame});
  ordered_json region;
  region["startLine"] = begin.line;
  region["startColumn"] = begin.column;
  region["endLine"] = end.line;
  region["endColumn"] = end.column;
  ordered_json location;
  location["physicalLocation"]["artifactLocation"]["uri"] = UriOf(begin.path);
  location["physicalLocation"]["region"] = region;
  return location;
}

std::string Sentence(const Diagnostic& d) {
  std::string out = d.message;
  if (!d.label.empty()) out += " (" + d.label + ')';
  for (const std::string& help : d.help) out += "\n" + help;
  return out;
}

}  // namespace

void SarifLog::Add(const Diagnostics& diagnostics, const SourceMap& sources) {
  for (const Diagnostic& d : diagnostics.list()) {
    codes_.insert(std::string(d.code));
    ordered_json result;
    result["ruleId"] = d.code;
    result["level"] = d.severity == Severity::kError ? "error" : "warning";
    result["message"]["text"] = Sentence(d);
    result["locations"] = ordered_json::array();
    if (ordered_json location = LocationOf(d.span, sources); !location.is_null()) {
      result["locations"].push_back(std::move(location));
    }
    ordered_json related = ordered_json::array();
    const auto relate = [&](const Span& span, const std::string& text) {
      ordered_json location = LocationOf(span, sources);
      if (location.is_null()) return;
      location["message"]["text"] = text;
      related.push_back(std::move(location));
    };
    for (const Label& other : d.others) relate(other.span, other.text);
    for (std::uint32_t frame = d.span.frame; frame != 0 && frame < sources.frames.size();
         frame = sources.frames[frame].parent) {
      relate(sources.frames[frame].at, "in " + sources.frames[frame].label);
    }
    if (!related.empty()) result["relatedLocations"] = std::move(related);
    results_.push_back(std::move(result));
  }
  if (diagnostics.dropped() > 0) {
    const std::string path = sources.files.empty() ? "a policy" : sources.files[0].path;
    unshown_.push_back(std::to_string(diagnostics.dropped()) + " more of " + path + " are not shown");
  }
}

std::string SarifLog::Text() const {
  ordered_json rules = ordered_json::array();
  for (const std::string& code : codes_) {
    const CodeInfo* info = FindCode(code);
    ordered_json rule;
    rule["id"] = code;
    if (info != nullptr) {
      rule["shortDescription"]["text"] = info->title;
      rule["fullDescription"]["text"] = info->explanation;
    }
    rules.push_back(std::move(rule));
  }
  ordered_json run;
  run["tool"]["driver"]["name"] = "picket";
  run["tool"]["driver"]["rules"] = std::move(rules);
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = results_;
  if (!unshown_.empty()) {
    ordered_json notes = ordered_json::array();
    for (const std::string& text : unshown_) {
      notes.push_back({{"level", "note"}, {"message", {{"text", text}}}});
    }
    run["invocations"] = ordered_json::array(
        {{{"executionSuccessful", true}, {"toolExecutionNotifications", std::move(notes)}}});
  }
  ordered_json document;
  document["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  document["version"] = "2.1.0";
  document["runs"] = ordered_json::array({run});
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace picket::compiler
