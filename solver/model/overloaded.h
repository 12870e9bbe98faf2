// Several lambdas as one visitor of a std::variant:
// `std::visit(Overloaded{[](const A&) {…}, [](const B&) {…}}, value)`.
#pragma once

namespace picket {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace picket
