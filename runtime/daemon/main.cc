// picketd: the daemon that carries out on this machine what the solver decided, alone or as one of a group.
#include <dirent.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "runtime/control/client.h"
#include "runtime/control/own_folder.h"
#include "runtime/ports/linux/corosync.h"
#include "runtime/ports/linux/heartbeat.h"
#include "runtime/ports/linux/machine.h"

namespace picket::runtime {
namespace {

constexpr int kInputWrong = 2;
constexpr int kEnvironmentWrong = 3;
constexpr int kDefect = 70;

std::string LinkTarget(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t size = readlink(path.c_str(), target, sizeof target);
  return size > 0 ? std::string(target, static_cast<size_t>(size)) : std::string();
}

// Two masters for one resource is the accident that all of this is there to prevent.
bool PacemakerRuns() {
  const std::string own_network = LinkTarget("/proc/self/ns/net");
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(opendir("/proc"), closedir);
  while (processes) {
    const dirent* entry = readdir(processes.get());
    if (!entry) return false;
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    const std::string folder = std::string("/proc/") + entry->d_name;
    std::ifstream file(folder + "/comm");
    std::string name;
    std::getline(file, name);
    // Only root can be a master of anything; whoever else calls a process like that does not matter.
    struct stat owner {};
    const bool by_root = stat(folder.c_str(), &owner) == 0 && owner.st_uid == 0;
    if (name == "pacemakerd" && by_root && LinkTarget(folder + "/ns/net") == own_network) return true;
  }
  return false;
}

// Who we are, by Corosync's word. It may take for ever to answer, and systemd is to know meanwhile that we
// live.
std::string AskOwnName() {
  auto asked = std::make_shared<std::promise<std::string>>();
  std::future<std::string> answer = asked->get_future();
  std::thread([asked] {
    asked->set_value(OwnNodeName([](const std::string& text) { std::cerr << "picketd: " << text << '\n'; }));
  }).detach();
  Heartbeat heartbeat;
  const std::chrono::milliseconds wait(heartbeat.wait_ms() < 0 ? 60000 : heartbeat.wait_ms());
  while (answer.wait_for(wait) != std::future_status::ready) heartbeat.Beat();
  return answer.get();
}

std::string HostName() {
  char name[HOST_NAME_MAX + 1] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

int Main(int argc, char** argv) {
  CLI::App program("Carries out on this machine what a policy decides, in a group on Corosync or with --local alone",
                   "picketd");
  MachineOptions options;
  std::string folder;
  options.settings.node = HostName();
  const std::string own = LinkTarget("/proc/self/exe");
  options.tool_program = own.substr(0, own.rfind('/') + 1) + "picket-agent-tool";
  std::string file;
  CLI::Option* local =
      program.add_option("--local", file, "a group of one, with this CIB; without a file: with the one that is stored")
          ->type_name("FILE")
          ->expected(0, 1);
  program.add_option("--dir", folder, "keep everything below this folder instead of in /run and /var/lib");
  program.add_option("--node", options.settings.node, "the name of this node; in a group it is that of corosync.conf")
      ->capture_default_str()
      ->needs(local);
  program.add_option("--ocf-root", options.settings.ocf_root, "where OCF agents are")->capture_default_str();
  program.add_option("--agent-tool", options.tool_program, "what agents call as crm_attribute and its like");
  program.add_option("--log", options.log, "write the log to this file, which is put aside when it is long");
  program.add_option("--watchdog", options.watchdog,
                     "a watchdog device, such as /dev/watchdog: it resets the machine when picketd hangs");
  program.footer("Example: picket compile db.picket -o db.xml && picketd --local db.xml --dir ~/db");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = program.exit(error);
    return status == 0 ? 0 : kInputWrong;
  }
  if (!file.empty()) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
      std::cerr << "picketd: " << file << ": cannot be read\n";
      return kEnvironmentWrong;
    }
    options.configuration = text.str();
    options.source = file;
  }
  if (PacemakerRuns()) {
    std::cerr << "picketd: Pacemaker runs on this node; two masters for one resource do not go together\n";
    return kEnvironmentWrong;
  }
  if (access(options.tool_program.c_str(), X_OK) != 0) {
    std::cerr << "picketd: " << options.tool_program << " is not there; name it with --agent-tool\n";
    return kEnvironmentWrong;
  }
  std::string error;
  if (!folder.empty() && !MakeOwnFolder(folder, 0, error)) {
    std::cerr << "picketd: " << error << '\n';
    return kEnvironmentWrong;
  }
  const Folders folders = FoldersIn(folder);
  // Agents find it from wherever they are.
  options.tool_program = AbsolutePath(options.tool_program);
  options.run_folder = folders.run;
  options.state_folder = folders.state;
  options.group = local->count() == 0;
  if (options.group) {
    // As far as systemd is concerned it is there: Corosync may take as long as it wants.
    sd_notify(0, "READY=1\nSTATUS=waiting for Corosync");
    options.settings.node = AskOwnName();
  }
  return RunMachine(std::move(options));
}

}  // namespace
}  // namespace picket::runtime

int main(int argc, char** argv) {
  try {
    return picket::runtime::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "picketd: " << error.what() << '\n';
    return picket::runtime::kDefect;
  }
}
