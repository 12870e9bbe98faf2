#include "web/serve/door.h"

#include <doctest/doctest.h>

namespace picket::web {
namespace {

Door::Random Counting() {
  return [number = 0]() mutable { return "secret-" + std::to_string(++number) + "-of-the-test"; };
}

DoorSettings Ours() {
  DoorSettings settings;
  settings.hosts = {"127.0.0.1:7680", "localhost:7680"};
  settings.cookie = "picket-7680";
  return settings;
}

Request Get(const std::string& path) {
  Request request;
  request.method = "GET";
  request.path = path;
  request.host = "127.0.0.1:7680";
  return request;
}

Request Post(const std::string& path) {
  Request request = Get(path);
  request.method = "POST";
  request.origin = "http://127.0.0.1:7680";
  request.type = "application/json";
  return request;
}

int StatusOf(Door& door, const Request& request) {
  const auto refusal = door.Judge(request, 0);
  return refusal ? refusal->status : 200;
}

TEST_CASE("only our own names are answered, so a name that was bound to our address is not") {
  Door door(Ours(), Counting());
  CHECK(StatusOf(door, Get("/")) == 200);
  for (const char* host : {"evil.example:7680", "127.0.0.1", "127.0.0.1:80", "", "127.0.0.1:7680.evil.example",
                           "127.0.0.1:7680, evil.example", "127.0.0.1:76800"}) {
    Request request = Get("/");
    request.host = host;
    CHECK_MESSAGE(StatusOf(door, request) == 421, host);
  }
  Request named = Get("/");
  named.host = "LOCALHOST:7680";
  CHECK(StatusOf(door, named) == 200);
}

TEST_CASE("a page from elsewhere can ask for nothing") {
  Door door(Ours(), Counting());
  for (const char* origin : {"http://evil.example", "null", "https://127.0.0.1:7680", "http://127.0.0.1:7681",
                             "http://127.0.0.1:7680.evil.example", "http://127.0.0.1:7680/"}) {
    Request post = Post("/do");
    post.origin = origin;
    CHECK_MESSAGE(StatusOf(door, post) == 403, origin);
    Request get = Get("/events");
    get.origin = origin;
    CHECK_MESSAGE(StatusOf(door, get) == 403, origin);
  }
  for (const char* site : {"cross-site", "same-site", "none"}) {
    Request get = Get("/events");
    get.site = site;
    CHECK_MESSAGE(StatusOf(door, get) == 403, site);
  }
  Request typed = Get("/");
  typed.site = "none";
  CHECK(StatusOf(door, typed) == 200);
}

TEST_CASE("what changes something names its origin and is JSON") {
  Door door(Ours(), Counting());
  CHECK(StatusOf(door, Post("/ask")) == 200);
  Request without = Post("/ask");
  without.origin.clear();
  CHECK(StatusOf(door, without) == 403);
  // What a form of another page could send.
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
    Request form = Post("/ask");
    form.type = type;
    CHECK_MESSAGE(StatusOf(door, form) == 415, type);
  }
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"}) {
    Request other = Post("/ask");
    other.method = method;
    CHECK_MESSAGE(StatusOf(door, other) == 405, method);
  }
}

TEST_CASE("a token is good once, and a new one is there then") {
  Door door(Ours(), Counting());
  Response refusal;
  const std::string token = door.token();
  CHECK(door.EnterByToken("guessed", 0, refusal) == nullptr);
  CHECK(refusal.status == 401);
  CHECK(door.EnterByToken("", 0, refusal) == nullptr);
  CHECK(door.EnterByToken(token.substr(0, token.size() - 1), 0, refusal) == nullptr);
  REQUIRE(door.EnterByToken(token, 0, refusal) != nullptr);
  CHECK(door.token() != token);
  CHECK(door.EnterByToken(token, 0, refusal) == nullptr);
  CHECK(refusal.status == 401);
  CHECK(door.EnterByToken(door.token(), 0, refusal) != nullptr);
}

TEST_CASE("many wrong tokens are slowed down, and do not keep out who has the right one") {
  Door door(Ours(), Counting());
  Response refusal;
  for (int i = 0; i < 100; ++i) door.EnterByToken("wrong", 0, refusal);
  CHECK(refusal.status == 429);
  CHECK(door.EnterByToken(door.token(), 0, refusal) != nullptr);
}

