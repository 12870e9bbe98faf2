// W0490: what a policy says otherwise than a profile.
#include <algorithm>

#include "compiler/emit/nvset.h"
#include "compiler/profile/profile.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using Relation = Opinion::Relation;
using Subject = Opinion::Subject;

struct Found {
  std::optional<std::string> value;  // nothing: it is not set
  Span place;
  std::string who;  // `` of `azure-fence` ``, or empty
};

// The plain spelling of roles that have two.
std::string RoleOf(const std::string& role) {
  const std::string lower = Lower(role);
  return lower == "master" ? "promoted" : lower == "slave" ? "unpromoted" : lower;
}

std::string AgentOf(pugi::xml_node primitive) {
  std::string name = primitive.attribute("class").value();
  for (const char* part : {"provider", "type"}) {
    if (const std::string word = primitive.attribute(part).value(); !word.empty()) name += ':' + word;
  }
  return name;
}

bool IsAgent(std::string_view agent, std::string_view wanted) {
  if (wanted.ends_with('*')) return agent.starts_with(wanted.substr(0, wanted.size() - 1));
  return agent == wanted;
}

class ProfileChecker {
 public:
  ProfileChecker(const Profile& profile, const Review& review) : profile_(profile), review_(review) {
    Collect(review.cib.select_node("/cib/configuration/resources").node());
    cluster_.file = UINT32_MAX;
    if (!review.members.empty()) cluster_ = review.members.front().second;
    if (review.cluster_name) cluster_ = *review.cluster_name;
  }

  void Run() const {
    for (const Opinion& opinion : profile_.opinions) {
      if (!opinion.where.empty() && !HasAgent(opinion.where)) continue;
      for (const Found& found : Find(opinion)) {
        if (!Holds(opinion, found.value)) Tell(opinion, found);
      }
    }
  }

 private:
  void Collect(pugi::xml_node parent) {
    for (const pugi::xml_node child : parent.children()) {
      const std::string_view name = child.name();
      if (name == "primitive") primitives_.push_back(child);
      if (name == "group" || name == "clone" || name == "master" || name == "bundle") Collect(child);
    }
  }

  pugi::xml_node Template(pugi::xml_node primitive) const {
    const std::string id = primitive.attribute("template").value();
    if (id.empty()) return {};
    return review_.cib.select_node("/cib/configuration/resources")
        .node()
        .find_child_by_attribute("template", "id", id.c_str());
  }
  std::string Agent(pugi::xml_node primitive) const {
    const pugi::xml_node base = Template(primitive);
    return AgentOf(base ? base : primitive);
  }
  bool HasAgent(std::string_view wanted) const {
    return std::any_of(primitives_.begin(), primitives_.end(),
                       [&](pugi::xml_node one) { return IsAgent(Agent(one), wanted); });
  }

  std::vector<Found> Find(const Opinion& opinion) const {
    switch (opinion.subject) {
      case Subject::kSection:
        return InSection(opinion);
      case Subject::kProperty:
        return {Property(opinion.name)};
      case Subject::kDefaults:
        return {Default(opinion.section, opinion.name)};
      case Subject::kLinks:
        return {{std::to_string(review_.topology.links.size()), cluster_, {}}};
      case Subject::kTransport:
        return {{review_.topology.transport, Place("", "transport"), {}}};
      default:
        return InResources(opinion);
    }
  }

  Span Place(std::string_view section, std::string_view option) const {
    const auto place = review_.cluster_place ? review_.cluster_place(section, option) : std::nullopt;
    return place.value_or(cluster_);
  }

