#include "compiler/compile.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string_view>

#include "compiler/agents/choose.h"
#include "compiler/check/agents.h"
#include "compiler/check/fencing_words.h"
#include "compiler/check/lints.h"
#include "compiler/check/names.h"
#include "compiler/check/symbols.h"
#include "compiler/check/unit_names.h"
#include "compiler/diagnostics/render.h"
#include "compiler/emit/cib.h"
#include "compiler/emit/nvset.h"
#include "compiler/emit/scenario.h"
#include "compiler/emit/topology.h"
#include "compiler/source_map/unreadable.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/text_kind.h"

namespace picket::compiler {
namespace {

// How long the writer of a FIFO may take for its next piece.
constexpr int kWriterMsMax = 5000;

// Parses and expands; what both dumps and the compilation begin with.
std::vector<ast::Statement> Expanded(std::string text, const std::string& path, const CompileOptions& options,
                                     CompileResult& result, std::vector<ast::Comment>& comments) {
  result.source_map.files.push_back({path, std::move(text)});
  const std::string& source = result.source_map.files[0].text;
  const ast::File file = Parse(source, 0, result.diagnostics);
  comments = file.comments;
  const FileReader read = options.read ? options.read : FileReader(ReadSource);
  return Expand(file, result.source_map, read, result.diagnostics, comments);
}

// A name that cannot be read: a mistake in the command if nothing is there, else the environment's doing.
void ReportUnreadable(const std::string& path, CompileResult& result) {
  Span nowhere;
  nowhere.file = UINT32_MAX;
  const Unreadable why = WhyUnreadable(path);
  result.unreadable = why.kind == Unreadable::Kind::kForbidden;
  result.diagnostics.Error("E0001", nowhere, "cannot read `" + path + "`: " + why.text);
}

// The agents to check against; nothing if there is no check, or the lock that was chosen is no good.
std::optional<agents::ChosenLock> AgentsFor(const std::string& path, const CompileOptions& options,
                                            CompileResult& result) {
  if (!options.agents) return std::nullopt;
  // What comes from standard input has nothing beside it.
  std::optional<std::string> folder;
  if (path != "<stdin>") folder = std::filesystem::path(path).parent_path().string();
  agents::ChoiceFault fault;
  auto chosen = agents::ChooseLock(options.agents->lock, folder, options.read ? options.read : ReadSource, fault);
  if (chosen) return chosen;
  if (!fault.text) {
    ReportUnreadable(fault.path, result);
    return std::nullopt;
  }
  const auto at = static_cast<std::uint32_t>(fault.fault.offset);
  const auto file = static_cast<std::uint32_t>(result.source_map.files.size());
  result.source_map.files.push_back({fault.path, *std::move(fault.text)});
  result.diagnostics.Error("E0301", {file, at, at + 1, 0}, "no lock of agents: " + fault.fault.message)
      .help.push_back("`picket agents lock` on a node writes a new one; without the file the built-in agents count");
  return std::nullopt;
}

// Compiles what tests deploy, each policy once.
class Deployments {
 public:
  Deployments(const CompileOptions& options, const SourceMap& sources, const Topology& topology,
              Diagnostics& diagnostics)
      : options_(options), sources_(sources), topology_(topology), diagnostics_(diagnostics) {
    options_.with_scenario = false;
  }

  std::shared_ptr<const scenario::Deployed> Read(const ast::Text& file) {
    // A path is taken relative to the file in which it stands, as that of an import is.
    const auto folder = std::filesystem::path(sources_.files[file.span.file].path).parent_path();
    const std::string path = (folder / file.literal).string();
    const auto known = made_.find(path);
    return known != made_.end() ? known->second : made_[path] = Make(path, file);
  }

