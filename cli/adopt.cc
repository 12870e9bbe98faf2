#include "cli/adopt.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "cli/compile_options.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/format/format.h"
#include "compiler/import/import.h"
#include "compiler/syntax/parse.h"
#include "runtime/deploy/object_key.h"
#include "solver/cib/document.h"

namespace picket::cli {
namespace {

using compiler::Span;
using pugi::xml_document;
using pugi::xml_node;
using runtime::Change;

xml_node ConfigurationOf(const xml_document& document) {
  return document.document_element().child("configuration");
}

compiler::CompileOptions HowTo(const std::string& schema) {
  compiler::CompileOptions how = ReviewedOptions();
  how.target = schema.starts_with("pacemaker-4") ? compiler::emit::Target::k30 : compiler::emit::Target::k21;
  return how;
}

// A value as the language reads it.
std::string Quoted(const std::string& value) {
  const bool plain = !value.empty() && std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-' || c == ':' || c == '/';
  }) && std::isalnum(static_cast<unsigned char>(value[0])) != 0;
  if (plain) return value;
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

// The statements of a text, by the ids that they declare.
class Statements {
 public:
  Statements(const std::string& text, const std::string& path, const std::string& schema)
      : text_(text), result_(compiler::CompileText(text, path, HowTo(schema))) {
    compiler::Diagnostics ignored;
    file_ = compiler::Parse(text, 0, ignored);
  }

  bool compiles() const { return result_.compiled.has_value(); }
  const compiler::CompileResult& result() const { return result_; }

  // Where the statement stands in the policy's own file; nullopt if another file has it or an expansion made it.
  std::optional<Span> Find(const std::string& id) const {
    auto span = result_.source_map.Find(id);
    if (!span) span = result_.source_map.Find(id, "uname");
    if (!span || span->frame != 0 || span->file != 0) return std::nullopt;
    for (const auto& statement : file_.statements) {
      if (statement.span.begin <= span->begin && span->begin < statement.span.end) return statement.span;
    }
    return std::nullopt;
  }
  std::optional<Span> ValueOf(const std::string& id) const {
    const auto span = result_.source_map.Find(id, "value");
    if (!span || span->frame != 0 || span->file != 0) return std::nullopt;
    return span;
  }
  std::string TextAt(const Span& span) const { return text_.substr(span.begin, span.end - span.begin); }

 private:
  const std::string& text_;
  compiler::CompileResult result_;
  compiler::ast::File file_;
};

std::string Replaced(const std::string& text, const Span& span, const std::string& by) {
  return text.substr(0, span.begin) + by + text.substr(span.end);
}

std::string Formatted(const std::string& text) {
  compiler::Diagnostics diagnostics;
  const compiler::ast::File file = compiler::Parse(text, 0, diagnostics);
  return diagnostics.HasErrors() ? text : compiler::Format(file, text);
}

void IndexElements(xml_node element, std::map<std::string, xml_node>& by_key) {
  for (const xml_node child : element.children()) {
    if (runtime::IsOwnable(child)) by_key.emplace(runtime::KeyOf(child), child);
    IndexElements(child, by_key);
  }
}

std::string ObjectOfKey(const std::string& key) {
  return key.substr(0, key.find('/'));
}
std::string IdOfKey(const std::string& key) {
  const std::string object = ObjectOfKey(key);
  const size_t blank = object.find(' ');
  return blank == std::string::npos ? "" : object.substr(blank + 1);
}

class Adopting {
 public:
  Adopting(const std::string& path, const std::string& schema, const xml_document& live)
      : path_(path), schema_(schema), live_(live) {
    IndexElements(ConfigurationOf(live), live_by_key_);
    compiler::import::Imported imported;
    std::string reason;
    xml_document without_notes;
    without_notes.reset(live);
    xml_node options = ConfigurationOf(without_notes).child("crm_config");
    options.remove_child(options.find_child_by_attribute("id", runtime::kMarkerId));
    if (compiler::import::Import(solver::DocumentText(without_notes), ReviewedImport(), imported, reason))
      imported_ = imported.policy;
  }

  Adoption Run(std::string text) {
    Adoption adoption;
    std::set<std::string> hopeless;
    std::optional<Drift> drift = DriftFrom(text);
    while (drift) {
      const auto key = NextKey(*drift, hopeless);
      if (!key) break;
      bool taken = false;
      for (const std::string& candidate : Candidates(text, *drift, *key)) {
        std::optional<Drift> better = DriftFrom(candidate);
        if (!better || better->size() >= drift->size()) continue;
        text = candidate;
        drift = std::move(better);
        taken = true;
        break;
      }
      (taken ? adoption.adopted : adoption.left).push_back(*key);
      if (!taken) hopeless.insert(*key);
    }
    adoption.text = Formatted(text);
    return adoption;
  }

 private:
  std::optional<Drift> DriftFrom(const std::string& text) const {
    const compiler::CompileResult result = compiler::CompileText(text, path_, HowTo(schema_));
    if (!result.compiled) return std::nullopt;
    Wanted wanted;
    wanted.cib.reset(result.compiled->cib);
    Proposal proposal;
    Propose(wanted, live_, {}, proposal);
    return DriftOf(proposal);
  }

