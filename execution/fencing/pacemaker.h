// A request as Pacemaker's fencers carry it out.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "execution/fencing/agent_facts.h"
#include "execution/fencing/agent_run.h"
#include "execution/fencing/request.h"

namespace picket::execution {

class PacemakerRequest {
 public:
  PacemakerRequest(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world, Choices& choices);

  FenceOutcome Play();

 private:
  enum class Phase : uint8_t { kAsked, kOff, kOn };

  // A device as a node offers it.
  struct Offered {
    const FenceDevice* device = nullptr;
    const DeviceOnNode* there = nullptr;
    std::string name;  // under which it is registered there
    bool verified = false;
    bool answers_late = false;   // it is asked anew for each search
    int64_t asked_again_ms = 0;  // how long that takes
  };
  struct Offer {
    std::string node;
    std::vector<Offered> devices;
    int64_t ready_ms = 0;  // when the node has asked the devices that have to be asked

    bool verified() const;
    const Offered* Find(const std::string& name) const;
  };

  // --- asking
  void ForwardIfTarget();
  void CollectOffers();
  void AddOffered(const FenceDevice& device, const std::string& node, Offer& offer);
  const TopologyEntry* ChooseEntry();
  // Of offers that are equally good; those in front are the usual ones.
  const Offer* ChooseOffer(const std::vector<const Offer*>& equal);
  std::vector<const Offer*> Largest(std::vector<const Offer*> offers) const;
  std::vector<const Offer*> Soonest(std::vector<const Offer*> offers);
  bool IsTarget(const Offer& offer) const;
  void AwaitAnswers();
  int64_t query_end_ms() const { return TwelveTenths(timeout_ms_); }

  // --- using
  struct Answer {
    FenceAttempt::End end = FenceAttempt::End::kFailed;
    int64_t at_ms = 0;
    int64_t waited_ms = 0;
  };
  int64_t TimeFor(const Offered& offered, const std::string& action) const;
  Answer Use(const Offered& offered, const std::string& node, const std::string& action, int64_t carried_ms);
  void End(FenceOutcome::Result result);
  void EndWithoutNode();
  static int64_t TwelveTenths(int64_t ms);  // rounded down to seconds
  bool CutsPower() const { return request_.action != "on"; }
  bool WatchdogFences() const { return CutsPower() && fencing_.watchdog_ms > 0; }
  // Whether all of them took effect since an attempt: then the target lost its power with the last of them.
  void NoteEffects(const std::vector<std::string>& devices, size_t since);

  // --- without levels
  void PlayPool();
  const Offer* ChoosePoolNode(const std::set<std::string>& tried, bool first);
  bool PlayPoolNode(const Offer& offer);
  size_t ChooseDevice(const std::vector<const Offered*>& devices, const std::string& node);
  int64_t PoolTime(const Offer& offer) const;
  bool PassesLimits(const Answer& answer, int64_t asked_ms);
  bool IsRequired(const Offered& offered) const;

  // --- with levels
  void PlayLevels(const TopologyEntry& entry);
  enum class LevelEnd : uint8_t { kSuccess, kFailed, kOver };
  LevelEnd PlayLevel(const TopologyLevel& level);
  LevelEnd PlayDevices(const std::vector<std::string>& devices, Phase phase);
  LevelEnd PlayDevice(const std::string& name, Phase phase);
  void UseBeside(const std::string& name, Phase phase, int64_t at_ms);
  LevelEnd GiveUp(Phase phase);
  const Offer* ChooseLevelNode(const std::string& name, Phase phase);
  std::vector<std::string> SwitchedOn(const TopologyLevel& level) const;
  int64_t LevelsTime(const TopologyEntry& entry, const std::string& action) const;
  const std::string& ActionOf(Phase phase) const;

  const Fencing& fencing_;
  FenceRequest request_;
  const FenceWorld& world_;
  Choices& choices_;
  FenceOutcome outcome_;
  int64_t timeout_ms_ = 0;
  bool self_ = false;
  std::vector<Offer> offers_;
  int64_t answered_ms_ = 0;  // when all that answer have answered
  int64_t now_ms_ = 0;
  int64_t limit_ms_ = 0;  // of the whole operation
  int64_t carried_ms_ = 0;
  bool first_choice_ = true;
  FenceAttempt::End last_ = FenceAttempt::End::kFailed;
  bool used_ = false;  // some device was used
  std::string last_device_;
  std::set<std::tuple<std::string, std::string, Phase>> uses_;  // node, device, phase
};

}  // namespace picket::execution
