// Explanations in words and as JSON.
//
// Pure: data in, text out. Where an element stands comes from the caller, who has the source map; names are shown with
// bytes that a terminal would act on replaced.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/explain/moved.h"
#include "simulator/explain/reason.h"

namespace picket::simulator::explain {

// The place of an element, `pbx.picket:61:1`; its id where the input has no lines. Empty: nothing to say.
using Citer = std::function<std::string(std::string_view id)>;

// A question: about all nodes or one; `not_there`: why it is not there, else why it is.
struct Question {
  std::string resource;
  std::string node;  // empty: none in particular
  bool not_there = false;
};

// The answer: what happens, what decided, and for what does not run the first cause and what would help. Of a node that
// was asked for everything that counts there. Parts that end up alike are told once.
std::string AnswerOf(const Explanation& explanation, const Question& question, const Citer& cite);
// The same with every part, every node, and what counts on each.
std::string TextOf(const Explanation& explanation, const Question& question, const Citer& cite);
// A few lines for below a story: the parts and the node that matter, no more than `lines_max`.
std::string BriefOf(const Explanation& explanation, const Question& question, const Citer& cite, size_t lines_max);
std::string TextOf(const std::vector<Move>& moves, const Citer& before, const Citer& after);

// Version 1 of the formats in docs/why.md.
std::string JsonOf(const Explanation& explanation, const Question& question, const Citer& cite);
std::string JsonOf(const std::vector<Move>& moves, const Citer& before, const Citer& after);

}  // namespace picket::simulator::explain
