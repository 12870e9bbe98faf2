// What one more solve costs in a Run that is kept: no XML, nobody who listens.
//
//   kept CIB NODE [ROUNDS]     the CIB after that node has died, solved so many times (2,000)
//
// Prints the CPU microseconds of one solve, the least out of ten parts of the rounds. It is a measurement and no test.
// What else runs on the machine slows it.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "solver/schedule.h"
#include "tests/plain/solve.h"

namespace {

double CpuMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void Kill(picket::solver::State& state, const std::string& name) {
  for (auto& node : state.nodes) {
    const std::string* uname = picket::solver::FindAttribute(node->attributes, "uname");
    if (uname == nullptr || *uname != name) continue;
    auto lost = std::make_shared<picket::solver::NodeState>(*node);
    for (auto& [attribute, value] : lost->attributes) {
      if (attribute == "in_ccm") value = "false";
      if (attribute == "crmd") value = "offline";
    }
    node = std::move(lost);
    return;
  }
  std::cerr << "kept: there is no node " << name << "\n";
  std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: kept CIB NODE [ROUNDS]\n";
    return 2;
  }
  std::ifstream file(argv[1]);
  const std::string cib{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  picket::tests::Read read = picket::tests::ReadCib(cib);
  Kill(read.state, argv[2]);
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 2000;
  picket::solver::Run run;
  picket::solver::KeepFor(run, read.cluster, *read.cluster);
  double least = 0;
  size_t actions = 0;
  for (int part = 0; part < 10; ++part) {
    const double begin = CpuMicroseconds();
    for (int i = 0; i < rounds / 10; ++i) {
      actions = Schedule(*read.cluster, read.state, run, nullptr).synapses.size();
    }
    const double each = (CpuMicroseconds() - begin) / std::max(1, rounds / 10);
    least = part == 0 ? each : std::min(least, each);
  }
  std::printf("%.1f µs for a solve of %zu resources on %zu nodes, %zu actions\n", least, run.resources.size(),
              run.nodes.size(), actions);
}
