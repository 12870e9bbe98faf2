#include "cli/policy_io.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "cli/atomic_file.h"
#include "cli/exit_status.h"
#include "compiler/diagnostics/render.h"
#include "compiler/graph/picture.h"

namespace picket::cli {
namespace {

// Runs `dot -Tsvg` (or another form) with the text as its input. Input and output are moved at
// the same time: with a large graph either pipe alone would fill up.
std::optional<std::string> RunDot(const std::string& text, const std::string& format, std::string& reason) {
  const std::string form = "-T" + format;
  std::array<int, 2> in{}, out{};
  if (pipe(in.data()) != 0) {
    reason = std::strerror(errno);
    return std::nullopt;
  }
  if (pipe(out.data()) != 0) {
    reason = std::strerror(errno);
    close(in[0]);
    close(in[1]);
    return std::nullopt;
  }
  const pid_t child = fork();
  if (child < 0) {
    reason = std::strerror(errno);
    for (int fd : {in[0], in[1], out[0], out[1]}) close(fd);
    return std::nullopt;
  }
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    for (int fd : {in[0], in[1], out[0], out[1]}) close(fd);
    execlp("dot", "dot", form.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  // A program that ends early must not end us with it.
  const auto previous = std::signal(SIGPIPE, SIG_IGN);
  std::string svg;
  std::size_t sent = 0;
  std::array<char, 65536> buffer{};
  for (bool reading = true; reading;) {
    std::array<pollfd, 2> wait = {pollfd{out[0], POLLIN, 0}, pollfd{in[1], POLLOUT, 0}};
    if (poll(wait.data(), in[1] >= 0 ? 2 : 1, -1) < 0) break;
    if (in[1] >= 0 && wait[1].revents != 0) {
      const ssize_t wrote = write(in[1], text.data() + sent, std::min<std::size_t>(text.size() - sent, 4096));
      if (wrote > 0) sent += static_cast<std::size_t>(wrote);
      if (wrote < 0 || sent == text.size()) {
        close(in[1]);
        in[1] = -1;
      }
    }
    if (wait[0].revents != 0) {
      const ssize_t got = read(out[0], buffer.data(), buffer.size());
      if (got <= 0) reading = false;
      if (got > 0) svg.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  if (in[1] >= 0) close(in[1]);
  close(out[0]);
  std::signal(SIGPIPE, previous);
  int outcome = 0;
  waitpid(child, &outcome, 0);
  if (!WIFEXITED(outcome) || WEXITSTATUS(outcome) != 0) {
    reason = WIFEXITED(outcome) && WEXITSTATUS(outcome) == 127
                 ? "a picture needs Graphviz's `dot`, which is not installed (package graphviz); "
                   "`-o FILE.dot` does without"
                 : "`dot` failed";
    return std::nullopt;
  }
  return svg;
}

}  // namespace

int StatusOf(const compiler::CompileResult& result, bool strict) {
  if (result.unreadable) return kEnvironmentWrong;
  if (result.diagnostics.HasErrors()) return kInputWrong;
  if (strict && !result.diagnostics.list().empty()) return kVerdict;
  return kOk;
}

int TellDiagnostics(const compiler::CompileResult& result, bool in_a_document, bool strict) {
  if (!in_a_document) std::cerr << compiler::RenderText(result.diagnostics, result.source_map);
  return StatusOf(result, strict);
}

std::optional<std::string> SvgOf(const std::string& dot, std::string& reason) {
  return RunDot(dot, "svg", reason);
}

std::string EndingOf(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(dot + 1);
}

std::optional<std::string> GraphAs(const compiler::Compiled& compiled, const compiler::SourceMap& sources,
                                   const std::string& format, std::string& reason) {
  if (format == "json") return PictureJson(compiled.graph, sources, compiled.cib);
  if (format != "dot" && !NeedsGraphviz(format)) {
    reason = "a graph is written as .dot, .json, .svg or .png";
    return std::nullopt;
  }
  const std::string dot = PictureDot(compiled.graph, sources, compiled.cib);
  return format == "dot" ? dot : RunDot(dot, format, reason);
}

bool NeedsGraphviz(const std::string& format) {
  return format == "svg" || format == "png";
}

bool WriteOutput(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text << std::flush;
    return static_cast<bool>(std::cout);
  }
  std::string reason;
  if (WriteFile(path, text, reason)) return true;
  std::cerr << "picket: cannot write `" << path << "`: " << reason << '\n';
  return false;
}

compiler::emit::Target TargetOf(const std::string& version) {
  return version == "3.0" ? compiler::emit::Target::k30 : compiler::emit::Target::k21;
}

}  // namespace picket::cli
