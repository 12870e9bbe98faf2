#include "cli/agent_collector.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "cli/run_program.h"
#include "compiler/agents/metadata.h"

namespace picket::cli {

namespace {

namespace fs = std::filesystem;
using compiler::agents::Agent;

constexpr size_t kAtOnceMax = 8;
// More paths than this do not go into one question to the package manager.
constexpr size_t kPathsMax = 100;

std::string OcfRoot() {
  const char* root = std::getenv("OCF_ROOT");
  return root != nullptr && *root != '\0' ? root : "/usr/lib/ocf";
}

bool IsProgram(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

std::vector<fs::path> EntriesOf(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!entry->path().filename().string().starts_with('.')) entries.push_back(entry->path());
  }
  return entries;
}

// An agent's file name has no blanks or colons: it has to fit into a policy.
bool IsName(const std::string& name) {
  return name.find_first_of(" :\t\n\"'\\") == std::string::npos;
}

void FindIn(const fs::path& folder, std::map<std::string, std::string>& found) {
  for (const fs::path& entry : EntriesOf(folder)) {
    const std::string name = entry.filename().string();
    std::error_code ignored;
    if (!IsName(name)) continue;
    if (name.starts_with("fence_")) {
      if (IsProgram(entry)) found.emplace("stonith:" + name, entry.string());
    } else if (name == compiler::agents::kFenceDaemon) {
      if (IsProgram(entry)) found.emplace(name, entry.string());
    } else if (fs::is_directory(entry, ignored)) {
      for (const fs::path& agent : EntriesOf(entry)) {
        const std::string type = agent.filename().string();
        if (IsName(type) && IsProgram(agent)) found.emplace("ocf:" + name + ':' + type, agent.string());
      }
    }
  }
}

// Fence agents lie among all other programs: only those are looked at there, no folders.
void FindFenceAgentsIn(const fs::path& folder, std::map<std::string, std::string>& found) {
  for (const fs::path& entry : EntriesOf(folder)) {
    const std::string name = entry.filename().string();
    if (name.starts_with("fence_") && IsName(name) && IsProgram(entry)) {
      found.emplace("stonith:" + name, entry.string());
    }
  }
}

std::string ReasonOf(const ProgramRun& run, std::chrono::milliseconds time) {
  switch (run.end) {
    case ProgramRun::End::kExited:
      return "it ends with status " + std::to_string(run.status);
    case ProgramRun::End::kKilled:
      return "it ends by signal " + std::to_string(run.status);
    case ProgramRun::End::kTimedOut:
      return "no answer within " + std::to_string(time.count() / 1000) + "s";
    case ProgramRun::End::kTooMuch:
      return "it does not stop printing";
    case ProgramRun::End::kNotStarted:
      return "it cannot be started";
  }
  return "";
}

// What one agent says of itself, or why it does not.
std::optional<Agent> Ask(const InstalledAgent& installed, std::chrono::milliseconds time, std::string& reason) {
  std::vector<std::string> words = {installed.path};
  if (installed.name.starts_with("stonith:")) {
    words.insert(words.end(), {"-o", "metadata"});
  } else {
    words.push_back(installed.name == compiler::agents::kFenceDaemon ? "metadata" : "meta-data");
  }
  const ProgramRun run =
      RunProgram(words,
                 {"LC_ALL=C", "OCF_ROOT=" + OcfRoot(), "OCF_RA_VERSION_MAJOR=1", "OCF_RA_VERSION_MINOR=1",
                  "OCF_RESOURCE_TYPE=" + std::string(compiler::agents::TypeOf(installed.name))},
                 {.time = time});
  if (run.end != ProgramRun::End::kExited) {
    reason = ReasonOf(run, time);
    return std::nullopt;
  }
  // Some agents print their metadata and then fail on what is not installed: what they said counts.
  auto agent = compiler::agents::ReadMetadata(run.output, installed.name, reason);
  if (!agent && run.status != 0) reason = ReasonOf(run, time);
  return agent;
}

struct Package {
  std::string name;
  std::string version;
};

// Which package each path belongs to, as dpkg knows it.
void AskDpkg(const std::vector<std::string>& paths, std::map<std::string, Package>& packages) {
  std::vector<std::string> words = {"dpkg-query", "-S"};
  words.insert(words.end(), paths.begin(), paths.end());
  std::istringstream owners(RunProgram(words, {"LC_ALL=C"}, {}).output);
  std::map<std::string, std::string> versions;
  for (std::string line; std::getline(owners, line);) {
    // `package[:architecture][, …]: /path`
    const size_t colon = line.find(": ");
    if (colon == std::string::npos || line.starts_with("diversion ")) continue;
    const std::string package = line.substr(0, line.find_first_of(":,"));
    packages[line.substr(colon + 2)].name = package;
    versions[package];
  }
  if (versions.empty()) return;
  words = {"dpkg-query", "-W", "-f", "${Package} ${Version}\n"};
  for (const auto& [name, version] : versions) words.push_back(name);
  std::istringstream answers(RunProgram(words, {"LC_ALL=C"}, {}).output);
  for (std::string name, version; answers >> name >> version;) {
    // The epoch is dpkg's own; people say 4.12.0.
    versions[name] = version.substr(version.find(':') + 1);
  }
  for (auto& [path, package] : packages) {
    if (package.version.empty()) package.version = versions[package.name];
  }
}

// The same from rpm, which answers one line for each path, in their order.
void AskRpm(const std::vector<std::string>& paths, std::map<std::string, Package>& packages) {
  std::vector<std::string> words = {"rpm", "-qf", "--queryformat", "%{NAME}\t%{VERSION}-%{RELEASE}\n"};
  words.insert(words.end(), paths.begin(), paths.end());
  std::istringstream answers(RunProgram(words, {"LC_ALL=C"}, {}).output);
  std::string line;
  for (size_t i = 0; i < paths.size() && std::getline(answers, line); ++i) {
    const size_t tab = line.find('\t');
    if (tab != std::string::npos) packages[paths[i]] = {line.substr(0, tab), line.substr(tab + 1)};
  }
}

std::map<std::string, Package> PackagesOf(const std::vector<InstalledAgent>& agents) {
  std::map<std::string, Package> packages;
  for (size_t begin = 0; begin < agents.size(); begin += kPathsMax) {
    std::vector<std::string> paths;
    for (size_t i = begin; i < std::min(begin + kPathsMax, agents.size()); ++i) paths.push_back(agents[i].path);
    const size_t known = packages.size();
    AskDpkg(paths, packages);
    if (packages.size() == known) AskRpm(paths, packages);
  }
  return packages;
}

}  // namespace

