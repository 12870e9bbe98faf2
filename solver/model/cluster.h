// Cluster: what the configuration says, read once, never changed, shared by threads.
//
// It is the configuration as plain data: templates applied, id-refs resolved, legacy spellings normalised,
// but nothing evaluated that depends on time, node attributes or history (a Run does that). Sections are in
// document order. Reading: solver/cib/read_cluster.h. Spec 01 §2, §4-§7, §12-§18.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "solver/model/behaviour.h"
#include "solver/model/rule_def.h"
#include "solver/model/table.h"

namespace picket::solver {

struct NodeDef {
  std::string id;
  std::string uname;
  std::string type;  // as written; empty if absent
  std::optional<std::string> score;
  NvBlocks attributes;  // instance_attributes
  NvBlocks utilization;
};

struct OperationDef {
  std::string id;
  std::string name;
  uint32_t interval_ms = 0;  // parsed `interval` (spec 01 §3.4); absent or invalid is 0
  bool enabled = true;       // the XML attribute `enabled` (spec 05 §4.1)
  Attributes attributes;     // all XML attributes of the <op>, in document order
  NvBlocks meta;
  NvBlocks params;
};

enum class Variant : uint8_t { kPrimitive, kGroup, kClone, kBundle };  // the order is the variant rank (spec 03 §1.1)

struct PortMapping {
  std::string source;
  std::string target;
};
struct StorageMapping {
  std::string source;
  bool per_replica = false;
  std::string target;
  std::string options;
};

// The container, network and storage children of a <bundle> (spec 01 §18.1).
struct BundleDef {
  std::string agent;                  // `docker` or `podman`; empty: the bundle is invalid
  Attributes container;               // image, replicas, replicas-per-host, promoted-max, run-command, options, network
  std::optional<Attributes> network;  // ip-range-start, host-netmask, host-interface, control-port, add-host
  std::vector<PortMapping> ports;
  std::vector<StorageMapping> storage;
};

// A resource element with its template merged in (spec 01 §15). For a clone `children` has its first
// primitive or group; for a group its primitives; for a bundle its first primitive, if any.
struct ResourceDef {
  Variant variant = Variant::kPrimitive;
  std::string element;    // `primitive`, `group`, `clone`, `bundle`
  Attributes attributes;  // XML attributes of the definition (template's, with the resource's id)
  std::string id;
  std::string cls;  // `class`
  std::string provider;
  std::string type;
  std::string template_id;  // empty if none
  NvBlocks params;          // instance_attributes
  NvBlocks meta;
  NvBlocks utilization;
  std::vector<OperationDef> operations;
  bool operations_by_reference = false;  // the `operations` element was an id-ref (spec 02 §16.2)
  std::vector<ResourceDef> children;
  std::optional<BundleDef> bundle;
  bool broken = false;  // unknown or self-referencing template: the resource is dropped
  // Raw meta nvpairs as spec 01 §17.2 reads them for guest nodes: last one wins, no rules, no templates.
  Table guest_meta;
};

struct ResourceSetDef {
  std::string id;
  Attributes attributes;          // sequential, require-all, ordering, action, role, score, kind
  std::vector<std::string> refs;  // resource_ref ids in order
};

struct LocationDef {
  std::string id;
  Attributes attributes;  // rsc, rsc-pattern, node, score, role, resource-discovery, …
  std::vector<ResourceSetDef> sets;
  std::optional<RuleDef> rule;      // the first one
  std::optional<RuleDef> lifetime;  // releases before 3.0 know one (spec 07 A-14)
};
struct ColocationDef {
  std::string id;
  Attributes attributes;
  std::vector<ResourceSetDef> sets;
  std::optional<RuleDef> lifetime;  // releases before 3.0 know one (spec 07 A-14)
};
struct OrderDef {
  std::string id;
  Attributes attributes;
  std::vector<ResourceSetDef> sets;
  std::optional<RuleDef> lifetime;  // releases before 3.0 know one (spec 07 A-14)
};
struct TicketDef {
  std::string id;
  Attributes attributes;
  std::vector<ResourceSetDef> sets;
  std::optional<RuleDef> lifetime;  // releases before 3.0 know one (spec 07 A-14)
};
using ConstraintDef = std::variant<LocationDef, ColocationDef, OrderDef, TicketDef>;

// One fencing-level. Levels never influence decisions (spec 01 §12.3); who carries fencing out reads them.
struct FencingLevelDef {
  std::string id;
  int32_t index = 0;
  Attributes attributes;             // target, target-pattern, target-attribute, target-value, …
  std::vector<std::string> devices;  // resource ids, in order
};

struct TagDef {
  std::string id;
  std::vector<std::string> refs;
};
// Template id -> nothing but its existence; the resources built from it are listed in a Run.
struct TemplateDef {
  std::string id;
};

struct Cluster {
  Target target;        // the release that decides
  NvBlocks properties;  // cluster_property_set blocks, `cib-bootstrap-options` first
  NvBlocks rsc_defaults;
  NvBlocks param_defaults;  // instance attributes of rsc_defaults, which old releases used (spec 07 F-10)
  NvBlocks op_defaults;
  std::vector<NodeDef> nodes;
  std::vector<ResourceDef> resources;  // top level, document order; templates not among them
  std::vector<TemplateDef> templates;
  std::vector<ConstraintDef> constraints;
  std::vector<TagDef> tags;
  std::vector<FencingLevelDef> fencing_levels;  // valid ones, document order
  bool unfencing_mentioned = false;             // the unfencing switch (spec 01 §6.4)
  std::string feature_set;                      // crm_feature_set of the root
  std::vector<std::string> errors;              // what the reader ignored and why: log messages, in document order

  bool Behaves(Behaviour behaviour) const { return target.Behaves(behaviour); }
};

}  // namespace picket::solver
