#include "cli/bootstrap_work.h"

#include <pwd.h>
#include <unistd.h>

#include <climits>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>

#include "cli/nodes.h"
#include "runtime/bootstrap/facts.h"

namespace picket::cli {
namespace {

constexpr size_t kAnswerBytesMax = size_t{4} << 20;

// When the process began, in the kernel's ticks: a number that another process of the same id does not have.
// Empty if there is no such process.
std::string BeganOf(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text;
  std::getline(file, text);
  const size_t end = text.rfind(')');
  if (end == std::string::npos) return "";
  std::istringstream words(text.substr(end + 1));
  std::string word;
  for (int i = 0; i < 20; ++i) words >> word;
  return word;
}

std::string Here() {
  const passwd* user = getpwuid(getuid());
  char name[HOST_NAME_MAX + 1] = {};
  gethostname(name, sizeof name - 1);
  return std::string(user ? user->pw_name : "somebody") + "@" + name;
}

}  // namespace

std::string Call(const std::string& function, const std::vector<std::string>& words) {
  std::string text = function;
  for (const std::string& word : words) text += " " + Quoted(word);
  return text + "\n";
}

Crew::Crew(std::vector<Worker> workers, const std::string& cluster, const std::string& run, std::ostream& course)
    : workers_(std::move(workers)), cluster_(cluster), run_(run), driver_(Self()), course_(course) {}

std::string Crew::Self() {
  const std::string pid = std::to_string(getpid());
  return Here() + " " + pid + " " + BeganOf(pid);
}

bool Crew::HasEnded(const std::string& driver) {
  std::istringstream words(driver);
  std::string where, pid, began;
  words >> where >> pid >> began;
  const bool number = !pid.empty() && pid.find_first_not_of("0123456789") == std::string::npos;
  return number && where == Here() && BeganOf(pid) != began;
}

std::string Crew::ScriptFor(const std::string& steps, const char* begin) const {
  std::string roll;
  for (const Worker& worker : workers_) roll += (roll.empty() ? "" : ";") + worker.name + " " + worker.address;
  const std::string script = Script(
      "bootstrap.sh", {{"run", run_}, {"cluster", cluster_}, {"driver", driver_}, {"dead", dead_}, {"roll", roll}});
  return script + "{\n" + begin + steps + "printf 'end\\n'\n} </dev/null\n";
}

bool Crew::Do(const Steps& steps, std::chrono::seconds limit, bool first) {
  std::mutex telling;
  bool good = true;
  Abreast(workers_.size(), [&](size_t i) {
    const auto mine = steps.find(workers_[i].name);
    if (mine == steps.end()) return;
    const ProgramRun run = workers_[i].host.Run({"sh", "-s"}, ScriptFor(mine->second, first ? "begin\n" : "mine\n"),
                                                limit, kAnswerBytesMax);
    const std::lock_guard<std::mutex> lock(telling);
    good &= Hear(workers_[i].name, run);
  });
  return good;
}

std::map<std::string, std::string> Crew::Ask(const Steps& steps, std::chrono::seconds limit, bool quiet) {
  std::mutex telling;
  std::map<std::string, std::string> answers;
  Abreast(workers_.size(), [&](size_t i) {
    const auto mine = steps.find(workers_[i].name);
    if (mine == steps.end()) return;
    ProgramRun run = workers_[i].host.Run({"sh", "-s"}, ScriptFor(mine->second, ""), limit, kAnswerBytesMax);
    const std::lock_guard<std::mutex> lock(telling);
    if (run.end == ProgramRun::End::kExited && run.status == 0)
      answers[workers_[i].name] = std::move(run.output);
    else if (!quiet)
      std::cerr << "picket: " << workers_[i].name << ": " << runtime::Plain(Complaint(run)) << '\n';
  });
  return answers;
}

bool Crew::Hear(const std::string& node, const ProgramRun& run) {
  std::istringstream lines(run.output);
  bool ended = false;
  for (std::string line; std::getline(lines, line);) {
    ended = line == "end";
    const size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    for (size_t at = tab + 1; (at = line.find('\t', at)) != std::string::npos;) line.replace(at, 1, ": ");
    const std::string what = runtime::Plain(line.substr(tab + 1));
    if (line.starts_with("did\t")) course_ << "  " << node << ": " << what << std::endl;
    if (line.starts_with("left\t")) left_.push_back(node + ": " + what);
  }
  if (ended && run.end == ProgramRun::End::kExited && run.status == 0) return true;
  std::cerr << "picket: " << node << ": " << runtime::Plain(Complaint(run)) << '\n';
  return false;
}

}  // namespace picket::cli