 private:
  std::shared_ptr<const scenario::Deployed> Make(const std::string& path, const ast::Text& file) {
    auto text = options_.read ? options_.read(path) : ReadSource(path);
    if (!text) return Refuse(file, "cannot be read", "a path is taken relative to the file in which it stands");
    const CompileResult result = CompileText(std::move(*text), path, options_);
    if (!result.compiled) return Refuse(file, "has mistakes", "`picket check " + path + "` tells which");
    if (!IsSameFor(result.compiled->topology)) {
      return Refuse(file, "changes what Corosync is told",
                    "a running cluster takes over everything else: nodes, links, votes and times stay as they are");
    }
    auto deployed = std::make_shared<scenario::Deployed>();
    deployed->path = path;
    deployed->cib = emit::CibText(result.compiled->cib);
    for (const char* tag : {"primitive", "group", "clone", "bundle"}) {
      for (const auto& one : result.compiled->cib.select_nodes((std::string("//resources//") + tag).c_str())) {
        const std::string id = one.node().attribute("id").value();
        deployed->resources.push_back(id);
        if (std::string_view(one.node().attribute("class").value()) == "stonith") deployed->devices.push_back(id);
      }
    }
    return deployed;
  }

  // A CIB that is tested says nothing of links and times: there only the nodes are compared.
  bool IsSameFor(const Topology& theirs) const {
    const auto names = [](const Topology& topology) {
      std::set<std::string> all;
      for (const TopologyNode& node : topology.nodes) all.insert(node.name);
      return all;
    };
    if (topology_.links.empty()) return names(theirs) == names(topology_);
    return CorosyncConf(theirs) == CorosyncConf(topology_) && theirs.engine == topology_.engine;
  }

  std::nullptr_t Refuse(const ast::Text& file, const std::string& what, std::string help) {
    diagnostics_.Error("E0503", file.span, "`" + file.literal + "` cannot be deployed: it " + what)
        .help.push_back(std::move(help));
    return nullptr;
  }

