#include "runtime/fencer/fencer.h"

#include <limits>

namespace picket::runtime {

struct Fencer::Work {
  Settings settings;
};

Fencer::Fencer(Settings settings) : work_(std::make_unique<Work>()) { work_->settings = std::move(settings); }
Fencer::~Fencer() = default;
void Fencer::Configure(std::shared_ptr<const solver::Cluster>) {}
void Fencer::Rename(const std::string& node) { work_->settings.node = node; }
void Fencer::Seed(uint64_t) {}
void Fencer::Take(const FenceOrder& order, const Moment& now, Outbox& out) {
  FenceDone done;
  done.order = order.number;
  done.node = work_->settings.node;
  done.target = order.target;
  done.incarnation = order.incarnation;
  done.boot_id = order.boot_id;
  done.action = order.action;
  done.reason = "there is no fencer yet";
  done.when_s = now.wall_s();
  out.messages.push_back(std::move(done));
}
bool Fencer::Owns(RunNumber) const { return false; }
void Fencer::On(const ProcessSpawned&, const Moment&, Outbox&) {}
void Fencer::On(const SpawnFailed&, const Moment&, Outbox&) {}
void Fencer::On(const ProcessEnded&, const Moment&, Outbox&) {}
void Fencer::OnTimer(const Moment&, Outbox&) {}
int64_t Fencer::NextDeadline() const { return std::numeric_limits<int64_t>::max(); }
std::vector<FenceOrder> Fencer::InFlight() const { return {}; }

}  // namespace picket::runtime
