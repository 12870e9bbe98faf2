#include "cli/report_archive.h"

#include <algorithm>
#include <cstdint>
#include <pugixml.hpp>
#include <tuple>

namespace picket::cli {
namespace {

// POSIX ustar: blocks of 512 bytes; offsets in the header of a member.
constexpr size_t kBlock = 512;
constexpr size_t kSizeAt = 124, kSizeBytes = 12, kSumAt = 148, kSumBytes = 8, kTypeAt = 156, kMagicAt = 257;

std::string_view Field(std::string_view header, size_t at, size_t bytes) {
  const std::string_view field = header.substr(at, bytes);
  return field.substr(0, field.find('\0'));
}

// An octal number between blanks. Nothing for any other text, and for the binary form of sizes above 8 GiB.
std::optional<uint64_t> Octal(std::string_view field) {
  uint64_t number = 0;
  bool any = false;
  for (const char c : field) {
    if (c == ' ' && !any) continue;
    if (c == ' ') break;
    if (c < '0' || c > '7') return std::nullopt;
    number = number * 8 + static_cast<uint64_t>(c - '0');
    any = true;
  }
  return any ? std::optional(number) : std::nullopt;
}

bool SumIsRight(std::string_view header) {
  uint64_t sum = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    const bool blank = i >= kSumAt && i < kSumAt + kSumBytes;
    sum += blank ? ' ' : static_cast<unsigned char>(header[i]);
  }
  return Octal(Field(header, kSumAt, kSumBytes)) == sum;
}

using Age = std::tuple<uint64_t, uint64_t, uint64_t>;

// The epochs of a CIB; nothing for any other text.
std::optional<Age> AgeOf(std::string_view text) {
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size())) return std::nullopt;
  const pugi::xml_node cib = document.child("cib");
  if (!cib) return std::nullopt;
  return Age{cib.attribute("admin_epoch").as_ullong(), cib.attribute("epoch").as_ullong(),
             cib.attribute("num_updates").as_ullong()};
}

bool IsCibFile(std::string_view name) {
  return name == "cib.xml" || name.ends_with("/cib.xml");
}

}  // namespace

bool IsTar(std::string_view text) {
  return text.size() >= kBlock && text.substr(kMagicAt, 5) == "ustar" && SumIsRight(text.substr(0, kBlock));
}

namespace {

// Calls `visit(name, content)` for each plain file. False, and the reason, at the first damaged place.
template <typename Visit>
bool Walk(std::string_view archive, const Visit& visit, std::string& reason) {
  std::string long_name;
  size_t at = 0;
  for (; at + kBlock <= archive.size() && archive[at] != '\0';) {
    const std::string_view header = archive.substr(at, kBlock);
    const auto size = SumIsRight(header) ? Octal(Field(header, kSizeAt, kSizeBytes)) : std::nullopt;
    at += kBlock;
    if (!size || *size > archive.size() - at) {
      reason = "is a damaged archive";
      return false;
    }
    const std::string_view content = archive.substr(at, *size);
    at = std::min<size_t>(archive.size(), at + (*size + kBlock - 1) / kBlock * kBlock);
    const char type = header[kTypeAt];
    if (type == 'L') {  // GNU: the name of the next member, which is a long one.
      long_name = content.substr(0, content.find('\0'));
      continue;
    }
    const std::string name = long_name.empty() ? std::string(Field(header, 0, 100)) : long_name;
    long_name.clear();
    if (type == '0' || type == '\0') visit(name, content);
  }
  if (archive.size() - at >= kBlock) return true;
  reason = "is an archive that is cut off";
  return false;
}

std::string FolderOf(const std::string& name) {
  return name.substr(0, name.rfind('/') + 1);
}

struct Newest {
  std::string folder;
  std::string_view text;
  std::optional<Age> age;
};

void Take(Newest& newest, const std::string& name, std::string_view content) {
  if (!IsCibFile(name)) return;
  const auto found = AgeOf(content);
  if (!found || (newest.age && *found <= *newest.age)) return;
  newest = {FolderOf(name), content, found};
}

}  // namespace

std::optional<std::string> CibOfReport(std::string_view archive, std::string& reason) {
  Newest newest;
  if (!Walk(
          archive, [&](const std::string& name, std::string_view content) { Take(newest, name, content); }, reason))
    return std::nullopt;
  if (newest.age) return std::string(newest.text);
  reason = "is an archive without a `cib.xml`";
  return std::nullopt;
}

std::optional<std::string> CorosyncOfReport(std::string_view archive) {
  Newest newest;
  std::string reason;
  std::vector<ReportFile> all;
  const auto visit = [&](const std::string& name, std::string_view content) {
    Take(newest, name, content);
    if (name == "corosync.conf" || name.ends_with("/corosync.conf")) all.push_back({name, std::string(content)});
  };
  if (!Walk(archive, visit, reason) || all.empty()) return std::nullopt;
  for (const ReportFile& file : all) {
    if (FolderOf(file.name) == newest.folder) return file.text;
  }
  return all.front().text;
}

std::vector<ReportFile> InputsOfReport(std::string_view archive) {
  std::string reason;
  std::vector<ReportFile> all;
  const auto visit = [&](const std::string& name, std::string_view content) {
    const std::string file = name.substr(name.rfind('/') + 1);
    const bool saved = file.starts_with("pe-input-") || file.starts_with("pe-warn-") || file.starts_with("pe-error-");
    if (saved && !content.empty()) all.push_back({name, std::string(content)});
  };
  if (!Walk(archive, visit, reason)) return {};
  return all;
}

}  // namespace picket::cli
