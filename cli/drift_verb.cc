#include "cli/drift_verb.h"

#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/adopt.h"
#include "cli/answer.h"
#include "cli/carry_out.h"
#include "cli/exit_status.h"
#include "cli/host_options.h"
#include "cli/input.h"
#include "cli/journal.h"
#include "cli/policy_io.h"
#include "cli/proposal.h"
#include "cli/proposal_text.h"
#include "cli/read_cib.h"
#include "compiler/topology/corosync_reader.h"
#include "compiler/topology/topology.h"
#include "runtime/deploy/object_key.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using pugi::xml_document;
using pugi::xml_node;
using runtime::Change;

struct DriftOptions {
  WantedOptions wanted;
  CarryOptions carry;
  std::string against;
  std::string output;
  bool adopt = false;
  bool revert = false;
  bool corosync = false;
};

// One line of the three columns. Empty: it is not there; `?`: nobody knows.
struct DriftLine {
  std::string what;
  std::string declared, applied, live;
};

// What elements of a configuration say, by key.
class Values {
 public:
  explicit Values(const xml_document& cib) { Take(cib.document_element().child("configuration")); }

  // Of a pair its value, of an attribute (`PART NAME`) its text, of anything else `there`; empty: not there.
  std::string Of(const std::string& key) const {
    if (const auto found = by_key_.find(key); found != by_key_.end()) return Text(found->second);
    const size_t blank = key.rfind(' ');
    if (blank == std::string::npos) return "";
    const size_t slash = key.rfind('/');
    const bool of_object = slash != std::string::npos && slash > blank;
    const auto found = all_.find(key.substr(0, of_object ? slash : blank));
    return found == all_.end() ? ""
                               : found->second.attribute(key.substr((of_object ? slash : blank) + 1).c_str()).value();
  }

 private:
  void Take(xml_node element) {
    for (const xml_node child : element.children()) {
      all_.emplace(runtime::KeyOf(child), child);
      if (runtime::IsOwnable(child)) by_key_.emplace(runtime::KeyOf(child), child);
      Take(child);
    }
  }
  static std::string Text(xml_node element) {
    if (std::string_view(element.name()) != "nvpair") return "there";
    const std::string value = element.attribute("value").value();
    return runtime::MayBeSecret(element.attribute("name").value(), value) ? runtime::kHidden : value;
  }
  std::map<std::string, xml_node> by_key_;
  std::map<std::string, xml_node> all_;  // for their attributes
};

class Report {
 public:
  Report(const DriftOptions& options, const Wanted& wanted, const Proposal& proposal)
      : options_(options), wanted_(wanted), proposal_(proposal), journal_(ReadJournal(ClusterNameOf(proposal.live))) {
    if (!journal_.empty()) last_ = journal_.back();
    xml_document applied;
    std::string reason;
    const bool known = last_.contains("after") && last_["after"].is_string() &&
                       ReadLive(last_["after"].get<std::string>(), applied, reason);
    const Drift drift = DriftOf(proposal);
    const Values then(applied), now(proposal.live);
    const auto applied_value = [&](const std::string& key) { return known ? then.Of(key) : "?"; };
    for (const Change& change : drift.changes) {
      if (change.details.empty()) {
        const bool added = change.kind == Change::Kind::kAdded;
        lines_.push_back({change.object, added ? "there" : "", applied_value(change.object), added ? "" : "there"});
      }
      for (const runtime::Detail& detail : change.details) {
        const std::string key = change.object + "/" + detail.part;
        lines_.push_back({key, detail.after, applied_value(key), detail.before});
      }
    }
    for (const std::string& key : drift.beside) lines_.push_back({key, "", applied_value(key), now.Of(key)});
    Replacement();
    if (options.corosync) Corosync();
  }

  bool any() const { return !lines_.empty(); }

