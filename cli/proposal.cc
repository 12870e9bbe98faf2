#include "cli/proposal.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "compiler/diagnostics/render.h"
#include "runtime/deploy/object_key.h"
#include "runtime/deploy/secrets.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using pugi::xml_document;
using pugi::xml_node;
using runtime::Change;

xml_node ConfigurationOf(const xml_document& document) {
  return document.document_element().child("configuration");
}

// The status of a large cluster is many times its configuration: what does not need it goes without.
void CopyWithoutStatus(const xml_document& cib, xml_document& copy) {
  copy.reset();
  xml_node root = copy.append_child("cib");
  for (const auto attribute : cib.document_element().attributes())
    root.append_attribute(attribute.name()).set_value(attribute.value());
  root.append_copy(ConfigurationOf(cib));
}

template <class Visit>
void EachPair(xml_node element, const Visit& visit) {
  for (xml_node child : element.children()) {
    if (std::string_view(child.name()) == "nvpair") visit(child);
    EachPair(child, visit);
  }
}

std::string PathIn(std::string_view value) {
  constexpr std::string_view kBegin = "secret(";
  return std::string(value.substr(kBegin.size(), value.size() - kBegin.size() - 1));
}

// Between quotation marks: libxml2, with which Pacemaker complains, spells `>` out; pugixml, which wrote the patch,
// does not.
std::string InXml(const std::string& text, bool spells_greater) {
  std::string spelled;
  for (const char c : text) {
    if (c == '&') {
      spelled += "&amp;";
    } else if (c == '<') {
      spelled += "&lt;";
    } else if (c == '>' && spells_greater) {
      spelled += "&gt;";
    } else if (c == '"') {
      spelled += "&quot;";
    } else {
      spelled += c;
    }
  }
  return spelled;
}

bool IsOldSchema(const std::string& schema) {
  return !schema.starts_with("pacemaker-4");
}

// The number behind `pacemaker-3.`; -1 if it is another series.
int64_t MinorOf3(const std::string& schema) {
  constexpr std::string_view kPrefix = "pacemaker-3.";
  if (!schema.starts_with(kPrefix)) return -1;
  return solver::ParseInteger(std::string_view(schema).substr(kPrefix.size())).value_or(-1);
}

// What the live schema has no words for, by name and line.
int TellInexpressible(const std::string& schema, const Wanted& wanted) {
  const bool old = schema.starts_with("pacemaker-1.") || schema.starts_with("pacemaker-2.");
  if (old) {
    std::cerr << "picket: the live configuration is written for " << schema
              << ", which is too old for what Picket writes: `cibadmin --upgrade` first\n";
    return kInputWrong;
  }
  const int64_t minor = MinorOf3(schema);
  if (minor < 0 || minor >= 7) return kOk;
  int status = kOk;
  const std::function<void(xml_node)> look = [&](xml_node element) {
    for (const char* name : {"role", "rsc-role", "with-rsc-role"}) {
      const std::string_view role = element.attribute(name).value();
      if (role != "Promoted" && role != "Unpromoted") continue;
      const std::string id = element.attribute("id").value();
      std::cerr << wanted.PlaceOf(id) << "error: `" << id << "` says `" << role << "`, for which " << schema
                << " has no word: `cibadmin --upgrade` first\n";
      status = kInputWrong;
    }
    for (const xml_node child : element.children()) look(child);
  };
  look(ConfigurationOf(wanted.cib));
  return status;
}

int LoadPolicy(const WantedOptions& options, const std::string& schema, Wanted& wanted) {
  compiler::CompileOptions how = ReviewedOptions();
  how.target = IsOldSchema(schema) ? compiler::emit::Target::k21 : compiler::emit::Target::k30;
  wanted.compilation = compiler::Compile(options.file, how);
  const int status = TellDiagnostics(wanted.compilation, false, false);
  if (!wanted.compilation.compiled) return status == kOk ? kInputWrong : status;
  wanted.cib.reset(wanted.compilation.compiled->cib);
  wanted.settings =
      simulator::SettingsFrom(wanted.compilation.compiled->topology, wanted.compilation.compiled->scenario.assumptions);
  return kOk;
}

