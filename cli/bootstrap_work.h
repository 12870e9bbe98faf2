// The work of `picket bootstrap` on the nodes: phases, each on all nodes abreast, the next one only when the
// last one has ended well everywhere. What the steps do is in node_scripts/bootstrap.sh.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "cli/host.h"

namespace picket::cli {

struct Worker {
  std::string name;
  Host host;
  std::string address;  // of its first link
};

// Nodes to the steps of a phase: calls of the script's functions, one on each line. Others are passed over.
using Steps = std::map<std::string, std::string>;

// `stage '/etc/hosts' '644' …`: a call whose words may hold anything.
std::string Call(const std::string& function, const std::vector<std::string>& words);

class Crew {
 public:
  // `run` names the run; `course` is where it is told what is done.
  Crew(std::vector<Worker> workers, const std::string& cluster, const std::string& run, std::ostream& course);

  // Who works, as other runs see it: `ada@desk 4711 8123123`. And whether a driver that worked from this
  // machine has ended: then its runs may be taken over at once.
  static std::string Self();
  static bool HasEnded(const std::string& driver);
  void TakeOver(const std::string& dead) { dead_ += (dead_.empty() ? "" : ";") + dead; }

  // False after telling on stderr what failed where. `first`: the phase in which the work begins.
  bool Do(const Steps& steps, std::chrono::seconds limit, bool first = false);
  // The output of the same, for steps that change nothing that counts, by node; what failed is left out, and
  // told unless `quiet`.
  std::map<std::string, std::string> Ask(const Steps& steps, std::chrono::seconds limit, bool quiet = false);
  // What nodes have said that they left as it is, because somebody changed it.
  const std::vector<std::string>& left() const { return left_; }
  const std::vector<Worker>& workers() const { return workers_; }
  const std::string& run() const { return run_; }

 private:
  std::string ScriptFor(const std::string& steps, const char* begin) const;
  bool Hear(const std::string& node, const ProgramRun& run);

  std::vector<Worker> workers_;
  std::string cluster_, run_, driver_, dead_;
  std::ostream& course_;
  std::vector<std::string> left_;
};

}  // namespace picket::cli
