// CIB to policy to CIB, over folders of real ones:
//
//     PICKET_CIBS=/path/to/cibs:/path/to/more bazel test --test_env=PICKET_CIBS //tests/roundtrip:all
//
// For each: import gives a policy in canonical spelling, which compiles to an
// equal configuration (docs/import.md says what equal is), and with the state
// of the original the cluster does the same. Without a folder there is nothing
// to test, and the test says so.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/roundtrip/round_trip.h"

namespace picket {
namespace {

std::vector<std::filesystem::path> Cibs() {
  std::vector<std::filesystem::path> paths;
  const char* folders = std::getenv("PICKET_CIBS");
  std::istringstream list(folders == nullptr ? "" : folders);
  for (std::string folder; std::getline(list, folder, ':');) {
    if (folder.empty()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".xml") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

TEST_CASE("every CIB of the folders comes back the same") {
  const auto paths = Cibs();
  if (paths.empty()) {
    MESSAGE("skipped: PICKET_CIBS does not name a folder with .xml files");
    return;
  }
  std::size_t as_xml = 0;
  for (const auto& path : paths) {
    CAPTURE(path);
    const std::string cib = Contents(path);
    const std::string summary = Simulated(cib);
    for (const bool all_ids : {false, true}) {
      CAPTURE(all_ids);
      const RoundTrip trip = GoRound(cib, {.all_ids = all_ids});
      CHECK(trip.trouble == "");
      if (trip.compiled.empty()) continue;
      CHECK(Simulated(WithConfiguration(cib, trip.compiled)) == summary);
      as_xml += all_ids ? 0 : trip.elements_as_xml;
    }
  }
  MESSAGE(paths.size() << " CIBs, with " << as_xml << " elements as `xml`");
}

}  // namespace
}  // namespace picket
