// What results and states of operations are called (spec 02 §1).
#include <cctype>
#include <string>

#include "solver/status/history.h"
#include "solver/status/status.h"

namespace picket::solver {

namespace {

// The words before 3.0 (spec 07 H-2).
std::string_view OldResultText(int rc) {
  switch (rc) {
    case 0:
      return "ok";
    case 1:
      return "error";
    case 2:
      return "invalid parameter";
    case 3:
      return "unimplemented feature";
    case 4:
      return "insufficient privileges";
    case 5:
      return "not installed";
    case 6:
      return "not configured";
    case 7:
      return "not running";
    case 8:
      return "promoted";
    case 9:
      return "promoted (failed)";
    case 190:
      return "OCF_DEGRADED";
    case 191:
      return "promoted (degraded)";
    default:
      return "unknown";
  }
}

std::string_view OldStatusText(int status) {
  switch (status) {
    case -1:
      return "pending";
    case 0:
      return "complete";
    case 2:
      return "Timed Out";
    case 3:
      return "NOT SUPPORTED";
    default:
      return status >= 1 && status <= 11 ? std::string_view() : "UNKNOWN!";
  }
}

}  // namespace

std::string_view ResultText(const Run& run, int rc) {
  if (!run.Behaves(Behaviour::kNewResultTexts)) return OldResultText(rc);
  switch (rc) {
    case 0:
      return "OK";
    case 1:
      return "Error occurred";
    case 2:
      return "Invalid parameter";
    case 3:
      return "Unimplemented";
    case 4:
      return "Insufficient privileges";
    case 5:
      return "Not installed";
    case 6:
      return "Not configured";
    case 7:
      return "Not running";
    case 8:
      return "Promoted";
    case 9:
      return "Failed in promoted role";
    case 124:
      return "Timeout occurred";
    case 190:
      return "Service is active but might fail soon";
    case 191:
      return "Service is promoted but might fail soon";
    case 193:
      return "No exit status available";
    case 255:
      return "Error occurred";
    default:
      return rc >= 129 && rc <= 254 ? "Interrupted by signal" : "Unknown exit status";
  }
}

std::string_view StatusText(const Run& run, int status) {
  if (!run.Behaves(Behaviour::kNewResultTexts)) {
    if (const std::string_view old = OldStatusText(status); !old.empty()) return old;
  }
  switch (status) {
    case -1:
      return "Pending";
    case 0:
      return "Done";
    case 1:
      return "Cancelled";
    case 2:
      return "Timed out";
    case 3:
      return "Unsupported";
    case 4:
      return "Error";
    case 5:
      return "Hard error";
    case 6:
      return "Fatal error";
    case 7:
      return "Not installed";
    case 8:
      return "Internal communication failure";
    case 9:
      return "Cannot execute now";
    case 10:
      return "No fence device";
    case 11:
      return "CIB secrets unavailable";
    default:
      return "Unrecognized status (bug?)";
  }
}

std::string FailureText(const Run& run, NodeId node, const HistoryEntry& entry) {
  std::string text = entry.operation + " on " + run.at(node).name;
  if (entry.status == 2) return text + " timed out";
  std::string result(ResultText(run, entry.rc.value_or(-1)));
  result[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(result[0])));
  return text + " failed with exit code " + std::to_string(entry.rc.value_or(-1)) + " (" + result + ")";
}

}  // namespace picket::solver
