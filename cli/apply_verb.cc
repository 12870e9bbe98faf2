#include "cli/apply_verb.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/carry_out.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/host_options.h"
#include "cli/input.h"
#include "cli/live.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "runtime/control/own_folder.h"
#include "runtime/deploy/preview.h"
#include "runtime/deploy/secrets.h"
#include "runtime/deploy/serving.h"
#include "runtime/deploy/supported.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/valid.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kStartingMs = 10000;
constexpr size_t kSourceMax = 512;

struct ApplyOptions {
  LiveOptions live;
  Host host;  // of Pacemaker
  bool own_all = false;
  std::string file;
  std::string target = "local";
  std::string node;
  std::string daemon;
  std::string ocf_root;
  std::string secrets;  // the folder
  int wait_s = 0;
};

// What is to be put in force.
struct Wanted {
  std::string cib;
  std::vector<std::string> members;
};

bool IsPolicy(const std::string& file) {
  return file.ends_with(".picket");
}

// What is amiss, each with its line if the source has lines. Gives whether there is anything.
bool TellRefusals(const ApplyOptions& options, const std::vector<runtime::Refusal>& refusals,
                  const compiler::SourceMap* sources) {
  for (const runtime::Refusal& refusal : refusals) {
    const auto span = sources ? sources->Find(refusal.id) : std::nullopt;
    if (span) {
      const compiler::Place place = sources->PlaceOf(*span);
      std::cerr << place.path << ':' << place.line << ':' << place.column << ": ";
    } else {
      std::cerr << "picket: " << options.file << ": ";
    }
    std::cerr << "error: " << refusal.what << '\n';
  }
  return !refusals.empty();
}

std::vector<runtime::Refusal> PutSecretsIn(const ApplyOptions& options, pugi::xml_document& document) {
  return runtime::FillSecrets(document, [&](const std::string& path, std::string& error) {
    if (!options.secrets.empty()) return runtime::ReadSecret(options.secrets, path, error);
    error = "give the folder of the secrets with `--secrets FOLDER`";
    return std::optional<std::string>();
  });
}

void AddMembers(const pugi::xml_document& document, Wanted& wanted) {
  for (const pugi::xml_node node : document.document_element().child("configuration").child("nodes").children("node")) {
    wanted.members.push_back(node.attribute("uname").value());
  }
}

// Gives the exit status; 0 if `wanted` is filled.
int LoadPolicy(const ApplyOptions& options, Wanted& wanted) {
  compiler::CompileOptions compile = ReviewedOptions();
  compile.target = compiler::emit::Target::k30;
  compiler::CompileResult result = compiler::Compile(options.file, compile);
  const int status = TellDiagnostics(result, false, false);
  if (!result.compiled) return status == kOk ? kInputWrong : status;
  pugi::xml_document& document = result.compiled->cib;
  if (TellRefusals(options, runtime::RefusalsOf(document), &result.source_map)) return kInputWrong;
  if (TellRefusals(options, PutSecretsIn(options, document), &result.source_map)) return kInputWrong;
  AddMembers(document, wanted);
  wanted.cib = solver::DocumentText(document);
  return kOk;
}

// What its schema does not allow.
std::vector<runtime::Refusal> FaultsOf(const pugi::xml_document& document) {
  std::vector<runtime::Refusal> refusals;
  for (const solver::CibFault& fault : solver::FindFaults(document)) {
    refusals.push_back({fault.element.attribute("id").value(), fault.Where() + " " + fault.what});
  }
  return refusals;
}

int LoadCib(const ApplyOptions& options, Wanted& wanted) {
  Unread unread;
  const auto text = ReadInput(options.file, std::cin, unread);
  if (!text) return TellUnread(options.file, unread);
  if (const std::string why = WhyNoCib(*text); !why.empty()) return TellNoCib(options.file, why);
  pugi::xml_document document;
  solver::DocumentError error;
  std::string warning;
  if (!solver::ParseDocument(*text, document, error) || !solver::UpgradeDocument(document, warning, error)) {
    std::cerr << "picket: " << options.file << ": error: " << error.message << '\n';
    return kInputWrong;
  }
  if (TellRefusals(options, runtime::RefusalsOf(document), nullptr)) return kInputWrong;
  AddMembers(document, wanted);
  // Nobody's status but our own counts.
  pugi::xml_document original;
  original.load_string(text->c_str());
  if (TellRefusals(options, FaultsOf(original), nullptr)) return kInputWrong;
  original.document_element().remove_child("status");
  if (TellRefusals(options, PutSecretsIn(options, original), nullptr)) return kInputWrong;
  wanted.cib = solver::DocumentText(original);
  return kOk;
}