  // Of SBD a policy need not speak.
  std::vector<Found> InSection(const Opinion& opinion) const {
    const Topology& topology = review_.topology;
    Found found{std::nullopt, Place(opinion.section, opinion.name), {}};
    const auto milliseconds = [](std::int64_t ms) { return std::to_string(ms) + "ms"; };
    if (opinion.section == "totem" && opinion.name == "token") {
      found.value = milliseconds(topology.DetectionParts().token_ms);
    } else if (opinion.section == "totem" && opinion.name == "consensus") {
      found.value = milliseconds(topology.DetectionParts().consensus_ms);
    } else if (opinion.section == "quorum" && opinion.name == "two_node") {
      found.value = topology.two_node ? "yes" : "no";
    } else if (opinion.section == "quorum" && opinion.name == "wait_for_all") {
      found.value = topology.WaitsForAll() ? "yes" : "no";
    } else if (opinion.section == "sbd") {
      const auto time_ms = !topology.sbd                ? std::nullopt
                           : opinion.name == "watchdog" ? topology.sbd->watchdog_ms
                                                        : topology.sbd->msgwait_ms;
      if (!time_ms) return {};
      found.value = milliseconds(*time_ms);
    } else {
      const auto& list = opinion.section == "totem"    ? topology.totem
                         : opinion.section == "quorum" ? topology.quorum
                                                       : topology.crypto;
      for (const auto& [name, value] : list) {
        if (name == opinion.name) found.value = value;
      }
    }
    return {found};
  }

  // The first pair of that name, whether a rule decides over it or not.
  static pugi::xml_node PairIn(pugi::xml_node owner, const char* block, std::string_view name) {
    for (const pugi::xml_node set : owner.children(block)) {
      for (const pugi::xml_node pair : set.children("nvpair")) {
        if (name == pair.attribute("name").value()) return pair;
      }
    }
    return {};
  }

  Found OfPair(pugi::xml_node pair, const Span& otherwise) const {
    if (!pair) return {std::nullopt, otherwise, {}};
    const auto place = review_.source_map.Find(pair.attribute("id").value());
    return {pair.attribute("value").value(), place.value_or(otherwise), {}};
  }

  Found Property(const std::string& name) const {
    const pugi::xml_node section = review_.cib.select_node("/cib/configuration/crm_config").node();
    for (const emit::Target target : {emit::Target::k21, emit::Target::k30}) {
      if (const auto pair = PairIn(section, "cluster_property_set", emit::OptionName(name, target)))
        return OfPair(pair, cluster_);
    }
    return {std::nullopt, cluster_, {}};
  }

  Found Default(const std::string& section, const std::string& name) const {
    const pugi::xml_node defaults = review_.cib.select_node(("/cib/configuration/" + section).c_str()).node();
    return OfPair(PairIn(defaults, "meta_attributes", name), cluster_);
  }

  std::vector<Found> InResources(const Opinion& opinion) const {
    std::vector<Found> all;
    for (const pugi::xml_node primitive : primitives_) {
      if (!IsAgent(Agent(primitive), opinion.agent)) continue;
      const std::string id = primitive.attribute("id").value();
      const Span place = review_.source_map.Find(id, "id").value_or(cluster_);
      if (opinion.subject == Subject::kOperation) {
        Operations(primitive, opinion, place, all);
        continue;
      }
      const bool meta = opinion.subject == Subject::kMeta;
      Found found{std::nullopt, place, {}};
      const char* block = meta ? "meta_attributes" : "instance_attributes";
      for (pugi::xml_node owner = primitive; owner && !found.value; owner = owner.parent()) {
        found = OfPair(PairIn(owner, block, opinion.name), place);
        if (!meta) break;
      }
      if (!found.value) found = OfPair(PairIn(Template(primitive), block, opinion.name), place);
      if (!found.value && meta) {
        found = Default("rsc_defaults", opinion.name);
        if (!found.value) found.place = place;
      }
      found.who = " of `" + id + "`";
      all.push_back(std::move(found));
    }
    return all;
  }

  // Each operation of that name; an operation that is missing is one without the option.
  void Operations(pugi::xml_node primitive, const Opinion& opinion, const Span& place, std::vector<Found>& all) const {
    const std::string who = " of `" + std::string(primitive.attribute("id").value()) + "`";
    bool any = false;
    for (const pugi::xml_node owner : {primitive, Template(primitive)}) {
      for (const pugi::xml_node op : owner.child("operations").children("op")) {
        if (opinion.operation != op.attribute("name").value()) continue;
        if (!opinion.role.empty() && RoleOf(opinion.role) != RoleOf(op.attribute("role").value())) continue;
        any = true;
        const auto own = review_.source_map.Find(op.attribute("id").value());
        Found found{std::nullopt, own.value_or(place), who};
        if (const auto attribute = op.attribute(opinion.name.c_str())) found.value = attribute.value();
        if (!found.value) found.value = OfPair(PairIn(op, "meta_attributes", opinion.name), place).value;
        if (!found.value && opinion.name != "interval") found.value = Default("op_defaults", opinion.name).value;
        all.push_back(std::move(found));
      }
    }
    if (!any) all.push_back({std::nullopt, place, who});
  }

