#include "cli/host.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include "cli/unpack.h"
#include "runtime/control/client.h"

namespace picket::cli {
namespace {

constexpr int kNotConnected = 102;
constexpr int kNoWay = 255;  // of ssh itself
constexpr size_t kComplaintBytesMax = 500;
// ssh gives a poor PATH to those who are not root; all that is asked for is in one of these.
constexpr const char* kRemotePath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool IsPlain(const std::string& word) {
  constexpr std::string_view kMarks = "_-./=:@%+,";
  return !word.empty() && std::all_of(word.begin(), word.end(), [&](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || kMarks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<std::string> WayTo(const Host& host) {
  std::string command = host.ssh.empty() ? Variable("PICKET_SSH") : host.ssh;
  if (command.empty()) command = "ssh -o BatchMode=yes -o ConnectTimeout=10";
  std::istringstream stream(command);
  std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
  words.push_back(host.name);
  words.emplace_back("--");
  return words;
}

std::optional<std::string> ReadWhole(const std::string& path, std::string& reason) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream && !stream.bad()) return Unpacked(std::move(text), reason);
  reason = path + " cannot be read";
  return std::nullopt;
}

// Pacemaker's own files, where its tools would read them too.
std::optional<std::string> FileInstead() {
  if (const std::string shadow = Variable("CIB_shadow"); !shadow.empty()) {
    const std::string folder = Variable("CIB_shadow_dir");
    return (folder.empty() ? "/var/lib/pacemaker/cib" : folder) + "/shadow." + shadow;
  }
  if (std::string file = Variable("CIB_file"); !file.empty()) return file;
  return std::nullopt;
}

std::optional<std::string> FromPicketd(const Host& host) {
  if (!host.name.empty()) {
    ProgramRun run = host.Run({"picket", "status", "--cib"});
    if (run.end == ProgramRun::End::kExited && run.status == 0) return std::move(run.output);
    return std::nullopt;
  }
  std::string error;
  const auto status = runtime::Ask(runtime::FoldersIn({}).socket(), {{"verb", "status"}}, error);
  if (!status || !status->contains("cib")) return std::nullopt;
  return status->at("cib").get<std::string>();
}

}  // namespace

ProgramRun Host::Run(const std::vector<std::string>& words, const std::string& input, std::chrono::milliseconds time,
                     size_t output_bytes_max) const {
  if (!name.empty() && (name.front() == '-' || !IsPlain(name))) {
    ProgramRun refused;
    refused.complaints = "`" + name + "` is no name of a machine";
    return refused;
  }
  std::vector<std::string> all;
  if (!name.empty()) all = WayTo(*this);
  if (sudo) all.insert(all.end(), {"sudo", "-n"});
  // sudo takes them away, and what is changed has to be what was read.
  if (sudo && name.empty()) {
    all.emplace_back("env");
    for (const char* each : {"CIB_file", "CIB_shadow", "CIB_shadow_dir"})
      if (const std::string value = Variable(each); !value.empty()) all.push_back(std::string(each) + "=" + value);
  }
  if (!name.empty()) all.insert(all.end(), {"env", "LC_ALL=C", kRemotePath});
  if (!name.empty() && !std::all_of(words.begin(), words.end(), IsPlain)) {
    ProgramRun refused;
    refused.complaints = "a word that a shell would read something into is not sent to another machine";
    return refused;
  }
  all.insert(all.end(), words.begin(), words.end());
  return TalkToProgram(all, {"LC_ALL=C"}, input, {time, output_bytes_max});
}

std::string Complaint(const ProgramRun& run) {
  switch (run.end) {
    case ProgramRun::End::kNotStarted:
      return run.complaints.empty() ? "the program is not there" : run.complaints;
    case ProgramRun::End::kTimedOut:
      return "no answer in time";
    case ProgramRun::End::kTooMuch:
      return "an answer without end";
    case ProgramRun::End::kKilled:
      return "killed by signal " + std::to_string(run.status);
    case ProgramRun::End::kExited:
      break;
  }
  std::string text = run.complaints;
  if (text.size() > kComplaintBytesMax) text.erase(0, text.size() - kComplaintBytesMax);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) text.replace(at, 1, "; ");
  return text.empty() ? "exit status " + std::to_string(run.status) : text;
}

std::optional<std::string> QueryCib(const Host& host, std::string& reason, bool* from_picketd) {
  if (from_picketd) *from_picketd = false;
  if (host.name.empty()) {
    if (const auto file = FileInstead()) return ReadWhole(*file, reason);
  }
  ProgramRun run = host.Run({"cibadmin", "--query"});
  if (run.end == ProgramRun::End::kExited && run.status == 0) return std::move(run.output);
  const bool elsewhere = run.end == ProgramRun::End::kNotStarted || run.status == kNotConnected || run.status == 127;
  if (elsewhere) {
    if (auto cib = FromPicketd(host)) {
      if (from_picketd) *from_picketd = true;
      return cib;
    }
  }
  const bool no_way = !host.name.empty() && run.end == ProgramRun::End::kExited && run.status == kNoWay;
  reason = "no CIB from " + host.Told() + (no_way ? ": ssh: " : ": cibadmin: ") + Complaint(run);
  return std::nullopt;
}

bool IsCibFromFile() {
  return FileInstead().has_value();
}

std::optional<std::string> ReadFileOn(const Host& host, const std::string& path, std::string& reason) {
  if (host.name.empty() && !host.sudo) return ReadWhole(path, reason);
  ProgramRun run = host.Run({"cat", path});
  if (run.end == ProgramRun::End::kExited && run.status == 0) return Unpacked(std::move(run.output), reason);
  reason = path + " on " + host.Told() + ": " + Complaint(run);
  return std::nullopt;
}

}  // namespace picket::cli