// --- the daemon ------------------------------------------------------------------------------------------------

std::string FolderOfProgram() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  const std::string self(path, size > 0 ? static_cast<size_t>(size) : 0);
  return self.substr(0, self.rfind('/') + 1);
}

std::string DaemonProgram(const ApplyOptions& options) {
  if (!options.daemon.empty()) return options.daemon;
  const std::string beside = FolderOfProgram() + "picketd";
  return access(beside.c_str(), X_OK) == 0 ? beside : "picketd";
}

// Who this machine is in the policy: by its name, or because there is nobody else.
std::string OwnNode(const ApplyOptions& options, const Wanted& wanted) {
  if (!options.node.empty()) return options.node;
  char name[HOST_NAME_MAX + 1] = {};
  gethostname(name, sizeof name - 1);
  for (const std::string& member : wanted.members) {
    if (solver::EqualFolded(member, name)) return member;
  }
  if (wanted.members.size() == 1) return wanted.members.front();
  std::cerr << "picket: this machine, `" << name << "`, is not a node of the policy; give one of these with --node:";
  for (const std::string& member : wanted.members) std::cerr << ' ' << member;
  std::cerr << '\n';
  return {};
}

bool StartDaemon(const ApplyOptions& options, const std::string& node) {
  const runtime::Folders folders = options.live.folders();
  std::string error;
  const bool made = (options.live.folder.empty() || runtime::MakeOwnFolder(options.live.folder, 0, error)) &&
                    runtime::MakeOwnFolder(folders.state, 0700, error);
  if (!made) {
    std::cerr << "picket: " << error << '\n';
    return false;
  }
  const std::string log = folders.state + "/picketd.log";
  std::vector<std::string> words = {DaemonProgram(options), "--local", "--node", node, "--log", log};
  if (!options.live.folder.empty()) words.insert(words.end(), {"--dir", options.live.folder});
  if (!options.ocf_root.empty()) words.insert(words.end(), {"--ocf-root", options.ocf_root});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    // Twice, so that it is nobody's child.
    if (fork() != 0) _exit(0);
    const int null = open("/dev/null", O_RDONLY);
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    dup2(null, 0);
    dup2(out < 0 ? null : out, 1);
    dup2(out < 0 ? null : out, 2);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  for (int waited_ms = 0; waited_ms < kStartingMs; waited_ms += 20) {
    runtime::Connection connection;
    std::string error;
    if (connection.Open(folders.socket(), error)) return true;
    usleep(20000);
  }
  std::cerr << "picket: " << words[0] << " did not start; see " << log << '\n';
  return false;
}

// A picketd that is there, or one that is started now. Its status, or nothing.
std::optional<Json> LiveStatus(const ApplyOptions& options, const Wanted& wanted) {
  const Json request = {{"verb", "status"}, {"configuration", true}};
  std::string error;
  if (auto live = runtime::Ask(options.live.folders().socket(), request, error)) return live;
  runtime::Connection connection;
  if (connection.Open(options.live.folders().socket(), error)) {
    return AskLive(options.live, request);  // It is there and said no: that is what is told.
  }
  if (options.target == "picket") {
    std::cerr << "picket: no picketd answers on " << options.live.folders().socket()
              << "; start picketd on every node (`systemctl start picketd`), or give its folder with --dir\n";
    return std::nullopt;
  }
  const std::string node = OwnNode(options, wanted);
  if (node.empty()) return std::nullopt;
  if (options.live.dry_run) {
    return Json{{"node", node},
                {"index", 0},
                {"nodes", Json::array()},
                {"cib", ""},
                {"wall_ms", time(nullptr) * 1000},
                {"view", {{"group", false}}}};
  }
  if (!StartDaemon(options, node)) return std::nullopt;
  return AskLive(options.live, request);
}

// --- apply -----------------------------------------------------------------------------------------------------

// What should run and does not, told; gives whether there is anything. `status` has the CIB.
bool TellWhatDoesNotRun(const Json& status) {
  pugi::xml_document document;
  solver::DocumentError error;
  if (!solver::ParseDocument(status.at("cib").get<std::string>(), document, error)) {
    std::cerr << "picket: " << error.message << '\n';
    return true;
  }
  const solver::Cluster cluster = solver::ReadCluster(document);
  const solver::State state = solver::ReadState(document, {}, {});
  solver::Run run;
  solver::ReadStatus(cluster, state, run, nullptr);
  const std::vector<std::string> lines = runtime::NotRunning(run);
  for (const std::string& line : lines) std::cerr << "picket: " << line << '\n';
  return !lines.empty();
}