int LoadText(const std::string& text, Wanted& wanted) {
  if (const std::string why = WhyNoCib(text); !why.empty()) return TellNoCib(wanted.source, why);
  std::string reason;
  if (ReadLive(text, wanted.cib, reason)) {
    wanted.cib.document_element().remove_child("status");
    return kOk;
  }
  std::cerr << "picket: " << wanted.source << ": " << reason << '\n';
  return kInputWrong;
}

int LoadPlan(const std::string& text, Wanted& wanted) {
  const Json plan = Json::parse(text, nullptr, false);
  const bool ours = plan.is_object() && plan.value("format", Json()) == "picket-plan" && plan.contains("declared") &&
                    plan["declared"].is_string() && plan.contains("text") && plan["text"].is_string();
  if (!ours || plan.value("version", Json()) != 1) {
    std::cerr << "picket: " << wanted.source << ": " << (ours ? "a plan of another version" : "no plan of Picket's")
              << '\n';
    return kInputWrong;
  }
  wanted.plan = plan;
  wanted.own_all = plan.value("own_all", Json(false)) == true;
  if (const auto remove = plan.find("remove"); remove != plan.end() && remove->is_array()) {
    for (const Json& key : *remove) {
      if (key.is_string()) wanted.remove.insert(key.get<std::string>());
    }
  }
  return LoadText(plan["declared"].get<std::string>(), wanted);
}

bool IsActive(const solver::Run& run, const std::string& id) {
  return std::any_of(run.resources.begin(), run.resources.end(), [&](const solver::Resource& resource) {
    return resource.is_primitive() && (resource.id == id || resource.config_id == id) && !resource.active.empty() &&
           resource.role >= solver::Role::kStarted;
  });
}

bool HoldsActive(const solver::Run& run, xml_node resource) {
  if (IsActive(run, resource.attribute("id").value())) return true;
  for (const xml_node child : resource.children()) {
    if (runtime::IsResource(child) && HoldsActive(run, child)) return true;
  }
  return false;
}

xml_node FindResource(xml_node element, std::string_view id) {
  for (const xml_node child : element.children()) {
    if (!runtime::IsResource(child)) continue;
    if (std::string_view(child.attribute("id").value()) == id) return child;
    if (const xml_node inner = FindResource(child, id)) return inner;
  }
  return {};
}

bool IsResourceKey(const std::string& key) {
  for (const char* tag : {"primitive ", "group ", "clone ", "master ", "bundle "}) {
    if (key.starts_with(tag)) return true;
  }
  return false;
}

// Gives the pair if it was not there before.
xml_node StopIt(xml_node resource) {
  xml_node block;
  for (const xml_node meta : resource.children("meta_attributes")) {
    if (!meta.child("rule") && !meta.attribute("id-ref")) block = meta;
  }
  const std::string id = resource.attribute("id").value();
  if (!block) {
    block = resource.prepend_child("meta_attributes");
    block.append_attribute("id").set_value((id + "-picket-goes").c_str());
  }
  xml_node pair = block.find_child_by_attribute("nvpair", "name", "target-role");
  const bool is_new = !pair;
  if (is_new) {
    pair = block.append_child("nvpair");
    pair.append_attribute("id").set_value((id + "-picket-goes-target-role").c_str());
    pair.append_attribute("name").set_value("target-role");
    pair.append_attribute("value");
  }
  pair.attribute("value").set_value("Stopped");
  return is_new ? pair : xml_node();
}

