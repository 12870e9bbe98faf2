// Runs the golden cases of this folder, the examples of the diagnostics' registry and those of the manual.
//
// A case needs no code: its file's name says what is expected of it.
//   error.NAME.picket     the diagnostics, as text, are in error.NAME.expected; every code of the registry is in one
//   target3.NAME.picket   the same, checked for Pacemaker 3
//   profile.NAME.picket   the same, compared with profile.NAME.profile
//   agents.NAME.picket    the same, checked against the agents.lock of this folder
//   lock.NAME.picket      the same, checked against lock.NAME.lock, which is wrong
//   builtin.NAME.picket   the same, checked against the built-in agents as `picket compile` does it
//   compile.NAME.picket   compiles without a word; the CIB is in compile.NAME.cib.xml, for Pacemaker 3 in
//                         compile.NAME.cib3.xml, and corosync.conf, if there are links, in compile.NAME.corosync.conf
//   graph.NAME.picket     the graph of what depends on what, as JSON, is in graph.NAME.expected
//   dump.NAME.picket      the expanded policy is in dump.NAME.expected
// With --update the expected files are written instead. Arguments: [--update] FOLDER MANUAL POLICY…; the policies are
// examples that have to compile without a warning.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/diagnostics/registry.h"
#include "compiler/diagnostics/render.h"
#include "compiler/emit/cib.h"
#include "compiler/profile/profile.h"
#include "simulator/checks/fencing.h"

namespace picket::compiler {
namespace {

namespace fs = std::filesystem;

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Runner {
 public:
  Runner(fs::path folder, bool update) : folder_(std::move(folder)), update_(update) {}

  void Folder() {
    std::vector<fs::path> cases;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().extension() == ".picket") cases.push_back(entry.path());
    }
    std::sort(cases.begin(), cases.end());
    for (const fs::path& one : cases) {
      const std::string name = one.filename().string();
      if (name.starts_with("error.")) Error(one, Beside());
      if (name.starts_with("target3.")) Error(one, ForTarget3(Beside(emit::Target::k30)));
      if (name.starts_with("profile.")) Error(one, WithProfile(Beside(), Read(Sibling(one, ".profile"))));
      if (name.starts_with("agents.")) Error(one, WithAgents(Beside(), false));
      if (name.starts_with("lock.")) Error(one, WithAgents(Beside(), false, Sibling(name, ".lock").string()));
      if (name.starts_with("builtin.")) Error(one, WithAgents(Alone(), false));
      if (name.starts_with("compile.")) Compiles(one);
      if (name.starts_with("graph.")) Draws(one);
      if (name.starts_with("dump.")) Dumps(one);
    }
    if (cases.empty()) Fail(folder_.string(), "no cases");
  }

  // Every code is in the golden text of some case, so that no message changes
  // without being looked at.
  void Coverage() {
    for (const CodeInfo& info : AllCodes()) {
      ++done_;
      if (!seen_.contains(std::string(info.code))) {
        Fail(std::string(info.code), "no error.*.picket provokes it; write one");
      }
    }
  }

  // A code that has a bad example is what the example gets. The good example beside it gets no code at all.
  void Registry() {
    for (const CodeInfo& info : AllCodes()) {
      if (info.example.empty()) continue;
      ++done_;
      const CompileResult bad = CompileText(std::string(info.example), "example.picket", WithAgents(Alone(), true));
      bool found = false;
      for (const Diagnostic& d : bad.diagnostics.list()) found = found || d.code == info.code;
      if (!found) {
        Fail("example of " + std::string(info.code), RenderText(bad.diagnostics, bad.source_map));
      }
      // What mends these is another file.
      if (info.code == "E0001" || info.code == "E0503") continue;
      if (info.remedy.empty()) Fail("example of " + std::string(info.code), "no good example beside the bad one");
      const CompileResult good = CompileText(std::string(info.remedy), "example.picket", WithAgents(Alone(), true));
      if (!good.diagnostics.list().empty()) {
        Fail("good example of " + std::string(info.code), RenderText(good.diagnostics, good.source_map));
      }
    }
  }

