#include "execution/choices.h"

#include <algorithm>

namespace picket::execution {

std::string TextOf(const Choice& choice) {
  return choice.what + ": " + std::to_string(choice.chosen + 1) + " of " + std::to_string(choice.alternatives);
}

size_t Choices::Choose(size_t alternatives, std::string what) {
  if (alternatives < 2) return 0;
  const size_t wanted = made_.size() < first_.size() ? first_[made_.size()] : 0;
  const size_t chosen = std::min(wanted, alternatives - 1);
  made_.push_back({alternatives, chosen, std::move(what)});
  return chosen;
}

std::vector<size_t> Choices::Chosen() const {
  std::vector<size_t> chosen;
  for (const Choice& choice : made_) chosen.push_back(choice.chosen);
  return chosen;
}

std::optional<Choices> Choices::Next() const {
  std::vector<size_t> next = Chosen();
  while (!next.empty() && next.back() + 1 == made_[next.size() - 1].alternatives) next.pop_back();
  if (next.empty()) return std::nullopt;
  ++next.back();
  return Choices(std::move(next));
}

}  // namespace picket::execution
