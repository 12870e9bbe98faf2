#include "web/serve/site.h"

#include <algorithm>

#include "web/serve/assets.h"

namespace picket::web {
namespace {

using Verb = Change::Verb;

constexpr int kWaitingMax = 8;
constexpr size_t kSecretMax = 512;

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

Response Of(const Json& json) {
  Response response;
  response.body = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  return response;
}

Response File(const char* type, std::string_view text) {
  Response response;
  response.type = type;
  response.body = text;
  return response;
}

// The members of a request; null if the body is not what it should be.
nlohmann::json BodyOf(const Request& request) {
  if (request.body.size() > Site::kBodyMax) return nullptr;
  // Nothing that is asked for is nested.
  const auto flat = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth <= 1; };
  nlohmann::json body = nlohmann::json::parse(request.body, flat, false);
  return body.is_object() ? body : nlohmann::json(nullptr);
}

std::string TextIn(const nlohmann::json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_string()) return {};
  std::string text = found->get<std::string>();
  return text.size() <= kSecretMax ? text : std::string();
}

bool IsPost(const std::string& path) {
  return path == "/session" || path == "/end" || path == "/ask" || path == "/do";
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& SecurityHeaders() {
  static const std::vector<std::pair<std::string, std::string>> headers = {
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
      {"Cache-Control", "no-store"},
  };
  return headers;
}

Site::Site(SiteSettings settings, Board& board, Outside& outside, Door::Passwords passwords)
    : settings_(std::move(settings)),
      board_(board),
      outside_(outside),
      door_(
          settings_.door, [&outside] { return outside.Random(); }, std::move(passwords)) {}

std::string Site::token() {
  const std::lock_guard lock(mutex_);
  return door_.token();
}

std::optional<Response> Site::Early(const Request& request) {
  {
    const std::lock_guard lock(mutex_);
    if (auto refusal = door_.Judge(request, outside_.NowMs())) return refusal;
  }
  if (request.method == "POST") {
    if (!IsPost(request.path)) return Refuse(404, "there is no such page");
    return std::nullopt;
  }
  if (request.path == "/") {
    Response page = File("text/html; charset=utf-8", kLiveHtml);
    page.headers.emplace_back("Content-Security-Policy", kPolicy);
    return page;
  }
  if (request.path == "/live.js") return File("text/javascript; charset=utf-8", kLiveScript);
  if (request.path == "/live.css") return File("text/css; charset=utf-8", kLiveStyle);
  if (request.path.starts_with("/what-if/")) return WhatIf(request);
  if (request.path != "/events") return Refuse(404, "there is no such page");
  std::string session, name;
  if (auto refusal = Admit(request, session, name, false)) return refusal;
  Response stream;
  stream.held = HoldStream(session);
  if (!stream.held) return Refuse(429, "too many pages of one session; close some");
  stream.type = "text/event-stream";
  stream.events = true;
  stream.session = session;
  return stream;
}

std::shared_ptr<void> Site::HoldStream(const std::string& session) {
  const std::lock_guard lock(mutex_);
  int& count = streams_[session];
  if (count >= kStreamsMax) return nullptr;
  ++count;
  return std::shared_ptr<void>(this, [session](Site* site) { site->ReleaseStream(session); });
}

void Site::ReleaseStream(const std::string& session) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(session);
  if (found != streams_.end() && --found->second == 0) streams_.erase(found);
}

Response Site::Answer(const Request& request) {
  if (request.path == "/session") return Enter(request);
  if (request.path == "/ask") return Ask(request);
  if (request.path == "/do") return Do(request);
  const std::lock_guard lock(mutex_);
  Response response = Of(Json::object());
  if (const Session* session = door_.Find(request, outside_.NowMs(), response)) door_.End(session);
  return response;
}

std::optional<Response> Site::Admit(const Request& request, std::string& session, std::string& name, bool question) {
  const std::lock_guard lock(mutex_);
  const int64_t now_ms = outside_.NowMs();
  Response refusal;
  Session* found = door_.Find(request, now_ms, refusal);
  if (!found) return refusal;
  if (question && !found->questions.Take(now_ms)) return Refuse(429, "too many questions; wait a moment");
  session = found->id;
  name = found->name;
  return std::nullopt;
}

Response Site::Enter(const Request& request) {
  const nlohmann::json body = BodyOf(request);
  if (!body.is_object()) return Refuse(400, "the request is not understood");
  // A page that has neither asks how people come in.
  if (body.empty()) {
    Response response = Refuse(401, "not in yet");
    response.body = Json{{"error", "not in yet"}, {"passwords", settings_.door.passwords}}.dump();
    return response;
  }
  Response response;
  std::string printed;
  {
    const std::lock_guard lock(mutex_);
    const int64_t now_ms = outside_.NowMs();
    const Session* session =
        body.contains("password")
            ? door_.EnterByPassword(TextIn(body, "name"), TextIn(body, "password"), now_ms, response)
            : door_.EnterByToken(TextIn(body, "token"), now_ms, response);
    if (!session) return response;
    response = Of({{"key", session->key}, {"page", session->page}, {"name", session->name}});
    response.headers.emplace_back("Set-Cookie", door_.CookieOf(*session));
    if (!settings_.door.passwords) printed = door_.token();
  }
  if (!printed.empty()) outside_.NewToken(printed);
  return response;
}

