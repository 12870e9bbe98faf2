#include "solver/status/entry_order.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace picket::solver;

namespace {

// The operation and the interval are what the id says.
HistoryEntry EntryOf(const std::string& id, int call, Attributes attributes = {}) {
  HistoryEntry entry;
  entry.id = id;
  entry.call_id = call;
  const size_t begin = id.find('_') + 1;
  entry.operation = id.substr(begin, id.rfind('_') - begin);
  entry.interval_ms = static_cast<uint32_t>(std::stoul(id.substr(id.rfind('_') + 1)));
  for (const auto& [name, value] : attributes) {
    if (name == "last-rc-change") entry.last_rc_change_s = std::stoll(value);
    if (name == "on_node") entry.on_node = value;
  }
  entry.attributes = std::move(attributes);
  return entry;
}

std::string Order(std::vector<HistoryEntry> entries) {
  ResourceHistory history;
  history.entries = std::move(entries);
  std::string text;
  for (const HistoryEntry* entry : SortedEntries(history)) text += (text.empty() ? "" : " ") + entry->id;
  return text;
}

std::string Window(std::vector<HistoryEntry> oldest_first) {
  Entries entries;
  for (const HistoryEntry& entry : oldest_first) entries.push_back(&entry);
  const ActiveWindow window = WindowOf(entries);
  return "start " + std::to_string(window.start) + " stop " + std::to_string(window.stop);
}

const Attributes kDone = {{"op-status", "0"}, {"rc-code", "0"}};
const Attributes kFailed = {{"op-status", "4"}, {"rc-code", "1"}};

}  // namespace

TEST_CASE("keys of transitions") {
  const auto key = ParseTransitionKey("5:12:7:3a7b6b57-51b5-4f3a-8b4e-1e2f3a4b5c6d");
  REQUIRE(key);
  CHECK(key->action == 5);
  CHECK(key->graph == 12);
  CHECK(key->expected_rc == 7);
  CHECK(key->uuid == "3a7b6b57-51b5-4f3a-8b4e-1e2f3a4b5c6d");
  CHECK(ParseTransitionKey("5:-1:0:uuid")->graph == -1);
  CHECK_FALSE(ParseTransitionKey("5:12:7"));
  CHECK_FALSE(ParseTransitionKey("5:12:7:"));
  CHECK_FALSE(ParseTransitionKey(""));
  CHECK(ParseTransitionMagic("0:7;5:12:7:uuid")->expected_rc == 7);
  CHECK_FALSE(ParseTransitionMagic("5:12:7:uuid"));
  CHECK(ExpectedResult(EntryOf("A_monitor_0", 1, {{"transition-key", "5:12:7:uuid"}})) == 7);
  CHECK(ExpectedResult(EntryOf("A_monitor_0", 1)) == -1);
}

TEST_CASE("order of entries") {
  CHECK(Order({EntryOf("A_start_0", 3), EntryOf("A_stop_0", 2)}) == "A_stop_0 A_start_0");
  // Equal: the later one in the document is read first.
  CHECK(Order({EntryOf("A_monitor_1", 3), EntryOf("A_monitor_2", 3)}) == "A_monitor_2 A_monitor_1");
  CHECK(Order({EntryOf("A_monitor_1", 3, {{"last-rc-change", "9"}}),
               EntryOf("A_monitor_2", 3, {{"last-rc-change", "10"}})}) == "A_monitor_1 A_monitor_2");
  // Calls of different nodes do not compare, times do.
  CHECK(Order({EntryOf("A_start_0", 1, {{"on_node", "n1"}, {"last-rc-change", "20"}}),
               EntryOf("A_stop_0", 5, {{"on_node", "n2"}, {"last-rc-change", "10"}})}) == "A_stop_0 A_start_0");
  // A pending one comes after completed ones of the same or an unknown transition, else the transitions decide.
  CHECK(Order({EntryOf("A_stop_0", -1, {{"transition-magic", "-1:193;1:4:0:u"}}),
               EntryOf("A_start_0", 9, {{"transition-magic", "0:0;1:4:0:u"}})}) == "A_start_0 A_stop_0");
  CHECK(Order({EntryOf("A_stop_0", -1, {{"transition-magic", "-1:193;1:9:0:v"}}),
               EntryOf("A_start_0", 9, {{"transition-magic", "0:0;1:4:0:u"}})}) == "A_start_0 A_stop_0");
  CHECK(Order({EntryOf("A_stop_0", -1, {{"transition-magic", "-1:193;1:3:0:u"}}),
               EntryOf("A_start_0", 9, {{"transition-magic", "0:0;1:4:0:u"}})}) == "A_stop_0 A_start_0");
  CHECK(Order({EntryOf("A_stop_0", -1, {{"transition-magic", "-1:193;1:-1:0:u"}}),
               EntryOf("A_start_0", 9, {{"transition-magic", "0:0;1:4:0:u"}})}) == "A_start_0 A_stop_0");
}

TEST_CASE("what is in force") {
  CHECK(Window({}) == "start -1 stop -1");
  CHECK(Window({EntryOf("A_start_0", 1, kDone), EntryOf("A_monitor_10", 2, kDone)}) == "start 0 stop -1");
  CHECK(Window({EntryOf("A_start_0", 1, kDone), EntryOf("A_stop_0", 2, kDone)}) == "start 0 stop 1");
  CHECK(Window({EntryOf("A_start_0", 1, kDone), EntryOf("A_stop_0", 2, kFailed)}) == "start 0 stop -1");
  CHECK(Window({EntryOf("A_migrate_from_0", 1, kDone)}) == "start 0 stop -1");
  CHECK(Window({EntryOf("A_stop_0", 1, kDone), EntryOf("A_monitor_0", 2, kDone)}) == "start 1 stop 0");
  CHECK(Window({EntryOf("A_monitor_0", 1, kDone), EntryOf("A_monitor_10", 2, kDone)}) == "start 0 stop -1");
  CHECK(Window({EntryOf("A_monitor_0", 1, kDone), EntryOf("A_promote_0", 2, kFailed)}) == "start 1 stop -1");
  CHECK(Window({EntryOf("A_monitor_0", 1, kFailed)}) == "start -1 stop -1");
}
