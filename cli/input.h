// From where verbs read what they work on, and how they say that they cannot: one room for all of them.
//
// An input is a policy, a CIB in XML, either of them packed, an archive of crm_report, or the text of crmsh
// or pcs. It comes from a file, from standard input (`-`), or from a live cluster (`live:HOST`). The text
// says which of these it is; the name of a file counts only where the text leaves that open. This room reads,
// and names faults. Its neighbours work on the text: cli/load_input makes the CIB document that crm_simulate
// takes, cli/playground plays tests and sweeps in it, cli/subject answers questions about it.
//
// A fault is a mistake of the command line (exit status 2: the file is missing, a folder, too large, damaged,
// or of another kind) or of the environment (3: no permission, no answer).
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::cli {

// Why an input cannot be read.
struct Unread {
  enum class Kind : uint8_t {
    kMissing,
    kFolder,
    kForbidden,    // no permission, or an error of the disk
    kTooLarge,     // larger than any CIB
    kDamaged,      // packed, and it cannot be unpacked
    kUnreachable,  // a live cluster that does not answer
  };
  Kind kind = Kind::kForbidden;
  std::string text;  // `there is no such file`

  // The exit status of a verb that needs the input.
  int status() const;
};

// The text of an input, unpacked. Nullopt, and the reason, if it cannot be read whole.
std::optional<std::string> ReadInput(const std::string& input, std::istream& standard_input, Unread& unread);

struct NamedText {
  std::string name;  // of the input, or of the file inside the archive
  std::string text;
};

// Like ReadInput; an archive of crm_report gives the inputs that schedulers saved instead, where it has any. Empty,
// and the reason, if one cannot be read whole.
std::vector<NamedText> ReadInputs(const std::string& input, std::istream& standard_input, Unread& unread);

// The corosync.conf that comes with an input: of the machine that a live input names, or in an archive of crm_report.
// Nullopt if the input has no corosync.conf.
std::optional<std::string> CorosyncBeside(const std::string& input);

// Says on the standard error that an input cannot be read, in the words of all verbs; gives the exit status.
int TellUnread(const std::string& input, const Unread& unread);

// Why a file that was opened in vain could not be read.
Unread WhyUnread(const std::string& path);

// True for a policy, false for XML, which begins with `<`. For any other text the name decides: `.xml`,
// `.cib`, packed files and live inputs are CIBs, everything else is a policy.
bool IsPolicyText(const std::string& input, std::string_view text);

// Why a text is no CIB: `is not XML: …`, or that it is XML of another kind; empty for a CIB.
std::string WhyNoCib(std::string_view text);

// Says on the standard error that an input is no CIB, in the words of all verbs; gives the exit status. `why` is an
// answer of WhyNoCib.
int TellNoCib(const std::string& input, const std::string& why);

// How messages name an input: `the standard input` for `-`.
std::string NameOfInput(const std::string& input);

}  // namespace picket::cli
