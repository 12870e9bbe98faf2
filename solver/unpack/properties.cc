// Properties that the finished meta table states (spec 01 §13.3-13.7).
#include <string>
#include <string_view>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/unpack/build.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

bool IsDefaultWord(std::string_view text) {
  return EqualFolded(text, "default");
}

// The word `default` is an old way to say nothing (M-10).
void WarnDefaultWord(const Run& run, std::string_view name) {
  std::string text = "Support for setting ";
  text.append(name).append(
      " to the explicit value 'default' is deprecated and will be removed in a future release "
      "(just leave it unset)");
  Say(run, LogLevel::kWarning, std::move(text));
}

// A score among the meta-attributes; invalid values count as `fallback`.
Score MetaScore(const Run& run, const Resource& resource, std::string_view name, Score fallback) {
  const std::string* text = resource.meta.Find(name);
  if (text == nullptr) return fallback;
  const auto score = ReadScore(run, *text);
  if (!score) {
    Say(run, LogLevel::kWarning,
        "Using default (" + fallback.ToString() + ") for resource " + resource.id + " " + std::string(name) +
            " because '" + *text + "' is not a valid value: Bad input value provided");
  }
  return score.value_or(fallback);
}

void ReadScores(const Run& run, Resource& resource) {
  resource.priority = MetaScore(run, resource, "priority", Score()).value();
  if (IsDefaultWord(resource.meta.Get("resource-stickiness"))) {
    WarnDefaultWord(run, "resource-stickiness");
  } else {
    resource.stickiness = MetaScore(run, resource, "resource-stickiness", Score());
  }
  if (IsDefaultWord(resource.meta.Get("migration-threshold"))) {
    WarnDefaultWord(run, "migration-threshold");
    return;
  }
  const bool negative_is_none = run.Behaves(Behaviour::kNegativeThresholdNever);
  const Score fallback = negative_is_none || !resource.meta.Has("migration-threshold") ? Score::Infinity() : Score();
  const Score threshold = MetaScore(run, resource, "migration-threshold", fallback);
  if (threshold < Score() && !negative_is_none) {
    resource.migration_threshold = 1;
  } else if (threshold < Score()) {
    Say(run, LogLevel::kWarning, "Ignoring negative migration-threshold of " + resource.id);
  } else {
    resource.migration_threshold = threshold.value();
  }
}

void ReadMultipleActive(const Run& run, Resource& resource) {
  const std::string* text = resource.meta.Find("multiple-active");
  if (text == nullptr || EqualFolded(*text, "stop_start")) return;
  if (EqualFolded(*text, "stop_only")) {
    resource.multiple_active = MultipleActive::kStopOnly;
  } else if (EqualFolded(*text, "block")) {
    resource.multiple_active = MultipleActive::kBlock;
  } else if (EqualFolded(*text, "stop_unexpected")) {
    resource.multiple_active = MultipleActive::kStopUnexpected;
  } else {
    Say(run, LogLevel::kWarning, *text + " is not a valid value for multiple-active, using default of \"stop_start\"");
  }
}

// Spec 01 §13.4.
void ReadManaged(const Run& run, Resource& resource) {
  resource.managed = !run.options.maintenance_mode;
  if (const std::string* text = resource.meta.Find("is-managed")) {
    if (IsDefaultWord(*text)) {
      WarnDefaultWord(run, "is-managed");
    } else {
      resource.managed = IsTrue(text);
    }
  }
  if (IsTrue(resource.meta.Find("maintenance")) || run.options.maintenance_mode) {
    resource.managed = false;
    resource.maintenance = true;
  }
}

// Spec 01 §13.7, first part.
void ReadCloneFlags(const Run& run, Resource& resource) {
  if (!run.at(Top(run, resource.self)).is_clone()) return;
  const std::string* unique = resource.meta.Find("globally-unique");
  resource.unique = unique != nullptr ? IsTrue(unique)
                                      : run.Behaves(Behaviour::kNodeMaxMakesUnique) &&
                                            ParseInteger(resource.meta.Get("clone-node-max")).value_or(1) > 1;
  resource.promotable = IsTrue(resource.meta.Find("promotable"));
}

enum class Requires { kNothing, kQuorum, kFencing, kUnfencing };

std::optional<Requires> ParseRequires(std::string_view text) {
  if (EqualFolded(text, "nothing")) return Requires::kNothing;
  if (EqualFolded(text, "quorum")) return Requires::kQuorum;
  if (EqualFolded(text, "fencing")) return Requires::kFencing;
  if (EqualFolded(text, "unfencing")) return Requires::kUnfencing;
  return std::nullopt;
}

