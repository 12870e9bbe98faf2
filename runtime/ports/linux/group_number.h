// The number of a group by its name. Name services may take for ever to answer, so a thread asks them, again
// every minute; until there is an answer the last one counts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace picket::runtime {

class GroupNumber {
 public:
  // `ask` gives the number, -1 if there is no such group; by default the system's name services do.
  explicit GroupNumber(std::string name, std::function<int64_t(const std::string&)> ask = {});
  ~GroupNumber();
  GroupNumber(const GroupNumber&) = delete;
  GroupNumber& operator=(const GroupNumber&) = delete;

  // -1: there is none, or nobody knows yet. Never waits.
  int64_t get() const;
  // For somebody who can wait that long for the first answer.
  void WaitForFirst(int milliseconds) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace picket::runtime
