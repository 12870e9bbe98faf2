#include "cli/input.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <pugixml.hpp>

#include "cli/exit_status.h"
#include "cli/host.h"
#include "cli/read_cib.h"
#include "cli/report_archive.h"
#include "cli/unpack.h"
#include "cli/voice.h"
#include "compiler/source_map/unreadable.h"
#include "compiler/syntax/text_kind.h"

namespace picket::cli {

namespace {

constexpr std::string_view kLive = "live:";
// More than any cluster has. A larger text is no CIB, and would only fill the memory.
constexpr size_t kBytesMax = size_t{256} << 20;

std::optional<std::string> Fail(Unread& unread, Unread::Kind kind, std::string text) {
  unread = {kind, std::move(text)};
  return std::nullopt;
}

std::optional<std::string> ReadAll(std::istream& stream, Unread& unread) {
  std::string text;
  char buffer[1 << 16];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(stream.gcount()));
    if (text.size() > kBytesMax) return Fail(unread, Unread::Kind::kTooLarge, "it is larger than any CIB");
  }
  if (!stream.bad()) return text;
  return Fail(unread, Unread::Kind::kForbidden, "reading it fails");
}

std::optional<std::string> ReadFile(const std::string& path, Unread& unread) {
  std::error_code no_matter;
  std::ifstream stream(path, std::ios::binary);
  if (!stream || std::filesystem::is_directory(path, no_matter)) {
    unread = WhyUnread(path);
    return std::nullopt;
  }
  return ReadAll(stream, unread);
}

std::optional<std::string> ReadUnpacked(const std::string& input, std::istream& standard_input, Unread& unread) {
  if (input == "-" && standard_input.eof()) {
    return Fail(unread, Unread::Kind::kMissing, "it was read already; only one input can be `-`");
  }
  auto packed = input == "-" ? ReadAll(standard_input, unread) : ReadFile(input, unread);
  if (!packed) return packed;
  std::string reason;
  auto text = Unpacked(std::move(*packed), reason);
  if (!text) return Fail(unread, Unread::Kind::kDamaged, "it " + reason);
  if (IsVerbose()) std::cerr << "picket: read " << NameOfInput(input) << ": " << text->size() << " bytes\n";
  return text;
}

// The CIB in an archive; any other text as it is.
std::optional<std::string> CibIn(std::string text, Unread& unread) {
  if (!IsTar(text)) return text;
  std::string reason;
  auto cib = CibOfReport(text, reason);
  return cib ? std::move(cib) : Fail(unread, Unread::Kind::kDamaged, "it " + reason);
}

}  // namespace

int Unread::status() const {
  return kind == Kind::kForbidden || kind == Kind::kUnreachable ? kEnvironmentWrong : kInputWrong;
}

std::optional<std::string> ReadInput(const std::string& input, std::istream& standard_input, Unread& unread) {
  if (IsLive(input)) {
    Host host;
    host.name = input.substr(kLive.size());
    std::string reason;
    auto text = QueryCib(host, reason);
    return text ? std::move(text) : Fail(unread, Unread::Kind::kUnreachable, reason);
  }
  auto text = ReadUnpacked(input, standard_input, unread);
  return text ? CibIn(std::move(*text), unread) : std::nullopt;
}

std::vector<NamedText> ReadInputs(const std::string& input, std::istream& standard_input, Unread& unread) {
  const auto one = [&](std::optional<std::string> text) {
    return text ? std::vector<NamedText>{{input, std::move(*text)}} : std::vector<NamedText>();
  };
  if (IsLive(input)) return one(ReadInput(input, standard_input, unread));
  auto text = ReadUnpacked(input, standard_input, unread);
  if (!text || !IsTar(*text)) return one(std::move(text));
  std::vector<NamedText> all;
  for (ReportFile& file : InputsOfReport(*text)) {
    std::string reason;
    auto plain = Unpacked(std::move(file.text), reason);
    if (!plain) {
      unread = {Unread::Kind::kDamaged, "`" + file.name + "` in it " + reason};
      return {};
    }
    all.push_back({file.name, std::move(*plain)});
  }
  return all.empty() ? one(CibIn(std::move(*text), unread)) : all;
}

std::optional<std::string> CorosyncBeside(const std::string& input) {
  if (IsLive(input)) return ReadLiveCorosync(input);
  if (input == "-" || !NamesCib(input)) return std::nullopt;
  Unread unread;
  const auto text = ReadUnpacked(input, std::cin, unread);
  return text && IsTar(*text) ? CorosyncOfReport(*text) : std::nullopt;
}

int TellUnread(const std::string& input, const Unread& unread) {
  std::cerr << "picket: error[E0001]: cannot read `" << input << "`: " << unread.text << '\n';
  return unread.status();
}

Unread WhyUnread(const std::string& path) {
  using Why = compiler::Unreadable::Kind;
  const compiler::Unreadable why = compiler::WhyUnreadable(path);
  const auto kind = why.kind == Why::kMissing  ? Unread::Kind::kMissing
                    : why.kind == Why::kFolder ? Unread::Kind::kFolder
                                               : Unread::Kind::kForbidden;
  return {kind, why.text};
}

namespace {

// True for a text of a known kind that is neither a policy nor a CIB. The compiler reports it (E0114).
bool IsForeign(compiler::TextKind kind) {
  using enum compiler::TextKind;
  return kind != kPolicy && kind != kXml && kind != kHtml && kind != kBlank;
}

}  // namespace

bool IsPolicyText(const std::string& input, std::string_view text) {
  const compiler::TextKind kind = compiler::KindOfText(text);
  if (IsForeign(kind) && (kind != compiler::TextKind::kBinary || !NamesCib(input))) return true;
  if (kind == compiler::TextKind::kXml || kind == compiler::TextKind::kHtml) return false;
  return !NamesCib(input);
}

std::string WhyNoCib(std::string_view text) {
  const compiler::TextKind kind = compiler::KindOfText(text);
  if (kind == compiler::TextKind::kBlank) return "is not XML: it is empty";
  if (IsForeign(kind)) return "is not XML: it is " + compiler::NameOfKind(kind) + "; " + compiler::RemedyForKind(kind);
  pugi::xml_document document;
  const pugi::xml_parse_result read = document.load_buffer(text.data(), text.size());
  if (!read && kind == compiler::TextKind::kXml)
    return "is not XML: it is damaged, or its end is missing (" + std::string(read.description()) + ")";
  if (!read) return std::string("is not XML: ") + read.description();
  if (document.document_element().name() == std::string_view("cib") &&
      document.document_element().child("configuration")) {
    return {};
  }
  return "is no CIB: its outermost element is `cib`, with a `configuration` inside";
}

int TellNoCib(const std::string& input, const std::string& why) {
  std::cerr << "picket: " << NameOfInput(input) << ' ' << why << '\n';
  return kInputWrong;
}

std::string NameOfInput(const std::string& input) {
  return input == "-" ? "the standard input" : input;
}

}  // namespace picket::cli
