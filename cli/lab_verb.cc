#include "cli/lab_verb.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/lab_plan.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"

namespace picket::cli {
namespace {

struct LabWord {
  const char* name;
  const char* help;
};

// What is passed on to the lab that runs.
constexpr LabWord kWords[] = {
    {"down", "Cut the power of every node; nothing is left of the lab"},
    {"status", "What the nodes are, and what the cluster says of itself"},
    {"exec", "NODE -- CMD: run a command in a node"},
    {"kill", "NODE: take the power of a node away"},
    {"start", "NODE: give it back"},
    {"partition", "A,B/C: only nodes of one group hear each other"},
    {"heal", "Undo every partition and cut"},
    {"cut", "NODE LINK: pull one cable"},
};

struct Up {
  std::string file;
  std::string engine;
  std::string name;
  bool bare = false;
};

int Pass(const std::vector<std::string>& words) {
  std::string reason;
  const auto folder = UnpackLab(reason);
  if (!folder) {
    std::cerr << "picket: " << reason << '\n';
    return kEnvironmentWrong;
  }
  const int status = RunLab(*folder, words);
  RemoveLabFolder(*folder);
  return status;
}

int BringUp(const Up& up) {
  compiler::CompileOptions options;
  const compiler::CompileResult result = compiler::Compile(up.file, options);
  const int status = TellDiagnostics(result, false, false);
  if (!result.compiled) return status;
  const auto folder = UnpackLabFor(result);
  if (!folder) return kEnvironmentWrong;
  std::vector<std::string> words = {"up", PlanIn(*folder)};
  if (!up.engine.empty()) words.insert(words.end(), {"--engine", up.engine});
  if (!up.name.empty()) words.insert(words.end(), {"--name", up.name});
  if (up.bare) words.emplace_back("--bare");
  const int ended = RunLab(*folder, words);
  if (ended != kOk) RemoveLabFolder(*folder);
  return ended;
}

}  // namespace

void AddLabVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("lab", "A policy's own nodes on this machine, with real Corosync");
  verb->require_subcommand(1);
  const auto up = std::make_shared<Up>();
  CLI::App* bring = verb->add_subcommand("up", "Boot the nodes of a policy and put it in force there");
  bring->add_option("FILE", up->file, "the policy")->required();
  bring->add_option("--engine", up->engine, "pacemaker or picket; the policy's own if not said")
      ->check(CLI::IsMember({"pacemaker", "picket"}));
  bring->add_option("--name", up->name, "of the lab, where several are up; LAB_NAME for the other words");
  bring->add_flag("--bare", up->bare, "only machines with the policy's names and addresses: no cluster on them");
  bring->callback([up, &status] { status = BringUp(*up); });
  for (const LabWord& word : kWords) {
    CLI::App* each = verb->add_subcommand(word.name, word.help);
    each->prefix_command();
    each->callback([each, word, &status] {
      std::vector<std::string> words = {word.name};
      for (const std::string& rest : each->remaining()) words.push_back(rest);
      status = Pass(words);
    });
  }
  verb->footer(
      "Example: picket lab up shop.picket --engine pacemaker; picket lab exec n1 -- crm_mon -1; picket lab down");
}

}  // namespace picket::cli
