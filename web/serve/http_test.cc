// The server on a real socket: how much one client can take, and what the others notice of it.
#include "web/serve/http.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "solver/schedule.h"

namespace picket::web {
namespace {

class Nothing : public Outside {
 public:
  int64_t NowMs() override { return 0; }
  int64_t NowS() override { return 1; }
  std::string Random() override { return "secret-" + std::to_string(++number_) + "-of-the-test"; }
  simulator::WorldSettings Settings() override { return {}; }
  std::vector<Change::Verb> Verbs() override { return {}; }
  std::string Carry(const Change&, const std::string&) override { return "no"; }
  std::string WhatIf(const Reading&, std::string&) override { return std::string(8 << 20, 'x'); }
  void NewToken(const std::string&) override {}
  void WithLargeStack(const std::function<void()>& work) override { work(); }

 private:
  std::atomic<int> number_ = 0;
};

class Client {
 public:
  explicit Client(int port, int receive_bytes = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_bytes > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;

  void Send(const std::string& text) const {
    for (size_t sent = 0; sent < text.size();) {
      const ssize_t some = send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (some <= 0) return;
      sent += static_cast<size_t>(some);
    }
  }
  // What comes until this is in it, the end, or the time is up.
  std::string Read(const std::string& until, int limit_ms = 20000) const {
    std::string text;
    char some[4096];
    while (text.find(until) == std::string::npos) {
      pollfd one = {socket_, POLLIN, 0};
      if (poll(&one, 1, limit_ms) <= 0) break;
      const ssize_t size = recv(socket_, some, sizeof some, 0);
      if (size <= 0) break;
      text.append(some, static_cast<size_t>(size));
    }
    return text;
  }
  bool HasEnded(int limit_ms = 20000) const {
    char byte;
    pollfd one = {socket_, POLLIN, 0};
    return poll(&one, 1, limit_ms) > 0 && recv(socket_, &byte, 1, 0) <= 0;
  }

 private:
  int socket_;
};

struct Running {
  Board board;
  Nothing outside;
  HttpServer server{HttpSettings{}};
  std::unique_ptr<Site> site;
  std::thread thread;
  int port = 0;
  std::string cookie, key, page;

  Running() {
    std::string reason;
    port = server.Bind(reason);
    REQUIRE_MESSAGE(port > 0, reason);
    SiteSettings settings;
    settings.door.hosts = {"127.0.0.1:" + std::to_string(port)};
    site = std::make_unique<Site>(settings, board, outside);
    thread = std::thread([this] { server.Serve(*site); });
    auto reading = std::make_shared<Reading>();
    std::string why;
    REQUIRE(ReadCibText("<cib validate-with='pacemaker-3.7' epoch='1'><configuration/></cib>", 1, *reading, why));
    board.Show(reading, Json{{"x", std::string(100000, 'p')}}, nullptr, 1);
  }
  ~Running() {
    board.Close();
    server.Stop();
    thread.join();
  }

