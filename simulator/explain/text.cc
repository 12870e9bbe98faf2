#include "simulator/explain/text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace picket::simulator::explain {
namespace {

using json = nlohmann::ordered_json;

std::string Clean(std::string_view text) {
  std::string clean;
  for (const char c : text) clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return clean;
}

constexpr size_t kPlaceColumn = 78;

// The text, and where its cause stands, in a column of its own.
std::string LineOf(const std::string& indent, const Reason& reason, const Citer& cite) {
  std::string line = indent;
  if (!reason.amount.empty()) line += reason.amount + "  ";
  line += Clean(reason.text);
  const std::string place = reason.cause.empty() ? "" : Clean(cite(reason.cause));
  if (!place.empty()) line += std::string(line.size() + 2 < kPlaceColumn ? kPlaceColumn - line.size() : 2, ' ') + place;
  return line + "\n";
}

void Write(std::string& text, const std::string& indent, const std::vector<Reason>& reasons, const Citer& cite) {
  for (const Reason& reason : reasons) {
    text += LineOf(indent, reason, cite);
    Write(text, indent + "  ", reason.because, cite);
  }
}

bool IsOn(const PrimitiveView& part, const std::string& node) {
  return part.runs && part.node == node;
}

std::string HeadOf(const PrimitiveView& part) {
  return Clean(part.resource) + " " + Clean(part.outcome) + "   (now " + Clean(part.now) + ")\n";
}

std::string NodeHead(const NodeView& node) {
  std::string text = "  " + Clean(node.node) + "  ";
  text += node.score.empty() ? "no candidate" : "score " + node.score;
  if (node.chosen) return text + "  <- here\n";
  return text + (node.possible ? "\n" : "  not possible\n");
}

void WriteNode(std::string& text, const NodeView& node, const Citer& cite) {
  text += NodeHead(node);
  if (node.reasons.empty()) text += "    nothing speaks for or against it\n";
  Write(text, "    ", node.reasons, cite);
}

void WriteRemedy(std::string& text, const Explanation& explanation, const Citer& cite) {
  if (explanation.first_cause) {
    text += "first cause\n";
    Write(text, "  ", {*explanation.first_cause}, cite);
  }
  if (explanation.runs || explanation.tried == 0) return;
  if (explanation.remedy.empty()) {
    text += "nothing that was tried lets it run: " + std::to_string(explanation.tried) + " changes and pairs of them\n";
    return;
  }
  text += explanation.remedy.size() == 1 ? "it would run after one change, tried by solving again\n"
                                         : "it would run after two changes, tried by solving again\n";
  for (const Change& change : explanation.remedy) text += LineOf("  ", {change.text, "", change.cause, {}}, cite);
  if (!explanation.alternatives.empty()) text += "or after another one\n";
  for (const Change& change : explanation.alternatives) text += LineOf("  ", {change.text, "", change.cause, {}}, cite);
}

// Of a group that runs in one place the members tell the same; those with something of their own are all
// shown.
std::string Summary(const Explanation& explanation) {
  std::string text = explanation.kind + " " + Clean(explanation.resource);
  if (explanation.parts.empty()) return text + " has no parts\n";
  return text + (explanation.runs ? " runs\n" : " does not run\n");
}

// "fs", "fs, vip:", "fs, vip, app and 3 more:".
std::string NamesOf(const std::vector<const PrimitiveView*>& parts) {
  constexpr size_t kNamesMax = 4;
  if (parts.size() == 1) return Clean(parts[0]->resource);
  std::string text;
  const size_t shown = parts.size() > kNamesMax ? kNamesMax - 1 : parts.size();
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + Clean(parts[i]->resource);
  return text + (shown < parts.size() ? " and " + std::to_string(parts.size() - shown) + " more:" : ":");
}

// Parts that end up alike, in the order of the first of each.
std::vector<std::vector<const PrimitiveView*>> Alike(const std::vector<PrimitiveView>& parts) {
  std::vector<std::vector<const PrimitiveView*>> groups;
  for (const PrimitiveView& part : parts) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return group.front()->outcome == part.outcome && group.front()->now == part.now;
    });
    if (same == groups.end()) {
      groups.push_back({&part});
    } else {
      same->push_back(&part);
    }
  }
  return groups;
}

