// One page about a cluster: what depends on what, what ran where and when, what the scores are and why, what
// the tests say. A single HTML file that refers to nothing outside itself.
//
// Pure: data in, text out; drawings come in as SVG, made by whoever has Graphviz. Every text is escaped here,
// whatever it holds; element ids are numbers, never names. The page works without its script: everything is
// shown then. Cost: linear in what is shown.
#pragma once

#include <string>
#include <vector>

#include "simulator/explain/reason.h"
#include "simulator/explain/text.h"
#include "simulator/world/story.h"

namespace picket::simulator::report {

struct VerdictCard {
  std::string name;
  std::string kind;  // `test`, `invariant`
  bool passed = false;
  std::string summary;  // `13.7 s of cluster time`
  std::string place;    // of the claim that failed
  std::string claim;
  std::string instead;
  std::string story;  // lines
  std::string why;    // lines
};

struct History {
  std::string name;
  std::string outcome;  // `passed`, `failed`, or empty: nobody judged it
  Story story;
};

struct Drawing {
  std::string title;
  std::string svg;                // empty: could not be drawn
  std::string text;               // said instead of, or below, the drawing
  std::vector<std::string> rows;  // the same in lines, for those who do not see it
};

struct Page {
  std::string title;
  std::string path;
  std::vector<std::string> nodes;  // in display order
  size_t resources = 0;
  std::string state;  // which moment the scores are of
  std::vector<VerdictCard> verdicts;
  std::vector<History> histories;
  std::vector<Drawing> drawings;
  std::vector<explain::Explanation> explanations;  // of top-level resources
  explain::Citer cite;
};

std::string HtmlOf(const Page& page);

// The time line of one history as an SVG.
std::string TimelineOf(const History& history, const std::vector<std::string>& nodes);

// Markup for a text: nothing in it is markup afterwards.
std::string Escaped(std::string_view text);
// A drawing without its prolog, and without anything that could run or refer outside.
std::string CleanSvg(std::string_view svg);

}  // namespace picket::simulator::report