Requires DefaultRequires(const Run& run, const Resource& resource) {
  if (resource.fence_device || (resource.is_primitive() && resource.connection)) return Requires::kQuorum;
  if (run.options.unfencing) return Requires::kUnfencing;
  if (run.options.fencing_enabled) return Requires::kFencing;
  return run.options.no_quorum_policy == QuorumPolicy::kIgnore ? Requires::kNothing : Requires::kQuorum;
}

// Spec 01 §13.5.
void ReadRequires(const Run& run, Resource& resource) {
  const std::string* text = resource.meta.Find("requires");
  const auto given = text != nullptr ? ParseRequires(*text) : std::nullopt;
  Requires needs = given.value_or(DefaultRequires(run, resource));
  if (text != nullptr && !given) {
    Say(run, LogLevel::kError, "Resetting 'requires' for " + resource.id + " because '" + *text + "' is not valid");
  }
  if (needs == Requires::kUnfencing && (resource.fence_device || !run.options.fencing_enabled)) {
    Say(run, LogLevel::kWarning,
        "Resetting \"requires\" for " + resource.id + " to \"quorum\" because fencing " +
            (resource.fence_device ? "devices cannot require unfencing" : "is disabled"));
    needs = Requires::kQuorum;
  }
  if (needs == Requires::kFencing && !run.options.fencing_enabled) {
    Say(run, LogLevel::kWarning, resource.id + " requires fencing but fencing is disabled");
  }
  resource.needs_quorum = needs == Requires::kQuorum;
  resource.needs_fencing = needs == Requires::kFencing || needs == Requires::kUnfencing;
  resource.needs_unfencing = needs == Requires::kUnfencing;
}

// Spec 01 §13.6.
void ReadTargetRole(const Run& run, Resource& resource) {
  const std::string* text = resource.meta.Find("target-role");
  if (text == nullptr) return;
  if (IsDefaultWord(*text)) {
    WarnDefaultWord(run, "target-role");
    return;
  }
  const auto role = ParseRole(*text);
  const bool promotable = run.at(Top(run, resource.self)).promotable;
  if (!role) {
    Say(run, LogLevel::kError, "Ignoring 'target-role' for " + resource.id + " because '" + *text + "' is not valid");
  } else if (*role == Role::kStopped) {
    resource.next_role = Role::kStopped;
    resource.disabled = true;
  } else if (*role > Role::kStarted && !promotable) {
    Say(run, LogLevel::kError,
        "Ignoring 'target-role' for " + resource.id + " because '" + *text +
            "' only makes sense for promotable clones");
  } else if (*role == Role::kUnpromoted) {
    resource.next_role = Role::kUnpromoted;
    resource.disabled = true;
  }
}

void ReadConnection(Run& run, ResourceId id) {
  Resource& resource = run.at(id);
  resource.connection = resource.is_primitive() && EqualFolded(resource.cls, "ocf") &&
                        EqualFolded(resource.provider, "pacemaker") && EqualFolded(resource.type, "remote");
  resource.guest_connection = resource.connection && resource.meta.Has("container");
  resource.migratable = IsTrue(resource.meta.Find("allow-migrate"));
  if (!resource.connection || resource.guest_connection) return;
  if (!resource.meta.Has("allow-migrate")) resource.migratable = true;
  const Table params = EvaluateParams(run, id, {});
  if (const std::string* interval = params.Find("reconnect_interval")) {
    run.at(id).reconnect_interval_ms = DurationOrZero(*interval);
    run.at(id).failure_timeout_ms = run.at(id).reconnect_interval_ms;
  }
}

}  // namespace

void ReadProperties(Run& run, ResourceId id) {
  Resource& resource = run.at(id);
  ReadScores(run, resource);
  const std::string* critical = resource.meta.Find("critical");
  resource.critical = critical == nullptr || IsTrue(critical);
  resource.notify = IsTrue(resource.meta.Find("notify"));
  resource.internal = IsTrue(resource.meta.Find("internal_rsc"));
  if (const std::string* timeout = resource.meta.Find("failure-timeout")) {
    resource.failure_timeout_ms = DurationOrZero(*timeout);
  }
  ReadMultipleActive(run, resource);
  resource.fence_device = EqualFolded(resource.cls, "stonith");
  run.fence_device_exists = run.fence_device_exists || resource.fence_device;
  ReadManaged(run, resource);
  ReadCloneFlags(run, resource);
  ReadConnection(run, id);
  ReadRequires(run, run.at(id));
  ReadTargetRole(run, run.at(id));
}

}  // namespace picket::solver
