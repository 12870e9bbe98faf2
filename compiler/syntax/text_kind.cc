#include "compiler/syntax/text_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "compiler/syntax/utf8.h"

namespace picket::compiler {
namespace {

constexpr std::size_t kLookedAtMax = 1 << 20;
constexpr std::size_t kTarMagicAt = 257;
// One statement in the words of another tool is a slip, more of them are a file of that tool.
constexpr int kStatementsMin = 2;

using Words = std::vector<std::string_view>;

Words WordsOf(std::string_view line) {
  Words words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

template <std::size_t N>
bool OneOf(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What only a policy has: braces, and words between names.
bool IsOfPolicies(const Words& words, std::string_view line) {
  static constexpr std::array<std::string_view, 15> kFirst = {"cluster", "depend", "separate",   "fence", "fencing",
                                                              "let",     "use",    "define",     "test",  "invariant",
                                                              "assume",  "import", "promotable", "link",  "for"};
  static constexpr std::array<std::string_view, 6> kBetween = {"of", "then", "with", "from", "prefers", "grants"};
  if (line.find('{') != std::string_view::npos || line.find('}') != std::string_view::npos) return true;
  if (OneOf(words[0], kFirst)) return true;
  return std::any_of(words.begin() + 1, words.end(), [](std::string_view word) { return OneOf(word, kBetween); });
}

bool EndsInColon(const Words& words, std::size_t at) {
  return at < words.size() && words[at].size() > 1 && words[at].back() == ':';
}

bool Has(const Words& words, std::size_t from, std::string_view word) {
  return from < words.size() &&
         std::find(words.begin() + static_cast<std::ptrdiff_t>(from), words.end(), word) != words.end();
}

// A whole statement, lines that end in a backslash joined.
bool IsOfCrmsh(const Words& words) {
  const std::string_view first = words[0];
  if (first == "rsc_template" || first == "primitive") {
    return words.size() > 2 && (Has(words, 3, "params") || Has(words, 3, "op") || Has(words, 3, "meta") ||
                                Has(words, 3, "operations") || Has(words, 3, "utilization"));
  }
  if (first == "ms" || first == "master") return words.size() > 2;
  if (first == "group" || first == "clone") return words.size() > 2;
  if (first == "node") return EndsInColon(words, 1) || (words.size() > 1 && words[1].starts_with("$id="));
  if (first == "order" || first == "colocation" || first == "collocation") {
    return EndsInColon(words, 2) || (words.size() > 3 && words[2].find(':') != std::string_view::npos);
  }
  if (first == "location") return EndsInColon(words, 2) || EndsInColon(words, 3) || Has(words, 3, "rule");
  if (first == "property" || first == "rsc_defaults" || first == "op_defaults") {
    return EndsInColon(words, 1) || (words.size() > 1 && words[1].starts_with("$id="));
  }
  return first == "fencing_topology" || first == "rsc_ticket" || first == "acl_target" || first == "acl_group";
}

bool IsNeutral(const Words& words) {
  static constexpr std::array<std::string_view, 9> kFirst = {"property",  "rsc_defaults", "op_defaults", "node", "tag",
                                                             "primitive", "commit",       "configure",   "user"};
  return OneOf(words[0], kFirst);
}

bool IsOfPcs(const Words& words) {
  static constexpr std::array<std::string_view, 11> kAreas = {
      "resource", "stonith", "constraint", "property", "cluster", "node", "tag", "alert", "acl", "quorum", "host"};
  std::size_t at = words[0] == "sudo" || words[0] == "$" || words[0] == "#" ? 1 : 0;
  while (at < words.size() && words[at].ends_with("]#")) ++at;
  if (at + 1 >= words.size() || words[at] != "pcs") return false;
  for (++at; at < words.size() && words[at].starts_with("-"); ++at) {
    if (words[at] == "-f") ++at;
  }
  return at < words.size() && OneOf(words[at], kAreas);
}

// The statements of a text, one after the other: comments left out, joined where a line ends in a backslash. Mostly the
// first of them says what the text is.
class Statements {
 public:
  explicit Statements(std::string_view text) : text_(text) {}

  // False at the end.
  bool Next(std::string& statement) {
    statement.clear();
    while (at_ < text_.size()) {
      std::string_view line = NextLine();
      while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.remove_suffix(1);
      const std::size_t first = line.find_first_not_of(" \t");
      const bool comment =
          first != std::string_view::npos && line[first] == '#' && !line.substr(first).starts_with("# pcs");
      if (first == std::string_view::npos || comment) continue;
      const bool joined = line.back() == '\\';
      if (joined) line.remove_suffix(1);
      statement += std::string(line) + ' ';
      if (!joined) return true;
    }
    return !statement.empty();
  }

 private:
  std::string_view NextLine() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    at_ = end + 1;
    return line;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

TextKind ByStatements(std::string_view text) {
  int crmsh = 0, pcs = 0, others = 0;  // A script around the commands of pcs has others as well.
  Statements statements(text);
  for (std::string statement; statements.Next(statement);) {
    const Words words = WordsOf(statement);
    if (words.empty()) continue;
    if (IsOfPcs(words)) {
      ++pcs;
    } else if (pcs == 0 && IsOfPolicies(words, statement)) {
      return TextKind::kPolicy;
    } else if (IsOfCrmsh(words)) {
      ++crmsh;
    } else if (!IsNeutral(words) && pcs == 0) {
      return TextKind::kPolicy;
    } else {
      ++others;
    }
  }
  if (pcs > 0) return pcs >= kStatementsMin && pcs > others + crmsh ? TextKind::kPcs : TextKind::kPolicy;
  return crmsh >= kStatementsMin ? TextKind::kCrmsh : TextKind::kPolicy;
}

// "key: value", "- item", and what is deeper indented; no line of anything else.
bool IsYaml(std::string_view text) {
  int keys = 0;
  Statements statements(text);
  for (std::string line; statements.Next(line);) {
    const Words words = WordsOf(line);
    if (words.empty()) continue;
    if (words[0] == "---" || words[0] == "-" || words[0].starts_with("- ")) {
      ++keys;
    } else if (words[0].size() > 1 && words[0].back() == ':' && line.find('{') == std::string::npos) {
      ++keys;
    } else {
      return false;
    }
  }
  return keys >= kStatementsMin;
}

bool IsCorosync(std::string_view text) {
  const std::size_t totem = text.find("totem {");
  return totem != std::string_view::npos && (totem == 0 || text[totem - 1] == '\n') &&
         text.find("version:", totem) != std::string_view::npos;
}

TextKind ByBytes(std::string_view text) {
  if (text.starts_with("\x1f\x8b")) return TextKind::kGzip;
  if (text.starts_with("BZh") && text.size() > 3 && std::isdigit(static_cast<unsigned char>(text[3])) != 0)
    return TextKind::kBzip2;
  if (text.starts_with("\xfd"
                       "7zXZ"))
    return TextKind::kXz;
  if (text.starts_with("PK\x03\x04")) return TextKind::kZip;
  if (text.size() > kTarMagicAt + 5 && text.substr(kTarMagicAt, 5) == "ustar") return TextKind::kTar;
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return TextKind::kUtf16;
  if (text.find('\0') != std::string_view::npos) return TextKind::kBinary;
  // Text in an older encoding is mostly plain; anything else is noise.
  const std::string_view front = text.substr(0, std::min<std::size_t>(text.size(), 4096));
  const auto odd = std::count_if(front.begin(), front.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\n' && c != '\t' && c != '\r' && c != '\f';
  });
  if (odd * 50 > static_cast<std::ptrdiff_t>(front.size()) && FirstNotUtf8(text)) return TextKind::kBinary;
  return TextKind::kPolicy;
}

bool BeginsWith(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

}  // namespace

TextKind KindOfText(std::string_view text) {
  text = text.substr(0, kLookedAtMax);
  if (const TextKind kind = ByBytes(text); kind != TextKind::kPolicy) return kind;
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n\f");
  if (first == std::string_view::npos) return TextKind::kBlank;
  const std::string_view rest = text.substr(first);
  if (rest[0] == '<') {
    static constexpr std::array<std::string_view, 9> kTags = {"<!doctype html", "<html", "<head", "<body", "<pre",
                                                              "<code",          "<div",  "<p>",   "<table"};
    const bool page = std::any_of(kTags.begin(), kTags.end(), [&](auto tag) { return BeginsWith(rest, tag); });
    return page ? TextKind::kHtml : TextKind::kXml;
  }
  if (rest[0] == '{') return TextKind::kJson;
  if (rest[0] == '[') {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t close = line.find(']');
    const bool section = close != std::string_view::npos && close > 1 &&
                         line.find_first_not_of(" \t\r", close + 1) == std::string_view::npos;
    return section ? TextKind::kIni : rest.find('"') < 4 ? TextKind::kJson : ByStatements(rest);
  }
  if (IsCorosync(rest)) return TextKind::kCorosync;
  if (IsYaml(rest)) return TextKind::kYaml;
  return ByStatements(rest);
}

std::string NameOfKind(TextKind kind) {
  switch (kind) {
    case TextKind::kPolicy:
      return "a policy";
    case TextKind::kBlank:
      return "an empty file";
    case TextKind::kXml:
      return "XML";
    case TextKind::kHtml:
      return "a page in HTML";
    case TextKind::kCrmsh:
      return "text of crmsh";
    case TextKind::kPcs:
      return "commands of pcs";
    case TextKind::kCorosync:
      return "a corosync.conf";
    case TextKind::kYaml:
      return "YAML";
    case TextKind::kJson:
      return "JSON";
    case TextKind::kIni:
      return "a file of sections, such as a unit of systemd";
    case TextKind::kGzip:
      return "packed by gzip";
    case TextKind::kBzip2:
      return "packed by bzip2";
    case TextKind::kXz:
      return "packed by xz";
    case TextKind::kZip:
      return "packed by zip";
    case TextKind::kTar:
      return "an archive of tar";
    case TextKind::kUtf16:
      return "a text in UTF-16";
    case TextKind::kBinary:
      return "no text";
  }
  return "";
}

std::string RemedyForKind(TextKind kind) {
  const auto unpack = [](const std::string& program) {
    return "`" + program +
           " -dc FILE | picket check -` reads a policy in it; `picket import FILE` reads a CIB, or text "
           "of crmsh or pcs";
  };
  switch (kind) {
    case TextKind::kPolicy:
      return "";
    case TextKind::kBlank:
      return "`picket init` lists policies to start from";
    case TextKind::kXml:
      return "`picket import FILE` reads a CIB as a policy";
    case TextKind::kHtml:
      return "`picket import FILE` reads the text of crmsh or pcs in it as a policy";
    case TextKind::kCrmsh:
    case TextKind::kPcs:
      return "`picket import FILE` makes a policy of it";
    case TextKind::kCorosync:
      return "`picket import CIB` makes the policy; `--corosync FILE` gives `test`, `sweep` and `timing` its times";
    case TextKind::kYaml:
    case TextKind::kJson:
    case TextKind::kIni:
      return "`picket init` lists policies to start from; `picket import` reads a CIB, or text of crmsh or pcs";
    case TextKind::kGzip:
      return unpack("gzip");
    case TextKind::kBzip2:
      return unpack("bzip2");
    case TextKind::kXz:
      return unpack("xz");
    case TextKind::kZip:
      return "unpack it, and name the file that was in it";
    case TextKind::kTar:
      return "`picket import FILE` reads the CIB in an archive of crm_report; else unpack it, and name a file";
    case TextKind::kUtf16:
      return "save the file as UTF-8: `iconv -f utf-16 -t utf-8 OLD > NEW`";
    case TextKind::kBinary:
      return "check the name of the file";
  }
  return "";
}

}  // namespace picket::compiler
