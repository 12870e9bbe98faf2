// Without levels: all devices that reach the target are one pool.
//
// The node is chosen, not the device: it tries all devices that it has, in an order of its own.
#include <algorithm>

#include "execution/fencing/pacemaker.h"

namespace picket::execution {

using Result = FenceOutcome::Result;
using AgentStop = FenceAttempt::End;

void PacemakerRequest::PlayPool() {
  std::set<std::string> tried;
  for (bool first = true;; first = false) {
    const Offer* offer = ChoosePoolNode(tried, first);
    if (!offer) break;
    // The first node's devices are what the whole operation has time for.
    if (first) limit_ms_ = now_ms_ + PoolTime(*offer);
    tried.insert(offer->node);
    if (PlayPoolNode(*offer)) return;
  }
  if (!used_ && WatchdogFences()) {
    AwaitAnswers();
    now_ms_ += fencing_.watchdog_ms;
    outcome_.assumed = true;
    return End(Result::kDone);
  }
  EndWithoutNode();
}

const PacemakerRequest::Offer* PacemakerRequest::ChoosePoolNode(const std::set<std::string>& tried, bool first) {
  std::vector<const Offer*> verified;
  std::vector<const Offer*> others;
  const Offer* target = nullptr;
  for (const Offer& offer : offers_) {
    if (tried.count(offer.node) > 0) continue;
    if (IsTarget(offer)) {
      target = &offer;
    } else {
      (offer.verified() ? verified : others).push_back(&offer);
    }
  }
  // The first answer with a verified device is taken at once, whatever the others would say.
  if (!verified.empty()) return ChooseOffer(first ? Soonest(verified) : Largest(verified));
  if (others.empty() && !target) return nullptr;
  AwaitAnswers();
  return others.empty() ? target : ChooseOffer(Largest(others));
}

int64_t PacemakerRequest::PoolTime(const Offer& offer) const {
  int64_t sum_ms = std::max<int64_t>(request_.delay_ms, 0);
  for (const Offered& one : offer.devices) sum_ms += TimeFor(one, request_.action);
  return TwelveTenths(sum_ms);
}

// What is known at once comes before what has to be asked; more is not determined.
size_t PacemakerRequest::ChooseDevice(const std::vector<const Offered*>& devices, const std::string& node) {
  std::vector<size_t> next;
  for (const bool late : {false, true}) {
    for (size_t i = 0; i < devices.size(); ++i) {
      if (devices[i]->answers_late == late) next.push_back(i);
    }
    if (!next.empty()) break;
  }
  return next[choices_.Choose(next.size(), "the order of the devices on " + node)];
}

bool PacemakerRequest::IsRequired(const Offered& offered) const {
  return offered.device->unfences || offered.device->facts.unfences;
}

// Whether the answer comes too late, and how that ends the request.
bool PacemakerRequest::PassesLimits(const Answer& answer, int64_t asked_ms) {
  const bool silent = answer.end == AgentStop::kSilent;
  const int64_t watchdog_ms = asked_ms + fencing_.watchdog_ms;
  if (WatchdogFences() && (silent || answer.at_ms > watchdog_ms) && watchdog_ms <= limit_ms_) {
    now_ms_ = watchdog_ms;
    outcome_.assumed = true;
    End(Result::kDone);
    return true;
  }
  if (!silent && answer.at_ms <= limit_ms_) return false;
  now_ms_ = limit_ms_;
  End(Result::kTimeout);
  return true;
}

// Whether the request has ended.
bool PacemakerRequest::PlayPoolNode(const Offer& offer) {
  const int64_t asked_ms = now_ms_;
  const bool on = !CutsPower();
  std::vector<const Offered*> devices;
  for (const Offered& one : offer.devices) devices.push_back(&one);
  // What an earlier device of the same node waited, a later one waits again.
  int64_t carried_ms = request_.delay_ms;
  bool succeeded = false;
  while (!devices.empty()) {
    const size_t chosen = ChooseDevice(devices, offer.node);
    const Offered& one = *devices[chosen];
    devices.erase(devices.begin() + static_cast<std::ptrdiff_t>(chosen));
    const size_t since = outcome_.attempts.size();
    // The node looks anew which of its devices reach the target: no device was named to it.
    now_ms_ = std::max(now_ms_, asked_ms + one.asked_again_ms);
    const Answer answer = Use(one, offer.node, request_.action, carried_ms);
    NoteEffects({one.device->id}, since);
    if (PassesLimits(answer, asked_ms)) return true;
    now_ms_ = answer.at_ms;
    last_ = answer.end;
    if (carried_ms >= 0) carried_ms = answer.waited_ms;
    if (answer.end == AgentStop::kOk) {
      succeeded = true;
      outcome_.devices.push_back(one.device->id);
      if (!on) break;
      // To let a node in, all devices that shut it out are needed.
      std::erase_if(devices, [&](const Offered* left) { return !IsRequired(*left); });
    } else if (on && succeeded) {
      succeeded = false;
      break;
    }
  }
  if (succeeded) {
    End(Result::kDone);
  } else if (last_ == AgentStop::kKilled) {
    End(Result::kTimeout);
  }
  return succeeded || last_ == AgentStop::kKilled;
}

}  // namespace picket::execution
