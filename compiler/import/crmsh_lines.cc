#include "compiler/import/crmsh_lines.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace picket::compiler::import {
namespace {

constexpr std::array<const char*, 30> kKeywords = {"node",         "primitive",
                                                   "group",        "clone",
                                                   "ms",           "master",
                                                   "bundle",       "location",
                                                   "colocation",   "collocation",
                                                   "order",        "rsc_ticket",
                                                   "rsc-ticket",   "rsc_template",
                                                   "property",     "rsc_defaults",
                                                   "op_defaults",  "fencing_topology",
                                                   "role",         "user",
                                                   "acl_target",   "tag",
                                                   "alert",        "monitor",
                                                   "xml",          "fencing-topology",
                                                   "rsc-defaults", "op-defaults",
                                                   "acl_group",    "template"};

// Commands that stand between statements in what people paste.
constexpr std::array<const char*, 20> kCommands = {"configure", "commit", "end",    "quit", "exit",    "bye", "up",
                                                   "show",      "edit",   "verify", "save", "load",    "cib", "delete",
                                                   "erase",     "ptest",  "crm",    "sudo", "refresh", "EOF"};

template <std::size_t N>
bool OneOf(std::string_view word, const std::array<const char*, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void Replace(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

// What web pages and word processors make of plain characters.
std::string Plain(std::string_view text) {
  std::string out(text);
  static constexpr std::array<std::array<const char*, 2>, 15> kLooks = {{{"\xc2\xa0", " "},
                                                                         {"\xe2\x80\x9c", "\""},
                                                                         {"\xe2\x80\x9d", "\""},
                                                                         {"\xe2\x80\x9e", "\""},
                                                                         {"\xe2\x80\x98", "'"},
                                                                         {"\xe2\x80\x99", "'"},
                                                                         {"\xe2\x80\x93", "-"},
                                                                         {"\xef\xbb\xbf", ""},
                                                                         {"&quot;", "\""},
                                                                         {"&lt;", "<"},
                                                                         {"&gt;", ">"},
                                                                         {"<pre>", ""},
                                                                         {"</pre>", ""},
                                                                         {"<code>", ""},
                                                                         {"</code>", ""}}};
  for (const auto& [what, by] : kLooks) Replace(out, what, by);
  Replace(out, "&amp;", "&");
  Replace(out, "\r", "");
  return out;
}

std::string Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// Takes `crm(live)configure# `, `[root@n1 ~]# crm configure ` and `# crm configure ` away.
std::string WithoutPrompt(const std::string& line) {
  std::string rest = line;
  if (rest.starts_with("crm(")) {
    const std::size_t hash = rest.find_first_of("#%>");
    if (hash != std::string::npos) rest = Trimmed(std::string_view(rest).substr(hash + 1));
  } else if (rest.starts_with("[") && rest.find("]#") != std::string::npos) {
    rest = Trimmed(std::string_view(rest).substr(rest.find("]#") + 2));
  } else if (rest.starts_with("$ ") || rest.starts_with("# crm ") || rest.starts_with("# sudo ")) {
    rest = Trimmed(std::string_view(rest).substr(2));
  } else if (const std::size_t at = rest.find(":~# "); at != std::string::npos && rest.find(' ') > at) {
    rest = Trimmed(std::string_view(rest).substr(at + 4));
  }
  for (const char* front : {"sudo ", "crm ", "-F ", "--force ", "configure "}) {
    if (rest.starts_with(front)) rest = Trimmed(std::string_view(rest).substr(std::string_view(front).size()));
  }
  return rest;
}

// Words as a shell takes them. Brackets that stand alone stay words.
std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;  // A word has begun, though it may be empty: "".
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && i + 1 < text.size() && (text[i + 1] == quote || text[i + 1] == '\\')) {
        word += text[++i];
      } else if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      open = true;
    } else if (c == ' ' || c == '\t') {
      if (open) words.push_back(word);
      word.clear();
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (open) words.push_back(word);
  return words;
}

bool IsConstraint(std::string_view word) {
  return word == "order" || word == "colocation" || word == "collocation" || word == "location";
}

// `(a b)` is `( a b )`.
std::vector<std::string> PartBrackets(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) {
    std::string_view rest = word;
    std::vector<std::string> behind;
    const bool is_pattern = rest.starts_with("/");
    while (!is_pattern && rest.size() > 1 && (rest[0] == '(' || rest[0] == '[' || rest[0] == '{')) {
      out.emplace_back(1, rest[0]);
      rest.remove_prefix(1);
    }
    while (!is_pattern && rest.size() > 1 && (rest.back() == ')' || rest.back() == ']' || rest.back() == '}')) {
      behind.emplace_back(1, rest.back());
      rest.remove_suffix(1);
    }
    if (!rest.empty()) out.emplace_back(rest);
    out.insert(out.end(), behind.rbegin(), behind.rend());
  }
  return out;
}

