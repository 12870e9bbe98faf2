// What a text is that may be no policy: the files that people hand over by mistake, known by their content.
//
// Looks only, and decides on what the whole text looks like: a policy with one line of crmsh in it is a policy with a
// mistake, and gets its help for that line. The front doors of all verbs ask here (Parse, cli/input), so that a file
// is called the same everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace picket::compiler {

enum class TextKind : uint8_t {
  kPolicy,  ///< or something that nothing is known of
  kBlank,   ///< nothing but white space
  kXml,
  kHtml,
  kCrmsh,
  kPcs,
  kCorosync,  ///< corosync.conf
  kYaml,
  kJson,
  kIni,  ///< a unit of systemd, and its like
  kGzip,
  kBzip2,
  kXz,
  kZip,
  kTar,
  kUtf16,
  kBinary,
};

/// The beginning of the text decides, at most a megabyte.
TextKind KindOfText(std::string_view text);

/// "text of crmsh", "packed by gzip"; `a policy` for one.
std::string NameOfKind(TextKind kind);

/// What to do with it, where a policy is wanted; empty for a policy.
std::string RemedyForKind(TextKind kind);

}  // namespace picket::compiler
