#include "solver/status/parameter_digest.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using picket::solver::ParameterDigest;
using picket::solver::Table;

namespace {

using Pairs = std::vector<std::pair<const char*, const char*>>;

std::string DigestOf(const Pairs& pairs) {
  Table table;
  for (const auto& [name, value] : pairs) table.Add(name, value);
  return ParameterDigest(table);
}

}  // namespace

// The digests are those that real clusters recorded with these parameters.
TEST_CASE("digests that clusters recorded") {
  CHECK(DigestOf({}) == "f2317cad3d54cec5d7d7aa7d0bf35cf8");
  CHECK(DigestOf({{"procd", "sleep 10000"}}) == "607a19b4aed4ea719038c4e0cd4c8e46");
  CHECK(DigestOf({{"hostlist", "hadev3 hadev2 hadev1 "}}) == "799f842e4ad91a40749bb44c2f8f91ef");
  CHECK(DigestOf({{"hostlist", "sgi2 ibm1 test02 test03 "}}) == "08c815ac958ff8151d72300fda3a6c0e");
  CHECK(DigestOf({{"device", "-L FSlun1"}, {"directory", "/lun1"}, {"fstype", "ext4"}}) ==
        "b659c6d1968d5bf9923cbe16dc35f0bb");
  CHECK(DigestOf({{"set_policy", "ha-all ^(?!amq\\.).* {\"ha-mode\":\"all\"}"}}) == "780d433233eb4f94c1a151623d002e84");
}

TEST_CASE("the order of the parameters does not matter") {
  CHECK(DigestOf({{"name", "pingd_PUB"},
                  {"host_list", "www.nu.nl www.xs4all.nl 192.168.2.20"},
                  {"multiplier", "500"},
                  {"dampen", "5s"}}) == "58a24b574827c631954623f2e2f514bb");
  CHECK(DigestOf({{"fstype", "ext4"}, {"directory", "/lun2"}, {"device", "-L FSlun2"}}) ==
        "9875e5ba0f3fd39ce8a291e358f3aeb8");
}