  // What is looked at next: a pair, or an object.
  static std::optional<std::string> NextKey(const Drift& drift, const std::set<std::string>& hopeless) {
    for (const Change& change : drift.changes) {
      if (change.details.empty() && !hopeless.contains(change.object)) return change.object;
      for (const runtime::Detail& detail : change.details) {
        const std::string key = change.object + "/" + detail.part;
        if (!hopeless.contains(key)) return key;
      }
    }
    for (const std::string& key : drift.beside) {
      if (!hopeless.contains(key)) return key;
    }
    return std::nullopt;
  }

  std::vector<std::string> Candidates(const std::string& text, const Drift& drift, const std::string& key) const {
    std::vector<std::string> candidates;
    const Statements statements(text, path_, schema_);
    const std::string id = IdOfKey(key);
    const auto live = live_by_key_.find(key);
    const bool is_pair = live != live_by_key_.end() && std::string_view(live->second.name()) == "nvpair";
    const std::string value = is_pair ? Quoted(live->second.attribute("value").value()) : "";
    if (is_pair && runtime::MayBeSecret(live->second.attribute("name").value(), "")) return candidates;
    if (is_pair) {
      OtherValue(statements, text, key, value, candidates);
      OneMore(statements, text, key, live->second, value, candidates);
    }
    const auto place = statements.Find(id);
    const bool gone = std::any_of(drift.changes.begin(), drift.changes.end(), [&](const Change& change) {
      return change.object == key && change.kind == Change::Kind::kAdded;
    });
    if (gone && place) candidates.push_back(Replaced(text, *place, ""));
    const Statements imported(imported_, "imported.picket", schema_);
    if (const auto source = imported.Find(id)) {
      const std::string anew = imported.TextAt(*source);
      // A node has links and more that no CIB knows.
      if (place && !key.starts_with("node ")) candidates.push_back(Replaced(text, *place, anew));
      if (!place) candidates.push_back(text + "\n" + anew + "\n");
    }
    return candidates;
  }

  // The pair's value where it stands in the policy.
  void OtherValue(const Statements& statements, const std::string& text, const std::string& key,
                  const std::string& value, std::vector<std::string>& candidates) const {
    if (!statements.compiles()) return;
    std::map<std::string, xml_node> declared;
    IndexElements(ConfigurationOf(statements.result().compiled->cib), declared);
    const auto pair = declared.find(key);
    if (pair == declared.end()) return;
    const std::string id = pair->second.attribute("id").value();
    if (const auto span = statements.ValueOf(id)) candidates.push_back(Replaced(text, *span, value));
    // The place may be that of the whole `name=value`.
    const auto whole = statements.result().source_map.Find(id);
    if (whole && whole->frame == 0 && whole->file == 0) {
      const std::string old = statements.TextAt(*whole);
      const size_t equals = old.find('=');
      if (equals != std::string::npos) candidates.push_back(Replaced(text, *whole, old.substr(0, equals + 1) + value));
    }
  }

  // A line more: in the object's block, or a statement of its own for options.
  static void OneMore(const Statements& statements, const std::string& text, const std::string& key, xml_node pair,
                      const std::string& value, std::vector<std::string>& candidates) {
    const std::string line = Quoted(pair.attribute("name").value()) + "=" + value;
    const std::string object = ObjectOfKey(key);
    if (object == "crm_config") return candidates.push_back(text + "\nproperty " + line + "\n");
    if (object == "rsc_defaults" || object == "op_defaults")
      return candidates.push_back(text + "\n" + object + " { " + line + " }\n");
    const auto place = statements.Find(IdOfKey(key));
    if (!place) return;
    const std::string block = pair.parent().name();
    std::vector<std::string> words;
    if (object.starts_with("node ")) {
      words = {block == "utilization" ? "utilization " : "attributes "};
    } else if (block == "meta_attributes") {
      words = {"meta ", ""};
    } else if (block == "utilization") {
      words = {"utilization "};
    } else {
      words = {"", "params "};
    }
    std::string old = statements.TextAt(*place);
    while (!old.empty() && std::isspace(static_cast<unsigned char>(old.back())) != 0) old.pop_back();
    for (const std::string& word : words) {
      candidates.push_back(Replaced(text, *place,
                                    old.ends_with('}') ? old.substr(0, old.size() - 1) + "\n  " + word + line + "\n}"
                                                       : old + " {\n  " + word + line + "\n}"));
    }
  }

  const std::string& path_;
  const std::string& schema_;
  const xml_document& live_;
  std::map<std::string, xml_node> live_by_key_;
  std::string imported_;
};

}  // namespace

size_t Drift::size() const {
  size_t number = beside.size();
  for (const Change& change : changes) number += std::max<size_t>(change.details.size(), 1);
  return number;
}

Drift DriftOf(const Proposal& proposal) {
  Drift drift;
  drift.changes = proposal.changes;
  for (const std::string& key : proposal.alignment.beside) {
    if (!proposal.before.beside.contains(key)) drift.beside.push_back(key);
  }
  return drift;
}

Adoption Adopt(const std::string& path, const std::string& text, const std::string& schema, const xml_document& live) {
  return Adopting(path, schema, live).Run(text);
}

}  // namespace picket::cli
