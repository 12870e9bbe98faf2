// Which resources a policy joins: who waits for whom, and who is placed with whom, directly or over others.
//
// Looks at the outermost resources, as hints do: an order of a member of a group orders the group. It is for lints;
// what a cluster makes of it is the solver's business.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/check/order_index.h"
#include "compiler/check/policy_view.h"

namespace picket::compiler {

class Ties {
 public:
  explicit Ties(const PolicyView& view) : view_(view) {}

  /// False if there is more than anybody could want hints about; then nothing else may be asked.
  bool Collect();

  /// What the names of a side stand for, as the outermost resources.
  std::vector<std::string> Names(const ast::Reference& reference) const;
  /// Whether one of them starts only after the other, in this order.
  bool ComesBefore(const std::string& a, const std::string& b) { return order_.ComesBefore(a, b); }
  /// Adds an order that is not there, for what is said after it.
  void Order(const std::string& a, const std::string& b) { order_.Add(a, b); }
  /// Some of the one with some of the other, in either order: whoever orders part of a tag has thought of the order.
  bool AreOrdered(const std::vector<std::string>& left, const std::vector<std::string>& right);
  /// Whether colocations join the two, over however many others.
  bool AreJoined(const std::string& a, const std::string& b) { return Root(a) == Root(b); }
  /// Whether one constraint places the first with the second.
  bool IsPlacedWith(const std::string& a, const std::string& b) const { return placed_.contains({a, b}); }

 private:
  void Expand(const std::string& name, std::vector<std::string>& names, bool tags) const;
  std::size_t Root(const std::string& name);
  void Join(const std::string& a, const std::string& b) { parent_[Root(a)] = Root(b); }
  void Take(const ast::Relation& relation, std::size_t& pairs);

  const PolicyView& view_;
  OrderIndex order_;
  std::map<std::string, std::size_t, std::less<>> number_;
  std::vector<std::size_t> parent_;
  std::set<std::pair<std::string, std::string>> placed_;
};

}  // namespace picket::compiler
