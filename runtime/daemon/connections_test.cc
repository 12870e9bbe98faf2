#include "runtime/daemon/connections.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"

using namespace picket::runtime;

namespace {

ClientOpened Opened(ClientNumber client, bool may_change) {
  ClientOpened opened;
  opened.client = client;
  opened.may_change = may_change;
  return opened;
}

// The answers, each as `CLIENT LINE`.
std::vector<std::string> Lines(const Outbox& out) {
  std::vector<std::string> lines;
  for (const Effect& effect : out.effects) {
    const auto& answer = std::get<Answer>(effect);
    lines.push_back(std::to_string(answer.client) + " " + answer.line);
  }
  return lines;
}

}  // namespace

TEST_CASE("who may change is what the socket said when the client came") {
  Connections connections;
  connections.Open(Opened(1, true));
  connections.Open(Opened(2, false));
  CHECK(connections.MayChange(1));
  CHECK_FALSE(connections.MayChange(2));
  CHECK_FALSE(connections.MayChange(3));
  // A number that comes again is another client.
  connections.Open(Opened(1, false));
  CHECK_FALSE(connections.MayChange(1));
}

TEST_CASE("who has gone, or never asked, gets no answer") {
  Connections connections;
  connections.Open(Opened(1, true));
  Outbox out;
  connections.Refuse(1, "no", out);
  connections.Accept(1, 7, out);
  connections.Close(1);
  connections.Refuse(1, "no", out);
  connections.Accept(1, 8, out);
  connections.Refuse(std::nullopt, "no", out);
  connections.Accept(std::nullopt, 9, out);
  CHECK(Lines(out) == std::vector<std::string>{"1 {\"error\":\"no\"}", "1 {\"accepted\":7}"});
}

TEST_CASE("news go to who follows, changes to who watches") {
  Connections connections;
  for (const ClientNumber client : {1, 2, 3}) connections.Open(Opened(client, false));
  connections.Follow(1);
  connections.Follow(2);
  connections.Watch(2);
  Outbox out;
  connections.TellFollowers("news", out);
  connections.TellWatchers(5, out);
  CHECK(Lines(out) == std::vector<std::string>{"1 news", "2 news", "2 {\"changed\":5}"});
}

TEST_CASE("an answer is valid JSON whatever an agent has said") {
  Connections connections;
  connections.Open(Opened(1, false));
  Outbox out;
  connections.Refuse(1, "a\xff\n\"b\"", out);
  CHECK(Lines(out) == std::vector<std::string>{"1 {\"error\":\"a\xef\xbf\xbd\\n\\\"b\\\"\"}"});
}
