#include "cli/answer.h"

#include <algorithm>
#include <iostream>
#include <mutex>
#include <pugixml.hpp>
#include <sstream>
#include <streambuf>

#include "cli/exit_status.h"
#include "cli/version.h"
#include "compiler/diagnostics/sarif.h"

namespace picket::cli {

namespace {

constexpr std::size_t kToldMax = std::size_t{64} << 10;

// Hands everything on, and counts it; keeps the first of it if it is told to.
class Listener : public std::streambuf {
 public:
  Listener(std::streambuf* next, bool keeps) : next_(next), keeps_(keeps) {}

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
    if (keeps_ && kept_.size() < kToldMax) {
      kept_.append(bytes, std::min(static_cast<std::size_t>(number), kToldMax - kept_.size()));
    }
    return next_->sputn(bytes, number);
  }
  int sync() override { return next_->pubsync(); }

 private:
  std::streambuf* next_;
  bool keeps_;
  mutable std::mutex mutex_;
  std::size_t count_ = 0;
  std::string kept_;
};

Listener* told = nullptr;  // the standard error's, while an AnswerGuard lives

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
  Listener out{std::cout.rdbuf(), false};
  Listener err{std::cerr.rdbuf(), true};
};

AnswerGuard::AnswerGuard(const std::vector<std::string>& words)
    : verb_(words.size() > 1 ? words[1] : ""), format_(FormatIn(words)), streams_(std::make_unique<Streams>()) {
  std::cout.rdbuf(&streams_->out);
  std::cerr.rdbuf(&streams_->err);
  told = &streams_->err;
}

AnswerGuard::~AnswerGuard() {
  told = nullptr;
  std::cout.rdbuf(streams_->out.next());
  std::cerr.rdbuf(streams_->err.next());
}

void AnswerGuard::Finish(int status) {
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