  // A number or a duration as an amount. A bare number is seconds, but in `totem`, where it is milliseconds.
  static std::optional<std::int64_t> Amount(const Opinion& opinion, const std::string& text) {
    if (const auto number = AsInteger(text)) return opinion.section == "totem" ? *number : *number * 1000;
    const auto time_ms = AsDurationMs(text);
    if (!time_ms) return std::nullopt;
    return time_ms;
  }

  static bool Holds(const Opinion& opinion, const std::optional<std::string>& value) {
    if (!value) return opinion.relation == Relation::kNotEqual;
    if (value->starts_with("secret(")) return true;
    const auto is = Amount(opinion, *value);
    const auto wanted = Amount(opinion, opinion.value);
    if (opinion.relation == Relation::kAtLeast) return is && wanted && *is >= *wanted;
    if (opinion.relation == Relation::kAtMost) return is && wanted && *is <= *wanted;
    bool same = is && wanted ? *is == *wanted : Lower(*value) == Lower(opinion.value);
    const auto yes = AsBoolean(Lower(*value)), wanted_yes = AsBoolean(Lower(opinion.value));
    if (yes && wanted_yes) same = *yes == *wanted_yes;
    return same == (opinion.relation == Relation::kEqual);
  }

  static std::string SubjectText(const Opinion& opinion) {
    switch (opinion.subject) {
      case Subject::kSection:
      case Subject::kDefaults:
        return opinion.section + ' ' + opinion.name;
      case Subject::kOperation:
        return "op " + opinion.operation + ' ' + opinion.name + (opinion.role.empty() ? "" : " role=" + opinion.role);
      case Subject::kLinks:
        return "links";
      case Subject::kTransport:
        return "transport";
      default:
        return opinion.name;
    }
  }

  static std::string HelpText(const Opinion& opinion) {
    const std::string set = opinion.name + '=' + opinion.value;
    const std::string more = opinion.relation == Relation::kAtLeast  ? " or more"
                             : opinion.relation == Relation::kAtMost ? " or less"
                                                                     : "";
    if (opinion.relation == Relation::kNotEqual) return "write another value";
    switch (opinion.subject) {
      case Subject::kSection:
      case Subject::kDefaults:
        return "write `" + opinion.section + ' ' + set + "`" + more;
      case Subject::kProperty:
        return "write `property " + set + "`" + more;
      case Subject::kMeta:
        return "write `meta " + set + "`" + more;
      case Subject::kOperation:
        return "write `op " + opinion.operation + ' ' + set + (opinion.role.empty() ? "" : " role=" + opinion.role) +
               "`" + more;
      case Subject::kLinks:
        return "declare " + opinion.value + more + " with `link NAME` in `cluster`";
      case Subject::kTransport:
        return "write `transport = " + opinion.value + "`";
      default:
        return "write `" + set + "`" + more;
    }
  }

  void Tell(const Opinion& opinion, const Found& found) const {
    const bool links = opinion.subject == Subject::kLinks;
    const std::string is = found.value ? (links ? "there are " + *found.value : "is " + *found.value) : "is not set";
    static constexpr std::string_view kWords[] = {"", "not ", "at least ", "at most "};
    Diagnostic& warning = review_.diagnostics.Warning(
        "W0490", found.place,
        (links ? is + " links" : "`" + SubjectText(opinion) + "`" + found.who + ' ' + is) + "; profile " +
            profile_.name + " wants " + std::string(kWords[static_cast<std::size_t>(opinion.relation)]) +
            opinion.value);
    warning.label = opinion.reason;
    warning.help.push_back(HelpText(opinion));
  }

  const Profile& profile_;
  const Review& review_;
  std::vector<pugi::xml_node> primitives_;
  Span cluster_;
};

}  // namespace

void CheckProfile(const Profile& profile, const Review& review) {
  ProfileChecker(profile, review).Run();
}

}  // namespace picket::compiler
