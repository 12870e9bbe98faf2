#include "runtime/deploy/push.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "runtime/deploy/align.h"
#include "runtime/deploy/ownership.h"

namespace picket::runtime {
namespace {

using End = PushResult::End;
using pugi::xml_document;

// Pacemaker's answers that mean something of their own.
constexpr int kOk = 0;
constexpr int kOld = 103;           // the version is not the one that was named
constexpr int kNotConnected = 102;  // no daemon there
constexpr int kTimedOut = 124;
constexpr int kBlindMax = 3;

std::string RunOf(const xml_document& cib) {
  const Ownership notes = ReadOwnership(cib.document_element().child("configuration"));
  const auto run = notes.notes.find("run");
  return run == notes.notes.end() ? "" : run->second;
}

class Pushing {
 public:
  Pushing(CibPort& port, const TargetMaker& make, const PushOptions& options)
      : port_(port), make_(make), options_(options) {}

  PushResult Run() {
    while (result_.tries < options_.tries_max) {
      ++result_.tries;
      if (const auto end = Try()) {
        result_.end = *end;
        return result_;
      }
    }
    return Ended(End::kRefused, "somebody else changed the configuration during each of " +
                                    std::to_string(result_.tries) + " attempts");
  }

 private:
  PushResult Ended(End end, std::string reason) {
    result_.reason = std::move(reason);
    result_.end = end;
    return result_;
  }
  std::optional<End> Give(End end, std::string reason) {
    result_.reason = std::move(reason);
    return end;
  }

  bool Read(xml_document& cib) {
    std::string reason;
    const auto text = port_.Query(reason);
    if (text && cib.load_buffer(text->data(), text->size()) && cib.child("cib").child("configuration")) return true;
    result_.reason = text ? "the answer is not a CIB" : reason;
    return false;
  }

  // One try; nothing if there has to be another.
  std::optional<End> Try() {
    xml_document live, target;
    if (!Read(live)) return End::kRefused;
    if (!options_.allow_no_quorum) {
      const auto root = live.document_element();
      if (std::string_view(root.attribute("have-quorum").value()) != "1")
        return Give(End::kRefused,
                    "this part of the cluster has no quorum: its changes may be lost when the other nodes come back");
      if (std::string_view(root.attribute("dc-uuid").value()).empty())
        return Give(End::kRefused, "the cluster has no coordinator yet");
    }
    std::string reason;
    if (!make_(live, target, reason)) return Give(End::kMoved, reason);
    const std::vector<Edit> edits = EditsBetween(live, target);
    result_.base = result_.applied = VersionOf(live);
    if (edits.empty()) return End::kNothing;
    if (!asked_ && !Ask()) return std::nullopt;
    const CibPort::Answer answer = port_.Patch(PatchText(edits, result_.base, result_.guard));
    if (answer.status == kOk) return ReadBack(target);
    if (answer.status == kOld) return Missed();
    if (answer.status < 0 || answer.status == kNotConnected || answer.status == kTimedOut)
      return AfterSilence(target, answer);
    // Without a version it fails where what it changes is gone: somebody was faster.
    if (result_.guard == Guard::kNone && ++faster_ < kBlindMax) return std::nullopt;
    return Give(End::kRefused, answer.complaint);
  }

  // What the node takes for a guard. False if it has to be asked again.
  bool Ask() {
    const CibPort::Answer answer = port_.Patch(PatchText({}, result_.base, Guard::kConfiguration));
    if (answer.status == kOld) return false;
    if (answer.status < 0 || answer.status == kNotConnected) {
      port_.Pause(1000);
      return false;
    }
    result_.guard = answer.status == kOk ? Guard::kConfiguration : Guard::kExact;
    asked_ = true;
    return true;
  }

  std::optional<End> Missed() {
    if (result_.guard == Guard::kExact && ++misses_ >= options_.exact_misses_max) result_.guard = Guard::kNone;
    port_.Pause(10 + 7 * result_.tries);
    return std::nullopt;
  }

  // Whether what is live now is the target, by its own words.
  std::optional<End> ReadBack(const xml_document& target) {
    xml_document after;
    if (!Read(after))
      return Give(End::kUnknown, "the change was accepted, but the CIB cannot be read back: " + result_.reason);
    result_.applied = VersionOf(after);
    if (MeanTheSame(after, target)) return End::kApplied;
    if (RunOf(after) == RunOf(target) && !RunOf(target).empty()) {
      result_.moved_since = true;
      return End::kApplied;
    }
    if (result_.applied.SameConfiguration(result_.base)) {
      if (++blind_ < kBlindMax) return std::nullopt;
      return Give(End::kRefused, "the cluster accepts the change but does not make it");
    }
    // Somebody applied something right after, or over it: the next try looks at what is there.
    result_.moved_since = true;
    return ++blind_ < kBlindMax ? std::nullopt
                                : Give(End::kUnknown, "the change was made, but somebody else has overwritten it");
  }

  std::optional<End> AfterSilence(const xml_document& target, const CibPort::Answer& answer) {
    port_.Pause(1000);
    xml_document after;
    if (!Read(after)) return Give(End::kUnknown, answer.complaint + "; and then: " + result_.reason);
    result_.applied = VersionOf(after);
    if (RunOf(after) == RunOf(target) && !RunOf(target).empty()) return End::kApplied;
    return ++silences_ < kBlindMax ? std::nullopt : Give(End::kRefused, answer.complaint);
  }

  CibPort& port_;
  const TargetMaker& make_;
  const PushOptions& options_;
  PushResult result_;
  bool asked_ = false;
  int misses_ = 0, blind_ = 0, silences_ = 0, faster_ = 0;
};

}  // namespace

PushResult Push(CibPort& port, const TargetMaker& make, const PushOptions& options) {
  return Pushing(port, make, options).Run();
}

}  // namespace picket::runtime
