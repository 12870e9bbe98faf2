#include "compiler/format/trivia.h"

#include <algorithm>

namespace picket::compiler::format {
namespace {

class Attacher {
 public:
  Attacher(const std::vector<ast::Comment>& comments, std::string_view source) : comments_(comments), source_(source) {}

  void Run(std::vector<Entry>& entries, std::vector<CommentLine>& rest) {
    List(entries, static_cast<std::uint32_t>(source_.size()));
    TakeLines(static_cast<std::uint32_t>(source_.size()), rest);
  }

 private:
  bool Has(std::uint32_t end) const { return next_ < comments_.size() && comments_[next_].span.begin < end; }

  bool HasNewline(std::uint32_t begin, std::uint32_t end) const {
    return begin < end && source_.substr(begin, end - begin).find('\n') != std::string_view::npos;
  }

  // True if the line above the one that begins with `at` is empty.
  bool BlankBefore(std::uint32_t at) const {
    int newlines = 0;
    for (std::uint32_t i = at; i-- > 0;) {
      const char c = source_[i];
      if (c == '\n' && ++newlines == 2) return true;
      if (c != '\n' && c != ' ' && c != '\t' && c != '\r') return false;
    }
    return false;
  }

  // The comments up to `end`, each on its line.
  void TakeLines(std::uint32_t end, std::vector<CommentLine>& lines) {
    for (; Has(end); ++next_) {
      lines.push_back({comments_[next_].text, BlankBefore(comments_[next_].span.begin)});
    }
  }

  // Entries side by side, in something that ends at `end`.
  void List(std::vector<Entry>& entries, std::uint32_t end) {
    for (Entry& entry : entries) {
      TakeLines(entry.span.begin, entry.comments);
      entry.blank_before = BlankBefore(entry.span.begin);
      Inside(entry, entry.span.end);
      if (Has(end) && !comments_[next_].own_line && !HasNewline(entry.span.end, comments_[next_].span.begin) &&
          LastOnLine(entry, entries)) {
        // Behind the last brace of a chain of branches it is the last branch's.
        Entry* last = &entry;
        while (!last->otherwise.empty()) last = &last->otherwise[0];
        if (last->trailing.empty()) last->trailing = comments_[next_++].text;
      }
    }
  }

  // Of several entries on one line the comment is the last one's.
  bool LastOnLine(const Entry& entry, const std::vector<Entry>& entries) const {
    const auto index = static_cast<std::size_t>(&entry - entries.data()) + 1;
    return index == entries.size() || entries[index].span.begin > comments_[next_].span.begin;
  }

  void Inside(Entry& entry, std::uint32_t end) {
    entry.spread = HasNewline(entry.span.begin, entry.span.end);
    if (entry.bracket == 0) return Hoist(entry);
    if (!entry.otherwise.empty()) return Branches(entry, end);
    Opening(entry, end);
    List(entry.items, end);
    TakeLines(end, entry.closing);
  }

  // A comment behind the opening bracket stays there.
  void Opening(Entry& entry, std::uint32_t end) {
    const std::uint32_t first = entry.items.empty() ? end : entry.items.front().span.begin;
    if (Has(first) && !comments_[next_].own_line) entry.opening_comment = comments_[next_++].text;
  }

  // `if … { … } else { … }`: the comments before the `else` are the first
  // branch's.
  void Branches(Entry& entry, std::uint32_t end) {
    const std::uint32_t from = entry.items.empty() ? entry.span.begin : entry.items.back().span.end;
    Entry& otherwise = entry.otherwise[0];
    const std::uint32_t keyword = FindElse(from, end);
    Opening(entry, keyword);
    List(entry.items, keyword);
    TakeLines(keyword, entry.closing);
    // A plain `else` has no statement of its own to say where it stands.
    if (otherwise.head.chunks().empty()) otherwise.span = {entry.span.file, keyword, entry.span.end, 0};
    TakeLines(otherwise.span.begin, entry.closing);
    Inside(otherwise, end);
    entry.spread = entry.spread || otherwise.spread;
  }

  // The first word `else` outside comments and strings; between the last item
  // of a branch and its `else` there is nothing else.
  std::uint32_t FindElse(std::uint32_t from, std::uint32_t end) const {
    std::size_t comment = next_;
    int depth = 0;
    for (std::uint32_t i = from; i < end; ++i) {
      while (comment < comments_.size() && comments_[comment].span.end <= i) ++comment;
      if (comment < comments_.size() && comments_[comment].span.begin == i) {
        i = comments_[comment].span.end - 1;
        continue;
      }
      if (source_[i] == '"' || source_[i] == '\'') {
        const char quote = source_[i];
        for (++i; i < end && source_[i] != quote && source_[i] != '\n'; ++i) {
          if (source_[i] == '\\' && quote == '"') ++i;
        }
      } else if (source_[i] == '{') {
        ++depth;
      } else if (source_[i] == '}') {
        --depth;
      } else if (depth <= 0 && source_.substr(i).starts_with("else")) {
        return i;
      }
    }
    return end;
  }

  // Comments between the words of a line. The last one that stood at the end
  // of a line can stay there.
  void Hoist(Entry& entry) {
    while (Has(entry.span.end)) {
      const ast::Comment& comment = comments_[next_++];
      if (!comment.own_line && !Has(entry.span.end) && !AnotherBehind(entry)) {
        entry.trailing = comment.text;
      } else {
        entry.comments.push_back({comment.text, false});
      }
    }
  }

  bool AnotherBehind(const Entry& entry) const {
    return next_ < comments_.size() && !comments_[next_].own_line &&
           !HasNewline(entry.span.end, comments_[next_].span.begin);
  }

  const std::vector<ast::Comment>& comments_;
  std::string_view source_;
  std::size_t next_ = 0;
};

}  // namespace

void AttachTrivia(std::vector<Entry>& entries, const std::vector<ast::Comment>& comments, std::string_view source) {
  std::vector<CommentLine> rest;
  Attacher(comments, source).Run(entries, rest);
  if (rest.empty()) return;
  // What stands behind the last statement is an entry without a line.
  Entry& end = entries.emplace_back();
  end.comments = std::move(rest);
}

}  // namespace picket::compiler::format
