// That every library of //bazel/deps is found, is the one that was asked for, and links: a missing
// package or a wrong -l shows here by its name rather than somewhere in the product.

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <crypt.h>
#include <doctest/doctest.h>
#include <httplib.h>
#include <libxml/parser.h>
#include <rapidcheck.h>
#include <systemd/sd-daemon.h>
#include <tbb/parallel_for.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/spirit/home/x3.hpp>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <string>
#include <thread>

#include "bazel/deps/fmt.h"

TEST_CASE("boost is 1.81, with X3 and the graph library") {
  CHECK(BOOST_VERSION == 108100);
  const std::string text = "42";
  int number = 0;
  CHECK(boost::spirit::x3::parse(text.begin(), text.end(), boost::spirit::x3::int_, number));
  CHECK(number == 42);
  const boost::compressed_sparse_row_graph<boost::bidirectionalS> graph;
  CHECK(num_vertices(graph) == 0);
}

TEST_CASE("cli11 parses options") {
  CLI::App app;
  int failures = 0;
  app.add_option("--failures", failures);
  app.parse("--failures 2");
  CHECK(failures == 2);
}

TEST_CASE("fmt and json print") {
  CHECK(fmt::format("{} of {}", 1, 2) == "1 of 2");
  CHECK(nlohmann::json{{"whole", 3}}.dump() == R"({"whole":3})");
}

TEST_CASE("pugixml and libxml2 read the same document") {
  const std::string text = "<cib epoch='7'/>";
  pugi::xml_document document;
  CHECK(document.load_string(text.c_str()));
  CHECK(document.child("cib").attribute("epoch").as_int() == 7);

  xmlDoc* other = xmlReadMemory(text.data(), static_cast<int>(text.size()), "cib.xml", nullptr, 0);
  REQUIRE(other != nullptr);
  xmlFreeDoc(other);
  xmlCleanupParser();
}

TEST_CASE("tbb and threads run") {
  std::atomic<int> sum = 0;
  tbb::parallel_for(0, 10, [&sum](int i) { sum += i; });
  std::thread([&sum] { sum += 1; }).join();
  CHECK(sum == 46);
}

TEST_CASE("rapidcheck checks a property") {
  CHECK(rc::check("appending a character makes a text longer",
                  [](const std::string& text) { return (text + "x").size() == text.size() + 1; }));
}

TEST_CASE("cpp-httplib is the library that its header declares, and crypt knows strong hashes") {
  CHECK(std::string(CPPHTTPLIB_VERSION) == "0.11.4");
  CHECK(httplib::Server().is_valid());
  CHECK(crypt_checksalt("$6$abcdefgh$") == CRYPT_SALT_OK);
}

TEST_CASE("corosync's libraries and systemd's answer where neither runs") {
  CHECK(std::string(cs_strerror(CS_ERR_TRY_AGAIN)) == "CS_ERR_TRY_AGAIN");
  CHECK(cpg_finalize(0) != CS_OK);
  CHECK(quorum_finalize(0) != CS_OK);
  CHECK(cmap_finalize(0) != CS_OK);
  CHECK(sd_notify(0, "STATUS=") == 0);
}
