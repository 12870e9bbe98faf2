#include "web/serve/site.h"

#include <doctest/doctest.h>

#include "solver/schedule.h"
#include "web/serve/test_cib.h"

namespace picket::web {
namespace {

using Verb = Change::Verb;

class FakeOutside : public Outside {
 public:
  int64_t now_ms = 0;
  int number = 0;
  std::vector<std::string> carried, tokens;
  std::string refusal;

  int64_t NowMs() override { return now_ms; }
  int64_t NowS() override { return kTestNow_s; }
  std::string Random() override { return "secret-" + std::to_string(++number) + "-of-the-test"; }
  simulator::WorldSettings Settings() override { return {}; }
  std::vector<Verb> Verbs() override { return {Verb::kStandby, Verb::kCleanup}; }
  std::string Carry(const Change& change, const std::string& configuration) override {
    carried.push_back(TitleOf(change) + " at " + configuration);
    return refusal;
  }
  std::string WhatIf(const Reading&, std::string&) override { return "<p>plays</p>"; }
  void NewToken(const std::string& token) override { tokens.push_back(token); }
  void WithLargeStack(const std::function<void()>& work) override { solver::WithLargeStack(work); }
};

struct Server {
  Board board;
  FakeOutside outside;
  Site site;
  std::string cookie, key, page;

  explicit Server(bool allow_changes = true) : site(SettingsOf(allow_changes), board, outside) {
    Show(TestCib(TestWebOn1(), TestNoWeb()));
  }

  static SiteSettings SettingsOf(bool allow_changes) {
    SiteSettings settings;
    settings.door.hosts = {"127.0.0.1:7680"};
    settings.allow_changes = allow_changes;
    settings.source = "a test";
    settings.version = "1";
    return settings;
  }

  void Show(const std::string& cib) {
    auto reading = std::make_shared<Reading>();
    std::string reason;
    REQUIRE(ReadCibText(cib, kTestNow_s, *reading, reason));
    Json picture;
    solver::WithLargeStack([&] { picture = PictureOf(*reading, kTestNow_s); });
    board.Show(reading, picture, nullptr, kTestNow_s);
  }

  Response Send(Request request) {
    request.host = request.host.empty() ? "127.0.0.1:7680" : request.host;
    if (request.method == "POST") {
      if (request.origin.empty()) request.origin = "http://127.0.0.1:7680";
      request.type = "application/json";
    }
    if (auto early = site.Early(request)) return *early;
    return site.Answer(request);
  }
  Request Make(const std::string& method, const std::string& path, const std::string& body = "") const {
    Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.cookie = cookie;
    request.key = key;
    return request;
  }
  Response Get(const std::string& path) { return Send(Make("GET", path)); }
  Response Post(const std::string& path, const Json& body) { return Send(Make("POST", path, body.dump())); }

