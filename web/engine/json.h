// The JSON of requests and answers: keys stay in the order in which they were written.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace picket::web {

using Json = nlohmann::ordered_json;

// What a request asks cannot be done; the text is for the reader of the page.
struct Refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace picket::web