  std::string Head(const std::string& line) const {
    return line + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" +
           (cookie.empty() ? "" : "Cookie: " + cookie + "\r\nX-Picket-Key: " + key + "\r\n");
  }
  std::string Post(const std::string& path, const std::string& body) const {
    return Head("POST " + path) + "Origin: http://127.0.0.1:" + std::to_string(port) +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  void Enter() {
    const Client client(port);
    client.Send(Post("/session", R"({"token":")" + site->token() + "\"}"));
    const std::string answer = client.Read("}");
    const auto member = [&](const std::string& before, char end) {
      const size_t at = answer.find(before);
      REQUIRE_MESSAGE(at != std::string::npos, answer);
      return answer.substr(at + before.size(), answer.find(end, at + before.size()) - at - before.size());
    };
    cookie = member("Set-Cookie: ", ';');
    key = member("\"key\":\"", '"');
    page = member("\"page\":\"", '"');
  }
  bool Answers() const {
    const Client client(port);
    client.Send(Head("GET /live.css") + "\r\n");
    return client.Read("\r\n\r\n").starts_with("HTTP/1.1 200");
  }
};

TEST_CASE("answers have their headers, and no other server's name is answered") {
  const Running server;
  const Client client(server.port);
  client.Send(server.Head("GET /") + "\r\n");
  const std::string answer = client.Read("</html>");
  for (const char* header :
       {"HTTP/1.1 200", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
        "Cache-Control: no-store", "Content-Security-Policy: default-src 'none'"})
    CHECK_MESSAGE(answer.find(header) != std::string::npos, header);
  const Client rebound(server.port);
  rebound.Send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  const std::string refused = rebound.Read("}");
  CHECK(refused.starts_with("HTTP/1.1 421"));
  CHECK(refused.find("<html") == std::string::npos);
  const Client twice(server.port);
  twice.Send(server.Head("GET /") + "Host: evil.example\r\n\r\n");
  CHECK(twice.Read("}").starts_with("HTTP/1.1 421"));
}

TEST_CASE("200 open streams, and the server answers others") {
  Running server;
  server.Enter();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<Client>(server.port));
    clients.back()->Send(server.Head("GET /events") + "\r\n");
  }
  for (const auto& client : clients) CHECK(client->Read("event: beat").find("event: state") != std::string::npos);
  CHECK(server.Answers());
  server.board.Tell("a word for all", "note", 2);
  for (const auto& client : clients) CHECK(client->Read("a word for all").find("a word for all") != std::string::npos);
}

TEST_CASE("connections that say nothing do not shut out a session") {
  Running server;
  std::vector<std::unique_ptr<Client>> silent;
  for (size_t i = 0; i < HttpServer::kConnectionsMax + 80; ++i) silent.push_back(std::make_unique<Client>(server.port));
  server.Enter();
  const Client stream(server.port);
  stream.Send(server.Head("GET /events") + "\r\n");
  CHECK(stream.Read("event: beat").find("event: state") != std::string::npos);
  CHECK(silent.front()->HasEnded());
  // More of them do not end what a session has open.
  for (size_t i = 0; i < HttpServer::kConnectionsMax; ++i) silent.push_back(std::make_unique<Client>(server.port));
  server.board.Tell("still here", "note", 2);
  CHECK(stream.Read("still here").find("still here") != std::string::npos);
  CHECK(server.Answers());
}

TEST_CASE("slow readers hold up nobody") {
  Running server;
  server.Enter();
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 15; ++i) {
    slow.push_back(std::make_unique<Client>(server.port, 1024));
    slow.back()->Send(server.Head("GET /what-if/" + server.page) + "\r\n");
  }
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<Client>(server.port, 1024));
    slow.back()->Send(server.Head("GET /events") + "\r\n");
  }
  CHECK(server.Answers());
  for (int i = 0; i < 50; ++i) server.board.Tell(std::string(2000, 'n'), "note", 2);
  const Client reader(server.port);
  reader.Send(server.Head("GET /events") + "\r\n");
  CHECK(reader.Read("event: beat").find("event: state") != std::string::npos);
}

TEST_CASE("requests that are too large, too odd or never end are ended") {
  const Running server;
  const auto answer = [&](const std::string& request) {
    const Client client(server.port);
    client.Send(request);
    return client.Read("\r\n\r\n").substr(0, 12);
  };
  CHECK(answer(server.Post("/session", std::string(Site::kBodyMax + 1, ' '))) == "HTTP/1.1 413");
  CHECK(answer(server.Head("GET /" + std::string(9000, 'a')) + "\r\n").substr(0, 10) == "HTTP/1.1 4");
  const std::string range = "Range: bytes=" + [] {
    std::string text = "0-1";
    while (text.size() < 7000) text += ",0-1";
    return text;
  }();
  CHECK(answer(server.Head("GET /live.css") + range + "\r\n\r\n").starts_with("HTTP/1.1"));
  // Headers without end.
  const Client endless(server.port);
  std::string headers = server.Head("GET /");
  for (int i = 0; i < 4000; ++i) headers += "X-" + std::to_string(i) + ": 0123456789\r\n";
  endless.Send(headers);
  CHECK(endless.Read("\r\n\r\n").find("200") == std::string::npos);
  // A body in pieces without end.
  const Client chunks(server.port);
  std::string pieces = server.Head("POST /session") + "Origin: http://127.0.0.1:" + std::to_string(server.port) +
                       "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) pieces += "400\r\n" + std::string(1024, ' ') + "\r\n";
  chunks.Send(pieces);
  CHECK(chunks.Read("\r\n\r\n").find(" 200 ") == std::string::npos);
  for (const char* junk :
       {"\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET / HTTP/9.9\r\n\r\n"}) {
    const Client client(server.port);
    client.Send(junk);
  }
  CHECK(server.Answers());
}

}  // namespace
}  // namespace picket::web
