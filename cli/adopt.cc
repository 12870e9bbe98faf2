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

// --- what stands between the braces of a statement, part by part

// A part's text without the blanks that spelling allows.
std::string Bare(const std::string& part) {
  std::string bare;
  for (const char c : part) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (blank && (bare.empty() || bare.back() == ' ' || bare.back() == '=')) continue;
    if (c == '=' && !bare.empty() && bare.back() == ' ') bare.pop_back();
    bare += blank ? ' ' : c;
  }
  while (!bare.empty() && bare.back() == ' ') bare.pop_back();
  return bare;
}

struct Parts {
  std::string head;                // up to the brace; the whole statement if it has none
  std::vector<std::string> parts;  // comments too
  bool on_lines = false;           // each on a line of its own

  std::string Text() const {
    if (parts.empty()) return head;
    std::string text = head;
    for (const std::string& part : parts) text += (on_lines ? "\n  " : &part == &parts.front() ? " " : "; ") + part;
    return text + (on_lines ? "\n}" : " }");
  }
  bool Has(const std::string& part) const {
    const std::string bare = Bare(part);
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& each) { return Bare(each) == bare; });
  }
};

Parts PartsOf(const std::string& statement) {
  Parts result;
  size_t at = 0;
  bool quoted = false, comment = false;
  for (; at < statement.size() && (quoted || statement[at] != '{'); ++at) quoted ^= statement[at] == '"';
  result.head = statement.substr(0, std::min(at + 1, statement.size()));
  result.on_lines = statement.find('\n', at) != std::string::npos;
  std::string part;
  const auto close = [&] {
    part = part.substr(std::min(part.find_first_not_of(" \t\n"), part.size()));
    part.erase(part.find_last_not_of(" \t\n") + 1);
    if (!part.empty()) result.parts.push_back(part);
    part.clear();
  };
  int depth = 0;
  for (quoted = false, ++at; at < statement.size(); ++at) {
    const char c = statement[at];
    if (comment) {
      comment = c != '\n';
    } else if (quoted) {
      if (c == '\\') part += statement[at++];
      quoted = statement[at] != '"';
    } else {
      quoted = c == '"';
      comment = c == '#';
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    }
    if (depth < 0) break;
    const bool ends = depth == 0 && !comment && !quoted && (c == '\n' || c == ';');
    if (ends) {
      close();
    } else {
      part += statement[at];
    }
  }
  close();
  return result;
}

std::string FirstWord(const std::string& part) {
  return part.substr(0, part.find_first_of(" ="));
}

bool SayTheSame(const std::string& a, const std::string& b) {
  const Parts one = PartsOf(a), other = PartsOf(b);
  const auto within = [](const Parts& inner, const Parts& outer) {
    return std::all_of(inner.parts.begin(), inner.parts.end(),
                       [&](const std::string& part) { return part.starts_with('#') || outer.Has(part); });
  };
  return Bare(one.head) == Bare(other.head) && within(one, other) && within(other, one);
}

// The ways to bring one part of `old` nearer to `anew`; all else of it, comments above all, stays.
std::vector<std::string> OnePartNearer(const std::string& old, const std::string& anew) {
  const Parts before = PartsOf(old), after = PartsOf(anew);
  std::vector<std::string> ways;
  if (before.parts.empty()) return ways;
  std::vector<size_t> surplus;
  for (size_t i = 0; i < before.parts.size(); ++i)
    if (!before.parts[i].starts_with('#') && !after.Has(before.parts[i])) surplus.push_back(i);
  for (const std::string& part : after.parts) {
    if (before.Has(part)) continue;
    for (const size_t i : surplus) {
      if (FirstWord(before.parts[i]) != FirstWord(part)) continue;
      Parts way = before;
      way.parts[i] = part;
      ways.push_back(way.Text());
    }
    Parts way = before;
    auto place = std::find_if(way.parts.rbegin(), way.parts.rend(),
                              [&](const std::string& each) { return FirstWord(each) == FirstWord(part); });
    way.parts.insert(place == way.parts.rend() ? way.parts.end() : place.base(), part);
    ways.push_back(way.Text());
  }
  for (const size_t i : surplus) {
    Parts way = before;
    way.parts.erase(way.parts.begin() + static_cast<ptrdiff_t>(i));
    ways.push_back(way.parts.empty() ? way.head.substr(0, way.head.find_last_not_of(" {") + 1) : way.Text());
  }
  return ways;
}

// ---

std::vector<std::string> StatementTexts(const std::string& text) {
  compiler::Diagnostics ignored;
  std::vector<std::string> texts;
  for (const auto& statement : compiler::Parse(text, 0, ignored).statements)
    texts.push_back(text.substr(statement.span.begin, statement.span.end - statement.span.begin));
  return texts;
}

std::string ImportedFrom(const xml_document& document) {
  compiler::import::Imported imported;
  std::string reason;
  return compiler::import::Import(solver::DocumentText(document), ReviewedImport(), imported, reason) ? imported.policy
                                                                                                      : "";
}

xml_node FindById(xml_node element, const std::string& id) {
  return element.find_node([&](xml_node each) { return id == each.attribute("id").value(); });
}

// The resources that hold this one and those that it holds, and itself.
void AddKin(xml_node resource, std::set<std::string>& ids) {
  for (xml_node each = resource; runtime::IsResource(each); each = each.parent())
    ids.insert(each.attribute("id").value());
  const std::function<void(xml_node)> down = [&](xml_node each) {
    for (const xml_node child : each.children()) {
      if (!runtime::IsResource(child)) continue;
      ids.insert(child.attribute("id").value());
      down(child);
    }
  };
  down(resource);
}

