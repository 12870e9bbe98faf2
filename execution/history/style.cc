#include "execution/history/style.h"

namespace picket::execution {
namespace {

constexpr std::string_view kFeatureSet = "3.20.5";

}  // namespace

const Style kCrmSimulate = {
    .debug_origin = "crm_simulate",
    .feature_set = kFeatureSet,
    .transition_uuid = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    .transition = -1,
    .calls = Style::Calls::kPerResource,
    .attributes_prefix = "",
    .finds_attributes_by_id = true,
    .keeps_unknown_fields = true,
    .records_everything = true,
    .fails_by_rc_alone = true,
};

const Style kLive = {
    .feature_set = kFeatureSet,
    .transition_uuid = "00000000-0000-0000-0000-000000000000",
};

const Style kPicketd = {
    .transition_uuid = "00000000-0000-0000-0000-000000000000",
    // The next daemon and `picket status` need both: what the resource was last, and what is being done to it.
    .pending = Style::Pending::kBeside,
    // picketd's executor forgets the recurring operations of a resource that it stops, and a history without them is
    // what makes the solver order them again.
    .stop_forgets_monitors = true,
    // A monitor that goes on failing is reported once. If the failure is cleared while nothing can be done about the
    // resource (its stop failed too), the last good result must not come to light again.
    .failed_monitor_replaces_good = true,
};

}  // namespace picket::execution
