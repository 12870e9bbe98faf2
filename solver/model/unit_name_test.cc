#include "solver/model/unit_name.h"

#include <doctest/doctest.h>

#include <utility>

namespace picket::solver {
namespace {

TEST_CASE("the name of a unit, or none") {
  const std::pair<std::string, const char*> kCases[] = {
      {"nginx", "nginx.service"},
      {"nginx.service", "nginx.service"},
      {"srv-data.mount", "srv-data.mount"},
      {"pg@14-main", "pg@14-main.service"},
      {"a@b@c", "a@b@c.service"},
      {".service", ".service.service"},
      {"", ""},
      {"httpd,service", ""},
      {"srv/data.mount", ""},
      {"a b", ""},
      {"pg@", ""},
      {"pg@.service", ""},
      {"@pg", ""},
      {std::string(247, 'a'), nullptr},
      {std::string(248, 'a'), ""},
  };
  for (const auto& [type, unit] : kCases) {
    CAPTURE(type);
    CHECK(UnitName(type) == (unit ? std::string(unit) : type + ".service"));
  }
}

}  // namespace
}  // namespace picket::solver
