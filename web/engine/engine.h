// The engine of the page: the real compiler, solver and simulator behind one function.
//
// Requests and answers are JSON (docs/page.md lists them). An engine keeps the policies that it was given
// under names, started and at rest, so that a click costs the reaction to it and no more. It has no files, no
// clock and no threads; equal requests in equal order give equal answers. What cannot be done is an answer
// with `error`.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace picket::web {

struct Subject;

class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // {"do":"load","name":"a","path":"web.picket","text":"…"} → {"ok":true,…} or {"error":"…"}.
  std::string Call(std::string_view request);

 private:
  std::map<std::string, std::unique_ptr<Subject>> subjects_;
};

}  // namespace picket::web