  void Tell() const {
    if (options_.carry.format == "json") {
      std::cout << JsonText(AsJson());
      return;
    }
    for (const std::string& note : notes_) std::cout << note << '\n';
    for (const DriftLine& line : lines_) {
      std::cout << line.what << "\n    declared " << Shown(line.declared) << ", last applied " << Shown(line.applied)
                << ", live " << Shown(line.live) << '\n';
    }
    if (lines_.empty()) std::cout << "no drift: " << wanted_.source << " is what is live\n";
    for (const runtime::Leftover& leftover : runtime::LeftoversOf(proposal_.live, NowS()))
      std::cout << "left over: " << leftover.what << ", " << runtime::AgeText(leftover.age_s) << '\n';
  }

 private:
  static std::string Shown(const std::string& value) { return value.empty() ? "nothing" : value; }

  static std::string Text(const Json& entry, const char* name) {
    const auto found = entry.find(name);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : "?";
  }

  // `written by root with cibadmin on n1`, or that the CIB does not say who wrote it.
  static std::string WriterOf(const xml_node& root) {
    std::string said;
    const std::pair<const char*, const char*> parts[] = {
        {"update-user", " by "}, {"update-client", " with "}, {"update-origin", " on "}, {"cib-last-written", ", "}};
    for (const auto& [name, before] : parts) {
      const std::string value = root.attribute(name).value();
      if (!value.empty()) said += before + value;
    }
    return said.empty() ? "which does not say who wrote it" : "written" + said;
  }

  // Who applied last, and whether that is still what is live.
  void Replacement() {
    const xml_node root = proposal_.live.document_element();
    const std::string live = VersionText(proposal_.base);
    const std::string writer = WriterOf(root);
    const auto& noted = proposal_.before.notes;
    const std::string run = noted.contains("run") ? noted.at("run") : "";
    if (last_.is_object() && Text(last_, "run") != run) {
      notes_.push_back("your change of " + Text(last_, "at") + " (" + Text(last_, "applied") +
                       ") was replaced: live is " + live + ", " + writer);
    } else if (last_.is_object() && Text(last_, "applied") != live) {
      notes_.push_back("since your change of " + Text(last_, "at") + " (" + Text(last_, "applied") +
                       ") the configuration was changed: live is " + live + ", " + writer);
    }
    if (!run.empty() && (!last_.is_object() || Text(last_, "run") != run)) {
      const auto word = [&](const char* name) { return noted.contains(name) ? noted.at(name) : std::string("?"); };
      notes_.push_back("last applied by " + word("by") + " at " + word("at") + " from " + word("from"));
    }
    if (run.empty() && proposal_.before.serial == 0)
      notes_.push_back("nothing was ever applied to this cluster by Picket");
  }

  // The nodes' corosync.conf beside the policy's, by what they say.
  void Corosync() {
    if (!wanted_.compilation.compiled) return;
    const std::string declared = CorosyncConf(wanted_.compilation.compiled->topology);
    compiler::CorosyncError error;
    const auto own = compiler::ReadCorosyncConf(declared, error);
    for (const xml_node node :
         proposal_.live.document_element().child("configuration").child("nodes").children("node")) {
      const std::string type = node.attribute("type").value();
      if (!type.empty() && type != "member" && type != "normal") continue;
      const std::string name = node.attribute("uname").value();
      std::string reason;
      const auto text = ReadFileOn(options_.carry.host.Other(name), "/etc/corosync/corosync.conf", reason);
      const auto live = text ? compiler::ReadCorosyncConf(*text, error) : std::nullopt;
      if (!live) {
        notes_.push_back("corosync.conf of " + name + " cannot be read: " + (text ? error.message : reason));
      } else if (!own || CorosyncConf(*live) != CorosyncConf(*own)) {
        lines_.push_back({"corosync.conf of " + name, "as compiled", "?", "different"});
      }
    }
  }

  Json AsJson() const {
    Json json = Envelope("picket-drift");
    json["policy"] = wanted_.source;
    json["live"] = VersionText(proposal_.base);
    json["notes"] = notes_;
    json["drift"] = Json::array();
    const auto value = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    for (const DriftLine& line : lines_) {
      json["drift"].push_back({{"what", line.what},
                               {"declared", value(line.declared)},
                               {"last_applied", value(line.applied)},
                               {"live", value(line.live)}});
    }
    return json;
  }

