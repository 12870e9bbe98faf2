#include "compiler/format/layout.h"

#include <algorithm>

namespace picket::compiler::format {
namespace {

// One line of output, before columns are aligned.
struct Line {
  std::size_t indent = 0;
  std::string name;  ///< What stands in the first column, such as the name of `name = value`; or empty.
  std::string text;
  std::string comment;
  std::string kind;  ///< Only lines of one kind share a column.

  bool Empty() const { return name.empty() && text.empty(); }
};

char Closing(char bracket) {
  return bracket == '[' ? ']' : '}';
}

bool HoldsComments(const Entry& entry) {
  return !entry.comments.empty() || !entry.opening_comment.empty() || !entry.closing.empty() || !entry.trailing.empty();
}

// Adds the one-line form to `out`; false if there is none.
bool AddOneLine(const Entry& entry, std::string& out) {
  if (!entry.name.empty()) out += entry.name + (entry.loose ? " = " : "=");
  if (!entry.lead.empty()) out += entry.lead + ' ';
  const std::string head = entry.head.Flat();
  if (head.find('\n') != std::string::npos) return false;
  out += head;
  if (entry.bracket == 0) return true;
  if (!entry.opening_comment.empty() || !entry.closing.empty()) return false;
  const bool tight = entry.commas;
  if (!tight && !head.empty()) out += ' ';
  out += entry.bracket;
  for (std::size_t i = 0; i < entry.items.size(); ++i) {
    if (HoldsComments(entry.items[i])) return false;
    if (i > 0) out += entry.commas ? ", " : "; ";
    if (i == 0 && !tight) out += ' ';
    if (!AddOneLine(entry.items[i], out)) return false;
  }
  if (!tight && !entry.items.empty()) out += ' ';
  out += Closing(entry.bracket);
  if (entry.otherwise.empty()) return true;
  out += " else ";
  return entry.otherwise[0].comments.empty() && AddOneLine(entry.otherwise[0], out);
}

class Layouter {
 public:
  void List(const std::vector<Entry>& entries, std::size_t indent, bool commas) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[i];
      Comments(entry.comments, indent, i == 0);
      if (entry.blank_before && (i > 0 || !entry.comments.empty())) Blank();
      One(entry, indent, commas && i + 1 < entries.size() ? "," : "");
    }
  }

  std::string Text() {
    AlignNames();
    AlignComments();
    std::string out;
    for (const Line& line : lines_) {
      if (!line.Empty()) out += std::string(line.indent, ' ') + line.name + line.text;
      if (!line.Empty() && !line.comment.empty()) out += ' ';
      if (line.Empty() && !line.comment.empty()) out += std::string(line.indent, ' ');
      out += line.comment + '\n';
    }
    return out;
  }

 private:
  void Blank() {
    if (!lines_.empty() && !(lines_.back().Empty() && lines_.back().comment.empty())) lines_.emplace_back();
  }

  void Comments(const std::vector<CommentLine>& comments, std::size_t indent, bool first) {
    for (std::size_t i = 0; i < comments.size(); ++i) {
      if (comments[i].blank_before && !(first && i == 0)) Blank();
      lines_.push_back({indent, "", "", comments[i].text, ""});
    }
  }

  void One(const Entry& entry, std::size_t indent, std::string_view end) {
    if (entry.name.empty() && entry.head.chunks().empty() && entry.bracket == 0) return;  // Comments only.
    if (entry.bracket == 0) return Plain(entry, indent, end);
    const std::string flat = entry.spread ? "" : OneLine(entry);
    if (!flat.empty() && indent + Width(flat) + end.size() <= kWidthMax) {
      const std::string& trailing = entry.otherwise.empty() ? entry.trailing : LastOf(entry).trailing;
      lines_.push_back({indent, "", flat + std::string(end), trailing, ""});
      return;
    }
    Spread(entry, indent, end);
  }

  static const Entry& LastOf(const Entry& entry) {
    return entry.otherwise.empty() ? entry : LastOf(entry.otherwise[0]);
  }

  void Plain(const Entry& entry, std::size_t indent, std::string_view end) {
    Wrap(entry, indent, std::string(end));
    lines_.back().comment = entry.trailing;
  }

