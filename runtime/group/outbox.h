// What a part of the core leaves behind in one step: effects for the ports, messages for the group, and news.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/group/message.h"
#include "runtime/ports/effects.h"

namespace picket::runtime {

// Something worth telling people: a line of `picket events`.
struct News {
  std::string kind;  // one word: `order`, `failed`, `transition`, `settled`, `attribute`, `configuration`, …
  std::string node;
  std::string resource;
  std::string text;
  SayLevel level = SayLevel::kInfo;
};

struct Outbox {
  Effects effects;
  std::vector<Message> messages;
  std::vector<News> news;

  void Tell(SayLevel level, std::string_view kind, std::string node, std::string resource, std::string text) {
    news.push_back({std::string(kind), std::move(node), std::move(resource), std::move(text), level});
  }
};

}  // namespace picket::runtime
