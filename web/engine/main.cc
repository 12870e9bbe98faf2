// The engine as a program of this machine, for tests: a request on each line of standard input, its answer on
// a line of standard output. What it says and what the module says must be the same.
#include <iostream>
#include <string>

#include "solver/schedule.h"
#include "web/engine/engine.h"

int main() {
  std::ios::sync_with_stdio(false);
  picket::solver::WithLargeStack([] {
    picket::web::Engine engine;
    for (std::string line; std::getline(std::cin, line);) std::cout << engine.Call(line) << std::endl;
  });
  return 0;
}
