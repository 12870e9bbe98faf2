// What the messages of a group look like as JSON: the lists of their fields, and the names of their kinds.
//
// The names are the format: one that changes here is a change of kWireHigh (wire.h). A field that is added to a
// message and not here does not compile.
#pragma once

#include <array>
#include <string_view>
#include <tuple>

#include "runtime/group/fields.h"
#include "runtime/group/message.h"
#include "runtime/group/operation_json.h"

namespace picket::runtime {

template <>
inline constexpr auto kFields<ReplaceConfiguration> = std::tuple(Field{"cib", &ReplaceConfiguration::cib},
                                                                 Field{"source", &ReplaceConfiguration::source});
static_assert(kAllFields<ReplaceConfiguration>);

template <>
inline constexpr auto kFields<SetPermanent> = std::tuple(Field{"node", &SetPermanent::node},
                                                         Field{"name", &SetPermanent::name},
                                                         Field{"value", &SetPermanent::value});
static_assert(kAllFields<SetPermanent>);

template <>
inline constexpr auto kFields<SetProperty> = std::tuple(Field{"name", &SetProperty::name},
                                                        Field{"value", &SetProperty::value});
static_assert(kAllFields<SetProperty>);

template <>
inline constexpr auto kFields<RecordMembers> = std::tuple(Field{"nodes", &RecordMembers::nodes});
static_assert(kAllFields<RecordMembers>);

template <>
inline constexpr auto kAlternatives<Command> = std::to_array<std::string_view>({"configuration", "permanent",
                                                                                "property", "members"});
static_assert(kAlternatives<Command>.size() == std::variant_size_v<Command>);

template <>
inline constexpr auto kFields<Order> = std::tuple(Field{"number", &Order::number}, Field{"term", &Order::term},
                                                  Field{"node", &Order::node}, Field{"operation", &Order::operation});
static_assert(kAllFields<Order>);

template <>
inline constexpr auto kFields<Begin> = std::tuple(Field{"order", &Begin::order}, Field{"node", &Begin::node},
                                                  Field{"when_s", &Begin::when_s},
                                                  Field{"operation", &Begin::operation});
static_assert(kAllFields<Begin>);

template <>
inline constexpr auto kFields<Result> = std::tuple(Field{"order", &Result::order}, Field{"node", &Result::node},
                                                   Field{"operation", &Result::operation},
                                                   Field{"outcome", &Result::outcome}, Field{"call", &Result::call},
                                                   Field{"when_s", &Result::when_s}, Field{"exec_ms", &Result::exec_ms},
                                                   Field{"first", &Result::first},
                                                   Field{"force_restart", &Result::force_restart},
                                                   Field{"restart_digest", &Result::restart_digest});
static_assert(kAllFields<Result>);

template <>
inline constexpr auto kFields<AttributeSet> = std::tuple(Field{"node", &AttributeSet::node},
                                                         Field{"name", &AttributeSet::name},
                                                         Field{"value", &AttributeSet::value});
static_assert(kAllFields<AttributeSet>);

template <>
inline constexpr auto kFields<FailuresCleared> = std::tuple(Field{"node", &FailuresCleared::node},
                                                            Field{"resource", &FailuresCleared::resource},
                                                            Field{"planned", &FailuresCleared::planned});
static_assert(kAllFields<FailuresCleared>);

template <>
inline constexpr auto kFields<ResourceForgotten> = std::tuple(Field{"node", &ResourceForgotten::node},
                                                              Field{"resource", &ResourceForgotten::resource},
                                                              Field{"planned", &ResourceForgotten::planned});
static_assert(kAllFields<ResourceForgotten>);

template <>
inline constexpr auto kFields<FenceOrder> =
    std::tuple(Field{"number", &FenceOrder::number}, Field{"term", &FenceOrder::term}, Field{"node", &FenceOrder::node},
               Field{"target", &FenceOrder::target}, Field{"incarnation", &FenceOrder::incarnation},
               Field{"boot_id", &FenceOrder::boot_id}, Field{"action", &FenceOrder::action},
               Field{"delay_ms", &FenceOrder::delay_ms}, Field{"timeout_ms", &FenceOrder::timeout_ms},
               Field{"digests_all", &FenceOrder::digests_all}, Field{"digests_secure", &FenceOrder::digests_secure},
               Field{"because", &FenceOrder::because});
static_assert(kAllFields<FenceOrder>);

template <>
inline constexpr auto kFields<FenceDone> =
    std::tuple(Field{"order", &FenceDone::order}, Field{"node", &FenceDone::node}, Field{"target", &FenceDone::target},
               Field{"incarnation", &FenceDone::incarnation}, Field{"boot_id", &FenceDone::boot_id},
               Field{"action", &FenceDone::action}, Field{"success", &FenceDone::success},
               Field{"device", &FenceDone::device}, Field{"reason", &FenceDone::reason},
               Field{"when_s", &FenceDone::when_s}, Field{"digests_all", &FenceDone::digests_all},
               Field{"digests_secure", &FenceDone::digests_secure}, Field{"because", &FenceDone::because});
static_assert(kAllFields<FenceDone>);

template <>
inline constexpr auto kFields<OverduePeer> = std::tuple(Field{"node", &OverduePeer::node},
                                                        Field{"process", &OverduePeer::process});
static_assert(kAllFields<OverduePeer>);

template <>
inline constexpr auto kFields<StopFencing> = std::tuple(Field{"resource", &StopFencing::resource},
                                                        Field{"node", &StopFencing::node},
                                                        Field{"when_s", &StopFencing::when_s});
static_assert(kAllFields<StopFencing>);

template <>
inline constexpr auto kFields<Hello> = std::tuple(
    Field{"view", &Hello::view}, Field{"node", &Hello::node}, Field{"id", &Hello::id},
    Field{"incarnation", &Hello::incarnation}, Field{"boot_id", &Hello::boot_id}, Field{"wire_low", &Hello::wire_low},
    Field{"wire_high", &Hello::wire_high}, Field{"seen_term", &Hello::seen_term}, Field{"hard_term", &Hello::hard_term},
    Field{"hard_index", &Hello::hard_index}, Field{"hard_digest", &Hello::hard_digest},
    Field{"forgetful", &Hello::forgetful}, Field{"started", &Hello::started}, Field{"had_quorum", &Hello::had_quorum},
    Field{"coordinator", &Hello::coordinator}, Field{"in_flight", &Hello::in_flight}, Field{"fencing", &Hello::fencing},
    Field{"soft", &Hello::soft}, Field{"watchdog_ms", &Hello::watchdog_ms}, Field{"wall_ms", &Hello::wall_ms},
    Field{"overdue", &Hello::overdue}, Field{"stop_fencings", &Hello::stop_fencings});
static_assert(kAllFields<Hello>);

template <>
inline constexpr auto kAllowed<Standing> =
    std::array{Standing::kUnseen, Standing::kMember, Standing::kLost, Standing::kLeft, Standing::kFenced};

template <>
inline constexpr auto kFields<AbsentNode> = std::tuple(Field{"node", &AbsentNode::node},
                                                       Field{"standing", &AbsentNode::standing},
                                                       Field{"incarnation", &AbsentNode::incarnation},
                                                       Field{"boot_id", &AbsentNode::boot_id},
                                                       Field{"daemon_only", &AbsentNode::daemon_only},
                                                       Field{"soft", &AbsentNode::soft});
static_assert(kAllFields<AbsentNode>);

template <>
inline constexpr auto kFields<Transfer> = std::tuple(Field{"view", &Transfer::view}, Field{"term", &Transfer::term},
                                                     Field{"hard", &Transfer::hard}, Field{"absent", &Transfer::absent},
                                                     Field{"started", &Transfer::started},
                                                     Field{"group_wall_ms", &Transfer::group_wall_ms});
static_assert(kAllFields<Transfer>);

template <>
inline constexpr auto kFields<CommandId> = std::tuple(Field{"incarnation", &CommandId::incarnation},
                                                      Field{"counter", &CommandId::counter});
static_assert(kAllFields<CommandId>);

template <>
inline constexpr auto kFields<Proposed> = std::tuple(Field{"id", &Proposed::id}, Field{"only_at", &Proposed::only_at},
                                                     Field{"command", &Proposed::command});
static_assert(kAllFields<Proposed>);

template <>
inline constexpr auto kFields<Stored> = std::tuple(Field{"node", &Stored::node}, Field{"hard_term", &Stored::hard_term},
                                                   Field{"hard_index", &Stored::hard_index},
                                                   Field{"refused", &Stored::refused});
static_assert(kAllFields<Stored>);

template <>
inline constexpr auto kFields<Promised> = std::tuple(Field{"node", &Promised::node});
static_assert(kAllFields<Promised>);

template <>
inline constexpr auto kFields<MayLeave> = std::tuple(Field{"node", &MayLeave::node});
static_assert(kAllFields<MayLeave>);

template <>
inline constexpr auto kFields<Goodbye> = std::tuple(Field{"node", &Goodbye::node});
static_assert(kAllFields<Goodbye>);

template <>
inline constexpr auto kFields<DaemonGone> = std::tuple(Field{"node", &DaemonGone::node});
static_assert(kAllFields<DaemonGone>);

template <>
inline constexpr auto kFields<Progress> = std::tuple(Field{"settled", &Progress::settled},
                                                     Field{"transition", &Progress::transition},
                                                     Field{"messages", &Progress::messages});
static_assert(kAllFields<Progress>);

template <>
inline constexpr auto kFields<ClockSet> = std::tuple(Field{"by_ms", &ClockSet::by_ms});
static_assert(kAllFields<ClockSet>);

template <>
inline constexpr auto kFields<Echo> = std::tuple(Field{"node", &Echo::node}, Field{"nonce", &Echo::nonce});
static_assert(kAllFields<Echo>);

template <>
inline constexpr auto kFields<Pulse> = std::tuple(Field{"node", &Pulse::node}, Field{"waits", &Pulse::waits});
static_assert(kAllFields<Pulse>);

template <>
inline constexpr auto kAllowed<Lateness> =
    std::array{Lateness::kSilent, Lateness::kHello, Lateness::kTransfer, Lateness::kWork};

template <>
inline constexpr auto kFields<Overdue> = std::tuple(Field{"view", &Overdue::view}, Field{"peer", &Overdue::peer},
                                                    Field{"lateness", &Overdue::lateness});
static_assert(kAllFields<Overdue>);

template <>
inline constexpr auto kAlternatives<Message> = std::to_array<std::string_view>(
    {"order",       "begin",      "result",  "attribute-set", "failures-cleared", "resource-forgotten",
     "fence-order", "fence-done", "hello",   "transfer",      "proposed",         "stored",
     "promised",    "may-leave",  "goodbye", "daemon-gone",   "progress",         "clock-set",
     "echo",        "pulse",      "overdue"});
static_assert(kAlternatives<Message>.size() == std::variant_size_v<Message>);

template <>
inline constexpr auto kFields<Envelope> = std::tuple(Field{"term", &Envelope::term},
                                                     Field{"message", &Envelope::message});
static_assert(kAllFields<Envelope>);

}  // namespace picket::runtime