  // Every block of the manual compiles, with the prelude unless it stands alone.
  void Manual(const fs::path& path) {
    std::istringstream lines(Read(path));
    std::string line, prelude, block, kind;
    int number = 0, begun = 0;
    while (std::getline(lines, line)) {
      ++number;
      if (kind.empty() && line.starts_with("```picket")) {
        kind = line.substr(3);
        begun = number;
        block.clear();
      } else if (!kind.empty() && line.starts_with("```")) {
        if (kind == "picket prelude") prelude = block;
        const std::string text = kind == "picket" ? prelude + block : block;
        Clean(text, path.filename().string() + ':' + std::to_string(begun));
        kind.clear();
      } else {
        block += line + '\n';
      }
    }
    if (prelude.empty()) Fail(path.string(), "no prelude");
  }

  void Policy(const fs::path& path) {
    CompileOptions options = Alone();
    options.read = [](const std::string& imported) -> std::optional<std::string> {
      if (!fs::exists(imported)) return std::nullopt;
      return Read(imported);
    };
    Clean(Read(path), path.string(), options);
  }

  int Verdict() const {
    std::cout << done_ << " cases, " << failures_ << " failures\n";
    return failures_ == 0 ? 0 : 1;
  }

 private:
  static CompileOptions Alone(emit::Target target = emit::Target::k21) {
    CompileOptions options;
    options.target = target;
    options.review = simulator::CheckFencing;
    options.read = [](const std::string&) { return std::optional<std::string>(); };
    return options;
  }

  // What is read decides which agents count.
  static CompileOptions WithAgents(CompileOptions options, bool strict, std::string lock = "") {
    options.agents = AgentOptions{.lock = std::move(lock), .strict = strict};
    return options;
  }

  static CompileOptions ForTarget3(CompileOptions options) {
    options.tells_target_3 = true;
    return options;
  }

  CompileOptions WithProfile(CompileOptions options, const std::string& text) {
    ProfileFault fault;
    const auto profile = ReadProfile(text, fault);
    if (!profile) Fail("line " + std::to_string(fault.line) + " of the profile", fault.message);
    options.review = [profile](const Review& review) {
      simulator::CheckFencing(review);
      if (profile) CheckProfile(*profile, review);
    };
    return options;
  }

  // Imports of a golden case are read from beside it.
  CompileOptions Beside(emit::Target target = emit::Target::k21) const {
    CompileOptions options;
    options.target = target;
    options.review = simulator::CheckFencing;
    options.read = [folder = folder_](const std::string& path) -> std::optional<std::string> {
      // A file that is too large is made, not kept.
      if (path == "too_large.inc") return std::string(std::size_t{17} << 20, '\n');
      if (!fs::exists(folder / path)) return std::nullopt;
      return Read(folder / path);
    };
    return options;
  }

  void Fail(const std::string& what, const std::string& why) {
    ++failures_;
    std::cout << "FAILED " << what << "\n" << why << '\n';
  }

  void Clean(const std::string& text, const std::string& name) { Clean(text, name, Alone()); }
  void Clean(const std::string& text, const std::string& name, const CompileOptions& options) {
    ++done_;
    const CompileResult result = CompileText(text, name, WithAgents(options, true));
    if (!result.diagnostics.list().empty()) Fail(name, RenderText(result.diagnostics, result.source_map));
  }

  void Compare(const fs::path& expected, const std::string& got) {
    ++done_;
    if (update_) {
      if (!fs::exists(expected) || Read(expected) != got) {
        std::ofstream(expected, std::ios::binary) << got;
        std::cout << "updated " << expected.filename().string() << '\n';
      }
      return;
    }
    if (!fs::exists(expected)) return Fail(expected.filename().string(), "is missing; --update writes it");
    const std::string wanted = Read(expected);
    if (wanted != got) Fail(expected.filename().string(), Difference(wanted, got));
  }

