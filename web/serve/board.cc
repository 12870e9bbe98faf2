#include "web/serve/board.h"

#include <chrono>

namespace picket::web {

void Board::Show(std::shared_ptr<const Reading> reading, Json picture, Json drift, int64_t read_s) {
  const std::lock_guard lock(mutex_);
  const bool same = picture == picture_ && drift == drift_ && lost_why_.empty();
  reading_ = std::move(reading);
  read_s_ = read_s;
  if (same) return;
  if (!lost_why_.empty()) Note("the cluster can be read again", "good", read_s);
  lost_why_.clear();
  if (!picture_.is_null()) {
    for (const Json& event : HappenedBetween(picture_, picture)) Note(event.at("text"), event.at("level"), read_s);
  }
  picture_ = std::move(picture);
  drift_ = std::move(drift);
  Publish();
}

bool Board::StillSo(int64_t read_s) {
  const std::lock_guard lock(mutex_);
  if (!reading_ || !lost_why_.empty()) return false;
  read_s_ = read_s;
  return true;
}

void Board::Lose(const std::string& why, int64_t now_s) {
  const std::lock_guard lock(mutex_);
  if (lost_why_ == why) return;
  if (lost_why_.empty()) {
    lost_s_ = now_s;
    Note("the cluster cannot be read: " + why, "bad", now_s);
  }
  lost_why_ = why;
  Publish();
}

void Board::Tell(const std::string& text, const char* level, int64_t now_s) {
  const std::lock_guard lock(mutex_);
  Note(text, level, now_s);
  Publish();
}

void Board::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  news_.notify_all();
}

Board::News Board::Next(uint64_t after, int64_t wait_ms) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return closed_ || number_ > after; });
  return {number_, number_ > after ? text_ : std::string(), read_s_};
}

std::shared_ptr<const Reading> Board::Last(bool& reachable) const {
  const std::lock_guard lock(mutex_);
  reachable = reading_ && lost_why_.empty();
  return reading_;
}

bool Board::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void Board::Note(const std::string& text, const std::string& level, int64_t now_s) {
  events_.push_front({{"number", ++event_}, {"at_s", now_s}, {"text", text}, {"level", level}});
  if (events_.size() > kEventsMax) events_.pop_back();
}

void Board::Publish() {
  Json page = {{"picture", picture_}, {"drift", drift_}, {"events", events_}};
  page["lost"] = lost_why_.empty() ? Json() : Json{{"why", lost_why_}, {"since_s", lost_s_}};
  text_ = page.dump(-1, ' ', true, Json::error_handler_t::replace);
  ++number_;
  news_.notify_all();
}

}  // namespace picket::web