bool Site::Offers(Verb verb) {
  if (!settings_.allow_changes) return false;
  const std::vector<Verb> verbs = outside_.Verbs();
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

std::optional<Json> Site::Simulate(const Change& change, std::string& configuration, Response& refusal) {
  bool reachable = false;
  const std::shared_ptr<const Reading> reading = board_.Last(reachable);
  if (!reachable) {
    refusal = Refuse(409, "the cluster cannot be read now, so nobody knows what would happen");
    return std::nullopt;
  }
  {
    const std::lock_guard lock(mutex_);
    if (waiting_ >= kWaitingMax) {
      refusal = Refuse(429, "others ask too; wait a moment");
      return std::nullopt;
    }
    ++waiting_;
  }
  std::optional<Json> answer;
  std::string reason;
  {
    const std::lock_guard lock(simulating_);
    const simulator::WorldSettings settings = outside_.Settings();
    outside_.WithLargeStack([&] { answer = ForecastOf(*reading, change, settings, reason); });
  }
  {
    const std::lock_guard lock(mutex_);
    --waiting_;
  }
  if (!answer) refusal = Refuse(400, reason);
  configuration = reading->configuration;
  return answer;
}

Response Site::Ask(const Request& request) {
  std::string session, name, reason, configuration;
  if (auto refusal = Admit(request, session, name, true)) return *refusal;
  const nlohmann::json body = BodyOf(request);
  const auto change = ReadChange(body, reason);
  if (!change) return Refuse(400, reason);
  Response refusal;
  std::optional<Json> answer = Simulate(*change, configuration, refusal);
  if (!answer) return refusal;
  const Json shown = *answer;
  (*answer)["ticket"] = nullptr;
  if (Offers(change->verb)) {
    const std::lock_guard lock(mutex_);
    if (tickets_.size() >= kTicketsMax) tickets_.pop_front();
    tickets_.push_back({outside_.Random(), session, configuration, *change, shown, outside_.NowMs()});
    (*answer)["ticket"] = tickets_.back().id;
  }
  return Of(*answer);
}

Response Site::Do(const Request& request) {
  std::string session, name;
  if (auto refusal = Admit(request, session, name, true)) return *refusal;
  if (!settings_.allow_changes) return Refuse(403, "this server only shows; --allow-changes lets people change things");
  const std::string id = TextIn(BodyOf(request), "ticket");
  const std::lock_guard one_at_a_time(changing_);
  Ticket ticket;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(tickets_.begin(), tickets_.end(), [&](const Ticket& one) {
      return SameSecret(one.id, id) && one.session == session;
    });
    if (found == tickets_.end() || outside_.NowMs() - found->made_ms > kTicketLife_ms)
      return Refuse(409, "what was shown is too old; look again");
    ticket = *found;
    tickets_.erase(found);
  }
  if (!Offers(ticket.change.verb)) return Refuse(403, "the cluster does not offer this");
  Response refusal;
  std::string configuration;
  const std::optional<Json> now = Simulate(ticket.change, configuration, refusal);
  if (!now) return refusal;
  if (configuration != ticket.configuration || *now != ticket.shown)
    return Refuse(409, "the cluster has changed since, and something else would happen now; look again");
  const std::string title = TitleOf(ticket.change);
  const std::string who = name.empty() ? "" : " (" + name + ")";
  if (const std::string why = outside_.Carry(ticket.change, configuration); !why.empty()) {
    board_.Tell("not done: " + title + who + ": " + why, "bad", outside_.NowS());
    return Refuse(409, why);
  }
  board_.Tell("done from this page: " + title + who, "good", outside_.NowS());
  return Of({{"done", title}});
}

Response Site::WhatIf(const Request& request) {
  Response refusal;
  {
    const std::lock_guard lock(mutex_);
    const int64_t now_ms = outside_.NowMs();
    Session* session = door_.Find(request, now_ms, refusal, true);
    if (session && !session->questions.Take(now_ms)) return Refuse(429, "too many questions; wait a moment");
    if (!session) return refusal;
  }
  bool reachable = false;
  const std::shared_ptr<const Reading> reading = board_.Last(reachable);
  if (!reading || !reachable) return Refuse(409, "the cluster cannot be read now, so nobody knows what would happen");
  std::string reason;
  const std::string html = outside_.WhatIf(*reading, reason);
  if (html.empty()) return Refuse(503, reason);
  // The page names its own script by a digest; what is said here only narrows that.
  Response page = File("text/html; charset=utf-8", html);
  page.headers.emplace_back("Content-Security-Policy", "frame-ancestors 'none'; sandbox allow-scripts allow-downloads");
  return page;
}

std::string Site::NextEvents(const std::string& session, uint64_t& after, int64_t wait_ms) {
  {
    const std::lock_guard lock(mutex_);
    if (!door_.Keep(session, outside_.NowMs())) return {};
  }
  const bool first = after == 0;
  const Board::News news = board_.Next(after, wait_ms);
  if (board_.closed()) return {};
  std::string text;
  if (first) {
    Json verbs = Json::array();
    if (settings_.allow_changes) {
      for (const Verb verb : outside_.Verbs()) verbs.push_back(WordOf(verb));
    }
    const Json hello = {{"source", settings_.source},
                        {"version", settings_.version},
                        {"changes", settings_.allow_changes},
                        {"verbs", std::move(verbs)}};
    text += "event: hello\ndata: " + hello.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n\n";
  }
  const Json beat = {{"now_s", outside_.NowS()}, {"read_s", news.read_s}};
  if (!news.text.empty()) text += "event: state\ndata: " + news.text + "\n\n";
  text += "event: beat\ndata: " + beat.dump() + "\n\n";
  after = std::max<uint64_t>(news.number, after);
  return text;
}

}  // namespace picket::web