  const DriftOptions& options_;
  const Wanted& wanted_;
  const Proposal& proposal_;
  std::vector<Json> journal_;
  Json last_;
  std::vector<DriftLine> lines_;
  std::vector<std::string> notes_;
};

int AdoptDrift(const DriftOptions& options, const std::string& schema, const xml_document& live) {
  const auto text = compiler::ReadSource(options.wanted.file);
  if (!text || !options.wanted.file.ends_with(".picket")) {
    std::cerr << "picket: --adopt writes into a policy (.picket)\n";
    return kInputWrong;
  }
  const Adoption adoption = Adopt(options.wanted.file, *text, schema, live);
  for (const std::string& what : adoption.adopted) std::cout << "adopted: " << what << '\n';
  for (const std::string& what : adoption.left)
    std::cerr << "picket: " << what << " cannot be taken over by itself: change the policy by hand\n";
  const std::string& output = options.output.empty() ? options.wanted.file : options.output;
  if (!adoption.adopted.empty() && !WriteOutput(output, adoption.text)) return kEnvironmentWrong;
  return adoption.left.empty() ? kOk : kVerdict;
}

int RevertDrift(const DriftOptions& options, Wanted& wanted, const std::string& text, const Proposal& proposal) {
  const Drift drift = DriftOf(proposal);
  wanted.remove.insert(drift.beside.begin(), drift.beside.end());
  const ProposalMaker make = [&wanted](const xml_document& live, const auto& notes, Proposal& made, std::string&) {
    Propose(wanted, live, notes, made);
    return true;
  };
  if (options.output.empty()) return CarryOut(wanted, text, make, options.carry);
  Proposal reverted;
  Propose(wanted, proposal.live, {}, reverted);
  if (TellObjections(wanted, reverted)) return kInputWrong;
  Foresee(wanted, reverted);
  return WriteOutput(options.output, JsonOf(wanted, reverted).dump(1) + "\n") ? kOk : kEnvironmentWrong;
}

int RunDrift(const DriftOptions& options) {
  std::string reason;
  Unread unread;
  const auto text =
      options.against.empty() ? QueryCib(options.carry.host, reason) : ReadInput(options.against, std::cin, unread);
  if (!text && !options.against.empty()) return TellUnread(options.against, unread);
  const std::string why = text ? WhyNoCib(*text) : "";
  if (!why.empty() && !options.against.empty()) return TellNoCib(options.against, why);
  xml_document live;
  if (!text || !ReadLive(*text, live, reason)) {
    std::cerr << "picket: " << reason << '\n';
    return text ? kInputWrong : kEnvironmentWrong;
  }
  if (options.adopt) return AdoptDrift(options, SchemaOf(*text), live);
  Wanted wanted;
  if (const int status = LoadWanted(options.wanted, SchemaOf(*text), wanted); status != kOk) return status;
  Proposal proposal;
  Propose(wanted, live, {}, proposal);
  if (options.revert) return RevertDrift(options, wanted, *text, proposal);
  const Report report(options, wanted, proposal);
  report.Tell();
  return report.any() ? kChanges : kOk;
}

// --- rollback

struct RollbackOptions {
  CarryOptions carry;
  std::string secrets;
  std::string output;
};

xml_node At(const xml_document& document, const std::string& path) {
  return document.select_node(path.c_str()).node();
}

std::string TextOfElement(xml_node element) {
  struct Writer : pugi::xml_writer {
    std::string text;
    void write(const void* data, size_t size) override { text.append(static_cast<const char*>(data), size); }
  } writer;
  element.print(writer, "", pugi::format_raw);
  return writer.text;
}

