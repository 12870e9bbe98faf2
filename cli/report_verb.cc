#include "cli/report_verb.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/as_option.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/interactive.h"
#include "cli/objection_why.h"
#include "cli/policy_io.h"
#include "cli/progress.h"
#include "cli/read_cib.h"
#include "cli/subject.h"
#include "compiler/import/import.h"
#include "simulator/explain/explain.h"
#include "simulator/report/page.h"
#include "simulator/scenario/play.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/read.h"
#include "solver/model/query.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

namespace explain = simulator::explain;
namespace report = simulator::report;

// A drawing with more than this is a blot, and takes Graphviz minutes.
constexpr size_t kDrawnMax = 250;
// Scores are told with their reasons up to this many cells.
constexpr size_t kCellsMax = 6000;

struct ReportOptions {
  std::string file;
  std::string other;  // a second policy, to compare; interactive pages only
  std::string output = "-";
  std::vector<std::string> after;
  bool no_tests = false;
  bool interactive = false;
  std::string as;  // --as
  std::string format = "text";
};

std::string Seconds(int64_t ms) {
  return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
}

report::VerdictCard CardOf(const Subject& subject, const simulator::Verdict& verdict) {
  const auto quote = QuoterOf(subject.compilation.source_map);
  report::VerdictCard card;
  card.name = verdict.name;
  card.kind = verdict.is_invariant ? "invariant" : "test";
  card.passed = !verdict.objection;
  card.summary = verdict.is_invariant ? std::to_string(verdict.histories) + " histories"
                                      : Seconds(verdict.cluster_time_ms) + " of cluster time";
  if (!verdict.objection) {
    card.story = TellStory(verdict.story, verdict.story_begins);
    return card;
  }
  const simulator::Objection& objection = *verdict.objection;
  if (objection.what != "rest" && objection.what != "start") {
    const simulator::Quote words = quote(objection.claim);
    card.claim = objection.what + " " + words.text;
    card.place = words.place;
  }
  card.instead = objection.instead;
  card.story = TellStory(objection.story, objection.story_begins);
  card.why = WhyOf(objection, subject.compilation.source_map);
  return card;
}

void PlayTests(const Subject& subject, Progress& line, report::Page& page) {
  const compiler::Compiled& compiled = *subject.compilation.compiled;
  if (compiled.scenario.tests.empty() && compiled.scenario.invariants.empty()) return;
  pugi::xml_document document;
  document.reset(subject.document);
  document.child("cib").remove_child("status");
  document.child("cib").append_child("status");
  simulator::Player player(std::make_shared<simulator::Catalog>(subject.cluster), solver::ReadState(document, {}, {}),
                           simulator::SettingsFrom(compiled.topology, compiled.scenario.assumptions));
  if (player.Start()) return;
  const auto add = [&](const simulator::Verdict& verdict) {
    page.verdicts.push_back(CardOf(subject, verdict));
    const simulator::Story& story = verdict.objection ? verdict.objection->story : verdict.story;
    if (!story.empty()) {
      page.histories.push_back({verdict.name, verdict.objection ? "failed" : "passed", story});
    }
  };
  for (const auto& test : compiled.scenario.tests) {
    line.Part(test.name);
    add(player.Play(test));
  }
  if (Progress::IsShown())
    player.on_progress = [&line](const simulator::Progress& done) { line.At(done.played, done.to_play); };
  for (const auto& invariant : compiled.scenario.invariants) {
    line.Part(invariant.name);
    add(player.Play(invariant));
  }
}

void AddDependencies(const std::string& text, const Subject& subject, report::Page& page) {
  compiler::CompileResult imported;
  const compiler::CompileResult* compilation = &subject.compilation;
  if (!compilation->compiled) {
    compiler::import::Imported policy;
    std::string reason;
    if (!compiler::import::Import(text, ReviewedImport(), policy, reason)) return;
    imported = compiler::CompileText(policy.policy, subject.path, ReviewedOptions());
    compilation = &imported;
  }
  if (!compilation->compiled) return;
  const compiler::DependencyGraph& graph = compilation->compiled->graph;
  report::Drawing drawing;
  drawing.title = "Dependencies";
  std::string reason = "too large to be drawn; `picket graph` writes it for other programs";
  if (graph.vertices.size() <= kDrawnMax) {
    if (const auto svg = GraphAs(*compilation->compiled, compilation->source_map, "svg", reason)) {
      drawing.svg = *svg;
      reason = "The legend in the picture says what the lines mean.";
    }
  }
  drawing.text = reason;
  for (const compiler::DependencyEdge& edge : graph.edges) {
    const auto name = [&](size_t i) { return graph.vertices[i].id.empty() ? "a set" : graph.vertices[i].id; };
    const char* verb = edge.kind == compiler::EdgeKind::kOrder        ? " is started after "
                       : edge.kind == compiler::EdgeKind::kColocation ? " is placed with "
                       : edge.kind == compiler::EdgeKind::kSeparation ? " is kept apart from "
                                                                      : " has to do with its part ";
    drawing.rows.push_back(name(edge.from) + verb + name(edge.to) +
                           (edge.label.empty() ? "" : " (" + edge.label + ")"));
  }
  page.drawings.push_back(std::move(drawing));
}

// What the cluster does first about what happened last.
void AddTransition(explain::Situation& situation, const std::string& title, report::Page& page) {
  report::Drawing drawing;
  drawing.title = "Transition";
  const solver::Run& run = situation.run;
  for (const solver::ActionId id : situation.transition.synapses) {
    const solver::Action& action = run.at(id);
    drawing.rows.push_back(solver::KeyText(run, id) + (action.node.valid() ? " on " + run.at(action.node).name : ""));
  }
  drawing.text = title;
  if (drawing.rows.empty()) {
    drawing.text += ": nothing has to be done.";
  } else if (drawing.rows.size() > kDrawnMax) {
    drawing.text += ": too many actions to be drawn.";
  } else {
    std::string reason;
    const auto svg = SvgOf(solver::DotText(situation.run, situation.transition, false, false), reason);
    drawing.text += svg ? "." : ". " + reason;
    if (svg) drawing.svg = *svg;
  }
  page.drawings.push_back(std::move(drawing));
}

