#include "simulator/report/page.h"

#include <sstream>

#include "simulator/report/assets.h"

namespace picket::simulator::report {
namespace {

class Writer {
 public:
  explicit Writer(const Page& page) : page_(page) {}

  std::string Write() {
    Head();
    Summary();
    Verdicts();
    Timelines();
    Scores();
    Drawings();
    out_ += "</main><footer>made by picket report; everything in this page was simulated</footer>\n";
    out_ +=
        "<dialog id=\"why\" aria-labelledby=\"why-title\"><form method=\"dialog\"><button class=\"close\" "
        "aria-label=\"close\">&times;</button></form><h2 id=\"why-title\"></h2><div "
        "id=\"why-body\"></div></dialog>\n";
    out_ += templates_;
    out_ += "<script>\n" + std::string(kScript) + "</script>\n</body></html>\n";
    return std::move(out_);
  }

 private:
  void Head() {
    out_ +=
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; "
        "script-src 'unsafe-inline'; img-src data:\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<title>" +
        Escaped(page_.title) + "</title>\n<style>\n" + std::string(kStyle) + "</style></head>\n<body>\n";
    out_ += "<header><div><h1>" + Escaped(page_.title) + "</h1><p class=\"path\">" + Escaped(page_.path) +
            "</p></div><nav aria-label=\"sections\">";
    if (!page_.verdicts.empty()) out_ += "<a href=\"#verdicts\">Verdicts</a>";
    out_ += "<a href=\"#timeline\">Timeline</a><a href=\"#scores\">Scores</a>";
    for (size_t i = 0; i < page_.drawings.size(); ++i) {
      out_ += "<a href=\"#drawing-" + std::to_string(i) + "\">" + Escaped(page_.drawings[i].title) + "</a>";
    }
    out_ += "</nav><button id=\"theme\" type=\"button\" aria-pressed=\"false\">Dark</button></header>\n<main>\n";
  }

  void Tile(const std::string& number, const std::string& text, const char* kind = "") {
    out_ += "<div class=\"tile " + std::string(kind) + "\"><b>" + Escaped(number) + "</b><span>" + Escaped(text) +
            "</span></div>";
  }

  void Summary() {
    size_t passed = 0;
    for (const VerdictCard& verdict : page_.verdicts) passed += verdict.passed ? 1 : 0;
    const size_t failed = page_.verdicts.size() - passed;
    size_t running = 0;
    for (const explain::Explanation& resource : page_.explanations) running += resource.runs ? 1 : 0;
    out_ += "<section class=\"tiles\" aria-label=\"summary\">";
    Tile(std::to_string(page_.nodes.size()), page_.nodes.size() == 1 ? "node" : "nodes");
    Tile(std::to_string(page_.resources), "resources");
    if (!page_.verdicts.empty()) {
      Tile(std::to_string(passed), "passed", "good");
      Tile(std::to_string(failed), "failed", failed > 0 ? "bad" : "");
    }
    const size_t down = page_.explanations.size() - running;
    Tile(std::to_string(running) + " / " + std::to_string(page_.explanations.size()), "services up, " + page_.state,
         down > 0 ? "bad" : "good");
    out_ += "</section>\n";
  }

  void Lines(const std::string& text) {
    out_ += "<pre>";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out_ += Escaped(line) + "\n";
    out_ += "</pre>";
  }

  void Verdicts() {
    if (page_.verdicts.empty()) return;
    out_ += "<section id=\"verdicts\"><h2>Verdicts</h2><ul class=\"verdicts\">";
    for (const VerdictCard& verdict : page_.verdicts) {
      out_ += std::string("<li class=\"") + (verdict.passed ? "pass" : "fail") + "\"><details" +
              (verdict.passed ? "" : " open") + "><summary><span class=\"badge\">" +
              (verdict.passed ? "pass" : "fail") + "</span> <b>" + Escaped(verdict.name) + "</b> <span class=\"dim\">" +
              Escaped(verdict.kind + ", " + verdict.summary) + "</span></summary>";
      if (!verdict.claim.empty()) {
        out_ += "<p class=\"claim\"><code>" + Escaped(verdict.claim) + "</code> <span class=\"dim\">" +
                Escaped(verdict.place) + "</span></p>";
      }
      if (!verdict.instead.empty()) out_ += "<p>Instead: " + Escaped(verdict.instead) + "</p>";
      if (!verdict.story.empty()) Lines(verdict.story);
      if (!verdict.why.empty()) {
        out_ += "<h3>Why</h3>";
        Lines(verdict.why);
      }
      out_ += "</details></li>";
    }
    out_ += "</ul></section>\n";
  }

  void Timelines() {
    out_ += "<section id=\"timeline\"><h2>What ran where</h2>";
    if (page_.histories.empty()) {
      out_ +=
          "<p class=\"dim\">A CIB is one moment; a timeline needs a policy, or faults: "
          "<code>--after</code></p></section>\n";
      return;
    }
    out_ += "<p><label for=\"history\">History</label> <select id=\"history\">";
    for (size_t i = 0; i < page_.histories.size(); ++i) {
      const History& history = page_.histories[i];
      out_ += "<option value=\"" + std::to_string(i) + "\">" +
              Escaped(history.name + (history.outcome.empty() ? "" : " (" + history.outcome + ")")) + "</option>";
    }
    out_ += "</select></p><ul class=\"legend\" aria-label=\"legend\">";
    for (const char* kind : {"starting", "running", "promoted", "stopping", "away"}) {
      out_ += std::string("<li><i class=\"") + kind + "\"></i>" + (std::string(kind) == "away" ? "node away" : kind) +
              "</li>";
    }
    out_ += "</ul>";
    for (const History& history : page_.histories) {
      out_ += "<figure class=\"history\"><figcaption>" + Escaped(history.name) +
              "</figcaption><div class=\"scroll\" "
              "tabindex=\"0\">" +
              TimelineOf(history, page_.nodes) + "</div></figure>";
    }
    out_ += "</section>\n";
  }