  // The first line that differs, with the ones around it.
  static std::string Difference(const std::string& wanted, const std::string& got) {
    std::istringstream a(wanted), b(got);
    std::string left, right;
    for (int line = 1;; ++line) {
      const bool more = static_cast<bool>(std::getline(a, left));
      const bool other = static_cast<bool>(std::getline(b, right));
      if (!more) left = "(the end)";
      if (!other) right = "(the end)";
      if (left != right) return "line " + std::to_string(line) + "\n  expected: " + left + "\n  got:      " + right;
      if (!more && !other) return "";
    }
  }

  static fs::path Sibling(fs::path path, const char* extension) { return path.replace_extension(extension); }

  void Error(const fs::path& path, const CompileOptions& options) {
    const CompileResult result = CompileText(Read(path), path.filename().string(), options);
    Compare(Sibling(path, ".expected"), RenderText(result.diagnostics, result.source_map));
    if (result.diagnostics.list().empty()) Fail(path.filename().string(), "nothing was found");
    for (const Diagnostic& d : result.diagnostics.list()) {
      seen_.insert(std::string(d.code));
      if (FindCode(d.code) == nullptr) Fail(path.filename().string(), std::string(d.code) + " is not in the registry");
    }
  }

  void Compiles(const fs::path& path) {
    for (const auto target : {emit::Target::k21, emit::Target::k30}) {
      const CompileResult result = CompileText(Read(path), path.filename().string(), Beside(target));
      if (!result.diagnostics.list().empty()) {
        Fail(path.filename().string(), RenderText(result.diagnostics, result.source_map));
      }
      if (!result.compiled) return;
      const bool old = target == emit::Target::k21;
      Compare(Sibling(path, old ? ".cib.xml" : ".cib3.xml"), emit::CibText(result.compiled->cib));
      if (old && !result.compiled->topology.links.empty()) {
        Compare(Sibling(path, ".corosync.conf"), CorosyncConf(result.compiled->topology));
      }
    }
  }

  void Draws(const fs::path& path) {
    const CompileResult result = CompileText(Read(path), path.filename().string(), Beside());
    if (!result.compiled) return Fail(path.filename().string(), RenderText(result.diagnostics, result.source_map));
    Compare(Sibling(path, ".expected"), GraphJson(result.compiled->graph, result.source_map));
  }

  void Dumps(const fs::path& path) {
    CompileResult result;
    const std::string dump = DumpModelOf(Read(path), path.filename().string(), Beside(), result);
    if (!result.diagnostics.list().empty()) {
      Fail(path.filename().string(), RenderText(result.diagnostics, result.source_map));
    }
    Compare(Sibling(path, ".expected"), dump);
  }

  fs::path folder_;
  bool update_;
  std::set<std::string> seen_;  // Codes.
  int done_ = 0;
  int failures_ = 0;
};

int Main(std::vector<std::string> words) {
  const bool update = std::erase(words, "--update") > 0;
  if (words.size() < 2) {
    std::cerr << "usage: golden [--update] FOLDER MANUAL POLICY...\n";
    return 2;
  }
  // `bazel run` starts it away from the sources, and says where they are.
  if (const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY"); update && workspace != nullptr) {
    fs::current_path(workspace);
  }
  Runner runner(words[0], update);
  runner.Folder();
  runner.Coverage();
  runner.Registry();
  runner.Manual(words[1]);
  for (std::size_t i = 2; i < words.size(); ++i) runner.Policy(words[i]);
  return runner.Verdict();
}

}  // namespace
}  // namespace picket::compiler

int main(int argc, char** argv) {
  return picket::compiler::Main(std::vector<std::string>(argv + 1, argv + argc));
}
