// Nodes from top to bottom, time from left to right, bars for what runs.
//
// Long pauses are drawn short: a gap between two events is as wide as its time up to a few seconds, and no
// wider.
#include <algorithm>
#include <cstdio>
#include <map>

#include "simulator/report/page.h"

namespace picket::simulator::report {
namespace {

constexpr double kGutter = 150, kWidth = 1100, kRow = 20, kHead = 26, kAxis = 34;
constexpr double kGapMax_ms = 6000, kGapMin_ms = 250;

struct Bar {
  std::string row;
  int64_t begin_ms, end_ms;
  const char* kind;  // a class of the style sheet
};
struct Mark {
  std::string row;  // empty: of the node itself
  int64_t at_ms;
  const char* kind;
  std::string text;
};
struct Lane {
  std::vector<std::string> rows;
  std::vector<Bar> bars;
  std::vector<Bar> away;  // when the node was not there
  std::vector<Mark> marks;
};

class Lanes {
 public:
  Lanes(const Story& story, const std::vector<std::string>& nodes) {
    for (const std::string& node : nodes) lanes_[node], away_since_[node] = 0;
    for (const StoryEvent& event : story) See(event);
    const int64_t end_ms = story.empty() ? 0 : story.back().time_ms + 2000;
    for (auto& [node, lane] : lanes_) CloseAll(node, end_ms);
    for (auto& [node, since] : away_since_) {
      if (since >= 0) lanes_[node].away.push_back({"", since, end_ms, "away"});
    }
    end_ms_ = end_ms;
  }
  const Lane& at(const std::string& node) const { return lanes_.at(node); }
  const std::vector<Mark>& faults() const { return faults_; }
  int64_t end_ms() const { return end_ms_; }

 private:
  struct Open {
    int64_t since_ms;
    const char* kind;
  };

  static std::string RowOf(const StoryEvent& event) { return event.instance.empty() ? event.resource : event.instance; }

  void Turn(const StoryEvent& event, const char* kind) {
    const std::string row = RowOf(event);
    auto& open = open_[event.node];
    const auto known = open.find(row);
    if (known != open.end()) {
      lanes_[event.node].bars.push_back({row, known->second.since_ms, event.time_ms, known->second.kind});
      open.erase(known);
    }
    if (!kind) return;
    open[row] = {event.time_ms, kind};
    auto& rows = lanes_[event.node].rows;
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }

  void CloseAll(const std::string& node, int64_t at_ms) {
    for (const auto& [row, open] : open_[node]) lanes_[node].bars.push_back({row, open.since_ms, at_ms, open.kind});
    open_[node].clear();
  }

  void Gone(const std::string& node, int64_t at_ms) {
    CloseAll(node, at_ms);
    int64_t& since = away_since_[node];
    if (since < 0) since = at_ms;
  }

  void See(const StoryEvent& event) {
    switch (event.kind) {
      case EventKind::kFault:
        faults_.push_back({"", event.time_ms, "fault", event.text});
        break;
      case EventKind::kNodeDies:
      case EventKind::kNodeLeaves:
        Gone(event.node, event.time_ms);
        break;
      case EventKind::kNodeLost:
        lanes_[event.node].marks.push_back({"", event.time_ms, "lost", event.node + " is lost"});
        break;
      case EventKind::kFenced:
        Gone(event.node, event.time_ms);
        lanes_[event.node].marks.push_back(
            {"", event.time_ms, "fenced",
             event.node + " is fenced by " + (event.device.empty() ? "its own watchdog" : event.device)});
        break;
      case EventKind::kNodeJoins:
        if (int64_t& since = away_since_[event.node]; since >= 0) {
          if (event.time_ms > since) lanes_[event.node].away.push_back({"", since, event.time_ms, "away"});
          since = -1;
        }
        break;
      case EventKind::kActionBegins:
        if (event.operation == "start" || event.operation == "migrate_from") Turn(event, "starting");
        if (event.operation == "stop" && open_[event.node].count(RowOf(event))) Turn(event, "stopping");
        break;
      case EventKind::kActionDone:
        if (event.operation == "start" || event.operation == "migrate_from" || event.operation == "demote") {
          Turn(event, "running");
        }
        if (event.operation == "promote") Turn(event, "promoted");
        if (event.operation == "stop") Turn(event, nullptr);
        break;
      case EventKind::kActionFails:
      case EventKind::kFailureNoticed: {
        if (event.operation == "start") Turn(event, nullptr);
        const std::string how = event.timed_out ? " times out" : " fails with " + std::to_string(event.rc);
        lanes_[event.node].marks.push_back(
            {RowOf(event), event.time_ms, "failure", event.operation + " of " + RowOf(event) + how});
        break;
      }
      default:
        break;
    }
  }

  std::map<std::string, Lane> lanes_;
  std::map<std::string, std::map<std::string, Open>> open_;
  std::map<std::string, int64_t> away_since_;  // -1: it is there
  std::vector<Mark> faults_;
  int64_t end_ms_ = 0;
};

// Where a moment is drawn.
class Scale {
 public:
  Scale(const Story& story, int64_t end_ms) {
    for (const StoryEvent& event : story) times_.push_back(event.time_ms);
    times_.push_back(0);
    times_.push_back(end_ms);
    std::stable_sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    double at = 0;
    for (size_t i = 0; i < times_.size(); ++i) {
      if (i > 0) at += std::clamp(static_cast<double>(times_[i] - times_[i - 1]), kGapMin_ms, kGapMax_ms);
      places_.push_back(at);
    }
    factor_ = at > 0 ? (kWidth - kGutter - 20) / at : 1;
  }
  double X(int64_t at_ms) const {
    const auto after = std::lower_bound(times_.begin(), times_.end(), at_ms);
    const size_t i = std::min<size_t>(static_cast<size_t>(after - times_.begin()), places_.size() - 1);
    return kGutter + places_[i] * factor_;
  }
  const std::vector<int64_t>& times() const { return times_; }

