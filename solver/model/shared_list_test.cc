#include "solver/model/shared_list.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace picket::solver {
namespace {

SharedList<std::string> Of(std::initializer_list<const char*> texts) {
  SharedList<std::string> list;
  for (const char* text : texts) list.Append(text);
  return list;
}

TEST_CASE("a change in one list is not seen in its copies") {
  SharedList<std::string> list = Of({"a", "b"});
  const SharedList<std::string> copy = list;
  CHECK(copy.Shared(0) == list.Shared(0));
  list.Edit(0) = "changed";
  CHECK(list[0] == "changed");
  CHECK(copy[0] == "a");
  // What nobody has changed is still one.
  CHECK(copy.Shared(1) == list.Shared(1));
}

TEST_CASE("what is held does not change, what nobody else holds changes in place") {
  SharedList<std::string> list = Of({"a"});
  const std::string* before = &list[0];
  list.Edit(0) = "b";
  CHECK(&list[0] == before);
  const auto held = list.Shared(0);
  list.Edit(0) = "c";
  CHECK(*held == "b");
  CHECK(list[0] == "c");
}

TEST_CASE("elements come and go") {
  SharedList<std::string> list = Of({"a", "b", "c", "b"});
  const SharedList<std::string> copy = list;
  list.EraseIf([](const std::string& text) { return text == "b"; });
  CHECK(list.size() == 2);
  list.Erase(0);
  CHECK(list.front() == "c");
  list.Append("d") += "e";
  CHECK(list[1] == "de");
  CHECK(std::find(copy.begin(), copy.end(), "c") - copy.begin() == 2);
  list.Clear();
  CHECK(list.empty());
  CHECK(copy.size() == 4);
}

}  // namespace
}  // namespace picket::solver
