// The options of `picket simulate`: those of crm_simulate (spec 06 §12.1).
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "simulator/inject/modifications.h"

namespace picket::cli {

struct SimulateOptions {
  bool run = false;
  bool simulate = false;
  bool in_place = false;
  bool show_attributes = false;
  bool show_fail_counts = false;
  bool show_scores = false;
  bool show_utilization = false;
  std::string profile_folder;
  std::string repeat = "1";  // a number; read by the verb, whose message differs from CLI11's

  simulator::Modifications modifications;
  std::vector<std::string> failures;  // -F
  std::optional<std::string> date;    // -t

  std::string save_input;
  std::string save_output;
  std::string save_graph;
  std::string save_dot;
  bool all_actions = false;

  bool live = false;
  std::string xml_file;
  bool xml_pipe = false;

  bool version = false;
  int verbosity = 0;
  bool quiet = false;
  std::string output_as = "text";
  std::string output_to = "-";

  std::string as;  // --as: the release that decides; empty: the newest

  bool ignored_flag = false;  // accepted, without effect
  std::vector<std::string> arguments;

  std::string request;  // the command line, for the XML output

  bool executes() const { return simulate || in_place || !failures.empty(); }
  bool schedules() const {
    return run || executes() || show_scores || show_utilization || !save_graph.empty() || !save_dot.empty();
  }
};

void AddSimulateOptions(CLI::App& verb, SimulateOptions& options);

}  // namespace picket::cli