// The edits that lead from what was applied back to what was there before, carried out on what is live.
// False, and why, where an object has moved since.
class Undo {
 public:
  Undo(const Wanted& wanted, const xml_document& after, const xml_document& before)
      : wanted_(wanted), after_(after), edits_(runtime::EditsBetween(after, before)) {}

  bool On(const xml_document& live, xml_document& target, std::string& reason) const {
    target.reset(live);
    target.document_element().remove_child("status");
    xml_document known;  // what is live, with secrets in the policy's words: comparable to the journal
    known.reset(target);
    wanted_.Hide(known);
    for (const runtime::Edit& edit : edits_) {
      if (edit.path.find("[@id='picket']") != std::string::npos || IsMarker(edit)) continue;
      if (!Carry(edit, known, target, reason)) return false;
    }
    return true;
  }

 private:
  static bool IsMarker(const runtime::Edit& edit) {
    const xml_node element = edit.before ? edit.before : edit.after;
    return std::string_view(element.attribute("id").value()) == runtime::kMarkerId;
  }

  bool Carry(const runtime::Edit& edit, const xml_document& known, xml_document& target, std::string& reason) const {
    using Kind = runtime::Edit::Kind;
    const xml_node was = At(after_, edit.path), is = At(known, edit.path);
    xml_node place = At(target, edit.path);
    if (edit.kind == Kind::kDelete || edit.kind == Kind::kModify) {
      const bool same =
          is && (edit.kind == Kind::kModify ? Head(is) == Head(was) : TextOfElement(is) == TextOfElement(was));
      if (!same) return Moved(edit.before, reason);
    }
    if (edit.kind == Kind::kDelete) return place.parent().remove_child(place);
    if (edit.kind == Kind::kModify) {
      while (place.first_attribute()) place.remove_attribute(place.first_attribute());
      for (const auto attribute : edit.after.attributes())
        place.append_attribute(attribute.name()).set_value(attribute.value());
      return true;
    }
    if (!place) return Moved(edit.after, reason);
    if (edit.kind == Kind::kMove) {
      xml_node parent = place.parent();
      return Insert(
          parent, edit.position,
          [&](xml_node sibling) {
            return sibling ? parent.insert_move_before(place, sibling) : parent.append_move(place);
          },
          place);
    }
    const std::string id = edit.after.attribute("id").value();
    if (!id.empty() && place.find_child_by_attribute(edit.after.name(), "id", id.c_str()))
      return Moved(edit.after, reason);
    return Insert(place, edit.position,
                  [&](xml_node sibling) {
                    return sibling ? place.insert_copy_before(edit.after, sibling) : place.append_copy(edit.after);
                  },
                  {});
  }

  template <class Put>
  static bool Insert(xml_node parent, size_t position, const Put& put, xml_node without) {
    size_t at = 0;
    for (const xml_node child : parent.children()) {
      if (child == without) continue;
      if (at++ == position) return put(child);
    }
    return put({});
  }

  static std::string Head(xml_node element) {
    std::map<std::string, std::string> attributes;
    for (const auto attribute : element.attributes()) attributes[attribute.name()] = attribute.value();
    std::string text;
    for (const auto& [name, value] : attributes) text += name + "=" + value + "\n";
    return text;
  }

  static bool Moved(xml_node element, std::string& reason) {
    reason =
        runtime::KeyOf(element) + " has been changed since; nothing was changed: `picket drift` shows what is live";
    return false;
  }

  const Wanted& wanted_;
  const xml_document& after_;
  std::vector<runtime::Edit> edits_;
};

