#include "cli/lab_plan.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/exit_status.h"
#include "cli/lab_files.h"
#include "cli/objection_why.h"
#include "compiler/emit/cib.h"
#include "compiler/scenario/json.h"
#include "simulator/world/world.h"

namespace picket::cli {
namespace {

namespace say = compiler::scenario;
using nlohmann::json;

json StepOf(const say::Step& step, const simulator::Quoter& quote) {
  json out = {{"place", quote(step.span).place}};
  const auto claim = [&](const char* kind, const say::Condition& condition) {
    out[kind] = JsonOf(condition);
    out["text"] = quote(condition.span).text;
    out["place"] = quote(condition.span).place;
  };
  if (const auto* fault = std::get_if<say::Fault>(&step.what)) {
    out["fault"] = JsonOf(*fault);
    out["text"] = simulator::FaultText(*fault);
  } else if (const auto* given = std::get_if<say::Given>(&step.what)) {
    claim("given", given->condition);
  } else if (const auto* expect = std::get_if<say::Expect>(&step.what)) {
    claim("expect", expect->condition);
    if (expect->within_ms) out["within_ms"] = *expect->within_ms;
  } else if (const auto* during = std::get_if<say::During>(&step.what)) {
    out["text"] = quote(step.span).text;
    out["during"] = {{"operation", during->operation},
                     {"subject", during->subject.id},
                     {"faults", json::array()},
                     {"node", during->node ? json(during->node->id) : json()}};
    for (const say::Fault& fault : during->faults) out["during"]["faults"].push_back(JsonOf(fault));
  }
  return out;
}

json TopologyOf(const compiler::Topology& topology) {
  json out = {{"corosync", compiler::CorosyncConf(topology)}, {"links", json::array()}, {"nodes", json::array()}};
  for (const compiler::Link& link : topology.links) out["links"].push_back(link.name);
  for (const compiler::TopologyNode& node : topology.nodes) {
    json addresses = json::object();
    for (const compiler::Address& address : node.addresses) {
      addresses[std::to_string(address.link)] = address.address;
    }
    out["nodes"].push_back({{"name", node.name}, {"id", node.id}, {"addresses", addresses}});
  }
  return out;
}

std::string FolderOfProgram() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  const std::string self(path, size > 0 ? static_cast<size_t>(size) : 0);
  return self.substr(0, self.rfind('/') + 1);
}

}  // namespace

std::string LabPlan(const compiler::CompileResult& compilation) {
  const compiler::Compiled& compiled = *compilation.compiled;
  const simulator::Quoter quote = QuoterOf(compilation.source_map);
  json plan = TopologyOf(compiled.topology);
  plan["engine"] = compiled.topology.engine == compiler::Engine::kPicket ? "picket" : "pacemaker";
  plan["cib"] = compiler::emit::CibText(compiled.cib);
  plan["assumptions"] = json::array();
  for (const say::Assumption& assumption : compiled.scenario.assumptions) {
    plan["assumptions"].push_back(JsonOf(assumption));
  }
  plan["tests"] = json::array();
  for (const say::Test& test : compiled.scenario.tests) {
    json steps = json::array();
    for (const say::Step& step : test.steps) steps.push_back(StepOf(step, quote));
    plan["tests"].push_back({{"name", test.name}, {"steps", steps}});
  }
  return plan.dump(1) + "\n";
}

std::optional<std::string> UnpackLab(std::string& reason) {
  std::string folder = "/tmp/picket-lab-XXXXXX";
  if (!mkdtemp(folder.data())) {
    reason = "no folder in /tmp: " + std::string(std::strerror(errno));
    return std::nullopt;
  }
  for (const EmbeddedFile& file : kLabFiles) {
    const std::string path = folder + "/" + std::string(file.name);
    std::ofstream out(path, std::ios::binary);
    out << file.text;
    if (!out.flush()) {
      reason = path + " cannot be written";
      return std::nullopt;
    }
  }
  return folder;
}

std::string PlanIn(const std::string& folder) {
  return folder + "/plan.json";
}

std::optional<std::string> UnpackLabFor(const compiler::CompileResult& compilation) {
  std::string reason;
  auto folder = UnpackLab(reason);
  if (!folder) {
    std::cerr << "picket: " << reason << '\n';
    return std::nullopt;
  }
  std::ofstream(PlanIn(*folder)) << LabPlan(compilation);
  return folder;
}

int RunLab(const std::string& folder, const std::vector<std::string>& words) {
  std::vector<std::string> line = {"python3", "-BS", folder + "/main.py", "--programs", FolderOfProgram()};
  line.insert(line.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : line) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::cout.flush();
  const pid_t child = fork();
  if (child == 0) {
    execvp(arguments[0], arguments.data());
    std::cerr << "picket: the lab needs python3, which cannot be run: " << std::strerror(errno) << '\n';
    _exit(kEnvironmentWrong);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return kEnvironmentWrong;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kEnvironmentWrong;
}

void RemoveLabFolder(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace picket::cli
