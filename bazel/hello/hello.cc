#include <CLI/CLI.hpp>
#include <iostream>
#include "bazel/hello/greeting.h"
int main(int argc, char** argv) {
  CLI::App app;
  CLI11_PARSE(app, argc, argv);
  std::cout << Greeting("x") << "\n";
}
