#include "bazel/hello/greeting.h"
#include <boost/graph/adjacency_list.hpp>
#include <boost/spirit/home/x3.hpp>
#include <boost/version.hpp>
#include <fmt/format.h>
#include <libxml/parser.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <tbb/parallel_for.h>
std::string Greeting(const std::string& name) {
  static_assert(BOOST_VERSION == 108100);
  pugi::xml_document d;
  d.append_child("a");
  xmlInitParser();
  tbb::parallel_for(0, 3, [](int) {});
  nlohmann::json j = {{"a", 1}};
  int n = 0;
  auto b = name.begin();
  boost::spirit::x3::parse(b, name.end(), boost::spirit::x3::int_, n);
  return fmt::format("hello {} {}", name, j.dump());
}
