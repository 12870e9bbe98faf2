// Which resources come before which, by chains of orders of any length.
//
// Orders are collected first and ranked once; a question then looks only at what lies between the two ranks. Orders
// that are added later move the ranks that they have to. Orders in a circle are reported elsewhere: of them, some
// order of the members is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler {

class OrderIndex {
 public:
  /// `first` comes before `then`.
  void Add(std::string_view first, std::string_view then);
  /// Whether a chain of orders leads from `first` to `then`. Once the questions of a policy have cost more than
  /// anybody would wait for, the answer is yes: a lint is silent then.
  bool ComesBefore(std::string_view first, std::string_view then);

 private:
  using Number = std::uint32_t;

  Number NumberOf(std::string_view name);
  void Rank();
  void Move(Number first, Number then);
  bool Walk(Number from, Number to);

  std::map<std::string, Number, std::less<>> numbers_;
  std::vector<std::vector<Number>> after_;   ///< By number: who comes after it.
  std::vector<std::vector<Number>> before_;  ///< The other way round.
  std::vector<std::uint32_t> rank_;          ///< By number; empty until the first question.
  std::vector<std::uint32_t> seen_;          ///< By number: the walk that saw it last.
  std::uint32_t walk_ = 0;
  std::size_t steps_left_ = 30'000'000;
};

}  // namespace picket::compiler
