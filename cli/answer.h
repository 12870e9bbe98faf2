// The answer that a program reads: one whole document on the standard output, whatever happens.
//
// A verb that is asked for JSON writes one document, `{"format": "picket-…", "version": N, …}`
// (docs/json.md). Where a verb fails before it has written anything, `AnswerGuard` writes a document that
// says so, in the form that the command line asks for: JSON, JUnit or SARIF. So no program ever has to read
// an empty answer, and no verb has to think of it.
//
// Only `main` makes an AnswerGuard. It takes what is told on the standard error and lets a Voice (cli/voice.h) hand it
// on. It also keeps the messages, so that the document can repeat them; a verb that goes on after a bad file takes its
// messages from there as well (`ToldSince`).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace picket::cli {

// The head of every JSON document; the members of the answer follow.
nlohmann::ordered_json Envelope(std::string_view format, int version = 1);

// A document as it is printed, with a newline. Bytes that are no UTF-8 are replaced.
template <class Json>
std::string JsonText(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// The verb that the words of a command line ask for: the first word that is no option, behind the program's name.
// Empty if the command line has no verb.
std::string VerbIn(const std::vector<std::string>& words);

// How much has been told on the standard error since the program began, and the lines after such a mark. At
// most 64 KiB are kept; empty without an AnswerGuard.
std::size_t ToldSoFar();
std::vector<std::string> ToldSince(std::size_t mark);

// `{"status": 2, "messages": ["…"]}`: why a file has no results. `mark` is where its messages begin.
nlohmann::ordered_json ErrorSince(std::size_t mark, int status);

class AnswerGuard {
 public:
  // `words`: the command line, with the program's name first.
  explicit AnswerGuard(const std::vector<std::string>& words);
  ~AnswerGuard();
  AnswerGuard(const AnswerGuard&) = delete;
  AnswerGuard& operator=(const AnswerGuard&) = delete;

  // Writes the document of a failure if `status` is one, a program was to read the answer, and nothing was
  // written.
  void Finish(int status);

 private:
  struct Streams;
  std::string TookText() const;

  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::string verb_;
  std::string format_;  // json, junit, sarif; or another word, or empty
  std::unique_ptr<Streams> streams_;
};

}  // namespace picket::cli
