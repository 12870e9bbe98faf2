#include "compiler/import/web_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace picket::compiler::import {
namespace {

std::string LowerName(std::string_view tag) {
  std::string name;
  for (const char c : tag) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && !(name.empty() && c == '/')) break;
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

void AppendUtf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// `&quot;`, `&#34;`, `&#x22;`; gives what it stands for, and how long it is. Nothing else is an entity.
std::size_t Entity(std::string_view rest, std::string& out) {
  static constexpr std::array<std::array<std::string_view, 2>, 9> kNamed = {{{"&amp;", "&"},
                                                                             {"&lt;", "<"},
                                                                             {"&gt;", ">"},
                                                                             {"&quot;", "\""},
                                                                             {"&apos;", "'"},
                                                                             {"&nbsp;", " "},
                                                                             {"&ndash;", "-"},
                                                                             {"&ldquo;", "\""},
                                                                             {"&rdquo;", "\""}}};
  for (const auto& [entity, character] : kNamed) {
    if (!rest.starts_with(entity)) continue;
    out += character;
    return entity.size();
  }
  if (!rest.starts_with("&#")) return 0;
  const bool hex = rest.size() > 2 && (rest[2] == 'x' || rest[2] == 'X');
  std::uint32_t code = 0;
  std::size_t at = hex ? 3 : 2;
  const std::size_t first = at;
  for (; at < rest.size() && at < first + 6 && std::isxdigit(static_cast<unsigned char>(rest[at])) != 0; ++at) {
    const char c = static_cast<char>(std::tolower(static_cast<unsigned char>(rest[at])));
    if (!hex && c > '9') return 0;
    code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  if (at == first || at >= rest.size() || rest[at] != ';' || code == 0) return 0;
  AppendUtf8(code, out);
  return at + 1;
}

// The lines of a page without its tags, each with whether it stands in a block of code.
struct Line {
  std::string text;
  int block = 0;  // Number of the block of code; 0: outside.
};

class Stripper {
 public:
  explicit Stripper(std::string_view page) : page_(page) {}

  std::vector<Line> Run() {
    lines_.emplace_back();
    while (at_ < page_.size()) Step();
    return std::move(lines_);
  }

 private:
  void Step() {
    const char c = page_[at_];
    if (c == '\n') {
      lines_.emplace_back();
      lines_.back().block = depth_ > 0 ? block_ : 0;
      ++at_;
    } else if (c == '<' && IsTag()) {
      Tag();
    } else if (c == '&') {
      const std::size_t size = Entity(page_.substr(at_), Text());
      if (size == 0) Text() += c;
      at_ += std::max<std::size_t>(size, 1);
    } else {
      if (c != '\r') Text() += c;
      ++at_;
    }
  }

  std::string& Text() {
    if (depth_ > 0) lines_.back().block = block_;
    return lines_.back().text;
  }

  bool IsTag() const {
    if (at_ + 1 >= page_.size()) return false;
    const char next = page_[at_ + 1];
    return next == '/' || next == '!' || next == '?' || std::isalpha(static_cast<unsigned char>(next)) != 0;
  }

  void Tag() {
    const bool comment = page_.substr(at_).starts_with("<!--");
    const std::size_t end = comment ? page_.find("-->", at_) : page_.find('>', at_);
    const std::string_view inside = page_.substr(at_ + 1, std::min(end, page_.size()) - at_ - 1);
    const std::string name = comment ? "" : LowerName(inside);
    Pass(end == std::string_view::npos ? page_.size() : end + (comment ? 3 : 1));
    if (name == "script" || name == "style") {
      const std::size_t close = page_.find("</" + name, at_);
      Pass(close == std::string_view::npos ? page_.size() : close);
    } else if (name == "pre" || name == "code" || name == "samp" || name == "textarea") {
      if (depth_++ == 0) ++block_;
    } else if (name == "/pre" || name == "/code" || name == "/samp" || name == "/textarea") {
      depth_ = std::max(0, depth_ - 1);
    } else if (name == "br" || name == "/p" || name == "/div" || name == "/li" || name == "/tr") {
      // The end of a line that the page does not break, too: `;` would part commands, a blank parts words.
      broken_ = true;
    }
    if (broken_ && at_ < page_.size() && page_[at_] != '\n') {
      lines_.back().text += '\v';
    }
    broken_ = false;
  }

  // Moves on, and keeps the count of lines.
  void Pass(std::size_t to) {
    for (; at_ < to && at_ < page_.size(); ++at_) {
      if (page_[at_] == '\n') lines_.emplace_back();
    }
  }

  std::string_view page_;
  std::size_t at_ = 0;
  int depth_ = 0, block_ = 0;
  bool broken_ = false;
  std::vector<Line> lines_;
};

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\v") == std::string_view::npos;
}

std::string Joined(const std::vector<Line>& lines, int block) {
  std::string text;
  for (const Line& line : lines) {
    if (line.block == block) text += line.text + '\n';
  }
  std::replace(text.begin(), text.end(), '\v', '\n');
  return text;
}

std::string Range(std::size_t first, std::size_t last) {
  return first == last ? "line " + std::to_string(first)
                       : "lines " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

WebText TextOfPage(std::string_view page, const std::function<bool(std::string_view)>& is_wanted) {
  const std::vector<Line> lines = Stripper(page).Run();
  int blocks = 0;
  for (const Line& line : lines) blocks = std::max(blocks, line.block);
  std::vector<bool> wanted(static_cast<std::size_t>(blocks) + 1, false);
  bool any = false;
  for (int block = 1; block <= blocks; ++block) {
    wanted[static_cast<std::size_t>(block)] = is_wanted(Joined(lines, block));
    any = any || wanted[static_cast<std::size_t>(block)];
  }
  if (!any) wanted.assign(wanted.size(), true);  // The plain text of the page is all there is.
  WebText out;
  std::size_t first = 0;  // Of lines that are left out.
  const auto close = [&](std::size_t last) {
    if (first > 0) out.skipped.push_back(Range(first, last) + ": the page around it");
    first = 0;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool kept = wanted[static_cast<std::size_t>(lines[i].block)];
    if (kept) {
      std::string text = lines[i].text;
      std::replace(text.begin(), text.end(), '\v', any ? ' ' : '\n');
      out.text += text;
    }
    out.text += '\n';
    if (kept || IsBlank(lines[i].text)) continue;
    if (first == 0) first = i + 1;
    // Up to the next line that is kept.
    std::size_t last = i;
    while (last + 1 < lines.size() && !wanted[static_cast<std::size_t>(lines[last + 1].block)]) ++last;
    while (last > i && IsBlank(lines[last].text)) --last;
    if (last == i) close(i + 1);
  }
  return out;
}

}  // namespace picket::compiler::import
