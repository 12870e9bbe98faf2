#include "compiler/import/pcs_lines.h"

#include <algorithm>
#include <set>

#include "compiler/syntax/utf8.h"

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
    if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
    MarkBytes();
    while (at_ < text_.size()) Step();
    EndCommand();
    return std::move(lines_);
  }

 private:
  // Bytes that are no text spoil the command that they stand in, and only that.
  void MarkBytes() {
    std::size_t counted = 0, line = 1;
    for (std::size_t at = 0; at < text_.size();) {
      const auto bad = FirstNotUtf8(std::string_view(text_).substr(at));
      if (!bad) return;
      at += *bad;
      line += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted),
                                                  text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      counted = at;
      spoiled_.insert(line);
      text_[at++] = '?';
    }
  }

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
    } else if (c == '<' || c == '>' || (c == '&' && Next('>'))) {
      Redirect();
    } else if (c == '\n' || c == ';' || c == '&' || c == '|') {
      const bool nothing = words_.empty() && !open_;
      EndCommand();
      const bool or_else = c == '|' && Next('|');
      alternative_ = or_else || (alternative_ && c == '\n' && nothing);
      at_ += or_else ? 2 : 1;
      if (c == '\n') NextLine();
    } else if (IsBlank(c)) {
      EndWord();
      ++at_;
    } else {
      if (c == '$' || c == '`') needs_shell_ = true;
      Put(c);
      ++at_;
    }
  }

  void NextLine() {
    ++line_, begins_line_ = true;
    for (const std::string& end : here_) PassHere(end);
    here_.clear();
  }

  // What a `<<END` gives to a program, with its last line.
  void PassHere(const std::string& end) {
    while (at_ < text_.size()) {
      const std::size_t stop = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = std::string_view(text_).substr(at_, stop - at_);
      at_ = std::min(stop + 1, text_.size());
      ++line_;
      while (!line.empty() && line.front() == '\t') line.remove_prefix(1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line == end) return;
    }
  }

  // `2>&1`, `>>x`, `&>x`, `<x`: neither the sign, nor the number before it, nor the word behind it is read.
  void Redirect() {
    if (open_ && !quoted_ && word_.find_first_not_of("0123456789") == std::string::npos) {
      word_.clear();
      open_ = false;
    }
    EndWord();
    const std::size_t begin = at_;
    while (at_ < text_.size() && (text_[at_] == '<' || text_[at_] == '>' || text_[at_] == '&')) ++at_;
    const std::string_view sign = std::string_view(text_).substr(begin, at_ - begin);
    if (at_ < text_.size() && (text_[at_] == '|' || (sign == "<<" && text_[at_] == '-'))) ++at_;
    target_ = sign == "<<" ? Target::kHere : Target::kFile;
    shell_before_ = needs_shell_;
  }

  // `[root@n1 ~]# pcs …`: what stands before the command where people paste it.
  void Prompt() {
    if (text_[at_] != '[') return;
    const std::string_view rest = std::string_view(text_).substr(at_);
    const std::string_view line = rest.substr(0, rest.find('\n'));
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
    open_ = quoted_ = true;
    const std::size_t began = line_;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      char c = text_[at_];
      if (quote == '"' && (c == '$' || c == '`')) needs_shell_ = true;
      if (quote == '"' && c == '\\' && (Next('"') || Next('\\') || Next('$') || Next('`'))) c = text_[++at_];
      if (c == '\n') ++line_;
      word_ += c;
    }
    if (at_ >= text_.size()) lines_.faults.push_back("line " + std::to_string(began) + ": the quote is never closed");
    ++at_;
  }

  void EndWord() {
    if (open_ && target_ != Target::kNone) {
      if (target_ == Target::kHere) here_.push_back(word_);
      target_ = Target::kNone;
      needs_shell_ = shell_before_;
    } else if (open_) {
      words_.push_back(std::move(word_));
    }
    word_.clear();
    open_ = quoted_ = false;
  }

  void EndCommand() {
    EndWord();
    if (!words_.empty()) Keep();
    words_.clear();
    target_ = Target::kNone;
    needs_shell_ = false;
  }

  // Where the program stands: behind `$`, `sudo -u root`, `env`, `NAME=value`.
  std::size_t Program() const {
    std::size_t first = 0;
    bool options = false;
    for (; first < words_.size(); ++first) {
      const std::string& word = words_[first];
      if (word == "sudo" || word == "env") {
        options = true;
      } else if (options && word.starts_with('-')) {
        static const std::set<std::string> with_value = {"-u", "-g", "-h", "-p", "-C", "-r",
                                                         "-t", "-T", "-U", "-D", "-R"};
        if (with_value.contains(word)) ++first;
      } else if (word != "$" && !IsAssignment(word)) {
        break;
      }
    }
    return first;
  }

  static bool IsAssignment(const std::string& word) {
    const std::size_t equal = word.find('=');
    if (equal == std::string::npos || equal == 0 || (word[0] >= '0' && word[0] <= '9')) return false;
    return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equal), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
  }

  void Keep() {
    const std::size_t first = Program();
    const std::string where = "line " + std::to_string(begin_) + ": ";
    const bool pcs = first < words_.size() && (words_[first] == "pcs" || words_[first].ends_with("/pcs"));
    if (!pcs) {
      std::string all;
      for (const std::string& word : words_) all += (all.empty() ? "" : " ") + word;
      if (all.size() > 60) all = all.substr(0, 57) + "...";
      lines_.skipped.push_back(where + '`' + all + "` does not call pcs");
      return;
    }
    if (alternative_) {
      lines_.skipped.push_back(where + "what stands behind `||` is for when the command before it fails");
      return;
    }
    if (const auto spoiled = spoiled_.lower_bound(begin_); spoiled != spoiled_.end() && *spoiled <= line_) {
      lines_.faults.push_back("line " + std::to_string(*spoiled) +
                              ": a byte that is not UTF-8; the command is left out");
      return;
    }
    if (needs_shell_) {
      lines_.faults.push_back(where + "only a shell can read this (`$` or a backquote outside single quotes)");
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
      } else if (!plain && (word == "--group" || word == "--before" || word == "--after") && i + 1 < words_.size()) {
        command.options.push_back(word + '=' + words_[++i]);
      } else if (!plain && word.starts_with("--")) {
        command.options.push_back(word);
      } else {
        command.words.push_back(word);
      }
    }
    lines_.commands.push_back(std::move(command));
  }

  enum class Target { kNone, kFile, kHere };

  std::string text_;
  std::set<std::size_t> spoiled_;  ///< Lines with bytes that are no text.
  Target target_ = Target::kNone;  ///< What the next word is to a redirection.
  std::vector<std::string> here_;  ///< The ends of the texts that follow the line.
  bool quoted_ = false, shell_before_ = false;
  bool alternative_ = false;  ///< Behind `||`.
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