void Merge(simulator::Foresight& first, simulator::Foresight second) {
  using simulator::Fate;
  for (simulator::Impact& impact : second.impacts) {
    const auto known = std::find_if(first.impacts.begin(), first.impacts.end(),
                                    [&](const auto& other) { return other.subject == impact.subject; });
    if (known == first.impacts.end()) {
      first.impacts.push_back(std::move(impact));
    } else if (known->fate == Fate::kStopped && impact.fate == Fate::kStarted) {
      // Stopped by the first step because it depends on what goes, and started again by the second.
      known->fate = known->nodes == impact.nodes ? Fate::kRestarted : Fate::kMoved;
      if (known->fate == Fate::kMoved) known->from = known->nodes;
      known->nodes = impact.nodes;
      known->for_good = false;
      known->source = "until both steps are done";
    }
  }
  std::stable_sort(first.impacts.begin(), first.impacts.end(),
                   [](const auto& a, const auto& b) { return a.fate < b.fate; });
  first.actions.insert(first.actions.end(), second.actions.begin(), second.actions.end());
  first.orphans.insert(first.orphans.end(), second.orphans.begin(), second.orphans.end());
  first.probes += second.probes;
  first.rests = first.rests && second.rests;
}

}  // namespace

std::string Wanted::PlaceOf(const std::string& id) const {
  const auto span = compilation.source_map.Find(id);
  if (!span) return source + ": ";
  const compiler::Place place = compilation.source_map.PlaceOf(*span);
  return std::string(place.path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
}

std::set<std::string> Wanted::SecretKeys() const {
  std::set<std::string> keys;
  for (const auto& [key, path] : secrets) keys.insert(key);
  return keys;
}

void Wanted::Hide(xml_document& document) const {
  HideSecrets(secrets, document);
}

std::set<std::string> SecretValuesIn(const xml_document& cib, const std::map<std::string, std::string>& secrets) {
  std::set<std::string> values;
  if (secrets.empty()) return values;
  EachPair(ConfigurationOf(cib), [&](xml_node pair) {
    const std::string value = pair.attribute("value").value();
    if (!value.empty() && !runtime::IsSecretPlaceholder(value) && secrets.contains(runtime::KeyOf(pair)))
      values.insert(value);
  });
  return values;
}

void HideSecrets(const std::map<std::string, std::string>& secrets, xml_document& document, const xml_document* same) {
  if (secrets.empty()) return;
  const std::set<std::string> known = same ? SecretValuesIn(*same, secrets) : std::set<std::string>();
  EachPair(ConfigurationOf(document), [&](xml_node pair) {
    const auto path = secrets.find(runtime::KeyOf(pair));
    if (path == secrets.end() || (same && !known.contains(pair.attribute("value").value()))) return;
    pair.attribute("value").set_value(("secret(" + path->second + ")").c_str());
  });
}

std::string Scrubbed(std::string text, const std::set<std::string>& values) {
  std::vector<std::string> spelled;
  for (const std::string& value : values) {
    spelled.push_back(value);
    for (const bool spells_greater : {false, true}) spelled.push_back(InXml(value, spells_greater));
  }
  // One value may begin with another.
  std::sort(spelled.begin(), spelled.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const std::string& value : spelled) {
    for (size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + 1))
      text.replace(at, value.size(), runtime::kHidden);
  }
  return text;
}

bool FillInSecrets(const std::string& folder, xml_document& document, Wanted& wanted) {
  bool good = true;
  EachPair(ConfigurationOf(document), [&](xml_node pair) {
    const std::string value = pair.attribute("value").value();
    if (!runtime::IsSecretPlaceholder(value)) return;
    wanted.secrets[runtime::KeyOf(pair)] = PathIn(value);
    if (folder.empty()) return;
    std::string error;
    const auto secret = runtime::ReadSecret(folder, PathIn(value), error);
    if (!secret) {
      std::cerr << wanted.PlaceOf(pair.attribute("id").value()) << "error: secret(\"" << PathIn(value)
                << "\") has no value: " << error << '\n';
      good = false;
      return;
    }
    pair.attribute("value").set_value(secret->c_str());
    wanted.secret_values.insert(*secret);
  });
  return good;
}

