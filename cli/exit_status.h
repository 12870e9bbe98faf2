// Exit statuses. Picket's own verbs have eight; `simulate` has those of crm_simulate (spec 06 §12.4).
#pragma once

#include <string_view>

namespace picket::cli {

inline constexpr int kOk = 0;
inline constexpr int kVerdict = 1;  // a verdict against you
inline constexpr int kInputWrong = 2;
inline constexpr int kEnvironmentWrong = 3;
inline constexpr int kBudgetSpent = 4;    // time, histories or memory ran out before all that was promised was played
inline constexpr int kChanges = 5;        // `plan`, `drift` and `bootstrap --dry-run` found changes
inline constexpr int kDefect = 70;        // of ours
inline constexpr int kInterrupted = 130;  // Ctrl-C came first

namespace simulate_exit {
inline constexpr int kOk = 0;
inline constexpr int kError = 1;
inline constexpr int kUsage = 64;
inline constexpr int kBadData = 65;
inline constexpr int kSoftware = 70;  // unreadable input, before 2.1.8
inline constexpr int kInputOutput = 74;
inline constexpr int kBadConfiguration = 78;
inline constexpr int kNotConnected = 102;
inline constexpr int kNoSuchObject = 105;

inline std::string_view Text(int status) {
  switch (status) {
    case kOk:
      return "OK";
    case kError:
      return "Error occurred";
    case kUsage:
      return "Incorrect usage";
    case kBadData:
      return "Invalid data given";
    case kInputOutput:
      return "I/O error occurred";
    case kBadConfiguration:
      return "Invalid configuration";
    case kNotConnected:
      return "Not connected";
    case kNoSuchObject:
      return "No such object";
    default:
      return "Internal software bug";
  }
}
}  // namespace simulate_exit

}  // namespace picket::cli