int RunRollback(const RollbackOptions& options) {
  std::string reason;
  const auto text = QueryCib(options.carry.host, reason);
  xml_document live, before, after;
  if (!text || !ReadLive(*text, live, reason)) {
    std::cerr << "picket: " << reason << '\n';
    return kEnvironmentWrong;
  }
  const std::vector<Json> journal = ReadJournal(ClusterNameOf(live));
  const runtime::Ownership noted = runtime::ReadOwnership(live.document_element().child("configuration"));
  const auto run = noted.notes.find("run");
  const Json* entry = nullptr;
  for (const Json& one : journal) {
    if (run != noted.notes.end() && one.value("run", Json()) == run->second) entry = &one;
  }
  if (!entry || !entry->contains("before") || !entry->contains("after")) {
    std::cerr << "picket: the last apply to this cluster was not made from here: there is nothing to roll "
                 "back to\n";
    return kInputWrong;
  }
  if (!ReadLive((*entry)["before"].get<std::string>(), before, reason) ||
      !ReadLive((*entry)["after"].get<std::string>(), after, reason)) {
    std::cerr << "picket: the journal is damaged: " << reason << '\n';
    return kInputWrong;
  }
  Wanted wanted;
  wanted.source = "rollback of " + entry->value("at", std::string("?"));
  for (const auto& [key, path] : entry->value("secrets", std::map<std::string, std::string>()))
    wanted.secrets[key] = path;
  const runtime::Ownership earlier = runtime::ReadOwnership(before.document_element().child("configuration"));
  const Undo undo(wanted, after, before);
  const ProposalMaker make = [&](const xml_document& now, const auto& notes, Proposal& proposal, std::string& why) {
    proposal.live.reset(now);
    proposal.base = runtime::VersionOf(now);
    proposal.before = runtime::ReadOwnership(now.document_element().child("configuration"));
    xml_document& target = proposal.alignment.target;
    if (!undo.On(now, target, why)) return false;
    if (!FillInSecrets(options.secrets, target, wanted)) {
      why = "a secret of the earlier configuration has no value";
      return false;
    }
    proposal.changes = runtime::ChangesBetween(now, target, HiddenKeys(wanted, proposal.before));
    runtime::Ownership back = earlier;
    back.serial = proposal.before.serial + 1;
    back.notes = notes;
    if (!proposal.changes.empty()) runtime::WriteOwnership(target.document_element().child("configuration"), back);
    return true;
  };
  return CarryOut(wanted, *text, make, options.carry);
}

void AddCarryOptions(CLI::App& verb, CarryOptions& carry) {
  AddHostOptions(verb, carry.host);
  verb.add_flag("-y,--yes", carry.yes, "do it without asking");
  verb.add_flag("--dry-run", carry.dry_run, "only show what would happen");
  verb.add_option("--wait", carry.wait_s, "wait up to so many seconds until nothing is left to do");
  verb.add_option("--format", carry.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

}  // namespace

void AddDriftVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<DriftOptions>();
  CLI::App* verb = program.add_subcommand("drift", "Show where a live cluster is no longer what its policy says");
  verb->add_option("FILE", options->wanted.file, "the policy")->required();
  AddCarryOptions(*verb, options->carry);
  verb->add_option("--against", options->against, "this CIB, also packed, in place of a live one");
  verb->add_option("--secrets", options->wanted.secrets, "the folder with a file for each `secret(\"path\")`");
  verb->add_flag("--corosync", options->corosync, "compare each node's corosync.conf too");
  CLI::Option* adopt = verb->add_flag("--adopt", options->adopt, "write what is live into the policy");
  verb->add_flag("--revert", options->revert, "put the cluster back to what the policy says")->excludes(adopt);
  verb->add_option("-o,--output", options->output, "with --revert: keep the plan; with --adopt: the policy goes there");
  verb->footer(
      "Exit status: 0 no drift, 5 some, 1 not all of it could be adopted or reverted, 2 the input is wrong, "
      "3 no cluster "
      "or file can be read.\nExample: picket drift pbx.picket --host ha1");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunDrift(*options); }); });
}

void AddRollbackVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<RollbackOptions>();
  CLI::App* verb = program.add_subcommand("rollback", "Take back the last apply to a live Pacemaker");
  AddCarryOptions(*verb, options->carry);
  verb->add_option("--secrets", options->secrets, "the folder with a file for each `secret(\"path\")` that comes back");
  verb->footer("Example: picket rollback --host ha1 --wait 60");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunRollback(*options); }); });
}

}  // namespace picket::cli