void AddScores(const explain::Situation& situation, Progress& line, report::Page& page) {
  line.Part("scores");
  size_t cells = 0;
  int64_t told = 0;
  for (const solver::NodeId node : situation.run.node_order) {
    if (!solver::IsBundleNode(situation.run, node)) page.nodes.push_back(situation.run.at(node).name);
  }
  for (const solver::ResourceDef& def : situation.cluster.resources) {
    if (cells > kCellsMax) {
      page.state += "; not all resources are shown";
      break;
    }
    line.At(told++, static_cast<int64_t>(situation.cluster.resources.size()));
    if (auto explanation = explain::Explain(situation, def.id)) {
      cells += explanation->parts.size() * page.nodes.size();
      page.explanations.push_back(std::move(*explanation));
    }
  }
  for (const solver::Resource& resource : situation.run.resources) page.resources += resource.is_primitive() ? 1 : 0;
}

std::string Joined(const std::vector<std::string>& faults) {
  std::string text;
  for (const std::string& fault : faults) text += (text.empty() ? "" : ", ") + fault;
  return text;
}

// Writes the page, and for programs what it says; the page itself is in the document where it would have gone to the
// standard output. Gives the exit status.
int Deliver(const ReportOptions& options, const std::string& path, const std::vector<report::VerdictCard>& verdicts,
            const std::string& text) {
  const bool json = options.format == "json";
  if (!(json && options.output == "-") && !WriteOutput(options.output, text)) return kEnvironmentWrong;
  if (!json) return kOk;
  nlohmann::ordered_json document = Envelope("picket-report");
  document["file"] = path;
  if (options.output == "-") {
    document["page"] = text;
  } else {
    document["written"] = options.output;
  }
  document["verdicts"] = nlohmann::ordered_json::array();
  for (const report::VerdictCard& card : verdicts) {
    document["verdicts"].push_back({{"name", card.name}, {"kind", card.kind}, {"passed", card.passed}});
  }
  std::cout << JsonText(document);
  return kOk;
}

int Run(const ReportOptions& options) {
  Subject subject;
  if (options.file.empty()) {
    std::cerr << "picket: report takes a FILE, or --live\n";
    return kInputWrong;
  }
  if (options.interactive) {
    std::vector<std::string> files = {options.file};
    if (!options.other.empty()) files.push_back(options.other);
    std::string html;
    const int status = MakeInteractive({std::move(files), options.after, options.as}, html);
    return status == kOk ? Deliver(options, options.file, {}, html) : status;
  }
  if (!options.other.empty()) {
    std::cerr << "picket: report compares two policies with --interactive only\n";
    return kInputWrong;
  }
  Progress line;
  line.Part("reading " + options.file);
  if (const int status = LoadSubject(options.file, options.after, subject, options.as); status != kOk) return status;
  line.Part("solving");
  report::Page page;
  page.path = subject.path;
  page.title = subject.path.substr(subject.path.rfind('/') + 1);
  page.cite = [&subject](std::string_view id) { return subject.Cite(id); };
  page.state = !options.after.empty() ? "after " + Joined(options.after)
               : subject.is_policy    ? "at rest, with nothing amiss"
                                      : "in the state of the CIB";
  const auto situation = SituationOf(subject);
  if (!subject.cluster.target.IsNewest()) page.state += ", as Pacemaker " + subject.cluster.target.name() + " decides";
  AddScores(*situation, line, page);
  if (subject.world && (!options.after.empty() || subject.is_policy)) {
    const std::string name = options.after.empty() ? "the cluster starts" : Joined(options.after);
    page.histories.push_back({name, "", subject.world->story()});
  }
  if (subject.is_policy && !options.no_tests) PlayTests(subject, line, page);
  line.Part("drawing dependencies");
  AddDependencies(subject.is_policy ? std::string() : subject.text, subject, page);
  line.Part("drawing the transition");
  if (subject.reaction) {
    const auto reaction = explain::Solve(subject.cluster, *subject.reaction);
    AddTransition(*reaction,
                  options.after.empty() ? "What is done when the cluster starts"
                                        : "What is done first after " + options.after.back(),
                  page);
  } else {
    AddTransition(*situation, "What is to be done", page);
  }
  return Deliver(options, page.path, page.verdicts, HtmlOf(page));
}

}  // namespace

void AddReportVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* verb = program.add_subcommand("report", "Write one HTML page about a cluster, with nothing outside it");
  verb->add_option("FILE", options->file, "a policy or a CIB; - is standard input");
  verb->add_option("OTHER", options->other, "with --interactive: a second one, under the same clicks");
  AddLiveInput(*verb, options->file);
  verb->add_flag("--interactive", options->interactive,
                 "a page that plays: what is clicked fails, and the page shows what happens");
  verb->add_option("-o,--output", options->output, "where the page goes; - is standard output");
  verb->add_option("--after", options->after, "a fault that strikes first: \"kill ha1\"")->allow_extra_args(false);
  AddAsOption(*verb, options->as);
  verb->add_flag("--no-tests", options->no_tests, "leave out the tests and invariants of the policy");
  verb->add_option("--format", options->format, "text, or json: what was written, and the verdicts")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer("Example: picket report examples/pbx/pbx.picket -o pbx.html --after \"kill ha1\"");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = Run(*options); }); });
}

}  // namespace picket::cli
