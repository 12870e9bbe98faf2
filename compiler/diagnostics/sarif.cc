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

void SarifLog::AddFailure(const std::string& text) {
  failures_.push_back(text);
}

namespace {

// Where the Debian package puts the manual; its page of diagnostics is `picket explain --format markdown`.
constexpr std::string_view kManual = "file:///usr/share/doc/picket/";

ordered_json RuleOf(const std::string& code) {
  ordered_json rule;
  rule["id"] = code;
  const CodeInfo* info = FindCode(code);
  if (info == nullptr) return rule;
  rule["shortDescription"]["text"] = info->title;
  rule["fullDescription"]["text"] = info->explanation;
  std::string help = std::string(info->explanation);
  if (!info->example.empty()) help += "\n\nBad:\n\n" + std::string(info->example);
  if (!info->remedy.empty()) help += "\nGood:\n\n" + std::string(info->remedy);
  rule["help"]["text"] = help;
  rule["helpUri"] = std::string(kManual) + "docs/diagnostics.md#" + code;
  return rule;
}

ordered_json NotificationsOf(const std::vector<std::string>& texts, const char* level) {
  ordered_json notes = ordered_json::array();
  for (const std::string& text : texts) notes.push_back({{"level", level}, {"message", {{"text", text}}}});
  return notes;
}

}  // namespace

std::string SarifLog::Text() const {
  ordered_json rules = ordered_json::array();
  for (const std::string& code : codes_) rules.push_back(RuleOf(code));
  ordered_json run;
  run["tool"]["driver"]["name"] = "picket";
  if (!version_.empty()) run["tool"]["driver"]["version"] = version_;
  run["tool"]["driver"]["informationUri"] = std::string(kManual) + "README.md";
  run["tool"]["driver"]["rules"] = std::move(rules);
  ordered_json invocation = {{"executionSuccessful", failures_.empty()}};
  ordered_json notes = NotificationsOf(failures_, "error");
  for (ordered_json& note : NotificationsOf(unshown_, "note")) notes.push_back(std::move(note));
  if (!notes.empty()) invocation["toolExecutionNotifications"] = std::move(notes);
  run["invocations"] = ordered_json::array({std::move(invocation)});
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = results_;
  ordered_json document;
  document["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  document["version"] = "2.1.0";
  document["runs"] = ordered_json::array({run});
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace picket::compiler
