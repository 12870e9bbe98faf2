#include "compiler/diagnostics/json_log.h"

#include <cstdint>

namespace picket::compiler {

namespace {

using nlohmann::ordered_json;

void AddPlace(ordered_json& out, const Span& span, const SourceMap& sources) {
  if (span.file >= sources.files.size()) return;
  const Place begin = sources.PlaceOf(span);
  const Place end = sources.PlaceOf({span.file, span.end, span.end, span.frame});
  out["file"] = begin.path;
  out["line"] = begin.line;
  out["column"] = begin.column;
  out["end_line"] = end.line;
  out["end_column"] = end.column;
}

// The other places that a diagnostic names, then where it was expanded from, innermost first.
ordered_json RelatedOf(const Diagnostic& d, const SourceMap& sources) {
  ordered_json related = ordered_json::array();
  for (const Label& other : d.others) {
    ordered_json item = {{"message", other.text}};
    AddPlace(item, other.span, sources);
    related.push_back(std::move(item));
  }
  for (std::uint32_t frame = d.span.frame; frame != 0 && frame < sources.frames.size();
       frame = sources.frames[frame].parent) {
    ordered_json item = {{"message", "in " + sources.frames[frame].label}};
    AddPlace(item, sources.frames[frame].at, sources);
    related.push_back(std::move(item));
  }
  return related;
}

}  // namespace

void JsonLog::Add(const Diagnostics& diagnostics, const SourceMap& sources) {
  for (const Diagnostic& d : diagnostics.list()) {
    const bool is_error = d.severity == Severity::kError;
    (is_error ? errors_ : warnings_) += 1;
    ordered_json entry;
    entry["severity"] = is_error ? "error" : "warning";
    entry["code"] = d.code;
    entry["message"] = d.message;
    AddPlace(entry, d.span, sources);
    if (!d.label.empty()) entry["label"] = d.label;
    entry["help"] = d.help;
    entry["related"] = RelatedOf(d, sources);
    list_.push_back(std::move(entry));
  }
  dropped_ += diagnostics.dropped();
}

void JsonLog::WriteTo(ordered_json& document) const {
  document["errors"] = errors_;
  document["warnings"] = warnings_;
  document["diagnostics"] = list_;
  document["dropped"] = dropped_;
}

}  // namespace picket::compiler
