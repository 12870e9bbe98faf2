// The CIB of a live Pacemaker, as the protocol of changes wants it (runtime/deploy/push.h): asked and patched by
// cibadmin.
#pragma once

#include <unistd.h>

#include <optional>
#include <string>

#include "cli/host.h"
#include "runtime/deploy/push.h"

namespace picket::cli {

class LivePort : public runtime::CibPort {
 public:
  // `host` outlives the port.
  explicit LivePort(const Host& host) : host_(host) {}

  std::optional<std::string> Query(std::string& reason) override { return QueryCib(host_, reason); }
  Answer Patch(const std::string& patch) override {
    const ProgramRun run = host_.Run({"cibadmin", "--patch", "--xml-pipe"}, patch);
    constexpr int kSshFailed = 255;
    const bool heard = run.end == ProgramRun::End::kExited && (host_.name.empty() || run.status != kSshFailed);
    return {heard ? run.status : -1, "cibadmin: " + Complaint(run)};
  }
  void Pause(int64_t ms) override { usleep(static_cast<useconds_t>(ms) * 1000); }

 private:
  const Host& host_;
};

}  // namespace picket::cli
