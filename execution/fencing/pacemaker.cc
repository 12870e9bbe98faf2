#include "execution/fencing/pacemaker.h"

#include <algorithm>
#include <utility>

#include "execution/fencing/parameters.h"
#include "execution/fencing/reach.h"
#include "solver/model/text.h"

namespace picket::execution {

using solver::EqualFolded;

constexpr int64_t kSecondMs = 1000;
constexpr std::string_view kWatchdog = "watchdog";

bool PacemakerRequest::Offer::verified() const {
  return std::any_of(devices.begin(), devices.end(), [](const Offered& one) { return one.verified; });
}

const PacemakerRequest::Offered* PacemakerRequest::Offer::Find(const std::string& name) const {
  const auto found = std::find_if(devices.begin(), devices.end(), [&](const Offered& one) { return one.name == name; });
  return found == devices.end() ? nullptr : &*found;
}

PacemakerRequest::PacemakerRequest(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world,
                                   Choices& choices)
    : fencing_(fencing), request_(request), world_(world), choices_(choices) {
  const int64_t wanted_ms = request.timeout_ms > 0 ? request.timeout_ms : fencing.timeout_ms;
  timeout_ms_ = (wanted_ms + kSecondMs - 1) / kSecondMs * kSecondMs;
  carried_ms_ = request.delay_ms;
}

FenceOutcome PacemakerRequest::Play() {
  ForwardIfTarget();
  outcome_.requester = request_.requester;
  CollectOffers();
  if (const TopologyEntry* entry = ChooseEntry()) {
    PlayLevels(*entry);
  } else {
    PlayPool();
  }
  return std::move(outcome_);
}

// --- asking --------------------------------------------------------------------------------------------------------

// Nobody leads its own fencing, unless nobody else is there: then it may even carry it out.
void PacemakerRequest::ForwardIfTarget() {
  if (!EqualFolded(request_.requester, request_.target)) return;
  std::vector<std::string> others;
  for (const std::string& peer : request_.peers) {
    if (!EqualFolded(peer, request_.target)) others.push_back(peer);
  }
  self_ = others.empty();
  if (!self_) request_.requester = others[choices_.Choose(others.size(), "who leads the fencing of the one that asks")];
}

// In the usual order of answers: our own fencer first.
void PacemakerRequest::CollectOffers() {
  std::vector<std::string> peers = request_.peers;
  std::stable_partition(peers.begin(), peers.end(),
                        [&](const std::string& peer) { return EqualFolded(peer, request_.requester); });
  for (const std::string& peer : peers) {
    Offer offer;
    offer.node = peer;
    for (const FenceDevice& device : fencing_.devices) AddOffered(device, peer, offer);
    answered_ms_ = std::max(answered_ms_, offer.ready_ms);
    if (!offer.devices.empty()) offers_.push_back(std::move(offer));
  }
}

// Once as it is registered by the configuration, and once by the node's own executor if that is another name.
void PacemakerRequest::AddOffered(const FenceDevice& device, const std::string& node, Offer& offer) {
  const DeviceOnNode* there = fencing_.On(device, node);
  // A node's own watchdog is not asked: it fires by itself or not at all.
  if (!there || device.id == kWatchdog) return;
  const AgentFacts& facts = device.facts;
  if (!IsEligible(facts, request_.action, node, request_.target, self_)) return;
  const Reach reach = ReachOf(there->parameters, facts, request_.target);
  if (reach == Reach::kNo) return;
  HostCheck how = HostCheckOf(there->parameters, facts);
  const std::string here = device.id + "@" + node;
  if (how == HostCheck::kDynamicList && request_.asks_status.count(here) > 0) how = HostCheck::kStatus;
  FenceAnswer answer;
  if (reach == Reach::kAsks && world_.answer) answer = world_.answer(device.id, node, how);
  // Where nobody has said how to ask, a list that fails is not asked for again (spec 08 §5.2).
  const bool list_failed = how == HostCheck::kDynamicList && !answer.reaches && !answer.at_once;
  if (list_failed && !there->parameters.Find("pcmk_host_check")) outcome_.asks_status.insert(here);
  // A fencer stands still for the second before the second attempt.
  if (!answer.at_once) offer.ready_ms += kSecondMs;
  if (!answer.reaches) return;
  const bool late = how == HostCheck::kStatus;
  const int64_t again_ms = late && !answer.at_once ? kSecondMs : 0;
  const bool started = world_.is_started && world_.is_started(device.id, node);
  const bool registered = there->registration == Registration::kRegistered;
  const bool same_name = device.registered_as == device.id;
  if (registered) offer.devices.push_back({&device, there, device.registered_as, started && same_name, late, again_ms});
  if (started && !(registered && same_name)) offer.devices.push_back({&device, there, device.id, true, late, again_ms});
}

const TopologyEntry* PacemakerRequest::ChooseEntry() {
  const std::vector<const TopologyEntry*> entries = EntriesFor(fencing_, request_.target);
  if (entries.empty()) return nullptr;
  return entries[choices_.Choose(entries.size(), "which of the levels that match " + request_.target)];
}

const PacemakerRequest::Offer* PacemakerRequest::ChooseOffer(const std::vector<const Offer*>& equal) {
  if (equal.empty()) return nullptr;
  return equal[choices_.Choose(equal.size(), "which node fences " + request_.target)];
}

std::vector<const PacemakerRequest::Offer*> PacemakerRequest::Largest(std::vector<const Offer*> offers) const {
  size_t most = 0;
  for (const Offer* offer : offers) most = std::max(most, offer->devices.size());
  std::erase_if(offers, [&](const Offer* offer) { return offer->devices.size() < most; });
  return offers;
}

bool PacemakerRequest::IsTarget(const Offer& offer) const {
  return EqualFolded(offer.node, request_.target);
}

// --- using ---------------------------------------------------------------------------------------------------------

int64_t PacemakerRequest::TwelveTenths(int64_t ms) {
  return ms * 12 / 10 / kSecondMs * kSecondMs;
}

// What the requester allows for: the agent's time and its own delay.
int64_t PacemakerRequest::TimeFor(const Offered& offered, const std::string& action) const {
  const std::string run = ActionFor(action, offered.device->facts);
  const solver::Table& parameters = offered.there->parameters;
  const OwnDelay own = OwnDelayOf(parameters, run, request_.target, DelayMap::kColon);
  const int64_t delay_ms = request_.delay_ms < 0 ? 0 : own.max_ms;
  return ActionTimeoutMs(parameters, run, timeout_ms_) + delay_ms;
}

PacemakerRequest::Answer PacemakerRequest::Use(const Offered& offered, const std::string& node,
                                               const std::string& action, int64_t carried_ms) {
  AgentRun run;
  run.device = offered.device;
  run.parameters = &offered.there->parameters;
  run.node = node;
  run.target = request_.target;
  run.action = ActionFor(action, offered.device->facts);
  run.at_ms = now_ms_;
  run.budget_ms = ActionTimeoutMs(*run.parameters, run.action, timeout_ms_);
  run.carried_ms = carried_ms;
  used_ = true;
  const AgentEnd end = RunAgent(run, world_, outcome_, choices_);
  return {end.end, end.at_ms, end.waited_ms};
}

void PacemakerRequest::End(FenceOutcome::Result result) {
  outcome_.result = result;
  outcome_.duration_ms = now_ms_;
}

// Everybody is waited for: the answers of those that ask their devices, and silent ones until the query ends.
void PacemakerRequest::AwaitAnswers() {
  now_ms_ = std::max(now_ms_, request_.silent.empty() ? answered_ms_ : query_end_ms());
}

// Of nodes with a device that is verified, those whose answer comes first.
std::vector<const PacemakerRequest::Offer*> PacemakerRequest::Soonest(std::vector<const Offer*> offers) {
  const auto sooner = [](const Offer* a, const Offer* b) { return a->ready_ms < b->ready_ms; };
  const int64_t first_ms = (*std::min_element(offers.begin(), offers.end(), sooner))->ready_ms;
  std::erase_if(offers, [&](const Offer* offer) { return offer->ready_ms > first_ms; });
  now_ms_ = std::max(now_ms_, first_ms);
  return offers;
}

// Nobody is left who could be asked.
void PacemakerRequest::EndWithoutNode() {
  if (used_) {
    const bool late = last_ == FenceAttempt::End::kKilled || (!request_.silent.empty() && now_ms_ > query_end_ms());
    return End(late ? FenceOutcome::Result::kTimeout : FenceOutcome::Result::kError);
  }
  AwaitAnswers();
  End(request_.silent.empty() ? FenceOutcome::Result::kNoDevice : FenceOutcome::Result::kTimeout);
}

void PacemakerRequest::NoteEffects(const std::vector<std::string>& devices, size_t since) {
  if (!CutsPower() || outcome_.off_ms || devices.empty()) return;
  int64_t last_ms = 0;
  bool restarts = false;
  for (const std::string& device : devices) {
    const auto worked = std::find_if(outcome_.attempts.begin() + static_cast<std::ptrdiff_t>(since),
                                     outcome_.attempts.end(), [&](const FenceAttempt& attempt) {
                                       return attempt.device == device && attempt.took_effect && attempt.action != "on";
                                     });
    if (worked == outcome_.attempts.end()) return;
    last_ms = std::max(last_ms, worked->end_ms);
    restarts = worked->action == "reboot" && worked->agent_action != "off";
  }
  outcome_.off_ms = last_ms;
  if (restarts) outcome_.on_ms = last_ms;
}

}  // namespace picket::execution
