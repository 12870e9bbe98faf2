#include "runtime/daemon/fencing_news.h"

#include <string>

namespace picket::runtime {

void TellFencing(const FenceDone& done, FenceVerdict verdict, Outbox& out) {
  const std::string what = done.target + " (" + done.action + ")";
  if (!done.success) {
    out.Tell(SayLevel::kError, "fencing", done.target, {}, done.node + " could not fence " + what + ": " + done.reason);
  } else if (verdict == FenceVerdict::kStale) {
    out.Tell(SayLevel::kWarning, "fencing", done.target, {},
             what + " was fenced by " + done.device + ", but it was back since and is lost again: once more");
  } else if (verdict == FenceVerdict::kNeverOff) {
    out.Tell(SayLevel::kError, "fencing", done.target, {},
             done.device + " says that " + what + " was fenced, but it is here and was never off: the device lies");
  } else {
    out.Tell(SayLevel::kNotice, "fencing", done.target, {}, what + " was fenced by " + done.device);
  }
}

}  // namespace picket::runtime