json JsonOf(const std::vector<Reason>& reasons, const Citer& cite) {
  json list = json::array();
  for (const Reason& reason : reasons) {
    json entry = {{"text", reason.text}};
    if (!reason.amount.empty()) entry["amount"] = reason.amount;
    if (!reason.cause.empty()) {
      entry["id"] = reason.cause;
      entry["place"] = cite(reason.cause);
    }
    if (!reason.because.empty()) entry["because"] = JsonOf(reason.because, cite);
    list.push_back(std::move(entry));
  }
  return list;
}

json JsonOf(const std::vector<Change>& changes, const Citer& cite) {
  std::vector<Reason> reasons;
  for (const Change& change : changes) reasons.push_back({change.text, "", change.cause, {}});
  return JsonOf(reasons, cite);
}

std::string Dump(const json& document) {
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string TextOf(const Explanation& explanation, const Question& question, const Citer& cite) {
  std::string text = Summary(explanation);
  Write(text, "  ", explanation.circumstances, cite);
  for (const PrimitiveView& part : explanation.parts) {
    text += "\n" + HeadOf(part);
    Write(text, "  ", part.decisions, cite);
    for (const NodeView& node : part.nodes) {
      if (question.node.empty() || node.node == question.node) WriteNode(text, node, cite);
    }
  }
  if (explanation.first_cause || explanation.tried > 0) text += "\n";
  WriteRemedy(text, explanation, cite);
  return text;
}

std::string AnswerOf(const Explanation& explanation, const Question& question, const Citer& cite) {
  std::string text = Summary(explanation);
  Write(text, "  ", explanation.circumstances, cite);
  std::vector<std::string> nodes;  // Chains that are told already: members of a group have the same ones.
  for (const auto& group : Alike(explanation.parts)) {
    const PrimitiveView& part = *group.front();
    text += NamesOf(group) + " " + Clean(part.outcome) + "   (now " + Clean(part.now) + ")\n";
    // Of what runs, what decided; of what does not, what holds it up.
    for (const Reason& decision : part.decisions) {
      if (!part.runs && &decision != &part.decisions.back()) continue;
      Reason alone = decision;
      alone.because.clear();
      text += LineOf("  ", alone, cite);
    }
    for (const PrimitiveView* one : group) {
      for (const NodeView& node : one->nodes) {
        if (question.node.empty() || node.node != question.node) continue;
        std::string chain;
        WriteNode(chain, node, cite);
        if (std::find(nodes.begin(), nodes.end(), chain) != nodes.end()) continue;
        nodes.push_back(chain);
        text += chain;
      }
    }
  }
  WriteRemedy(text, explanation, cite);
  return text + "--all tells every node, and what counts on each\n";
}

std::string BriefOf(const Explanation& explanation, const Question& question, const Citer& cite, size_t lines_max) {
  std::string text;
  Write(text, "", explanation.circumstances, cite);
  for (const PrimitiveView& part : explanation.parts) {
    const bool there = question.node.empty() ? part.runs : IsOn(part, question.node);
    if (there == question.not_there) continue;
    text += HeadOf(part);
    Write(text, "  ", part.decisions, cite);
    for (const NodeView& node : part.nodes) {
      if (question.node.empty() ? node.chosen : node.node == question.node) WriteNode(text, node, cite);
    }
  }
  if (explanation.first_cause && question.node.empty()) {
    text += "first cause\n";
    Write(text, "  ", {*explanation.first_cause}, cite);
  }
  size_t end = 0;
  for (size_t lines = 0; lines < lines_max && end < text.size(); ++lines) end = text.find('\n', end) + 1;
  if (end < text.size()) text = text.substr(0, end) + "…\n";
  return text;
}

std::string TextOf(const std::vector<Move>& moves, const Citer& before, const Citer& after) {
  if (moves.empty()) return "nothing has moved\n";
  std::string text;
  for (const Move& move : moves) {
    if (!text.empty()) text += "\n";
    text += Clean(move.resource) + ": before " + move.before + ", after " + move.after + "\n";
    text += "  before\n";
    Write(text, "    ", move.decided_before, before);
    text += "  after\n";
    Write(text, "    ", move.decided_after, after);
    for (const NodeChange& node : move.nodes) {
      const std::string from = node.score_before.empty() ? "no candidate" : node.score_before;
      const std::string to = node.score_after.empty() ? "no candidate" : node.score_after;
      text += "  " + Clean(node.node) + "  " + (from == to ? "score " + from : "score " + from + " -> " + to) + "\n";
      if (!node.gone.empty()) text += "    no longer\n";
      Write(text, "      ", node.gone, before);
      if (!node.come.empty()) text += "    now\n";
      Write(text, "      ", node.come, after);
    }
  }
  return text;
}

std::string JsonOf(const Explanation& explanation, const Question& question, const Citer& cite) {
  json document = {{"format", "picket-why"},
                   {"version", 1},
                   {"decided_as", explanation.decided_as},
                   {"resource", explanation.resource},
                   {"kind", explanation.kind},
                   {"runs", explanation.runs},
                   {"circumstances", JsonOf(explanation.circumstances, cite)},
                   {"parts", json::array()}};
  if (!question.node.empty()) document["node"] = question.node;
  for (const PrimitiveView& part : explanation.parts) {
    json nodes = json::array();
    for (const NodeView& node : part.nodes) {
      if (!question.node.empty() && node.node != question.node) continue;
      json entry = {{"node", node.node},
                    {"chosen", node.chosen},
                    {"possible", node.possible},
                    {"reasons", JsonOf(node.reasons, cite)}};
      entry["score"] = node.score.empty() ? json() : json(node.score);
      nodes.push_back(std::move(entry));
    }
    document["parts"].push_back({{"resource", part.resource},
                                 {"now", part.now},
                                 {"outcome", part.outcome},
                                 {"node", part.node.empty() ? json() : json(part.node)},
                                 {"runs", part.runs},
                                 {"promoted", part.promoted},
                                 {"decisions", JsonOf(part.decisions, cite)},
                                 {"nodes", std::move(nodes)}});
  }
  if (explanation.first_cause) document["first_cause"] = JsonOf(std::vector<Reason>{*explanation.first_cause}, cite)[0];
  if (explanation.tried > 0) {
    document["remedy"] = {{"tried", explanation.tried},
                          {"changes", JsonOf(explanation.remedy, cite)},
                          {"alternatives", JsonOf(explanation.alternatives, cite)}};
  }
  return Dump(document);
}

std::string JsonOf(const std::vector<Move>& moves, const Citer& before, const Citer& after) {
  json document = {{"format", "picket-why-moved"}, {"version", 1}, {"moves", json::array()}};
  for (const Move& move : moves) {
    json nodes = json::array();
    for (const NodeChange& node : move.nodes) {
      nodes.push_back({{"node", node.node},
                       {"score_before", node.score_before.empty() ? json() : json(node.score_before)},
                       {"score_after", node.score_after.empty() ? json() : json(node.score_after)},
                       {"no_longer", JsonOf(node.gone, before)},
                       {"now", JsonOf(node.come, after)}});
    }
    document["moves"].push_back({{"resource", move.resource},
                                 {"before", move.before},
                                 {"after", move.after},
                                 {"decided_before", JsonOf(move.decided_before, before)},
                                 {"decided_after", JsonOf(move.decided_after, after)},
                                 {"nodes", std::move(nodes)}});
  }
  return Dump(document);
}

}  // namespace picket::simulator::explain