class Splitter {
 public:
  Splitter(std::string_view text, bool exact) : text_(text), exact_(exact) {}

  CrmshLines Run() {
    std::size_t number = 0;
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      const std::string_view line = text_.substr(at, end - at);
      Line(IsExact(line) ? std::string(line) : Plain(line), ++number);
      at = end + 1;
    }
    out_.cut = joined_;
    Close();
    out_.comments = std::move(comments_);
    return std::move(out_);
  }

 private:
  // In XML `&quot;` is no accident.
  bool IsExact(std::string_view line) const {
    if (joined_) return exact_ || current_.raw.starts_with("xml ");
    return exact_ || line.substr(std::min(line.find_first_not_of(" \t"), line.size())).starts_with("xml <");
  }

  void Line(const std::string& written, std::size_t number) {
    std::string line = Trimmed(written);
    if (line.starts_with("#") && !WithoutPrompt(line).starts_with("#") && line.starts_with("# crm ")) {
      line = WithoutPrompt(line);
    }
    // `\#vim:` ends what an editor was given.
    if (line.starts_with("#") || line.starts_with("\\#")) {
      const std::size_t first = line.find_first_not_of("#\\");
      const std::string comment = first == std::string::npos ? "" : Trimmed(line.substr(first));
      if (!comment.empty()) (joined_ ? current_.comments : comments_).push_back(comment);
      return;
    }
    const bool goes_on = line.ends_with("\\");
    if (goes_on) line = Trimmed(line.substr(0, line.size() - 1));
    if (!joined_) {
      if (!exact_) line = WithoutPrompt(line);
      if (line.empty() && !goes_on) return;
      current_.line = number;
      current_.comments = std::move(comments_);
      comments_.clear();
    }
    current_.raw += (current_.raw.empty() ? "" : " ") + line;
    joined_ = goes_on;
    if (!goes_on) Close();
  }

  void Close() {
    joined_ = false;
    CrmshStatement statement = std::exchange(current_, {});
    if (statement.raw.empty()) return;
    statement.words = Words(statement.raw);
    if (statement.words.empty()) return;
    const std::string first = statement.words[0];
    if (IsConstraint(first)) statement.words = PartBrackets(statement.words);
    if (IsCrmshKeyword(first) && statement.words.size() > 1) {
      out_.statements.push_back(std::move(statement));
      return;
    }
    comments_ = std::move(statement.comments);
    const bool command = OneOf(first, kCommands) || first.starts_with("$") || first.starts_with("crm(");
    out_.skipped.push_back("line " + std::to_string(statement.line) + ": `" + statement.raw.substr(0, 60) +
                           (command ? "`" : "` is no statement of crmsh"));
  }

  std::string_view text_;
  bool exact_;
  CrmshLines out_;
  CrmshStatement current_;
  std::vector<std::string> comments_;
  bool joined_ = false;
};

}  // namespace

bool IsCrmshKeyword(std::string_view word) {
  return OneOf(word, kKeywords);
}

CrmshLines SplitCrmsh(std::string_view text, bool exact) {
  return Splitter(text, exact).Run();
}

}  // namespace picket::compiler::import