class Adopting {
 public:
  Adopting(const std::string& path, const std::string& schema, const xml_document& live)
      : path_(path), schema_(schema), live_(live) {
    IndexElements(ConfigurationOf(live), live_by_key_);
    without_notes_.reset(live);
    xml_node options = ConfigurationOf(without_notes_).child("crm_config");
    options.remove_child(options.find_child_by_attribute("id", runtime::kMarkerId));
    imported_ = ImportedFrom(without_notes_);
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
    WithoutOption(statements, text, key, candidates);
    const auto place = statements.Find(id);
    const bool gone = std::any_of(drift.changes.begin(), drift.changes.end(), [&](const Change& change) {
      return change.object == key && change.kind == Change::Kind::kAdded;
    });
    if (gone && place) candidates.push_back(Replaced(text, *place, ""));
    const Statements imported(imported_, "imported.picket", schema_);
    if (const auto source = imported.Find(id)) {
      const std::string anew = imported.TextAt(*source);
      if (place) {
        for (const std::string& way : OnePartNearer(statements.TextAt(*place), anew))
          candidates.push_back(Replaced(text, *place, way));
      }
      // A node has links and more that no CIB knows.
      if (place && !key.starts_with("node ")) candidates.push_back(Replaced(text, *place, anew));
      if (!place) candidates.push_back(text + "\n" + anew + "\n");
    }
    for (const std::string& anew : OfItsOwn(ObjectOfKey(key), id))
      candidates.push_back(place ? Replaced(text, *place, anew) : text + "\n" + anew + "\n");
    if (auto whole = WithKin(statements, imported, text, id)) candidates.push_back(std::move(*whole));
    return candidates;
  }

  // What the import makes of an object beside which its section holds nothing: it may join several in one statement.
  std::vector<std::string> OfItsOwn(const std::string& object, const std::string& id) const {
    std::vector<std::string> own;
    const auto live = live_by_key_.find(object);
    if (live == live_by_key_.end() || runtime::IsResource(live->second)) return own;
    const std::string section = live->second.parent().name();
    if (section == "nodes" || section == "configuration") return own;
    xml_document document;
    document.reset(without_notes_);
    xml_node place = ConfigurationOf(document).child(section.c_str());
    for (xml_node child = place.first_child(); child;) {
      const xml_node next = child.next_sibling();
      if (id != child.attribute("id").value()) place.remove_child(child);
      child = next;
    }
    const std::vector<std::string> with = StatementTexts(ImportedFrom(document));
    place.remove_children();
    const std::vector<std::string> without = StatementTexts(ImportedFrom(document));
    std::copy_if(with.begin(), with.end(), std::back_inserter(own), [&](const std::string& each) {
      return std::find(without.begin(), without.end(), each) == without.end();
    });
    return own;
  }

  // A resource together with what holds it and what it holds: members come and go with the statement of their group.
  std::optional<std::string> WithKin(const Statements& statements, const Statements& imported, const std::string& text,
                                     const std::string& id) const {
    if (!statements.compiles()) return std::nullopt;
    std::set<std::string> kin;
    AddKin(FindById(ConfigurationOf(live_).child("resources"), id), kin);
    AddKin(FindById(ConfigurationOf(statements.result().compiled->cib).child("resources"), id), kin);
    std::map<uint32_t, std::pair<Span, std::string>, std::greater<>> edits;  // the last place first
    std::string more;
    for (const std::string& each : kin) {
      const auto place = statements.Find(each), source = imported.Find(each);
      const std::string anew = source ? imported.TextAt(*source) : "";
      if (!place && more.find(anew + "\n") == std::string::npos) more += anew + "\n";
      if (place && !SayTheSame(statements.TextAt(*place), anew)) edits[place->begin] = {*place, anew};
    }
    if (kin.size() < 2 || (edits.empty() && more.empty())) return std::nullopt;
    std::string changed = text;
    for (const auto& [begin, edit] : edits) {
      // What is new stands before what holds it.
      const bool first = begin == edits.rbegin()->first && !edit.second.empty();
      changed = Replaced(changed, edit.first, (first ? more : "") + edit.second);
      if (first) more.clear();
    }
    return more.empty() ? changed : changed + "\n" + more;
  }

  // An option that nobody set any more: its statement goes, or its `name=value` if that has others too.
  static void WithoutOption(const Statements& statements, const std::string& text, const std::string& key,
                            std::vector<std::string>& candidates) {
    const std::string object = ObjectOfKey(key);
    if (object != "crm_config" && object != "rsc_defaults" && object != "op_defaults") return;
    if (!statements.compiles()) return;
    std::map<std::string, xml_node> declared;
    IndexElements(ConfigurationOf(statements.result().compiled->cib), declared);
    const auto pair = declared.find(key);
    if (pair == declared.end()) return;
    const std::string id = pair->second.attribute("id").value();
    if (const auto place = statements.Find(id)) candidates.push_back(Replaced(text, *place, ""));
    if (const auto value = statements.ValueOf(id)) {
      const size_t name = text.rfind(pair->second.attribute("name").value(), value->begin);
      if (name != std::string::npos)
        candidates.push_back(Replaced(text, {.begin = static_cast<uint32_t>(name), .end = value->end}, ""));
    }
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
  xml_document without_notes_;  // what is live, but for what Picket keeps there
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
