// Operations as JSON, for what is kept between two daemons and for what members tell one another.
#pragma once

#include <array>
#include <tuple>

#include "runtime/group/fields.h"
#include "runtime/group/operation.h"

namespace picket::runtime {

template <>
inline constexpr auto kFields<Operation> = std::tuple(
    Field{"resource", &Operation::resource}, Field{"class", &Operation::cls}, Field{"provider", &Operation::provider},
    Field{"type", &Operation::type}, Field{"name", &Operation::name}, Field{"cancels", &Operation::cancels},
    Field{"interval_ms", &Operation::interval_ms}, Field{"timeout_ms", &Operation::timeout_ms},
    Field{"start_delay_ms", &Operation::start_delay_ms}, Field{"target_rc", &Operation::target_rc},
    Field{"failure_is_fatal", &Operation::failure_is_fatal}, Field{"parameters", &Operation::parameters},
    Field{"digest", &Operation::digest}, Field{"migrate_source", &Operation::migrate_source},
    Field{"migrate_target", &Operation::migrate_target});
static_assert(kAllFields<Operation>);

template <>
inline constexpr auto kAllowed<OperationStatus> =
    std::array{OperationStatus::kPending,  OperationStatus::kDone,  OperationStatus::kCancelled,
               OperationStatus::kTimedOut, OperationStatus::kError, OperationStatus::kNotInstalled};

template <>
inline constexpr auto kFields<Outcome> = std::tuple(Field{"status", &Outcome::status}, Field{"rc", &Outcome::rc},
                                                    Field{"reason", &Outcome::reason});
static_assert(kAllFields<Outcome>);

}  // namespace picket::runtime
