// What is known of the cluster now, for everybody who looks: the newest picture, since when the cluster cannot be
// read, and what happened. Threads wait here for news.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "web/serve/picture.h"

namespace picket::web {

class Board {
 public:
  static constexpr size_t kEventsMax = 200;

  // A new reading of the cluster: the events between the pictures go along. `read_s` is when it was read. `drift`
  // is a list of lines, or null where no policy was named.
  void Show(std::shared_ptr<const Reading> reading, Json picture, Json drift, int64_t read_s);
  // The cluster was read again and is as it was shown; false if it has to be shown.
  bool StillSo(int64_t read_s);
  // The cluster cannot be read; `why` is for people. The last picture stays.
  void Lose(const std::string& why, int64_t now_s);
  // Something that a person did.
  void Tell(const std::string& text, const char* level, int64_t now_s);
  // Nobody waits any longer.
  void Close();

  struct News {
    uint64_t number = 0;  // 0: nothing is known yet
    std::string text;     // the JSON of the page
    int64_t read_s = 0;   // when the cluster was read last
  };
  // What is newest; waits for at most so long for something newer than `after`.
  News Next(uint64_t after, int64_t wait_ms);
  // What was read last, and whether the cluster could be read just now.
  std::shared_ptr<const Reading> Last(bool& reachable) const;
  bool closed() const;

 private:
  void Publish();
  void Note(const std::string& text, const std::string& level, int64_t now_s);

  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::shared_ptr<const Reading> reading_;
  Json picture_, drift_;
  std::deque<Json> events_;
  uint64_t event_ = 0;
  std::string lost_why_;
  int64_t lost_s_ = 0;
  int64_t read_s_ = 0;
  uint64_t number_ = 0;
  std::string text_;
  bool closed_ = false;
};

}  // namespace picket::web