  void Enter() {
    const Response entered = Post("/session", {{"token", site.token()}});
    REQUIRE(entered.status == 200);
    const Json json = Json::parse(entered.body);
    key = json.at("key");
    page = json.at("page");
    for (const auto& [name, value] : entered.headers) {
      if (name == "Set-Cookie") cookie = value.substr(0, value.find(';'));
    }
  }
  Json Ask(const Json& change) { return Json::parse(Post("/ask", change).body); }
};

const Json kStandby = {{"verb", "standby"}, {"node", "n1"}};

TEST_CASE("without a session there is the empty page, and nothing of the cluster") {
  Server server;
  const Response page = server.Get("/");
  CHECK(page.status == 200);
  CHECK(page.body.find("demo") == std::string::npos);
  CHECK(page.headers.front().second.find("default-src 'none'") == 0);
  CHECK(server.Get("/live.js").status == 200);
  CHECK(server.Get("/events").status == 401);
  CHECK(server.Get("/what-if/").status == 401);
  CHECK(server.Get("/what-if/guess").status == 401);
  for (const char* path : {"/ask", "/do", "/end"}) CHECK(server.Post(path, kStandby).status == 401);
  for (const char* path : {"/state", "/../etc/passwd", "//", "/LIVE.js", "/live.js/"})
    CHECK(server.Get(path).status == 404);
  CHECK(server.Post("/", Json::object()).status == 404);
}

TEST_CASE("foreign origins and names are refused, session or not") {
  Server server;
  server.Enter();
  Request request = server.Make("POST", "/do", "{}");
  request.origin = "http://evil.example";
  CHECK(server.Send(request).status == 403);
  request = server.Make("GET", "/events");
  request.host = "evil.example:7680";
  CHECK(server.Send(request).status == 421);
}

TEST_CASE("a link lets in once; then there is another one") {
  Server server;
  const std::string token = server.site.token();
  server.Enter();
  CHECK(server.Post("/session", {{"token", token}}).status == 401);
  REQUIRE(server.outside.tokens.size() == 1);
  CHECK(server.outside.tokens[0] == server.site.token());
  CHECK(server.Post("/session", {{"token", 7}}).status == 401);
  CHECK(server.Post("/session", Json::array()).status == 400);
  const Response asked = server.Post("/session", Json::object());
  CHECK(asked.status == 401);
  CHECK(Json::parse(asked.body).at("passwords") == false);
}

TEST_CASE("the stream tells the cluster, and ends with the session") {
  Server server;
  server.Enter();
  const Response stream = server.Get("/events");
  REQUIRE(stream.events);
  uint64_t after = 0;
  const std::string first = server.site.NextEvents(stream.session, after, 0);
  CHECK(first.find("event: hello\ndata: {\"source\":\"a test\"") == 0);
  CHECK(first.find("event: state\ndata: {\"picture\":{\"cluster\":\"demo\"") != std::string::npos);
  CHECK(first.find("hunter2") == std::string::npos);
  CHECK(server.site.NextEvents(stream.session, after, 0) ==
        "event: beat\ndata: {\"now_s\":1767614400,\"read_s\":1767614400}\n\n");
  server.board.Lose("the disk is on fire", kTestNow_s + 5);
  const std::string lost = server.site.NextEvents(stream.session, after, 0);
  CHECK(lost.find(R"("lost":{"why":"the disk is on fire","since_s":1767614405})") != std::string::npos);
  CHECK(server.Post("/end", Json::object()).status == 200);
  CHECK(server.site.NextEvents(stream.session, after, 0).empty());
  CHECK(server.Get("/events").status == 401);
}

TEST_CASE("a change is shown, confirmed, and made once") {
  Server server;
  server.Enter();
  const Json shown = server.Ask(kStandby);
  CHECK(shown.at("answer") == "interrupts");
  const Json ticket = {{"ticket", shown.at("ticket")}};
  CHECK(server.Post("/do", ticket).status == 200);
  CHECK(server.outside.carried == std::vector<std::string>{"put n1 in standby at 0.7"});
  CHECK(server.Post("/do", ticket).status == 409);
  CHECK(server.outside.carried.size() == 1);
}

TEST_CASE("nothing is made that was not shown as it is now") {
  Server server;
  server.Enter();
  CHECK(server.Post("/do", {{"ticket", "guessed"}}).status == 409);
  CHECK(server.Post("/do", kStandby).status == 409);
  // Too old.
  Json ticket = {{"ticket", server.Ask(kStandby).at("ticket")}};
  server.outside.now_ms += Site::kTicketLife_ms + 1;
  CHECK(server.Post("/do", ticket).status == 409);
  // Another session's.
  ticket = {{"ticket", server.Ask(kStandby).at("ticket")}};
  const std::string cookie = server.cookie, key = server.key;
  server.Enter();
  CHECK(server.Post("/do", ticket).status == 409);
  server.cookie = cookie;
  server.key = key;
  // The other node has gone meanwhile: it would be something else.
  server.Show(TestCib(TestWebOn1(), TestNoWeb(), false));
  CHECK(server.Post("/do", ticket).status == 409);
  // Nobody knows how the cluster is.
  ticket = {{"ticket", server.Ask(kStandby).at("ticket")}};
  server.board.Lose("gone", kTestNow_s);
  CHECK(server.Post("/do", ticket).status == 409);
  CHECK(server.Post("/ask", kStandby).status == 409);
  CHECK(server.outside.carried.empty());
}

TEST_CASE("a viewer can ask, and can change nothing") {
  Server server(false);
  server.Enter();
  const Json shown = server.Ask(kStandby);
  CHECK(shown.at("answer") == "interrupts");
  CHECK(shown.at("ticket").is_null());
  for (const Json& body : {Json{{"ticket", "x"}}, Json{{"ticket", nullptr}}, kStandby, Json::object()})
    CHECK(server.Post("/do", body).status == 403);
  CHECK(server.outside.carried.empty());
}

TEST_CASE("a verb that the cluster does not offer has no ticket") {
  Server server;
  server.Enter();
  CHECK(server.Ask({{"verb", "stop"}, {"resource", "web"}}).at("ticket").is_null());
  CHECK(server.Ask({{"verb", "reboot"}, {"node", "n1"}}).at("ticket").is_null());
  CHECK_FALSE(server.Ask({{"verb", "cleanup"}}).at("ticket").is_null());
}

TEST_CASE("requests that mean harm are refused") {
  Server server;
  server.Enter();
  for (const std::string& body : {std::string("{"), std::string(), std::string(Site::kBodyMax + 1, '['),
                                  "{\"verb\":" + std::string(5000, '[') + "}", std::string("\xff\xfe")}) {
    const int status = server.Send(server.Make("POST", "/ask", body)).status;
    CHECK(status == 400);
  }
  CHECK(server.Post("/ask", {{"verb", "standby"}, {"node", "<script>alert(1)</script>"}}).status == 400);
  CHECK(server.Get("/" + std::string(5000, 'a')).status == 414);
}

TEST_CASE("the page that plays is another origin's, and is opened with its own address") {
  Server server;
  server.Enter();
  const Response page = server.Get("/what-if/" + server.page);
  CHECK(page.body == "<p>plays</p>");
  CHECK(page.headers.front().second.find("sandbox allow-scripts") != std::string::npos);
  CHECK(server.Get("/what-if/" + server.key).status == 401);
  server.cookie.clear();
  CHECK(server.Get("/what-if/" + server.page).status == 401);
}

TEST_CASE("a failure to change is told, with nothing done") {
  Server server;
  server.outside.refusal = "somebody else was faster";
  server.Enter();
  const Response done = server.Post("/do", {{"ticket", server.Ask(kStandby).at("ticket")}});
  CHECK(done.status == 409);
  CHECK(done.body.find("somebody else was faster") != std::string::npos);
}

}  // namespace
}  // namespace picket::web
