#include "cli/why_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/as_option.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/read_cib.h"
#include "cli/subject.h"
#include "compiler/diagnostics/nearest.h"
#include "simulator/explain/explain.h"
#include "simulator/explain/moved.h"
#include "simulator/explain/remedy.h"
#include "simulator/explain/text.h"
#include "solver/model/query.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

namespace explain = simulator::explain;

struct WhyOptions {
  std::vector<std::string> words;  // FILE RESOURCE, or BEFORE AFTER [RESOURCE]
  std::string node;
  bool not_there = false;
  std::string live;
  bool moved = false;
  bool all = false;
  std::vector<std::string> after;
  std::string as;  // --as
  std::string format = "text";
};

explain::Citer CiterOf(const Subject& subject) {
  return [&subject](std::string_view id) { return subject.Cite(id); };
}

int TellUnknown(const std::string& file, const char* kind, const std::string& word,
                const std::vector<std::string>& known) {
  std::cerr << "picket: " << NameOfInput(file) << ": there is no " << kind << " `" << word << "`";
  if (const auto nearest = compiler::Nearest(word, known)) std::cerr << "; did you mean `" << *nearest << "`?";
  std::cerr << '\n';
  return kInputWrong;
}

bool IsThere(const explain::Explanation& explanation, const std::string& node) {
  return std::any_of(explanation.parts.begin(), explanation.parts.end(),
                     [&](const explain::PrimitiveView& part) { return part.runs && part.node == node; });
}

// What was asked as a sentence, and whether it is so.
bool Premise(const explain::Explanation& explanation, const explain::Question& question, std::string& sentence) {
  const std::string& resource = question.resource;
  if (question.node.empty()) {
    sentence = resource + (explanation.runs ? " runs" : " does not run");
    return !question.not_there || !explanation.runs;
  }
  const bool there = IsThere(explanation, question.node);
  sentence = resource + (there ? " runs on " : " does not run on ") + question.node;
  return there != question.not_there;
}

// The subject solved, with a warning where the solver has left preferences out.
std::unique_ptr<explain::Situation> SolvedAloud(const Subject& subject) {
  auto situation = SituationOf(subject);
  if (solver::LeavesPreferencesOut(situation->run))
    std::cerr << "picket: " << NameOfInput(subject.path) << ": warning: " << solver::PreferencesLeftOut() << '\n';
  return situation;
}

int Explain(const WhyOptions& options) {
  Subject subject;
  if (const int status = LoadSubject(options.words[0], options.after, subject, options.as); status != kOk)
    return status;
  const auto situation = SolvedAloud(subject);
  explain::Question question{options.words[1], options.node, options.not_there};
  if (!question.node.empty()) {
    const solver::NodeId node = solver::FindNodeByName(situation->run, question.node);
    std::vector<std::string> nodes;
    for (const solver::Node& known : situation->run.nodes) nodes.push_back(known.name);
    if (!node.valid()) return TellUnknown(options.words[0], "node", question.node, nodes);
    question.node = situation->run.at(node).name;
  }
  auto explanation = explain::Explain(*situation, question.resource);
  if (!explanation)
    return TellUnknown(options.words[0], "resource", question.resource, explain::ResourceIds(subject.cluster));
  if (!explanation->runs && explanation->held_up_by.empty()) {
    const explain::Remedy remedy = explain::FindRemedy(subject.document, *situation, question.resource);
    explanation->remedy = remedy.changes;
    explanation->alternatives = remedy.alternatives;
    explanation->tried = remedy.tried;
  }
  std::string sentence;
  const bool is_so = Premise(*explanation, question, sentence);
  if (options.format == "json") {
    std::cout << JsonOf(*explanation, question, CiterOf(subject));
  } else {
    std::cout << (options.all ? TextOf(*explanation, question, CiterOf(subject))
                              : AnswerOf(*explanation, question, CiterOf(subject)))
              << DecidedAs(subject.cluster.target);
  }
  if (is_so) return kOk;
  std::cerr << "picket: " << NameOfInput(options.words[0]) << ": it is not so: " << sentence << '\n';
  return kVerdict;
}

int ExplainMoves(const WhyOptions& options) {
  Subject before, after;
  if (const int status = LoadSubject(options.words[0], {}, before, options.as); status != kOk) return status;
  if (const int status = LoadSubject(options.words[1], options.after, after, options.as); status != kOk) return status;
  const auto old_situation = SolvedAloud(before);
  const auto new_situation = SolvedAloud(after);
  const std::string only = options.words.size() > 2 ? options.words[2] : "";
  if (!only.empty()) {
    std::vector<std::string> known = explain::ResourceIds(before.cluster);
    for (std::string& id : explain::ResourceIds(after.cluster)) known.push_back(std::move(id));
    if (!explain::Explain(*old_situation, only) && !explain::Explain(*new_situation, only)) {
      return TellUnknown(options.words[0], "resource", only, known);
    }
  }
  const std::vector<explain::Move> moves = FindMoves(*old_situation, *new_situation, only);
  if (options.format == "json") {
    std::cout << JsonOf(moves, CiterOf(before), CiterOf(after));
  } else {
    std::cout << TextOf(moves, CiterOf(before), CiterOf(after)) << DecidedAs(after.cluster.target);
  }
  return kOk;
}

int Run(WhyOptions options) {
  if (!options.live.empty() && options.words.empty()) {
    // `why --live web`: the one word is what is asked about.
    const size_t colon = options.live.find(':');
    if (colon + 1 < options.live.size()) options.words.push_back(options.live.substr(colon + 1));
    options.live = "live:";
  }
  if (!options.live.empty()) options.words.insert(options.words.begin(), options.live);
  if (options.moved) {
    if (options.words.size() >= 2 && options.words.size() <= 3) return ExplainMoves(options);
    std::cerr << "picket: why --moved takes BEFORE AFTER and perhaps a RESOURCE\n";
    return kInputWrong;
  }
  if (options.words.size() == 2) return Explain(options);
  std::cerr << "picket: why takes a FILE and a RESOURCE\n";
  return kInputWrong;
}

}  // namespace

void AddWhyVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<WhyOptions>();
  CLI::App* verb = program.add_subcommand("why", "Tell why a resource runs where it does, or nowhere");
  verb->add_option("FILE RESOURCE", options->words, "a policy or a CIB, and a resource; - is standard input");
  AddLiveInput(*verb, options->live);
  verb->add_option("--on", options->node, "why on this node");
  verb->add_flag("--not", options->not_there, "why not: on the node of --on, or anywhere");
  verb->add_flag("--moved", options->moved, "what moved between two files: BEFORE AFTER [RESOURCE]");
  verb->add_flag("--all", options->all, "every node, and what counts on each");
  verb->add_option("--after", options->after, "a fault that strikes the policy's cluster first: \"kill ha1\"")
      ->allow_extra_args(false);
  AddAsOption(*verb, options->as);
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer("Example: picket why examples/pbx/pbx.picket vip --on ha2 --not");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = Run(*options); }); });
}

}  // namespace picket::cli