 private:
  std::vector<int64_t> times_;
  std::vector<double> places_;
  double factor_ = 1;
};

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string Seconds(int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%01lld s", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000 / 100));
  return text;
}

class Painter {
 public:
  Painter(const History& history, const std::vector<std::string>& nodes)
      : nodes_(nodes), lanes_(history.story, nodes), scale_(history.story, lanes_.end_ms()) {}

  std::string Paint(const std::string& name) {
    double y = 24;
    for (const std::string& node : nodes_) y = PaintLane(node, y);
    const double bottom = y;
    PaintAxis(bottom);
    PaintFaults(bottom);
    return "<svg class=\"timeline\" viewBox=\"0 0 " + Number(kWidth) + " " + Number(bottom + kAxis) +
           "\" role=\"img\" aria-label=\"" + Escaped("what ran where: " + name) + "\">" + out_ + "</svg>";
  }

 private:
  void Rect(double x, double y, double width, double height, const std::string& classes, const std::string& title) {
    out_ += "<rect x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" width=\"" + Number(std::max(width, 2.0)) +
            "\" height=\"" + Number(height) + "\" rx=\"3\" class=\"" + classes + "\">";
    if (!title.empty()) out_ += "<title>" + Escaped(title) + "</title>";
    out_ += "</rect>";
  }
  void Text(double x, double y, const char* classes, const std::string& text) {
    out_ +=
        "<text x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" class=\"" + classes + "\">" + Escaped(text) + "</text>";
  }

  double PaintLane(const std::string& node, double y) {
    const Lane& lane = lanes_.at(node);
    const double height = kHead + kRow * static_cast<double>(lane.rows.size()) + 8;
    Rect(0, y, kWidth, height - 4, "lane", "");
    Text(10, y + 18, "node", node);
    for (const Bar& bar : lane.away) {
      Rect(scale_.X(bar.begin_ms), y + 2, scale_.X(bar.end_ms) - scale_.X(bar.begin_ms), height - 8, "away",
           node + " is not there: " + Seconds(bar.begin_ms) + " to " + Seconds(bar.end_ms));
    }
    for (size_t i = 0; i < lane.rows.size(); ++i) {
      const double top = y + kHead + kRow * static_cast<double>(i);
      Text(22, top + 12, "row", Short(lane.rows[i]));
      for (const Bar& bar : lane.bars) {
        if (bar.row == lane.rows[i]) PaintBar(bar, node, top);
      }
      for (const Mark& mark : lane.marks) {
        if (mark.row == lane.rows[i]) PaintMark(mark, top + 8);
      }
    }
    for (const Mark& mark : lane.marks) {
      if (mark.row.empty()) PaintMark(mark, y + 14);
    }
    return y + height;
  }

  static std::string Short(const std::string& name) {
    return name.size() <= 18 ? name : name.substr(0, 17) + "\xE2\x80\xA6";
  }

  void PaintBar(const Bar& bar, const std::string& node, double top) {
    const double x = scale_.X(bar.begin_ms);
    Rect(x, top, scale_.X(bar.end_ms) - x, kRow - 5, std::string("bar ") + bar.kind,
         bar.row + " " + bar.kind + " on " + node + ": " + Seconds(bar.begin_ms) + " to " + Seconds(bar.end_ms));
  }

  void PaintMark(const Mark& mark, double y) {
    const double x = scale_.X(mark.at_ms);
    out_ += "<g class=\"mark " + std::string(mark.kind) + "\"><title>" +
            Escaped(mark.text + ", at " + Seconds(mark.at_ms)) + "</title><circle cx=\"" + Number(x) + "\" cy=\"" +
            Number(y) + "\" r=\"7\"/><text x=\"" + Number(x) + "\" y=\"" + Number(y + 4) + "\">" +
            (std::string_view(mark.kind) == "lost" ? "?" : "!") + "</text></g>";
  }

  void PaintFaults(double bottom) {
    double free_from = 0;
    for (const Mark& fault : lanes_.faults()) {
      const double x = scale_.X(fault.at_ms);
      out_ += "<line class=\"fault\" x1=\"" + Number(x) + "\" x2=\"" + Number(x) + "\" y1=\"18\" y2=\"" +
              Number(bottom) + "\"/>";
      if (x < free_from) continue;
      const double width = 6.3 * static_cast<double>(fault.text.size());
      const double from = std::min(x, kWidth - width - 4);
      Text(from, 13, "fault", fault.text);
      free_from = from + width + 10;
    }
  }

  void PaintAxis(double bottom) {
    double free_from = 0;
    for (size_t i = 0; i < scale_.times().size(); ++i) {
      const int64_t at_ms = scale_.times()[i];
      const double x = scale_.X(at_ms);
      if (x < free_from || x > kWidth - 40) continue;
      out_ += "<line class=\"tick\" x1=\"" + Number(x) + "\" x2=\"" + Number(x) + "\" y1=\"" + Number(bottom) +
              "\" y2=\"" + Number(bottom + 5) + "\"/>";
      Text(x, bottom + 18, "tick", Seconds(at_ms));
      free_from = x + 62;
    }
  }

  const std::vector<std::string>& nodes_;
  const Lanes lanes_;
  const Scale scale_;
  std::string out_;
};

}  // namespace

std::string TimelineOf(const History& history, const std::vector<std::string>& nodes) {
  return Painter(history, nodes).Paint(history.name);
}

}  // namespace picket::simulator::report