  // The head, with `end` behind it, on as many lines as it takes.
  void Wrap(const Entry& entry, std::size_t indent, const std::string& end) {
    Line line{indent, entry.name.empty() ? entry.lead : entry.name, "", "", entry.name.empty() ? entry.kind : "="};
    const auto& chunks = entry.head.chunks();
    std::size_t width = indent + (line.name.empty() ? 0 : Width(line.name) + 3);
    std::size_t first = 0;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      const std::size_t more = Width(chunks[i]) + (i + 1 == chunks.size() ? end.size() : 0);
      if (i > first && width + 1 + more > kWidthMax) {
        lines_.push_back(line);
        line = Line{indent + 4, "", "", "", ""};
        width = indent + 4;
        first = i;
      }
      if (i > first) {
        line.text += ' ';
        ++width;
      }
      line.text += chunks[i];
      width += Width(chunks[i]);
    }
    line.text += end;
    lines_.push_back(line);
  }

  void Spread(const Entry& entry, std::size_t indent, std::string_view end) {
    const bool bare = entry.head.chunks().empty();  // `name = {`, `else {`
    Wrap(entry, indent, std::string(bare ? "" : " ") + entry.bracket);
    lines_.back().comment = entry.opening_comment;
    // A comment at the end of what was one line is about the whole of it.
    std::string trailing = entry.trailing;
    if (!entry.spread && lines_.back().comment.empty()) lines_.back().comment.swap(trailing);
    // Without one an empty block needs no second line.
    List(entry.items, indent + 2, entry.commas);
    Comments(entry.closing, indent + 2, entry.items.empty());
    if (entry.otherwise.empty()) {
      lines_.push_back({indent, "", Closing(entry.bracket) + std::string(end), trailing, ""});
      return;
    }
    const Entry& otherwise = entry.otherwise[0];
    const std::size_t here = lines_.size();
    Comments(otherwise.comments, indent, true);
    Spread(otherwise, indent, end);
    // The line that opens the other branch closes this one.
    const std::size_t opening = here + otherwise.comments.size();
    lines_[opening].text = "} else " + lines_[opening].text;
  }

  // Runs of lines one after the other that have a name, of one kind and at one depth.
  void AlignNames() {
    for (std::size_t begin = 0; begin < lines_.size();) {
      std::size_t end = begin;
      std::size_t widest = 0;
      while (end < lines_.size() && !lines_[end].name.empty() && lines_[end].indent == lines_[begin].indent &&
             lines_[end].kind == lines_[begin].kind) {
        widest = std::max(widest, Width(lines_[end].name));
        ++end;
      }
      for (std::size_t i = begin; i < end; ++i) {
        std::string& name = lines_[i].name;
        name += std::string(widest - Width(name), ' ') + (lines_[i].kind == "=" ? " = " : " ");
      }
      begin = std::max(end, begin + 1);
    }
  }

  // Comments at the ends of lines that follow one another.
  void AlignComments() {
    const auto holds = [&](std::size_t i) {
      return i < lines_.size() && !lines_[i].Empty() && !lines_[i].comment.empty();
    };
    for (std::size_t begin = 0; begin < lines_.size();) {
      std::size_t end = begin;
      std::size_t widest = 0;
      std::size_t narrowest = kWidthMax;
      while (holds(end)) {
        widest = std::max(widest, LengthOf(lines_[end]));
        narrowest = std::min(narrowest, LengthOf(lines_[end]));
        ++end;
      }
      // One long line does not drag the comments of all others away.
      const bool together = widest <= kWidthMax && widest - narrowest <= 40;
      for (std::size_t i = begin; i < end; ++i) {
        const std::size_t gap = together ? widest - LengthOf(lines_[i]) : 0;
        lines_[i].comment.insert(0, gap + 1, ' ');
      }
      begin = std::max(end, begin + 1);
    }
  }

  static std::size_t LengthOf(const Line& line) {
    const std::size_t newline = line.text.rfind('\n');
    if (newline != std::string::npos) return Width(line.text.substr(newline + 1));
    return line.indent + Width(line.name) + Width(line.text);
  }

  std::vector<Line> lines_;
};

}  // namespace

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string OneLine(const Entry& entry) {
  std::string out;
  return AddOneLine(entry, out) ? out : "";
}

std::string Lay(const std::vector<Entry>& entries) {
  Layouter layouter;
  layouter.List(entries, 0, false);
  return layouter.Text();
}

}  // namespace picket::compiler::format
