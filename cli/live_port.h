// The CIB of a live Pacemaker, as the protocol of changes wants it (runtime/deploy/push.h): asked and patched by
// cibadmin.
#pragma once

#include <unistd.h>

#include <functional>
#include <optional>
#include <string>

#include "cli/host.h"
#include "runtime/deploy/push.h"

namespace picket::cli {

class LivePort : public runtime::CibPort {
 public:
  // What a program complains of without the secrets in it.
  using Scrub = std::function<std::string(std::string)>;

  // `host` outlives the port.
  LivePort(const Host& host, Scrub scrub) : host_(host), scrub_(std::move(scrub)) {}

  std::optional<std::string> Query(std::string& reason) override { return QueryCib(host_, reason); }
  Answer Patch(const std::string& patch) override {
    ProgramRun run = host_.Run({"cibadmin", "--patch", "--xml-pipe"}, patch);
    run.complaints = scrub_(run.complaints);  // before it is cut to a length, which could leave half a secret
    constexpr int kSshFailed = 255;
    const bool heard = run.end == ProgramRun::End::kExited && (host_.name.empty() || run.status != kSshFailed);
    return {heard ? run.status : -1, "cibadmin: " + Complaint(run)};
  }
  void Pause(int64_t ms) override { usleep(static_cast<useconds_t>(ms) * 1000); }

 private:
  const Host& host_;
  Scrub scrub_;
};

}  // namespace picket::cli
