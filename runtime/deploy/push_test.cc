#include "runtime/deploy/push.h"

#include <doctest/doctest.h>

#include <functional>
#include <sstream>
#include <utility>
#include <vector>

#include "runtime/deploy/ownership.h"

namespace picket::runtime {
namespace {

using pugi::xml_document;
using End = PushResult::End;

std::string Text(const xml_document& document) {
  std::ostringstream text;
  document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
  return text.str();
}

// A CIB that answers patches as cibadmin was seen to (docs/deploy.md). What a patch says it knows from
// whoever made it: the target is put in its place.
class PlayedCib : public CibPort {
 public:
  bool knows_configuration_guard = true;  // as 2.1 does; else as 3.0
  int exit_of_next = 0;                   // once
  bool swallow_next = false;              // says yes and does nothing, once
  bool silent_next = false;               // carries it out and the connection breaks, once
  xml_document live;
  xml_document target;  // of the maker's last word
  std::vector<std::string> patches;
  std::function<void(PlayedCib&)> before_patch;  // others, between the reading and the patch
  int queries = 0;

  PlayedCib() {
    REQUIRE(live.load_string(
        R"(<cib admin_epoch="0" epoch="5" num_updates="9" have-quorum="1" dc-uuid="1"><configuration><crm_config/>
        <nodes/><resources/><constraints/></configuration><status/></cib>)"));
  }
  void Touch(const char* what) {
    pugi::xml_attribute number = live.document_element().attribute(what);
    number.set_value(number.as_llong() + 1);
  }
  void Add(const char* id) {
    live.document_element().child("configuration").child("resources").append_child("primitive").append_attribute("id") =
        id;
    Touch("epoch");
  }

  std::optional<std::string> Query(std::string& reason) override {
    ++queries;
    if (queries > 500) reason = "endless";
    return queries > 500 ? std::nullopt : std::optional(Text(live));
  }
  void Pause(int64_t) override {}
  Answer Patch(const std::string& text) override {
    patches.push_back(text);
    xml_document patch;
    REQUIRE(patch.load_string(text.c_str()));
    const bool question = !patch.child("diff").child("change");
    if (!question && before_patch) before_patch(*this);
    const auto source = patch.child("diff").child("version").child("source");
    if (source && !source.attribute("num_updates") && !knows_configuration_guard) return {70, "Invalid argument"};
    for (const auto attribute : source.attributes()) {
      if (std::string_view(attribute.value()) != live.document_element().attribute(attribute.name()).value())
        return {103, "Update was older than existing configuration"};
    }
    if (question) return {0, ""};
    if (exit_of_next != 0) return {std::exchange(exit_of_next, 0), "no"};
    if (std::exchange(swallow_next, false)) return {0, ""};
    live.document_element().remove_child("configuration");
    live.document_element().prepend_copy(target.document_element().child("configuration"));
    Touch("epoch");
    return {std::exchange(silent_next, false) ? -1 : 0, "gone"};
  }
};

// Adds the primitive `mine` to whatever is live, until `agreed` says no.
PushResult PushTo(PlayedCib& cib, const std::function<bool(const xml_document&)>& agreed = {}) {
  const TargetMaker make = [&](const xml_document& live, xml_document& target, std::string& reason) {
    if (agreed && !agreed(live)) {
      reason = "moved";
      return false;
    }
    target.reset(live);
    target.document_element().remove_child("status");
    auto configuration = target.document_element().child("configuration");
    if (!configuration.child("resources").find_child_by_attribute("id", "mine")) {
      configuration.child("resources").append_child("primitive").append_attribute("id") = "mine";
      Ownership notes = ReadOwnership(configuration);
      ++notes.serial;
      notes.notes["run"] = "r";
      WriteOwnership(configuration, notes);
    }
    cib.target.reset(target);
    return true;
  };
  return Push(cib, make, {});
}

bool Has(const PlayedCib& cib, const char* id) {
  return static_cast<bool>(
      cib.live.document_element().child("configuration").child("resources").find_child_by_attribute("id", id));
}

TEST_CASE("a quiet cluster takes it at once, and again there is nothing to do") {
  PlayedCib cib;
  PushResult result = PushTo(cib);
  CHECK(result.end == End::kApplied);
  CHECK(result.tries == 1);
  CHECK(result.guard == Guard::kConfiguration);
  CHECK(result.base == CibVersion{0, 5, 9});
  CHECK(result.applied.epoch == 6);
  CHECK(cib.patches.size() == 2);
  CHECK(PushTo(cib).end == End::kNothing);
}

TEST_CASE("changes of the status do not matter") {
  PlayedCib cib;
  cib.before_patch = [](PlayedCib& each) { each.Touch("num_updates"); };
  CHECK(PushTo(cib).tries == 1);
  CHECK(Has(cib, "mine"));
}

TEST_CASE("somebody else's change is kept, and the target made anew") {
  PlayedCib cib;
  int times = 3;
  cib.before_patch = [&](PlayedCib& each) {
    if (times-- > 0) each.Add("theirs");
  };
  const PushResult result = PushTo(cib);
  CHECK(result.end == End::kApplied);
  CHECK(result.tries == 4);
  CHECK(Has(cib, "mine"));
  CHECK(Has(cib, "theirs"));
}

TEST_CASE("what is no longer agreed to is not done") {
  PlayedCib cib;
  cib.before_patch = [](PlayedCib& each) { each.Add("theirs"); };
  const PushResult result = PushTo(cib, [](const xml_document& live) {
    return !live.document_element().child("configuration").child("resources").first_child();
  });
  CHECK(result.end == End::kMoved);
  CHECK(result.reason == "moved");
  CHECK_FALSE(Has(cib, "mine"));
}

TEST_CASE("a node that wants the whole version gets it") {
  PlayedCib cib;
  cib.knows_configuration_guard = false;
  PushResult result = PushTo(cib);
  CHECK(result.end == End::kApplied);
  CHECK(result.guard == Guard::kExact);
  CHECK(cib.patches.back().find(R"(num_updates="9")") != std::string::npos);
}

TEST_CASE("where the status never rests, the patch goes without a version in the end") {
  PlayedCib cib;
  cib.knows_configuration_guard = false;
  cib.before_patch = [](PlayedCib& each) { each.Touch("num_updates"); };
  const PushResult result = PushTo(cib);
  CHECK(result.end == End::kApplied);
  CHECK(result.guard == Guard::kNone);
  CHECK(result.tries == 21);
  CHECK(Has(cib, "mine"));
}

TEST_CASE("a yes that changes nothing is found out") {
  PlayedCib cib;
  cib.swallow_next = true;
  CHECK(PushTo(cib).end == End::kApplied);
  PlayedCib liar;
  liar.before_patch = [](PlayedCib& each) { each.swallow_next = true; };
  const PushResult result = PushTo(liar);
  CHECK(result.end == End::kRefused);
  CHECK(result.reason == "the cluster accepts the change but does not make it");
}

TEST_CASE("a connection that breaks after the patch is no reason to apply it twice") {
  PlayedCib cib;
  cib.silent_next = true;
  const PushResult result = PushTo(cib);
  CHECK(result.end == End::kApplied);
  CHECK(cib.patches.size() == 2);
}

TEST_CASE("without quorum or coordinator nothing is done") {
  for (const char* attribute : {"have-quorum", "dc-uuid"}) {
    PlayedCib cib;
    cib.live.document_element().attribute(attribute).set_value(attribute[0] == 'h' ? "0" : "");
    CHECK(PushTo(cib).end == End::kRefused);
    CHECK(cib.patches.empty());
  }
}

TEST_CASE("a refusal is told, and a cluster that moves for ever given up") {
  PlayedCib cib;
  cib.exit_of_next = 78;
  CHECK(PushTo(cib).end == End::kRefused);
  CHECK_FALSE(Has(cib, "mine"));
  PlayedCib restless;
  restless.before_patch = [](PlayedCib& each) { each.Touch("epoch"); };
  const PushResult result = PushTo(restless);
  CHECK(result.end == End::kRefused);
  CHECK(result.tries == 60);
}

}  // namespace
}  // namespace picket::runtime
