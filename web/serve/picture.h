// The picture that the live page shows: a CIB told in the words of people who run a cluster.
//
// What runs where comes first; then what failed and since when, and what people and tools left behind. Names
// are told as they are, free texts (reasons of agents) without the cluster's secrets, parameters not at all.
// Moments are seconds since 1970: the page counts ages itself.
//
// Pure. Needs a thread with a large stack (solver/schedule.h).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::web {

using Json = nlohmann::ordered_json;

// A CIB as it was read.
struct Reading {
  pugi::xml_document document;  // as it came
  pugi::xml_document readable;  // in the current schema
  solver::Cluster cluster;
  solver::State state;
  std::vector<std::string> secrets;  // the values of secret parameters
  std::string version;               // `0.12.3`
  std::string configuration;         // `0.12`: its first part
};

// Reads a CIB at that time of day; false and the reason if the text is none.
bool ReadCibText(const std::string& text, int64_t now_s, Reading& reading, std::string& reason);

// {"cluster","version","quorate","coordinator","maintenance","nodes":[…],"resources":[…],"failures":[…],
// "leftovers":[…],"busy":[…]}.
Json PictureOf(const Reading& reading, int64_t now_s);

// What happened between two pictures, in words: [{"text","level"}], `level` being note, good or bad.
Json HappenedBetween(const Json& before, const Json& after);

// The text without any secret of the cluster.
std::string Masked(const Reading& reading, std::string text);

}  // namespace picket::web
