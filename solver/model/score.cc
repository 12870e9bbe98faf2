#include "solver/model/score.h"

namespace picket::solver {

std::string Score::ToString() const {
  if (is_infinite()) return "INFINITY";
  if (is_minus_infinite()) return "-INFINITY";
  return std::to_string(value_);
}

Score Attenuate(float factor, Score score) {
  const float product = factor * static_cast<float>(score.value());
  const double rounded = static_cast<double>(product) + (product < 0 ? -0.5 : 0.5);
  auto value = static_cast<int64_t>(rounded);
  if (value == 0 && score.value() != 0) value = factor > 0 ? 1 : (factor < 0 ? -1 : 0);
  return Score(value);
}

}  // namespace picket::solver
