#include "cli/agents_verb.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/agent_collector.h"
#include "cli/agents_option.h"
#include "cli/answer.h"
#include "cli/exit_status.h"
#include "cli/load_input.h"
#include "cli/policy_io.h"
#include "cli/progress.h"
#include "compiler/agents/choose.h"
#include "compiler/agents/lock.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/nearest.h"

namespace picket::cli {
namespace {

using namespace compiler::agents;

// ----------------------------------------------------------------------- lock

struct LockArguments {
  std::vector<std::string> files;
  std::vector<std::string> folders;
  std::string output;
  bool bare = false;
  unsigned seconds = 10;
};

// The agents that policies and CIBs name; false after telling what is wrong with one of them.
bool AgentsOf(const std::vector<std::string>& files, std::set<std::string>& names, int& status) {
  for (const std::string& file : files) {
    Input input;
    solver::DocumentError error;
    if (!LoadInput(file, std::cin, input, error)) {
      std::cerr << (error.message.empty() ? "picket: cannot read `" + file + "`" : error.message) << '\n';
      status = kInputWrong;
      return false;
    }
    for (const pugi::xpath_node found : input.document.select_nodes("//primitive[@class]|//template[@class]")) {
      const pugi::xml_node node = found.node();
      const std::string kind = node.attribute("class").value();
      const std::string type = node.attribute("type").value();
      if (kind == "ocf") names.insert("ocf:" + std::string(node.attribute("provider").value()) + ':' + type);
      // What else fences (external/…) describes itself in no way that we read.
      if (kind == "stonith" && type.starts_with("fence_")) names.insert("stonith:" + type);
    }
  }
  return true;
}

// Of what is installed, what is wanted; false after telling what is not there.
bool Choose(const std::set<std::string>& wanted, std::vector<InstalledAgent>& installed) {
  std::set<std::string> missing = wanted;
  for (const InstalledAgent& agent : installed) missing.erase(agent.name);
  for (const std::string& name : missing) std::cerr << "picket: `" << name << "` is not installed here\n";
  std::erase_if(installed, [&](const InstalledAgent& agent) {
    return !wanted.contains(agent.name) && agent.name != kFenceDaemon;
  });
  return missing.empty();
}

// Facts only: what the agents say of themselves in sentences is left out.
void DropTexts(Lock& lock) {
  for (auto& [name, agent] : lock.agents) {
    agent.text.clear();
    for (Parameter& parameter : agent.parameters) parameter.text.clear();
  }
}

// Beside the first policy, where the other verbs look for it.
std::string DefaultOutput(const LockArguments& arguments) {
  if (arguments.files.empty() || arguments.files[0] == "-") return kLockName;
  return (std::filesystem::path(arguments.files[0]).parent_path() / kLockName).string();
}

int WriteLockFile(const LockArguments& arguments) {
  std::set<std::string> wanted;
  int status = kOk;
  if (!AgentsOf(arguments.files, wanted, status)) return status;
  std::vector<InstalledAgent> installed = FindAgents(arguments.folders);
  const bool chosen = !arguments.files.empty();
  if (chosen && !Choose(wanted, installed)) {
    std::cerr << "help: call this on a node that has every agent of the policy; nothing was written\n";
    return kEnvironmentWrong;
  }
  if (installed.empty()) {
    std::cerr << "picket: no agents are installed here; nothing was written\n";
    return kEnvironmentWrong;
  }
  Progress line;
  line.Part("asking agents");
  CollectedAgents collected = AskAgents(installed, std::chrono::seconds(arguments.seconds), [&](size_t done) {
    line.At(static_cast<int64_t>(done), static_cast<int64_t>(installed.size()));
  });
  bool lacking = false;
  for (const SkippedAgent& skipped : collected.skipped) {
    std::cerr << "picket: skipped `" << skipped.agent.name << "` (" << skipped.agent.path << "): " << skipped.reason
              << '\n';
    lacking = lacking || wanted.contains(skipped.agent.name);
  }
  if (lacking || collected.lock.agents.empty()) {
    std::cerr << "picket: nothing was written, since " << (lacking ? "the policy needs them" : "no agent answered")
              << '\n';
    return kEnvironmentWrong;
  }
  if (arguments.bare) DropTexts(collected.lock);
  const std::string output = arguments.output.empty() ? DefaultOutput(arguments) : arguments.output;
  if (!WriteOutput(output, WriteLock(collected.lock))) return kEnvironmentWrong;
  const size_t count = collected.lock.agents.size() - collected.lock.agents.count(std::string(kFenceDaemon));
  if (output != "-") {
    std::cerr << "picket: " << count << (count == 1 ? " agent is" : " agents are") << " in " << output << '\n';
  }
  return kOk;
}

// --------------------------------------------------------------- list and show

struct ShowArguments {
  std::string agent;
  std::string agents;
  std::string format = "text";
};

// The lock that counts in this folder, after telling if it cannot be read.
std::optional<ChosenLock> OpenLock(const std::string& named, int& status) {
  ChoiceFault fault;
  auto chosen = ChooseLock(named, "", compiler::ReadSource, fault);
  if (chosen) return chosen;
  status = fault.text || !std::filesystem::exists(fault.path) ? kInputWrong : kEnvironmentWrong;
  if (!fault.text) {
    std::cerr << "picket: error[E0001]: cannot read `" << fault.path << "`\n";
  } else {
    const std::string before = fault.text->substr(0, fault.fault.offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    std::cerr << fault.path << ':' << line << ": error[E0301]: no lock of agents: " << fault.fault.message << '\n'
              << "help: `picket agents lock` on a node writes a new one\n";
  }
  return std::nullopt;
}

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// A lock as an answer: the members of the file, which goes on to be readable as a lock, and where it comes
// from.
void TellJson(const Lock& lock, const ChosenLock& chosen) {
  nlohmann::ordered_json document = Envelope("picket-agents");
  document["origin"] = chosen.origin;
  document["pinned"] = chosen.pinned;
  document.update(nlohmann::ordered_json::parse(WriteLock(lock)));
  std::cout << JsonText(document);
}

int List(const ShowArguments& arguments) {
  int status = kOk;
  const auto chosen = OpenLock(arguments.agents, status);
  if (!chosen) return status;
  if (arguments.format == "json") {
    TellJson(*chosen->lock, *chosen);
    return kOk;
  }
  size_t width = 0;
  for (const auto& [name, agent] : chosen->lock->agents) width = std::max(width, name.size());
  for (const auto& [name, agent] : chosen->lock->agents) {
    if (name == kFenceDaemon) continue;
    std::cout << (agent.text.empty() ? name : Padded(name, width) + "  " + agent.text) << '\n';
  }
  return kOk;
}

std::string InLowerCase(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

// Agents with a word in their name, their line or their parameters; the name counts most.
int Search(const ShowArguments& arguments) {
  int status = kOk;
  const auto chosen = OpenLock(arguments.agents, status);
  if (!chosen) return status;
  const std::string word = InLowerCase(arguments.agent);
  const auto has = [&](std::string_view text) { return InLowerCase(text).find(word) != std::string::npos; };
  std::vector<std::string> lines[3];
  Lock found;
  for (const auto& [name, agent] : chosen->lock->agents) {
    if (name == kFenceDaemon) continue;
    const std::string line = name + (agent.text.empty() ? "" : "  " + agent.text);
    if (has(name)) {
      found.agents.emplace(name, agent);
      lines[0].push_back(line);
    } else if (has(agent.text)) {
      found.agents.emplace(name, agent);
      lines[1].push_back(line);
    } else {
      for (const Parameter& parameter : agent.parameters) {
        if (!has(parameter.name) && !has(parameter.text)) continue;
        found.agents.emplace(name, agent);
        lines[2].push_back(name + "  has the parameter " + parameter.name +
                           (parameter.text.empty() ? "" : ": " + parameter.text));
        break;
      }
    }
  }
  if (arguments.format == "json") {
    TellJson(found, *chosen);
    return found.agents.empty() ? kVerdict : kOk;
  }
  bool any = false;
  for (const auto& group : lines) {
    for (const std::string& line : group) {
      std::cout << line << '\n';
      any = true;
    }
  }
  if (any) return kOk;
  std::cerr << "picket: no agent has `" << arguments.agent << "` in its name, its description or its parameters\n";
  return kVerdict;
}

// What a name on the command line means: a full one, or the end of just one.
const Agent* FindNamed(const Lock& lock, const std::string& word) {
  if (const Agent* agent = lock.Find(word)) return agent;
  std::vector<const Agent*> ending;
  std::vector<std::string> names;
  for (const auto& [name, agent] : lock.agents) {
    if (TypeOf(name) == word) ending.push_back(&agent);
    names.push_back(name);
    names.emplace_back(TypeOf(name));
  }
  if (ending.size() == 1) return ending[0];
  if (ending.empty()) {
    std::cerr << "picket: no agent is called `" << word << "`\n";
    if (const auto nearest = compiler::Nearest(word, names)) {
      std::cerr << "help: did you mean `" << *nearest << "`?\n";
    } else {
      std::cerr << "help: `picket agents list` shows all names\n";
    }
    return nullptr;
  }
  std::cerr << "picket: several agents are called `" << word << "`:";
  for (const Agent* agent : ending) std::cerr << ' ' << agent->name;
  std::cerr << '\n';
  return nullptr;
}

// "integer, required, unique": what there is to know in words.
std::string PropertiesOf(const Parameter& parameter) {
  std::string out;
  const auto add = [&](const std::string& word) { out += (out.empty() ? "" : ", ") + word; };
  if (parameter.type == ValueType::kSelect) {
    std::string choices;
    for (const std::string& choice : parameter.choices) choices += (choices.empty() ? "" : "|") + choice;
    add(choices);
  } else if (parameter.type == ValueType::kBoolean) {
    add("yes or no");
  } else {
    add(std::string(WordOf(parameter.type)));
  }
  if (parameter.required && !parameter.fallback) add("required");
  if (parameter.unique) {
    add(parameter.unique_group.empty() || parameter.unique_group == parameter.name
            ? "unique"
            : "unique in " + parameter.unique_group);
  }
  if (parameter.fallback) add("default " + *parameter.fallback);
  return out;
}

void PrintParameters(const Agent& agent) {
  std::vector<const Parameter*> current, deprecated;
  for (const Parameter& parameter : agent.parameters) {
    (parameter.deprecated ? deprecated : current).push_back(&parameter);
  }
  std::stable_partition(current.begin(), current.end(),
                        [](const Parameter* one) { return one->required && !one->fallback; });
  size_t width = 0;
  for (const Parameter& parameter : agent.parameters) width = std::max(width, parameter.name.size());
  if (!current.empty()) std::cout << "\nParameters:\n";
  for (const Parameter* parameter : current) {
    std::cout << "  " << Padded(parameter->name, width) << "  " << PropertiesOf(*parameter) << '\n';
    if (!parameter->text.empty()) std::cout << "  " << std::string(width, ' ') << "    " << parameter->text << '\n';
  }
  if (!deprecated.empty()) std::cout << "\nDeprecated parameters:\n";
  for (const Parameter* parameter : deprecated) {
    std::string instead;
    for (const std::string& name : parameter->replaced_by) instead += (instead.empty() ? "" : ", ") + name;
    if (!instead.empty()) instead = "  now " + instead;
    std::cout << "  " << Padded(parameter->name, instead.empty() ? 0 : width) << instead << '\n';
  }
}

void PrintActions(const Agent& agent) {
  if (agent.actions.empty()) return;
  std::cout << "\nOperations, with what the agent advises:\n";
  for (const Action& action : agent.actions) {
    std::string advice;
    for (const auto& [word, value] : {std::pair<const char*, const std::string&>{"interval", action.interval},
                                      {"timeout", action.timeout},
                                      {"role", action.role}}) {
      if (!value.empty()) advice += std::string(advice.empty() ? "" : " ") + word + '=' + value;
    }
    if (!action.depth.empty()) advice += (advice.empty() ? "{ " : " { ") + ("OCF_CHECK_LEVEL=" + action.depth) + " }";
    std::cout << "  " << (advice.empty() ? action.name : Padded(action.name, 12) + "  " + advice) << '\n';
  }
}

int Show(const ShowArguments& arguments) {
  int status = kOk;
  const auto chosen = OpenLock(arguments.agents, status);
  if (!chosen) return status;
  const Agent* agent = FindNamed(*chosen->lock, arguments.agent);
  if (agent == nullptr) return kInputWrong;
  if (arguments.format == "json") {
    Lock one;
    one.agents.emplace(agent->name, *agent);
    if (const auto found = chosen->lock->packages.find(agent->package); found != chosen->lock->packages.end()) {
      one.packages.insert(*found);
    }
    TellJson(one, *chosen);
    return kOk;
  }
  std::cout << agent->name << (agent->text.empty() ? "" : ": " + agent->text) << '\n';
  const std::string package = chosen->lock->PackageOf(*agent);
  std::cout << (package.empty() ? "" : package + ", ") << "from " << chosen->origin << (chosen->pinned ? "" : " agents")
            << (agent->CanBePromoted() ? "; can be promoted" : "") << '\n';
  PrintParameters(*agent);
  if (agent->name.starts_with("stonith:") && chosen->lock->Find(kFenceDaemon) != nullptr) {
    std::cout << "\nAnd what every fence device understands: `picket agents show " << kFenceDaemon << "`\n";
  }
  PrintActions(*agent);
  return kOk;
}

void AddLock(CLI::App& agents, int& status) {
  CLI::App* verb = agents.add_subcommand("lock", "Write down which agents are installed here, for checks elsewhere");
  const auto arguments = std::make_shared<LockArguments>();
  verb->add_option("FILE", arguments->files, "Policies or CIBs: only the agents that they use");
  verb->add_option("-o,--output", arguments->output,
                   "Where the lock goes; else agents.lock beside the first FILE, or here; - is standard output");
  verb->add_option("--from", arguments->folders,
                   "A folder with agents, instead of where packages put them: PROVIDER/AGENT or fence_AGENT")
      ->allow_extra_args(false);
  verb->add_flag("--bare", arguments->bare, "Without the lines in which agents describe themselves");
  verb->add_option("--timeout", arguments->seconds, "Seconds after which an agent that says nothing is skipped")
      ->check(CLI::Range(1U, 3600U))
      ->capture_default_str();
  verb->footer(
      "Example: picket agents lock pbx.picket\n"
      "Commit the file it writes: from then on the policy is checked against these agents everywhere.");
  verb->callback([arguments, &status] { status = WriteLockFile(*arguments); });
}

void AddFormat(CLI::App& verb, ShowArguments& arguments) {
  verb.add_option("--agents", arguments.agents, "The lock of agents; else agents.lock here, else the built-in set");
  verb.add_option("--format", arguments.format, "text, or json: the members of the lock")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

}  // namespace

void AddAgentsVerb(CLI::App& program, int& status) {
  CLI::App* agents = program.add_subcommand("agents", "Show and pin the agents that policies are checked against");
  agents->require_subcommand(1);
  agents->footer("Example: picket agents show ocf:heartbeat:IPaddr2");
  AddLock(*agents, status);

  const auto listed = std::make_shared<ShowArguments>();
  CLI::App* list = agents->add_subcommand("list", "List the agents");
  AddFormat(*list, *listed);
  list->footer("Example: picket agents list");
  list->callback([listed, &status] { status = List(*listed); });

  const auto sought = std::make_shared<ShowArguments>();
  CLI::App* search = agents->add_subcommand("search", "Find agents by a word");
  search->add_option("WORD", sought->agent, "Part of a name, a description or a parameter")->required();
  AddFormat(*search, *sought);
  search->footer("Example: picket agents search address");
  search->callback([sought, &status] { status = Search(*sought); });

  const auto shown = std::make_shared<ShowArguments>();
  CLI::App* show = agents->add_subcommand("show", "Show the parameters and operations of an agent");
  show->add_option("AGENT", shown->agent, "Its full name, or the end of it if only one is called so")->required();
  AddFormat(*show, *shown);
  show->footer("Example: picket agents show IPaddr2");
  show->callback([shown, &status] { status = Show(*shown); });
}

}  // namespace picket::cli
