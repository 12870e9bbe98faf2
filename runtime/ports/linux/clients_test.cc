#include "runtime/ports/linux/clients.h"

#include <doctest/doctest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace picket::runtime {
namespace {

using Clock = std::chrono::steady_clock;

// The socket, and those who connect to it.
struct Stage {
  Stage() : epoll(epoll_create1(0)), clients(epoll.get()) {
    char name[] = "/tmp/picket-clients-XXXXXX";
    path = std::string(mkdtemp(name)) + "/control";
    std::string error;
    REQUIRE(clients.Listen(path, error, "no-such-group-here"));
  }
  ~Stage() {
    unlink(path.c_str());
    rmdir(path.substr(0, path.rfind('/')).c_str());
  }

  Descriptor Connect() {
    Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    REQUIRE(connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    Turn();
    return fd;
  }
  // What is ready, and no request.
  void Turn() {
    epoll_event ready[64];
    const int count = epoll_wait(epoll.get(), ready, 64, 0);
    for (int i = 0; i < count; ++i) {
      const uint64_t tag = ready[i].data.u64;
      if (tag == Clients::kTag) {
        clients.Accept(events);
      } else {
        clients.Ready(tag & ~Clients::kTag, ready[i].events, events);
      }
    }
  }
  void Say(const Descriptor& client, const std::string& text) {
    CHECK(write(client.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    Turn();
  }
  // The line of the next request and who asks; nobody: 0.
  std::pair<ClientNumber, std::string> Next() {
    std::vector<Event> taken;
    if (!clients.TakeRequest(taken)) return {};
    const auto& sent = std::get<ClientSent>(taken.at(0));
    return {sent.client, sent.line};
  }
  void Reply(ClientNumber client, const std::string& line) { clients.Do(Answer{client, line}, events); }
  size_t Opened() const { return Count<ClientOpened>(); }
  size_t Closed() const { return Count<ClientClosed>(); }
  template <typename T>
  size_t Count() const {
    size_t count = 0;
    for (const Event& event : events) count += std::holds_alternative<T>(event);
    return count;
  }

  std::string path;
  Descriptor epoll;
  Clients clients;
  std::vector<Event> events;
};

bool IsClosed(const Descriptor& client) {
  char byte = 0;
  return recv(client.get(), &byte, 1, MSG_PEEK) == 0;
}

TEST_CASE("without the group the socket is for its owner alone") {
  Stage stage;
  struct stat status {};
  REQUIRE(stat(stage.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("one request of a client at a time, in turns") {
  Stage stage;
  const Descriptor one = stage.Connect();
  const Descriptor other = stage.Connect();
  stage.Say(one, "a\nb\nc\n");
  stage.Say(other, "x\n");
  const auto first = stage.Next();
  CHECK(first.second == "a");
  CHECK(stage.Next().second == "x");
  // The first has not been answered, so its next ones wait.
  CHECK(stage.Next().first == 0);
  stage.Reply(first.first, "done");
  CHECK(stage.Next().second == "b");
}

TEST_CASE("who does not take an answer asks nothing more") {
  Stage stage;
  const Descriptor client = stage.Connect();
  stage.Say(client, "a\nb\n");
  const ClientNumber number = stage.Next().first;
  stage.Reply(number, std::string(size_t{8} << 20, 'x'));
  CHECK(stage.Next().first == 0);
  // One more answer on top of so much, and it is gone.
  stage.Reply(number, "more");
  CHECK(stage.Closed() == 1);
}

TEST_CASE("when all places are taken the idlest goes, and nobody who waits for an answer") {
  Stage stage;
  std::vector<Descriptor> all;
  for (size_t i = 0; i < Clients::kClientsMax; ++i) all.push_back(stage.Connect());
  stage.Say(all[0], "a\n");
  stage.Say(all[1], "half a requ");
  CHECK(stage.Next().second == "a");
  const Descriptor late = stage.Connect();
  CHECK(stage.clients.size() == Clients::kClientsMax);
  CHECK_FALSE(IsClosed(all[0]));
  CHECK_FALSE(IsClosed(all[1]));
  CHECK(IsClosed(all[2]));
  stage.Say(late, "b\n");
  CHECK(stage.Next().second == "b");
}

TEST_CASE("a stop is not held up by those who do not read") {
  Stage stage;
  std::vector<Descriptor> all;
  for (int i = 0; i < 120; ++i) {
    all.push_back(stage.Connect());
    stage.Say(all.back(), "a\n");
    stage.Reply(stage.Next().first, std::string(size_t{1} << 20, 'x'));
  }
  const auto began = Clock::now();
  stage.clients.Flush();
  CHECK(Clock::now() - began < std::chrono::seconds(5));
}

TEST_CASE("name services that do not answer keep nobody") {
  const auto began = Clock::now();
  {
    const GroupNumber hangs("haclient", [](const std::string&) {
      sleep(20);
      return int64_t{7};
    });
    CHECK(hangs.get() == -1);
    hangs.WaitForFirst(10);
  }
  CHECK(Clock::now() - began < std::chrono::seconds(10));
  const GroupNumber answers("haclient", [](const std::string&) { return int64_t{7}; });
  answers.WaitForFirst(10000);
  CHECK(answers.get() == 7);
}

}  // namespace
}  // namespace picket::runtime