TEST_CASE("a session needs its cookie and its key") {
  Door door(Ours(), Counting());
  Response refusal;
  const Session session = *door.EnterByToken(door.token(), 0, refusal);
  const std::string other = door.EnterByToken(door.token(), 0, refusal)->key;
  Request request = Get("/events");
  const auto found = [&] { return door.Find(request, 0, refusal) != nullptr; };
  CHECK_FALSE(found());
  CHECK(refusal.status == 401);
  request.cookie = "picket-7680=" + session.id;
  CHECK_FALSE(found());
  request.key = other;
  CHECK_FALSE(found());
  request.key = session.key;
  CHECK(found());
  request.cookie = "a=b; picket-7680=" + session.id + "; c=d";
  CHECK(found());
  request.cookie = "xpicket-7680=" + session.id;
  CHECK_FALSE(found());
  request.cookie = "picket-7680=" + session.id + "x";
  CHECK_FALSE(found());
  request.cookie = "";
  CHECK_FALSE(found());
  CHECK(door.CookieOf(session) == "picket-7680=" + session.id + "; Path=/; HttpOnly; SameSite=Strict");
}

TEST_CASE("a session ends when it is told to, when nobody uses it, and when there are too many") {
  Door door(Ours(), Counting());
  Response refusal;
  const auto request_of = [](const Session& session) {
    Request request = Get("/events");
    request.cookie = "picket-7680=" + session.id;
    request.key = session.key;
    return request;
  };
  Session* first = door.EnterByToken(door.token(), 0, refusal);
  const Request request = request_of(*first);
  CHECK(door.Keep(first->id, 0));
  CHECK(door.Find(request, Door::kIdleMax_ms, refusal) != nullptr);
  CHECK(door.Find(request, 2 * Door::kIdleMax_ms + 1, refusal) == nullptr);
  const Session second = *door.EnterByToken(door.token(), 0, refusal);
  for (size_t i = 0; i < Door::kSessionsMax; ++i) REQUIRE(door.EnterByToken(door.token(), 0, refusal) != nullptr);
  CHECK(door.Find(request_of(second), 0, refusal) == nullptr);
  const Session last = *door.EnterByToken(door.token(), 0, refusal);
  door.End(door.Find(request_of(last), 0, refusal));
  CHECK(door.Find(request_of(last), 0, refusal) == nullptr);
  CHECK_FALSE(door.Keep(last.id, 0));
}

TEST_CASE("a session cannot ask without end") {
  Door door(Ours(), Counting());
  Response refusal;
  const Session session = *door.EnterByToken(door.token(), 0, refusal);
  Request request = Get("/events");
  request.cookie = "picket-7680=" + session.id;
  request.key = session.key;
  int answered = 0;
  while (answered < 10000 && door.Find(request, 1, refusal)) ++answered;
  CHECK(refusal.status == 429);
  CHECK(answered < 1000);
  CHECK(door.Find(request, 1001, refusal) != nullptr);
}

TEST_CASE("passwords: names, attempts, and no token beside them") {
  DoorSettings settings = Ours();
  settings.passwords = true;
  settings.tls = true;
  int asked = 0;
  Door door(settings, Counting(), [&](const std::string& name, const std::string& password) {
    ++asked;
    return name == "ann" && password == "correct horse";
  });
  Response refusal;
  CHECK(door.EnterByToken(door.token(), 0, refusal) == nullptr);
  CHECK(door.EnterByPassword("ann", "wrong", 0, refusal) == nullptr);
  const Session* session = door.EnterByPassword("ann", "correct horse", 0, refusal);
  REQUIRE(session != nullptr);
  CHECK(session->name == "ann");
  CHECK(door.CookieOf(*session).ends_with("; Secure"));
  for (int i = 0; i < 100; ++i) door.EnterByPassword("ann", "guess", 0, refusal);
  CHECK(refusal.status == 429);
  CHECK(asked < 20);
  CHECK(door.EnterByPassword("ann", "correct horse", 600000, refusal) != nullptr);
}

TEST_CASE("a bucket lets through its burst, then its rate") {
  Bucket bucket(2, 3);
  CHECK(bucket.Take(0));
  CHECK(bucket.Take(0));
  CHECK(bucket.Take(0));
  CHECK_FALSE(bucket.Take(400));
  CHECK(bucket.Take(600));
  CHECK_FALSE(bucket.Take(600));
}

}  // namespace
}  // namespace picket::web
