#include "runtime/control/request.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

std::string ErrorOf(std::string_view line) {
  std::string error;
  const auto request = ReadRequest(line, error);
  return request ? "" : error;
}

TEST_CASE("what is asked for") {
  std::string error;
  const auto request =
      ReadRequest(R"({"verb":"set-attribute","node":"n1","name":"x","value":"1","permanent":true})", error);
  REQUIRE(request);
  const auto& change = std::get<ChangeAttribute>(*request);
  CHECK(change.node == "n1");
  CHECK(change.value == "1");
  CHECK(change.permanent);
  CHECK(IsChange(*request));
  const auto status = ReadRequest(R"({"verb":"status"})", error);
  REQUIRE(status);
  CHECK_FALSE(IsChange(*status));
  const auto erase = ReadRequest(R"({"verb":"set-attribute","name":"x","value":null})", error);
  REQUIRE(erase);
  CHECK_FALSE(std::get<ChangeAttribute>(*erase).value);
}

TEST_CASE("a node is fenced by a device, or a person vouches for it") {
  std::string error;
  const auto plain = ReadRequest(R"({"verb":"fence","node":"n1"})", error);
  REQUIRE(plain);
  CHECK(IsChange(*plain));
  CHECK(std::get<Fence>(*plain).node == "n1");
  CHECK(std::get<Fence>(*plain).action.empty());
  CHECK_FALSE(std::get<Fence>(*plain).confirm);
  const auto confirmed = ReadRequest(R"({"verb":"fence","node":"n1","action":"off","confirm":true})", error);
  REQUIRE(confirmed);
  CHECK(std::get<Fence>(*confirmed).action == "off");
  CHECK(std::get<Fence>(*confirmed).confirm);
  CHECK(ErrorOf(R"({"verb":"fence"})") == "`node` is missing");
  CHECK(ErrorOf(R"({"verb":"fence","node":"n1","action":"shoot"})") == "`action` is none of reboot, off, on");
  CHECK(ErrorOf(R"({"verb":"fence","node":"n1","confirm":"yes"})") == "`confirm` is neither true nor false");
}

TEST_CASE("what is refused, and why") {
  CHECK(ErrorOf("") == "a request is one JSON object on a line");
  CHECK(ErrorOf("[1,2]") == "a request is one JSON object on a line");
  CHECK(ErrorOf("{\"verb\":") == "a request is one JSON object on a line");
  CHECK(ErrorOf("{}") == "`verb` is missing");
  CHECK(ErrorOf(R"({"verb":"dance"})") == "there is no verb `dance`");
  CHECK(ErrorOf(R"({"verb":7})") == "`verb` is no text");
  CHECK(ErrorOf(R"({"verb":"set-attribute","name":"x"})") == "`value` is missing");
  CHECK(ErrorOf(R"({"verb":"set-attribute","name":"x\n","value":"1"})") == "`name` has a control character in it");
  CHECK(ErrorOf(R"({"verb":"apply","cib":"<cib/>","index":-1})") == "`index` is no number");
  CHECK(ErrorOf(R"({"verb":"status","cib":"yes"})") == "`cib` is neither true nor false");
  CHECK(ErrorOf(R"({"verb":"cleanup","resource":")" + std::string(2000, 'x') + "\"}") == "`resource` is too long");
}

TEST_CASE("depth costs nothing") {
  const std::string deep = "{\"verb\":\"status\",\"x\":" + std::string(100000, '[') + "}";
  CHECK(ErrorOf(deep) == "a request is one JSON object on a line");
}

}  // namespace
}  // namespace picket::runtime