  void Tree(std::string& to, const std::vector<explain::Reason>& reasons) {
    if (reasons.empty()) return;
    to += "<ul class=\"why\">";
    for (const explain::Reason& reason : reasons) {
      to += "<li>";
      if (!reason.amount.empty()) {
        const char* sign = reason.amount.starts_with('-') ? "minus" : "plus";
        to += std::string("<b class=\"") + sign + "\">" + Escaped(reason.amount) + "</b> ";
      }
      to += Escaped(reason.text);
      if (!reason.cause.empty()) to += " <code class=\"dim\">" + Escaped(page_.cite(reason.cause)) + "</code>";
      Tree(to, reason.because);
      to += "</li>";
    }
    to += "</ul>";
  }

  // Puts away what a click shows, and gives its number.
  std::string Template(const std::string& title, const std::string& body) {
    const std::string id = "w" + std::to_string(next_template_++);
    templates_ += "<template id=\"" + id + "\"><h2>" + Escaped(title) + "</h2><div>" + body + "</div></template>\n";
    return id;
  }

  void Cell(const explain::PrimitiveView& part, const explain::NodeView* node) {
    if (!node) {
      out_ += "<td></td>";
      return;
    }
    std::string body;
    if (node->reasons.empty()) body = "<p>Nothing speaks for or against it.</p>";
    Tree(body, node->reasons);
    const char* kind = node->chosen && part.runs ? "chosen" : node->possible ? "possible" : "impossible";
    const std::string score = node->score.empty() ? "\xE2\x80\x93" : node->score;
    const std::string id = Template(part.resource + " on " + node->node + ": " + score, body);
    std::string label = part.resource + " on " + node->node + ": score " + score + ", " + kind;
    out_ += std::string("<td class=\"") + kind + "\"><button type=\"button\" data-why=\"" + id + "\" aria-label=\"" +
            Escaped(label) + "\">" +
            Escaped(score == "-INFINITY"  ? "-\xE2\x88\x9E"
                    : score == "INFINITY" ? "\xE2\x88\x9E"
                                          : score) +
            (node->chosen && part.promoted ? " <small>promoted</small>" : "") + "</button></td>";
  }

  void Scores() {
    out_ += "<section id=\"scores\"><h2>Scores</h2><p class=\"dim\">" + Escaped("As of: " + page_.state) +
            ". A click on a score or a name tells what it is made of.</p><div class=\"scroll\" "
            "tabindex=\"0\"><table><thead><tr>"
            "<th scope=\"col\">resource</th>";
    for (const std::string& node : page_.nodes) out_ += "<th scope=\"col\">" + Escaped(node) + "</th>";
    out_ += "<th scope=\"col\">outcome</th></tr></thead><tbody>";
    for (const explain::Explanation& resource : page_.explanations) {
      for (const explain::PrimitiveView& part : resource.parts) {
        std::string body;
        Tree(body, part.decisions);
        if (!resource.runs && resource.first_cause) {
          body += "<h3>First cause</h3>";
          Tree(body, {*resource.first_cause});
        }
        const std::string id = Template(part.resource + " " + part.outcome, body);
        out_ += "<tr><th scope=\"row\"><button type=\"button\" data-why=\"" + id + "\">" + Escaped(part.resource) +
                "</button></th>";
        for (const std::string& name : page_.nodes) {
          const explain::NodeView* found = nullptr;
          for (const explain::NodeView& node : part.nodes) found = node.node == name ? &node : found;
          Cell(part, found);
        }
        out_ += std::string("<td class=\"outcome ") + (part.runs ? "" : "down") + "\">" + Escaped(part.outcome) +
                "</td></tr>";
      }
    }
    out_ += "</tbody></table></div></section>\n";
  }

  void Drawings() {
    for (size_t i = 0; i < page_.drawings.size(); ++i) {
      const Drawing& drawing = page_.drawings[i];
      out_ += "<section id=\"drawing-" + std::to_string(i) + "\"><h2>" + Escaped(drawing.title) + "</h2>";
      if (!drawing.text.empty()) out_ += "<p class=\"dim\">" + Escaped(drawing.text) + "</p>";
      const std::string svg = CleanSvg(drawing.svg);
      if (!svg.empty()) {
        out_ += "<div class=\"scroll drawing\" tabindex=\"0\" role=\"img\" aria-label=\"" + Escaped(drawing.title) +
                "\">" + svg + "</div>";
      }
      if (!drawing.rows.empty()) {
        out_ += std::string("<details") + (svg.empty() ? " open" : "") + "><summary>as a list</summary><ul>";
        for (const std::string& row : drawing.rows) out_ += "<li>" + Escaped(row) + "</li>";
        out_ += "</ul></details>";
      }
      out_ += "</section>\n";
    }
  }

  const Page& page_;
  std::string out_;
  std::string templates_;
  size_t next_template_ = 0;
};

}  // namespace

std::string HtmlOf(const Page& page) {
  return Writer(page).Write();
}

}  // namespace picket::simulator::report
