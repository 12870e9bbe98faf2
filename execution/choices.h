// Choices: what a cluster leaves open, written down while it is played, so that every other way can be played too.
//
// A player asks Choose() wherever something is arbitrary. The first time it gets 0 everywhere; `made()` says what was
// open; Next() gives the choices for another run, depth first, until all ways have been played:
//
//     for (std::optional<Choices> way = Choices(); way; way = way->Next()) Play(*way);
//
// A player must ask in the same order whenever the choices before were the same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace picket::execution {

struct Choice {
  size_t alternatives = 0;
  size_t chosen = 0;
  std::string what;  // for people: what was open
};

// Which way was taken, for a reader: `the order of the devices on n1: 2 of 3`.
std::string TextOf(const Choice& choice);

class Choices {
 public:
  Choices() = default;
  // The first choices are these; those after them are 0.
  explicit Choices(std::vector<size_t> first) : first_(std::move(first)) {}

  // An index below `alternatives`. What has no alternative is no choice and is not written down.
  size_t Choose(size_t alternatives, std::string what);

  // In the order in which they were made.
  const std::vector<Choice>& made() const { return made_; }
  // What was chosen, for the constructor: the same run again.
  std::vector<size_t> Chosen() const;
  // How many of the choices are given from the start.
  size_t Wanted() const { return first_.size(); }
  // The next way after the one that was played; nothing if it was the last.
  std::optional<Choices> Next() const;

 private:
  std::vector<size_t> first_;
  std::vector<Choice> made_;
};

}  // namespace picket::execution