std::vector<InstalledAgent> FindAgents(std::vector<std::string> folders) {
  std::map<std::string, std::string> found;  // Of one name the first counts.
  for (const std::string& folder : folders) FindIn(folder, found);
  if (folders.empty()) {
    FindIn(OcfRoot() + "/resource.d", found);
    for (const char* folder : {"/usr/sbin", "/usr/bin", "/sbin", "/bin"}) FindFenceAgentsIn(folder, found);
    for (const char* folder : {"/usr/lib/pacemaker", "/usr/libexec/pacemaker"}) {
      const fs::path daemon = fs::path(folder) / compiler::agents::kFenceDaemon;
      if (IsProgram(daemon)) found.emplace(compiler::agents::kFenceDaemon, daemon.string());
    }
  }
  std::vector<InstalledAgent> agents;
  for (auto& [name, path] : found) agents.push_back({name, path});
  return agents;
}

CollectedAgents AskAgents(const std::vector<InstalledAgent>& agents, std::chrono::milliseconds time,
                          const std::function<void(size_t)>& progress) {
  struct Answer {
    std::optional<Agent> agent;
    std::string reason;
  };
  std::vector<Answer> answers(agents.size());
  std::atomic<size_t> next = 0;
  size_t answered = 0;
  std::mutex telling;
  const auto work = [&] {
    for (size_t i = next++; i < agents.size(); i = next++) {
      answers[i].agent = Ask(agents[i], time, answers[i].reason);
      const std::lock_guard guard(telling);
      if (progress) progress(++answered);
    }
  };
  std::vector<std::thread> workers;
  const size_t wanted = std::clamp<size_t>(std::thread::hardware_concurrency(), 2, kAtOnceMax);
  for (size_t i = 0; i < std::min(wanted, agents.size()); ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();

  const std::map<std::string, Package> packages = PackagesOf(agents);
  CollectedAgents collected;
  for (size_t i = 0; i < agents.size(); ++i) {
    if (!answers[i].agent) {
      collected.skipped.push_back({agents[i], answers[i].reason});
      continue;
    }
    if (const auto found = packages.find(agents[i].path); found != packages.end()) {
      answers[i].agent->package = found->second.name;
      collected.lock.packages[found->second.name] = found->second.version;
    }
    collected.lock.agents.emplace(agents[i].name, *std::move(answers[i].agent));
  }
  return collected;
}

}  // namespace picket::cli