  CompileOptions options_;
  const SourceMap& sources_;
  const Topology& topology_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::shared_ptr<const scenario::Deployed>> made_;  // by path; null: no good
};
std::optional<std::string> DefaultOf(const agents::Lock& lock, std::string_view agent, std::string_view parameter) {
  const agents::Agent* known = lock.Find("stonith:" + std::string(agent));
  const agents::Parameter* described = known != nullptr ? known->FindParameter(parameter) : nullptr;
  return described != nullptr ? described->fallback : std::nullopt;
}

std::optional<Span> PlaceIn(const PolicyView& view, std::string_view section, std::string_view option) {
  if (view.cluster() == nullptr) return std::nullopt;
  if (!section.empty()) {
    const auto setting = view.ClusterOption(section, option);
    return setting ? std::optional(setting->span) : std::nullopt;
  }
  for (const ast::ClusterItem& item : view.cluster()->items) {
    const auto* one = std::get_if<ast::Option>(&item);
    if (one != nullptr && one->name.literal == option) return one->span;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ReadSource(const std::string& path) {
  const bool standard_input = path == "-";
  // A FIFO is opened without waiting for its writer, who may never come.
  const int opened = standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) return std::nullopt;
  const auto close_file = [&](const int*) {
    if (!standard_input) close(opened);
  };
  const std::unique_ptr<const int, decltype(close_file)> closer(&opened, close_file);
  struct stat about {};
  const bool waits = !standard_input && fstat(opened, &about) == 0 && S_ISFIFO(about.st_mode);
  std::string text;
  char buffer[65536];
  // One byte more than is allowed is enough to know that it is too much.
  while (text.size() <= kSourceBytesMax) {
    pollfd ready = {opened, POLLIN, 0};
    if (waits && poll(&ready, 1, kWriterMsMax) <= 0) return std::nullopt;
    const ssize_t got = read(opened, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

CompileResult CompileText(std::string text, const std::string& path, const CompileOptions& options) {
  CompileResult result;
  std::vector<ast::Comment> comments;
  const std::vector<ast::Statement> statements = Expanded(std::move(text), path, options, result, comments);
  Diagnostics& diagnostics = result.diagnostics;
  // After a syntax error statements are missing, and every use of what they
  // would have defined would be reported as well: noise.
  if (!diagnostics.HasErrors()) {
    const Symbols symbols = Symbols::Build(statements, diagnostics);
    CheckNames(statements, symbols, diagnostics);
    const bool named = !diagnostics.HasErrors();
    const auto agents = AgentsFor(path, options, result);
    CheckAgentNames(statements, agents ? agents->lock.get() : nullptr, diagnostics);
    CheckUnitNames(statements, diagnostics);
    Compiled compiled;
    compiled.topology = emit::EmitTopology(statements, diagnostics);
    if (options.with_scenario) {
      Deployments deployments(options, result.source_map, compiled.topology, diagnostics);
      const auto read = [&](const ast::Text& file) { return deployments.Read(file); };
      compiled.scenario = emit::EmitScenario(statements, symbols, read, diagnostics);
    }
    compiled.cib = emit::EmitCib(statements, symbols, options.target, result.source_map, compiled.secrets, diagnostics);
    if (!diagnostics.HasErrors()) {
      CheckOrderCycles(statements, symbols, diagnostics);
      CheckContradictions(statements, symbols, diagnostics);
    }
    const auto name_in_3 = [](std::string_view name) { return emit::OptionName(name, emit::Target::k30); };
    CheckLints(statements, symbols, compiled.topology, named,
               options.tells_target_3 ? NameInTarget(name_in_3) : nullptr, diagnostics);
    if (options.review) {
      const PolicyView view(statements, symbols);
      const FencingWords words = FencingWordsOf(view);
      options.review({compiled.cib, compiled.topology, result.source_map, words.members, words.unfenced,
                      words.names_are_known, named, diagnostics,
                      [&](std::string_view agent, std::string_view parameter) {
                        return agents ? DefaultOf(*agents->lock, agent, parameter) : std::nullopt;
                      },
                      [&](std::string_view section, std::string_view option) { return PlaceIn(view, section, option); },
                      view.cluster() != nullptr ? std::optional(view.cluster()->name.span) : std::nullopt});
    }
    if (agents) {
      const AgentRules rules{*agents->lock, agents->origin, agents->pinned, agents->pinned || options.agents->strict};
      const auto edits = ParametersThatTestsSet(statements, result.source_map);
      CheckAgents(compiled.cib, edits, rules, symbols, result.source_map, diagnostics);
      DropSaidTwice(diagnostics);
    }
    // What a comment allows stands in nobody's way.
    DropAllowed(comments, result.source_map, diagnostics);
    if (!diagnostics.HasErrors()) {
      compiled.graph = BuildDependencyGraph(statements, symbols);
      result.compiled = std::move(compiled);
    }
  }
  CheckAllows(comments, diagnostics);
  DropAllowed(comments, result.source_map, diagnostics);
  SortByPlace(diagnostics.list());
  return result;
}

CompileResult Compile(const std::string& path, const CompileOptions& options) {
  auto text = ReadSource(path);
  if (!text) {
    CompileResult result;
    ReportUnreadable(path, result);
    return result;
  }
  if (KindOfText(*text) == TextKind::kBlank) {
    // A mistake with the name of the file; an empty text that a program hands over is an empty policy.
    CompileResult result;
    result.source_map.files.push_back({path == "-" ? "<stdin>" : path, std::move(*text)});
    result.diagnostics.Error("E0114", {0, 0, 0, 0}, "expected a policy, found an empty file")
        .help.push_back(RemedyForKind(TextKind::kBlank));
    return result;
  }
  return CompileText(std::move(*text), path == "-" ? "<stdin>" : path, options);
}

std::string DumpAstOf(std::string text, const std::string& path, CompileResult& result) {
  result.source_map.files.push_back({path, std::move(text)});
  const ast::File file = Parse(result.source_map.files[0].text, 0, result.diagnostics);
  SortByPlace(result.diagnostics.list());
  return DumpAst(file.statements);
}

std::string DumpModelOf(std::string text, const std::string& path, const CompileOptions& options,
                        CompileResult& result) {
  std::vector<ast::Comment> comments;
  const auto statements = Expanded(std::move(text), path, options, result, comments);
  SortByPlace(result.diagnostics.list());
  return DumpAst(statements);
}

}  // namespace picket::compiler