// What it takes to ask counts as well.
int WaitUntilSettled(const ApplyOptions& options) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.wait_s);
  while (std::chrono::steady_clock::now() < end) {
    const auto status = AskLive(options.live, {{"verb", "status"}, {"cib", false}});
    if (!status) return kEnvironmentWrong;
    if (status->at("settled").get<bool>()) {
      const auto whole = AskLive(options.live, {{"verb", "status"}});
      if (!whole) return kEnvironmentWrong;
      if (whole->at("settled").get<bool>()) {
        if (!options.live.json()) std::cout << "settled\n" << std::flush;
        return TellWhatDoesNotRun(*whole) ? kVerdict : kOk;
      }
    }
    usleep(100000);
  }
  std::cerr << "picket: not settled after " << options.wait_s << " s; `picket status` says what is in flight\n";
  return kVerdict;
}

int RunApply(const ApplyOptions& options) {
  // A plan that was kept is one for Pacemaker.
  if (options.target == "pacemaker" || options.file.ends_with(".json")) {
    const LiveOptions& live = options.live;
    return ApplyToPacemaker({options.file, options.secrets, options.own_all},
                            {options.host, live.yes, live.dry_run, options.wait_s, live.format});
  }
  Wanted wanted;
  const int loaded = IsPolicy(options.file) ? LoadPolicy(options, wanted) : LoadCib(options, wanted);
  if (loaded != kOk) return loaded;
  const auto live = LiveStatus(options, wanted);
  if (!live) return kEnvironmentWrong;
  if (live->at("view").at("group").get<bool>() != (options.target == "picket")) {
    std::cerr << "picket: the picketd that answers is "
              << (options.target == "picket" ? "alone on this machine; use --to local"
                                             : "part of a cluster; use --to picket")
              << '\n';
    return kInputWrong;
  }
  const std::string source = options.file.substr(0, kSourceMax);
  const runtime::Hard hard = Applied(runtime::HardFrom(*live), runtime::ReplaceConfiguration{wanted.cib, source});
  // In a cluster changes of view are numbered as well.
  const std::string where = options.target == "picket" ? "the cluster"
                                                       : live->at("node").get<std::string>() + " as configuration " +
                                                             std::to_string(hard.revision);
  const std::string title = options.file + " takes effect on " + where;
  const Shown shown = ShowChange(options.live, title, *live, hard, nullptr);
  if (!shown.agreed) return shown.status;
  const auto answer = AskLive(
      options.live,
      {{"verb", "apply"}, {"cib", wanted.cib}, {"source", source}, {"index", live->at("index").get<uint64_t>()}});
  if (!answer) return kEnvironmentWrong;
  if (options.live.json()) {
    TellChange(shown, *answer);
  } else {
    std::cout << "configuration " << answer->at("accepted").get<uint64_t>() << " is in force\n";
  }
  return options.wait_s > 0 ? WaitUntilSettled(options) : kOk;
}

}  // namespace

void AddApplyVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<ApplyOptions>();
  CLI::App* verb = program.add_subcommand("apply", "Put a policy or a CIB in force on live nodes");
  AddChangeOptions(*verb, options->live);
  verb->add_option("FILE", options->file, "a policy (.picket), a CIB in XML, or a plan that `picket plan -o` kept")
      ->required();
  verb->add_option("--to", options->target,
                   "local: a picketd on this machine alone, started if it is not there; "
                   "picket: the cluster whose picketd runs here; pacemaker: a live Pacemaker")
      ->check(CLI::IsMember({"local", "picket", "pacemaker"}))
      ->capture_default_str();
  AddHostOptions(*verb, options->host);
  verb->add_flag("--own-all", options->own_all,
                 "what is live and not declared goes, whoever wrote it (--to pacemaker)");
  verb->add_option("--node", options->node, "which of the policy's nodes this machine is");
  verb->add_option("--secrets", options->secrets, "the folder with a file for each `secret(\"path\")`");
  verb->add_option("--wait", options->wait_s,
                   "wait up to so many seconds until nothing is left to do; 1 if something "
                   "that should run then does not");
  verb->add_option("--picketd", options->daemon, "the daemon to start");
  verb->add_option("--ocf-root", options->ocf_root, "where OCF agents are, for a daemon that is started");
  verb->footer(
      "Example: picket apply laptop.picket --to local --dir ~/laptop --yes --wait 30\n"
      "         picket apply plan.json --host ha1 --wait 60");
  verb->callback([options, &status] { status = RunApply(*options); });
}

}  // namespace picket::cli
