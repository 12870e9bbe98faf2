#include "cli/simulate_options.h"

#include "cli/read_cib.h"

namespace picket::cli {

namespace {

constexpr const char* kOperations = "Operations";
constexpr const char* kEvents = "Synthetic Cluster Events";
constexpr const char* kArtifacts = "Artifact Options";
constexpr const char* kSource = "Data Source";
constexpr const char* kOutput = "Output Options";
constexpr const char* kOther = "Application Options";

constexpr const char* kFooter = R"(Operation Specification:
  An OPSPEC is RESOURCE_OPERATION_INTERVAL@NODE=RC, the interval in milliseconds and RC an OCF return code:
  web_monitor_10000@node1=7 means that the ten-second monitor of web found it stopped on node1.

Example: what happens if that monitor fails, and then the stop fails too?
  picket simulate -S -x cib.xml -i web_monitor_10000@node1=7 -F web_stop_0@node1=1 -O after.xml
  picket simulate -S -x after.xml)";

class Adder {
 public:
  Adder(CLI::App& verb, const char* group) : verb_(verb), group_(group) {}

  void Flag(const std::string& names, bool& flag, const std::string& help) {
    verb_.add_flag(names, flag, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)->group(group_);
  }
  // The last one wins.
  template <typename Text>
  void Value(const std::string& names, Text& text, const char* type, const std::string& help) {
    verb_.add_option(names, text, help)
        ->type_name(type)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group(group_);
  }
  void Values(const std::string& names, std::vector<std::string>& texts, const char* type, const std::string& help) {
    verb_.add_option(names, texts, help)->type_name(type)->allow_extra_args(false)->group(group_);
  }

 private:
  CLI::App& verb_;
  const char* group_;
};

void AddEvents(CLI::App& verb, SimulateOptions& options) {
  Adder events(verb, kEvents);
  simulator::Modifications& changes = options.modifications;
  events.Values("-u,--node-up", changes.nodes_up, "NODE", "Bring a node online");
  events.Values("-d,--node-down", changes.nodes_down, "NODE", "Take a node offline");
  events.Values("-f,--node-fail", changes.nodes_fail, "NODE", "Let a node fail");
  events.Values("-i,--op-inject", changes.operations, "OPSPEC",
                "Add a result to the history for the cluster to react to");
  events.Values("-F,--op-fail", options.failures, "OPSPEC",
                "Let this operation fail with RC if it is carried out; implies -S");
  events.Value("-t,--set-datetime", options.date, "DATETIME", "The time at which to decide (ISO 8601)");
  events.Value("-q,--quorum", changes.quorum, "QUORUM", "'1' or 'true': the cluster has quorum");
  events.Value("-w,--watchdog", changes.watchdog, "DEVICE", "'1' or 'true': there is an active watchdog device");
  events.Values("-g,--ticket-grant", changes.tickets_grant, "TICKET", "Grant a ticket");
  events.Values("-r,--ticket-revoke", changes.tickets_revoke, "TICKET", "Revoke a ticket");
  events.Values("-b,--ticket-standby", changes.tickets_standby, "TICKET", "Make a ticket standby");
  events.Values("-e,--ticket-activate", changes.tickets_activate, "TICKET", "Activate a ticket");
}

void AddFiles(CLI::App& verb, SimulateOptions& options) {
  Adder artifacts(verb, kArtifacts);
  artifacts.Value("-I,--save-input", options.save_input, "FILE", "Save the CIB as it is decided about");
  artifacts.Value("-O,--save-output", options.save_output, "FILE", "Save the CIB as it is afterwards");
  artifacts.Value("-G,--save-graph", options.save_graph, "FILE", "Save the transition graph (XML); implies -R");
  artifacts.Value("-D,--save-dotfile", options.save_dot, "FILE", "Save the transition graph (dot); implies -R");
  artifacts.Flag("-a,--all-actions", options.all_actions, "All possible actions in the dot file");

  Adder source(verb, kSource);
  source.Flag("-L,--live-check", options.live, "Read the CIB of the running cluster");
  AddLiveInput(verb, options.xml_file);
  source.Value("-x,--xml-file", options.xml_file, "FILE", "Read this CIB; - is standard input");
  source.Value("--as", options.as, "VERSION",
               "Decide as this release of Pacemaker does, 2.1.5 to 3.0.2; `cluster`: as the one that the CIB names");
  source.Flag("-p,--xml-pipe", options.xml_pipe, "Read a CIB from standard input (also without -x and -L)");
}

}  // namespace

void AddSimulateOptions(CLI::App& verb, SimulateOptions& options) {
  Adder operations(verb, kOperations);
  operations.Flag("-R,--run", options.run, "Show what the cluster would do");
  operations.Flag("-S,--simulate", options.simulate, "Carry that out as well and show the status that results");
  operations.Flag("-X,--in-place", options.in_place, "Like -S, and store the result in the input file");
  operations.Flag("-A,--show-attrs", options.show_attributes, "Show node attributes");
  operations.Flag("-c,--show-failcounts", options.show_fail_counts, "Show fail counts and failed actions");
  operations.Flag("-s,--show-scores", options.show_scores, "Show scores; implies -R");
  operations.Flag("-U,--show-utilization", options.show_utilization, "Show utilization; implies -R");
  operations.Value("-P,--profile", options.profile_folder, "DIR",
                   "Time every XML file of a folder, or one file, by stage and by resource as well; nothing else");
  operations.Value("-N,--repeat", options.repeat, "N", "With -P: as often");

  AddEvents(verb, options);
  AddFiles(verb, options);

  Adder output(verb, kOutput);
  output.Value("--output-as", options.output_as, "FORMAT", "text (default), xml or none");
  output.Value("--output-to", options.output_to, "DEST", "A file, or - for standard output");

  Adder other(verb, kOther);
  other.Flag("-$,--version", options.version, "Show the version");
  verb.add_flag("-V,--verbose", options.verbosity, "Say more; ids in the dot file (repeatable)")->group(kOther);
  other.Flag("-Q,--quiet", options.quiet, "No status, summary or execution");

  // Accepted and without effect: pending operations are always shown, and further arguments are not looked
  // at.
  verb.add_flag("-j,--pending", options.ignored_flag)->group("");
  verb.add_option("FILE", options.arguments, "A policy or a CIB, where no data source is given");

  for (const char* topic :
       {"--help-all", "--help-output", "--help-operations", "--help-synthetic", "--help-artifact", "--help-source"}) {
    verb.add_flag_callback(topic, [] { throw CLI::CallForHelp(); })->group("");
  }
  verb.footer(kFooter);
}

}  // namespace picket::cli
