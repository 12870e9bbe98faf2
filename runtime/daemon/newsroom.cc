#include "runtime/daemon/newsroom.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace picket::runtime {
namespace {

std::string_view Word(SayLevel level) {
  switch (level) {
    case SayLevel::kInfo:
      return "info";
    case SayLevel::kNotice:
      return "notice";
    case SayLevel::kWarning:
      return "warning";
    case SayLevel::kError:
      return "error";
  }
  return "info";
}

}  // namespace

void Newsroom::Publish(const Replica& replica, const Connections& connections, Turn& turn) {
  for (News& news : std::exchange(turn.out.news, {})) {
    news.text = replica.Masked(std::move(news.text));
    std::string text;
    if (!news.node.empty()) text += news.node + ": ";
    if (!news.resource.empty()) text += news.resource + ": ";
    turn.out.effects.push_back(Say{news.level, text + news.text});
    kept_.push_back({next_++, turn.now.wall_ms, std::move(news)});
    connections.TellFollowers(LineFor(kept_.back()), turn.out);
    if (kept_.size() > kNewsKept) kept_.pop_front();
  }
  const uint64_t version = replica.soft_version() + next_;
  if (version == watched_) return;
  watched_ = version;
  connections.TellWatchers(version, turn.out);
}

std::vector<std::string> Newsroom::LinesSince(uint64_t number) const {
  std::vector<std::string> lines;
  for (const Kept& kept : kept_) {
    if (kept.number > number) lines.push_back(LineFor(kept));
  }
  return lines;
}

std::string Newsroom::LineFor(const Kept& kept) {
  return LineOf({{"number", kept.number},
                 {"wall_ms", kept.wall_ms},
                 {"level", Word(kept.news.level)},
                 {"kind", kept.news.kind},
                 {"node", kept.news.node},
                 {"resource", kept.news.resource},
                 {"text", kept.news.text}});
}

}  // namespace picket::runtime
