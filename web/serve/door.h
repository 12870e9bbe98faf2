// Who may come in: the door of `picket serve`.
//
// A request passes if it was sent to one of our own names (Host: a page elsewhere that points its name at this
// address is refused), comes from our own page (Origin, Sec-Fetch-Site) and, for everything that tells or
// changes something, belongs to a session. A session begins with a one-time token or with a password. It has
// two secrets: a cookie that no script reads, and a key that our page keeps and sends along. The cookie
// alone is not enough, since browsers send it to every port of the machine; the key alone is not enough,
// since a script could read it. Nothing is kept on disk.
//
// Pure: no sockets, no clock; randomness and passwords are asked for. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "web/serve/messages.h"

namespace picket::web {

// Lets through `burst` at once and then so many in a second.
class Bucket {
 public:
  Bucket(double per_second, double burst) : per_second_(per_second), burst_(burst), level_(burst) {}
  bool Take(int64_t now_ms);

 private:
  double per_second_, burst_, level_;
  int64_t last_ms_ = 0;
};

struct DoorSettings {
  std::vector<std::string> hosts;  // `127.0.0.1:7680`: what a Host header may say
  bool tls = false;                // origins are https, cookies are for https only
  std::string cookie = "picket";   // its name; one for each port, since browsers do not keep ports apart
  bool passwords = false;          // people name themselves; else there is a one-time token
};

struct Session {
  std::string id, key;  // cookie and key
  std::string page;     // part of the address of the page that plays
  std::string name;     // of the person; empty with a token
  int64_t begun_ms = 0;
  int64_t seen_ms = 0;
  Bucket requests{50, 400};
  Bucket questions{1, 20};
};

class Door {
 public:
  using Random = std::function<std::string()>;  // a fresh secret of letters and digits, 128 bits at least
  using Passwords = std::function<bool(const std::string& name, const std::string& password)>;

  static constexpr size_t kSessionsMax = 32;
  static constexpr int64_t kIdleMax_ms = int64_t{12} * 3600 * 1000;

  Door(DoorSettings settings, Random random, Passwords passwords = nullptr);

  // The answer of a request that is turned away whatever it asks for; nullopt: it may go on.
  std::optional<Response> Judge(const Request& request, int64_t now_ms);
  // Whose request it is; null and `refusal` if it is nobody's. With `by_page`, the address stands for the key.
  Session* Find(const Request& request, int64_t now_ms, Response& refusal, bool by_page = false);
  // Begins a session; null and `refusal` if the token or the password is wrong. A token is good once.
  Session* EnterByToken(const std::string& token, int64_t now_ms, Response& refusal);
  Session* EnterByPassword(const std::string& name, const std::string& password, int64_t now_ms, Response& refusal);
  void End(const Session* session);
  // Whether a stream of that session may go on; an open page keeps its session.
  bool Keep(const std::string& id, int64_t now_ms);

  // The token that is good now. A new one each time it is used.
  const std::string& token() const { return token_; }
  const DoorSettings& settings() const { return settings_; }
  // The Set-Cookie header of a session.
  std::string CookieOf(const Session& session) const;

 private:
  bool IsOurOrigin(const std::string& origin) const;
  // Strangers share a number of requests. However many they send, who is in is not held up: a session counts its own.
  bool IsLetThrough(const Request& request, int64_t now_ms);
  Session* Begin(std::string name, int64_t now_ms);

  DoorSettings settings_;
  Random random_;
  Passwords passwords_;
  std::string token_;
  std::list<Session> sessions_;  // the one that was seen last comes last
  Bucket strangers_{100, 600};   // requests without a session
  Bucket wrong_{1.0 / 6, 10};    // tokens and passwords that are wrong
};

// Equal, in a time that does not tell where they differ.
bool SameSecret(std::string_view left, std::string_view right);

}  // namespace picket::web
