// What a part of a configuration is called for as long as it lives: by the author's words, not by ids that
// programs made.
//
// An object is what stands by itself in a section or is a resource: `primitive web`, `rsc_location
// web-on-n1`, `node n1`. The sections that hold nothing but options are objects too: `crm_config`. A part is
// an object's name and the way to it: `primitive web/instance_attributes/ip`, `primitive web/op
// monitor@10000`. Who owns what is kept by these names (ownership.h), and people are told changes by them.
#pragma once

#include <pugixml.hpp>
#include <string>

namespace picket::runtime {

// A resource, or a direct child of a section that is no block of options; or a section of options.
bool IsObject(pugi::xml_node element);
// A primitive, group, clone, bundle or template.
bool IsResource(pugi::xml_node element);
// instance_attributes, meta_attributes, utilization, cluster_property_set.
bool IsBlock(pugi::xml_node element);
// The object that the element is, or is part of.
pugi::xml_node ObjectOf(pugi::xml_node element);

std::string KeyOf(pugi::xml_node element);

// What nobody writes but the cluster itself and agents: options such as `dc-version`, whole sets of
// SAPHanaSR, and what Picket notes there. Neither declared nor missed.
bool IsClustersOwn(pugi::xml_node element);

// The set in `crm_config` in which Picket keeps notes.
inline constexpr const char* kMarkerId = "picket";

}  // namespace picket::runtime