std::set<std::string> HiddenKeys(const Wanted& wanted, const runtime::Ownership& before) {
  std::set<std::string> keys = wanted.SecretKeys();
  for (const auto& [key, path] : before.secrets) keys.insert(key);
  return keys;
}

bool ReadLive(const std::string& text, xml_document& document, std::string& reason) {
  solver::DocumentError error;
  if (!solver::ParseDocument(text, document, error)) {
    reason = error.message;
    return false;
  }
  if (std::string_view(document.document_element().name()) == "cib" && ConfigurationOf(document)) return true;
  reason = "is no CIB";
  return false;
}

std::string SchemaOf(const std::string& text) {
  const size_t at = text.find("validate-with=\"");
  if (at == std::string::npos) return "";
  const size_t begin = at + 15;
  return text.substr(begin, text.find('"', begin) - begin);
}

int LoadWanted(const WantedOptions& options, const std::string& schema, Wanted& wanted) {
  wanted.source = options.file;
  wanted.own_all = options.own_all;
  int status = kOk;
  if (options.file.ends_with(".picket")) {
    status = LoadPolicy(options, schema, wanted);
  } else {
    Unread unread;
    const auto text = ReadInput(options.file, std::cin, unread);
    if (!text) return TellUnread(options.file, unread);
    const size_t first = text->find_first_not_of(" \t\r\n");
    const bool is_plan = first != std::string::npos && (*text)[first] == '{';
    status = is_plan ? LoadPlan(*text, wanted) : LoadText(*text, wanted);
  }
  if (status != kOk) return status;
  wanted.text = solver::DocumentText(wanted.cib);
  if (const int words = TellInexpressible(schema, wanted); words != kOk) return words;
  return FillInSecrets(options.secrets, wanted.cib, wanted) ? kOk : kInputWrong;
}

void Propose(const Wanted& wanted, const xml_document& live, const std::map<std::string, std::string>& notes,
             Proposal& proposal) {
  xml_document bare;
  CopyWithoutStatus(live, bare);
  proposal.live.reset(live);
  proposal.base = runtime::VersionOf(live);
  proposal.before = runtime::ReadOwnership(ConfigurationOf(live));
  runtime::AlignOptions options;
  options.own_all = wanted.own_all;
  options.owned = proposal.before.owned;
  options.owned.insert(wanted.remove.begin(), wanted.remove.end());
  proposal.alignment = runtime::Align(wanted.cib, bare, options);
  proposal.changes = runtime::ChangesBetween(bare, proposal.alignment.target, HiddenKeys(wanted, proposal.before));
  runtime::Ownership after = proposal.before;
  after.owned = runtime::DeclaredKeys(ConfigurationOf(wanted.cib));
  after.owned.insert(proposal.alignment.renamed.begin(), proposal.alignment.renamed.end());
  after.beside = {proposal.alignment.beside.begin(), proposal.alignment.beside.end()};
  after.secrets = wanted.secrets;
  proposal.unnoted = after.owned != proposal.before.owned || after.beside != proposal.before.beside ||
                     after.secrets != proposal.before.secrets;
  if (proposal.changes.empty() && !proposal.unnoted) return;
  ++after.serial;
  after.notes = notes;
  runtime::WriteOwnership(ConfigurationOf(proposal.alignment.target), after);
}

bool TellObjections(const Wanted& wanted, const Proposal& proposal) {
  for (const runtime::Objection& objection : proposal.alignment.objections)
    std::cerr << wanted.PlaceOf(objection.id) << "error: " << objection.what << '\n';
  return !proposal.alignment.objections.empty();
}

bool MakeReadable(const xml_document& cib, Readable& readable, std::string& reason) {
  readable.document.reset(cib);
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(readable.document, warning, error)) {
    reason = error.message;
    return false;
  }
  readable.cluster = solver::ReadCluster(readable.document);
  readable.state = solver::ReadState(readable.document, {}, {NowS(), 0});
  return true;
}

