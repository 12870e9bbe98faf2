#include "web/serve/door.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>

namespace picket::web {
namespace {

constexpr size_t kPathMax = 200;

// The value of a cookie in a Cookie header; empty without it. The first one counts.
std::string ValueOf(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const size_t end = std::min(cookies.find(';'), cookies.size());
    std::string_view one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return std::string(one.substr(name.size() + 1));
  }
  return {};
}

}  // namespace

Response Refuse(int status, const std::string& why) {
  Response response;
  response.status = status;
  response.body = nlohmann::json{{"error", why}}.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return response;
}

bool SameSecret(std::string_view left, std::string_view right) {
  if (left.size() != right.size() || left.empty()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < left.size(); ++i)
    difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
  return difference == 0;
}

bool Bucket::Take(int64_t now_ms) {
  if (now_ms > last_ms_) {
    level_ = std::min(burst_, level_ + static_cast<double>(now_ms - last_ms_) / 1000 * per_second_);
    last_ms_ = now_ms;
  }
  if (level_ < 1) return false;
  level_ -= 1;
  return true;
}

Door::Door(DoorSettings settings, Random random, Passwords passwords)
    : settings_(std::move(settings)), random_(std::move(random)), passwords_(std::move(passwords)), token_(random_()) {}

bool Door::IsOurOrigin(const std::string& origin) const {
  const std::string scheme = settings_.tls ? "https://" : "http://";
  return std::any_of(settings_.hosts.begin(), settings_.hosts.end(),
                     [&](const std::string& host) { return origin == scheme + host; });
}

std::optional<Response> Door::Judge(const Request& request, int64_t now_ms) {
  std::string host = request.host;
  std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return std::tolower(c); });
  if (std::find(settings_.hosts.begin(), settings_.hosts.end(), host) == settings_.hosts.end())
    return Refuse(421, "this server has another name; use the address that `picket serve` printed");
  if (!request.origin.empty() && !IsOurOrigin(request.origin))
    return Refuse(403, "a page from elsewhere asked for this");
  // `none`: a person typed the address, or followed it from outside the browser.
  const bool opens = request.method == "GET" && (request.path == "/" || request.path.starts_with("/what-if/"));
  if (!request.site.empty() && request.site != "same-origin" && !(opens && request.site == "none"))
    return Refuse(403, "a page from elsewhere asked for this");
  if (request.path.size() > kPathMax) return Refuse(414, "there is no such page");
  if (request.method == "GET") {
    if (!IsLetThrough(request, now_ms)) return Refuse(429, "too many requests; wait a moment");
    return std::nullopt;
  }
  if (request.method != "POST") return Refuse(405, "only GET and POST are answered");
  if (request.origin.empty()) return Refuse(403, "a request that changes something names its origin");
  if (request.type != "application/json") return Refuse(415, "the request is not JSON");
  if (!IsLetThrough(request, now_ms)) return Refuse(429, "too many requests; wait a moment");
  return std::nullopt;
}

bool Door::IsLetThrough(const Request& request, int64_t now_ms) {
  const std::string id = ValueOf(request.cookie, settings_.cookie);
  const bool known = !id.empty() && std::any_of(sessions_.begin(), sessions_.end(),
                                                [&](const Session& session) { return SameSecret(session.id, id); });
  return known || strangers_.Take(now_ms);
}

Session* Door::Find(const Request& request, int64_t now_ms, Response& refusal, bool by_page) {
  sessions_.remove_if([&](const Session& session) { return now_ms - session.seen_ms > kIdleMax_ms; });
  const std::string id = ValueOf(request.cookie, settings_.cookie);
  const std::string key = by_page ? request.path.substr(request.path.rfind('/') + 1) : request.key;
  const auto found = std::find_if(sessions_.begin(), sessions_.end(), [&](const Session& session) {
    return SameSecret(session.id, id) && SameSecret(by_page ? session.page : session.key, key);
  });
  if (found == sessions_.end()) {
    refusal = Refuse(401, "the session is over; open the link that `picket serve` printed last");
    return nullptr;
  }
  if (!found->requests.Take(now_ms)) {
    refusal = Refuse(429, "too many requests; wait a moment");
    return nullptr;
  }
  found->seen_ms = now_ms;
  sessions_.splice(sessions_.end(), sessions_, found);
  return &sessions_.back();
}

Session* Door::Begin(std::string name, int64_t now_ms) {
  if (sessions_.size() >= kSessionsMax) sessions_.pop_front();
  Session& session = sessions_.emplace_back();
  session.id = random_();
  session.key = random_();
  session.page = random_();
  session.name = std::move(name);
  session.begun_ms = session.seen_ms = now_ms;
  return &session;
}

Session* Door::EnterByToken(const std::string& token, int64_t now_ms, Response& refusal) {
  if (!settings_.passwords && SameSecret(token, token_)) {
    token_ = random_();
    return Begin({}, now_ms);
  }
  refusal = wrong_.Take(now_ms)
                ? Refuse(401, "this link is not valid, or was used before; `picket serve` printed a new one")
                : Refuse(429, "too many wrong links; wait a moment");
  return nullptr;
}

Session* Door::EnterByPassword(const std::string& name, const std::string& password, int64_t now_ms,
                               Response& refusal) {
  // Counted before it is looked at: a look takes long on purpose.
  if (!settings_.passwords || !passwords_) {
    refusal = Refuse(401, "open the link that `picket serve` printed");
  } else if (!wrong_.Take(now_ms)) {
    refusal = Refuse(429, "too many attempts; wait a minute");
  } else if (passwords_(name, password)) {
    return Begin(name, now_ms);
  } else {
    refusal = Refuse(401, "the name or the password is wrong");
  }
  return nullptr;
}

void Door::End(const Session* session) {
  sessions_.remove_if([&](const Session& one) { return &one == session; });
}

bool Door::Keep(const std::string& id, int64_t now_ms) {
  const auto found =
      std::find_if(sessions_.begin(), sessions_.end(), [&](const Session& session) { return session.id == id; });
  if (found == sessions_.end()) return false;
  found->seen_ms = now_ms;
  return true;
}

std::string Door::CookieOf(const Session& session) const {
  return settings_.cookie + "=" + session.id + "; Path=/; HttpOnly; SameSite=Strict" +
         (settings_.tls ? "; Secure" : "");
}

}  // namespace picket::web
