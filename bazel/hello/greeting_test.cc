#include "bazel/hello/greeting.h"
#include <doctest/doctest.h>
#include <rapidcheck.h>
TEST_CASE("hi") { CHECK(Greeting("x") == "hello x {\"a\":1}"); 
  CHECK(rc::check("len", [](const std::string& s) { return Greeting(s).size() >= s.size(); })); }