bool StopFirst(const xml_document& live, const std::vector<Change>& changes, xml_document& target,
               std::set<std::string>* added) {
  const auto goes = [](const Change& change) {
    return change.kind == Change::Kind::kRemoved && IsResourceKey(change.object);
  };
  if (std::none_of(changes.begin(), changes.end(), goes)) return false;
  Readable readable;
  std::string reason;
  if (!MakeReadable(live, readable, reason)) return false;
  solver::Run run;
  solver::ReadStatus(readable.cluster, readable.state, run, nullptr);
  CopyWithoutStatus(live, target);
  bool any = false;
  for (const Change& change : changes) {
    if (!goes(change)) continue;
    const xml_node resource = FindResource(ConfigurationOf(target).child("resources"), change.id);
    if (!resource || !HoldsActive(run, resource)) continue;
    // What holds it is told, if that goes too.
    const std::string parent = runtime::IsResource(resource.parent()) ? runtime::KeyOf(resource.parent()) : "";
    const bool told = std::any_of(changes.begin(), changes.end(), [&](const Change& other) {
      return other.kind == Change::Kind::kRemoved && other.object == parent;
    });
    const xml_node pair = told ? xml_node() : StopIt(resource);
    if (pair && added) added->insert(runtime::KeyOf(pair));
    any = true;
  }
  return any;
}

void UndoStop(const xml_document& original, const std::vector<Change>& changes, xml_document& document) {
  for (const Change& change : changes) {
    if (change.kind != Change::Kind::kRemoved || !IsResourceKey(change.object)) continue;
    xml_node stopped = FindResource(ConfigurationOf(document).child("resources"), change.id);
    const xml_node before = FindResource(ConfigurationOf(original).child("resources"), change.id);
    if (!stopped || !before) continue;
    stopped.parent().insert_copy_before(before, stopped);
    stopped.parent().remove_child(stopped);
  }
}

std::vector<std::string> StillActive(const xml_document& cib, const std::vector<Change>& changes) {
  Readable readable;
  std::string reason;
  std::vector<std::string> active;
  if (!MakeReadable(cib, readable, reason)) return active;
  solver::Run run;
  solver::ReadStatus(readable.cluster, readable.state, run, nullptr);
  for (const Change& change : changes) {
    if (change.kind != Change::Kind::kRemoved) continue;
    // A group runs as long as one of its members does, also where the members stay and the group goes.
    const xml_node resource = FindResource(ConfigurationOf(cib).child("resources"), change.id);
    if (resource ? HoldsActive(run, resource) : IsActive(run, change.id)) active.push_back(change.id);
  }
  return active;
}

void Foresee(const Wanted& wanted, Proposal& proposal) {
  Readable before, after;
  std::string reason;
  const xml_document& target = proposal.alignment.target;
  if (!MakeReadable(proposal.live, before, reason) || !MakeReadable(target, after, reason)) return;
  simulator::WorldSettings settings = wanted.settings.value_or(simulator::WorldSettings());
  settings.picket_engine = false;
  settings.keep_story = false;
  solver::Run run;
  xml_document first;
  proposal.in_two_steps = StopFirst(proposal.live, proposal.changes, first);
  if (!proposal.in_two_steps) {
    proposal.foresight = simulator::Foretell(before.cluster, after.cluster, before.state, settings, run);
    return;
  }
  Readable between;
  if (!MakeReadable(first, between, reason)) return;
  proposal.foresight = simulator::Foretell(before.cluster, between.cluster, before.state, settings, run);
  const solver::State rested = *proposal.foresight.end;
  Merge(proposal.foresight, simulator::Foretell(between.cluster, after.cluster, rested, settings, run));
}

std::string ClusterNameOf(const xml_document& cib) {
  const xml_node pair = ConfigurationOf(cib).child("crm_config").select_node(".//nvpair[@name='cluster-name']").node();
  const std::string name = pair.attribute("value").value();
  return name.empty() ? "cluster" : name;
}

int64_t NowS() {
  return static_cast<int64_t>(std::time(nullptr));
}

}  // namespace picket::cli
