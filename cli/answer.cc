#include "cli/answer.h"

#include <algorithm>
#include <iostream>
#include <mutex>
#include <optional>
#include <pugixml.hpp>
#include <sstream>
#include <streambuf>

#include "cli/exit_status.h"
#include "cli/progress.h"
#include "cli/version.h"
#include "cli/voice.h"
#include "compiler/diagnostics/sarif.h"

namespace picket::cli {

namespace {

constexpr std::size_t kToldMax = std::size_t{64} << 10;

// Hands everything on, and counts it. With a voice, it hands on what the voice makes of a text, and keeps the text, up
// to a limit.
class Listener : public std::streambuf {
 public:
  explicit Listener(std::streambuf* next, std::optional<Voice> voice = std::nullopt)
      : next_(next), voice_(std::move(voice)) {}

  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  std::string KeptFrom(std::size_t mark) const {
    const std::lock_guard lock(mutex_);
    return mark < kept_.size() ? kept_.substr(mark) : std::string();
  }
  std::streambuf* next() const { return next_; }

 protected:
  int overflow(int c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char byte = traits_type::to_char_type(c);
    return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
  }
  std::streamsize xsputn(const char* bytes, std::streamsize number) override {
    const std::lock_guard lock(mutex_);
    count_ += static_cast<std::size_t>(number);
    if (!voice_) return HandOn({bytes, static_cast<std::size_t>(number)}) ? number : 0;
    if (kept_.size() < kToldMax) {
      kept_.append(bytes, std::min(static_cast<std::size_t>(number), kToldMax - kept_.size()));
    }
    return HandOn(voice_->Take({bytes, static_cast<std::size_t>(number)})) ? number : 0;
  }
  int sync() override {
    const std::lock_guard lock(mutex_);
    if (voice_ && !HandOn(voice_->Rest())) return -1;
    return next_->pubsync();
  }

 private:
  bool HandOn(std::string_view text) {
    if (text.empty()) return true;
    TakeProgressAway();
    const auto size = static_cast<std::streamsize>(text.size());
    // A message is seen when it is told, also beside an answer that is still kept.
    return next_->sputn(text.data(), size) == size && (!voice_ || next_->pubsync() == 0);
  }

  std::streambuf* next_;
  std::optional<Voice> voice_;
  mutable std::mutex mutex_;
  std::size_t count_ = 0;
  std::string kept_;
};

Listener* told = nullptr;  // the standard error's, while an AnswerGuard lives

// Whether the word before the verb is an option whose value is the next word.
bool TakesNextWord(std::string_view word) {
  return word == "--format" || word == "--color";
}

// The word behind `--format`; empty without that option.
std::string FormatIn(const std::vector<std::string>& words) {
  constexpr std::string_view kOption = "--format";
  for (std::size_t i = 1; i < words.size() && words[i] != "--"; ++i) {
    if (words[i] == "--json") return "json";  // the old name, of `compile`
    if (words[i] == kOption && i + 1 < words.size()) return words[i + 1];
    if (words[i].starts_with(kOption) && words[i].substr(kOption.size()).starts_with('=')) {
      return words[i].substr(kOption.size() + 1);
    }
  }
  return {};
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::string JUnitOfFailure(const std::string& verb, const std::vector<std::string>& lines) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  suites.append_attribute("tests") = 1;
  suites.append_attribute("errors") = 1;
  pugi::xml_node suite = suites.append_child("testsuite");
  const std::string name = "picket " + verb;
  suite.append_attribute("name") = name.c_str();
  suite.append_attribute("tests") = 1;
  suite.append_attribute("errors") = 1;
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = name.c_str();
  test.append_attribute("name") = "the input can be read";
  test.append_attribute("time") = 0;
  pugi::xml_node error = test.append_child("error");
  error.append_attribute("message") = lines.empty() ? "" : lines.front().c_str();
  error.append_child(pugi::node_pcdata).set_value(Joined(lines).c_str());
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace

nlohmann::ordered_json Envelope(std::string_view format, int version) {
  return {{"format", format}, {"version", version}};
}

std::string VerbIn(const std::vector<std::string>& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (TakesNextWord(words[i])) {
      ++i;
    } else if (!words[i].starts_with('-')) {
      return words[i];
    }
  }
  return {};
}

std::size_t ToldSoFar() {
  return told == nullptr ? 0 : told->count();
}

std::vector<std::string> ToldSince(std::size_t mark) {
  std::vector<std::string> lines;
  std::istringstream text(told == nullptr ? std::string() : told->KeptFrom(mark));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

nlohmann::ordered_json ErrorSince(std::size_t mark, int status) {
  return {{"status", status}, {"messages", ToldSince(mark)}};
}

struct AnswerGuard::Streams {
  Listener out{std::cout.rdbuf()};
  Listener err{std::cerr.rdbuf(), Voice()};
};

AnswerGuard::AnswerGuard(const std::vector<std::string>& words)
    : verb_(VerbIn(words)), format_(FormatIn(words)), streams_(std::make_unique<Streams>()) {
  std::cout.rdbuf(&streams_->out);
  std::cerr.rdbuf(&streams_->err);
  told = &streams_->err;
  // A message is handed on line by line, and not word by word.
  std::cerr << std::nounitbuf;
  // What crm_simulate says is said as crm_simulate says it.
  if (verb_ == "simulate") ColourOfProgram() = Colour::kNever;
}

AnswerGuard::~AnswerGuard() {
  told = nullptr;
  std::cerr << std::flush << std::unitbuf;
  std::cout.rdbuf(streams_->out.next());
  std::cerr.rdbuf(streams_->err.next());
}

std::string AnswerGuard::TookText() const {
  const auto took = std::chrono::steady_clock::now() - begin_;
  const int64_t tenths = std::chrono::duration_cast<std::chrono::milliseconds>(took).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

void AnswerGuard::Finish(int status) {
  if (IsVerbose()) {
    std::cerr << "picket: " << verb_ << " took " << TookText() << ", and its exit status is " << status << '\n';
  }
  if (status == kOk || status == kChanges || streams_->out.count() > 0) return;
  const std::vector<std::string> lines = ToldSince(0);
  if (format_ == "json") {
    nlohmann::ordered_json document = Envelope("picket-error");
    document["verb"] = verb_;
    document["status"] = status;
    document["messages"] = lines;
    std::cout << JsonText(document);
  } else if (format_ == "junit") {
    std::cout << JUnitOfFailure(verb_, lines);
  } else if (format_ == "sarif") {
    compiler::SarifLog log;
    log.SetVersion(std::string(Version()));
    log.AddFailure(Joined(lines));
    std::cout << log.Text();
  }
}

}  // namespace picket::cli
