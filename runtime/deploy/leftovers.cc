#include "runtime/deploy/leftovers.h"

#include <set>
#include <string_view>

#include "runtime/deploy/object_key.h"
#include "solver/cib/dates.h"
#include "solver/cib/values.h"

namespace picket::runtime {
namespace {

using pugi::xml_node;

std::string_view Value(xml_node node, const char* name) {
  return node.attribute(name).value();
}

class Search {
 public:
  Search(const pugi::xml_document& cib, int64_t now_s) : root_(cib.document_element()), now_s_(now_s) {}

  std::vector<Leftover> Run() {
    const xml_node configuration = root_.child("configuration");
    Resources(configuration.child("resources"));
    for (const xml_node constraint : configuration.child("constraints").children()) Constraint(constraint);
    for (const xml_node state : root_.child("status").children("node_state")) Node(state);
    return std::move(found_);
  }

 private:
  void Resources(xml_node element) {
    for (const xml_node child : element.children()) {
      if (!IsResource(child)) continue;
      known_.insert(std::string(Value(child, "id")));
      Resources(child);
    }
  }

  void Constraint(xml_node constraint) {
    const std::string id(Value(constraint, "id"));
    const int64_t over_s = EndOf(constraint);
    const bool by_hand = id.starts_with("cli-");
    if (over_s >= 0 && over_s < now_s_) {
      found_.push_back({id, "the rule of `" + id + "` holds no longer", now_s_ - over_s});
    } else if (by_hand) {
      const bool ban = id.starts_with("cli-ban");
      std::string what = "`" + std::string(Value(constraint, "rsc")) + "` is " + (ban ? "banned from" : "wanted on");
      if (!Value(constraint, "node").empty()) what += " " + std::string(Value(constraint, "node"));
      found_.push_back({id, what + " by hand (`" + id + "`)", -1});
    }
  }

  // When the last date of the constraint's rules is over; -1 if that never comes.
  int64_t EndOf(xml_node element) const {
    int64_t end_s = -1;
    for (const xml_node date : element.children("date_expression")) {
      const std::string_view end = Value(date, "end");
      if (end.empty() || Value(date, "operation") == "gt") continue;
      const auto parsed = solver::ParseDateTime(std::string(end), 0, {now_s_, 0});
      if (parsed) end_s = std::max(end_s, solver::ToInstant(*parsed).epoch_s);
    }
    for (const xml_node rule : element.children("rule")) end_s = std::max(end_s, EndOf(rule));
    return end_s;
  }

  void Node(xml_node state) {
    const std::string node(Value(state, "uname"));
    for (const xml_node resource : state.child("lrm").child("lrm_resources").children("lrm_resource")) {
      const std::string id(Value(resource, "id"));
      for (const xml_node entry : resource.children("lrm_rsc_op")) Failure(entry, id, node);
      if (!known_.contains(id.substr(0, id.find(':'))))
        found_.push_back({id, "`" + id + "` is known on " + node + " and in no configuration", AgeOf(resource)});
    }
  }

  void Failure(xml_node entry, const std::string& resource, const std::string& node) {
    if (!Value(entry, "id").ends_with("_last_failure_0")) return;
    const auto when = solver::ParseInteger(Value(entry, "last-rc-change"));
    found_.push_back({resource,
                      "`" + resource + "` failed on " + node + ": " + std::string(Value(entry, "operation")) +
                          " gave " + std::string(Value(entry, "rc-code")),
                      when ? now_s_ - *when : -1});
  }

  int64_t AgeOf(xml_node resource) const {
    int64_t newest_s = -1;
    for (const xml_node entry : resource.children("lrm_rsc_op"))
      newest_s = std::max(newest_s, solver::ParseInteger(Value(entry, "last-rc-change")).value_or(-1));
    return newest_s < 0 ? -1 : now_s_ - newest_s;
  }

  xml_node root_;
  int64_t now_s_;
  std::set<std::string> known_;
  std::vector<Leftover> found_;
};

}  // namespace

std::vector<Leftover> LeftoversOf(const pugi::xml_document& cib, int64_t now_s) {
  return Search(cib, now_s).Run();
}

std::string AgeText(int64_t age_s) {
  if (age_s < 0) return "nobody knows for how long";
  if (age_s >= 2 * 86400) return std::to_string(age_s / 86400) + " days";
  if (age_s >= 2 * 3600) return std::to_string(age_s / 3600) + " hours";
  if (age_s >= 120) return std::to_string(age_s / 60) + " min";
  return std::to_string(age_s) + " s";
}

}  // namespace picket::runtime
