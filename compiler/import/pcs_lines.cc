#include "compiler/import/pcs_lines.h"

#include <algorithm>

namespace picket::compiler::import {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// One pass over the text as a shell would take it apart.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  PcsLines Run() {
    while (at_ < text_.size()) Step();
    EndCommand();
    return std::move(lines_);
  }

 private:
  bool Next(char c) const { return at_ + 1 < text_.size() && text_[at_ + 1] == c; }

  void Step() {
    const char c = text_[at_];
    if (words_.empty() && !open_ && begins_line_) Prompt();
    if (at_ >= text_.size()) return;
    begins_line_ = false;
    if (text_[at_] != c) return;
    if (c == '\\') {
      Escape();
    } else if (c == '\'' || c == '"') {
      Quoted(c);
    } else if (c == '#' && !open_) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\n' || c == ';' || c == '&' || c == '|') {
      EndCommand();
      ++at_;
      if (c == '\n') ++line_, begins_line_ = true;
    } else if (IsBlank(c)) {
      EndWord();
      ++at_;
    } else {
      if (c == '$' || c == '`') needs_shell_ = true;
      Put(c);
      ++at_;
    }
  }

  // `[root@n1 ~]# pcs …`: what stands before the command where people paste it.
  void Prompt() {
    if (text_[at_] != '[') return;
    const std::string_view line = text_.substr(at_, text_.substr(at_).find('\n'));
    const std::size_t end = std::min(line.find("]# "), line.find("]$ "));
    if (end != std::string_view::npos) at_ += end + 3;
  }

  void Put(char c) {
    if (words_.empty() && !open_) begin_ = line_;
    open_ = true;
    word_ += c;
  }

  void Escape() {
    if (at_ + 1 >= text_.size()) {
      lines_.faults.push_back("line " + std::to_string(line_) + ": the text ends in the middle of a command");
      ++at_;
      return;
    }
    const bool carriage = Next('\r') && at_ + 2 < text_.size() && text_[at_ + 2] == '\n';
    if (carriage) ++at_;
    if (Next('\n'))
      ++line_;
    else
      Put(text_[at_ + 1]);
    at_ += 2;
  }

  void Quoted(char quote) {
    if (words_.empty() && !open_) begin_ = line_;
    open_ = true;
    const std::size_t began = line_;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      char c = text_[at_];
      if (quote == '"' && (c == '$' || c == '`')) needs_shell_ = true;
      if (quote == '"' && c == '\\' && (Next('"') || Next('\\') || Next('$') || Next('`'))) c = text_[++at_];
      if (c == '\n') ++line_;
      word_ += c;
    }
    if (at_ >= text_.size())
      lines_.faults.push_back("line " + std::to_string(began) + ": the quote is never closed");
    ++at_;
  }

  void EndWord() {
    if (open_) words_.push_back(std::move(word_));
    word_.clear();
    open_ = false;
  }

  void EndCommand() {
    EndWord();
    if (!words_.empty()) Keep();
    words_.clear();
    needs_shell_ = false;
  }

  void Keep() {
    std::size_t first = 0;
    while (first < words_.size() && (words_[first] == "sudo" || words_[first] == "$")) ++first;
    const std::string where = "line " + std::to_string(begin_) + ": ";
    const bool pcs = first < words_.size() && (words_[first] == "pcs" || words_[first].ends_with("/pcs"));
    if (!pcs) {
      std::string all;
      for (const std::string& word : words_) all += (all.empty() ? "" : " ") + word;
      if (all.size() > 60) all = all.substr(0, 57) + "...";
      lines_.skipped.push_back(where + '`' + all + "` does not call pcs");
      return;
    }
    if (needs_shell_) {
      lines_.faults.push_back(where +
                              "only a shell can read this (`$` or a backquote outside single quotes)");
      return;
    }
    PcsCommand command{begin_, {}, {}};
    bool plain = false;  // Behind `--`, words may begin with a hyphen.
    for (std::size_t i = first + 1; i < words_.size(); ++i) {
      const std::string& word = words_[i];
      if (!plain && word == "--") {
        plain = true;
      } else if (!plain && word == "-f") {
        ++i;
      } else if (!plain && word.starts_with("--")) {
        command.options.push_back(word);
      } else {
        command.words.push_back(word);
      }
    }
    lines_.commands.push_back(std::move(command));
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, begin_ = 1;
  bool begins_line_ = true, open_ = false, needs_shell_ = false;
  std::string word_;
  std::vector<std::string> words_;
  PcsLines lines_;
};

}  // namespace

PcsLines SplitPcs(std::string_view text) {
  return Splitter(text).Run();
}

}  // namespace picket::compiler::import
