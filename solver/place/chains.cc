#include "solver/place/chains.h"

#include <algorithm>
#include <vector>

#include "solver/place/below.h"
#include "solver/place/colocation.h"
#include "solver/place/merge.h"
#include "solver/place/place.h"

namespace picket::solver::place {
namespace {

class Chains {
 public:
  explicit Chains(Run& run) : run_(run), lists_(run.resources.size()), read_(run.resources.size()) {
    // Where nothing is kept, nothing is understood (below.h); placing begins with the same.
    if (run.below.empty()) run.below.assign(run.resources.size(), ::picket::solver::Below());
    kept_.resize(run.resources.size(), Kept::kUnknown);
    on_path_.resize(run.resources.size());
  }

  std::optional<ColocationId> Count() {
    for (size_t i = 0; i < run_.resources.size(); ++i) {
      const Resource& resource = run_.resources[i];
      // A group asks for its members; instances ask for what concerns their clone.
      if (resource.is_group() || !resource.children.empty()) continue;
      Below(resource.self);
      if (limit_) return limit_;
    }
    return std::nullopt;
  }

 private:
  enum class Kept : uint8_t { kUnknown, kNo, kYes };

  const std::vector<ColocationId>& WithThisOnce(ResourceId id) {
    if (!read_[id.index()]) {
      read_[id.index()] = true;
      for (const ColocationId one : WithThis(run_, id)) {
        if (HasInfluence(run_, run_.at(one), run_.at(one).primary)) lists_[id.index()].push_back(one);
      }
    }
    return lists_[id.index()];
  }

  // Whether what is below is put together once, so that nothing of it is walked.
  bool IsKept(ResourceId id) {
    Kept& kept = kept_[id.index()];
    if (kept != Kept::kUnknown) return kept == Kept::kYes;
    kept = Kept::kNo;  // what a loop meets
    if (!UnderstandsBelow(run_) || !IsSimple(run_, id)) return false;
    for (const ColocationId one : WithThisOnce(id)) {
      const Colocation& colocation = run_.at(one);
      if (!IsSimple(run_, colocation) || !IsKept(Speaker(run_, colocation.dependent))) return false;
    }
    kept_[id.index()] = Kept::kYes;
    return true;
  }

  // The steps below a resource that is not kept itself.
  void Below(ResourceId id) {
    for (const ColocationId one : WithThisOnce(id)) {
      if (limit_) return;
      const ResourceId next = Speaker(run_, run_.at(one).dependent);
      if (on_path_[next.index()]) continue;
      if (++steps_ >= kMergeLimit) {
        limit_ = one;
        return;
      }
      if (IsKept(next)) continue;
      on_path_[next.index()] = true;
      Below(next);
      on_path_[next.index()] = false;
    }
  }

  Run& run_;
  std::vector<std::vector<ColocationId>> lists_;
  std::vector<char> read_;
  std::vector<Kept> kept_;
  std::vector<char> on_path_;
  int64_t steps_ = 0;
  std::optional<ColocationId> limit_;
};

}  // namespace

std::optional<ColocationId> WhereChainsExceedTheLimit(Run& run) {
  return Chains(run).Count();
}

}  // namespace picket::solver::place
