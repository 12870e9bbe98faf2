// The graph file, written straight into one text (spec 06 §2).
#include <string>

#include "solver/graph/describer.h"
#include "solver/graph/transition.h"
#include "solver/model/escaped.h"

namespace picket::solver {
namespace {

class Writer {
 public:
  // Opens `<name`, then attributes follow, then Close() or Children().
  void Open(int depth, std::string_view name) {
    out_.append(static_cast<size_t>(depth) * 2, ' ');
    out_ += '<';
    out_ += name;
  }
  void Add(std::string_view name, std::string_view value) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    AppendEscaped(out_, value);
    out_ += '"';
  }
  void Add(const Words& words) {
    for (const auto& [name, value] : words) Add(name, value);
  }
  void Close() { out_ += "/>\n"; }
  void Children() { out_ += ">\n"; }
  void End(int depth, std::string_view name) {
    out_.append(static_cast<size_t>(depth) * 2, ' ');
    out_ += "</";
    out_ += name;
    out_ += ">\n";
  }
  void Reserve(size_t bytes) { out_.reserve(bytes); }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

void WriteRootAttributes(Writer& writer, const Run& run, const Transition& transition) {
  writer.Add("cluster-delay", run.options.cluster_delay);
  writer.Add(run.Behaves(Behaviour::kFencingTimeoutInRoot) ? "fencing-timeout" : "stonith-timeout",
             run.options.fencing_timeout);
  writer.Add("failed-stop-offset", "INFINITY");
  writer.Add("failed-start-offset", run.options.start_failure_is_fatal ? "INFINITY" : "1");
  writer.Add("batch-limit", run.options.batch_limit);
  writer.Add("transition_id",
             std::to_string(transition.transition_id - (run.Behaves(Behaviour::kFirstTransitionIsOne) ? 0 : 1)));
  if (!run.options.migration_limit.empty()) writer.Add("migration-limit", run.options.migration_limit);
  if (transition.recheck_by_s) writer.Add("recheck-by", std::to_string(*transition.recheck_by_s));
}

void WriteParameters(Writer& writer, int depth, const DescribedAction& description) {
  writer.Open(depth, "attributes");
  writer.Add(description.parameters);
  if (description.params.empty()) {
    writer.Close();
    return;
  }
  writer.Children();
  for (const auto& [name, value] : description.params) {
    writer.Open(depth + 1, "param");
    writer.Add("name", name);
    writer.Add("value", value);
    writer.Close();
  }
  writer.End(depth, "attributes");
}

void WriteNodes(Writer& writer, int depth, const DescribedAction& description) {
  if (description.has_downed) {
    writer.Open(depth, "downed");
    writer.Children();
    for (const std::string_view id : description.downed) {
      writer.Open(depth + 1, "node");
      writer.Add("id", id);
      writer.Close();
    }
    writer.End(depth, "downed");
  }
  if (description.maintenance.empty()) return;
  writer.Open(depth, "maintenance");
  writer.Children();
  for (const auto& [id, on] : description.maintenance) {
    writer.Open(depth + 1, "node");
    writer.Add("id", id);
    writer.Add("node_in_maintenance", on ? "1" : "0");
    writer.Close();
  }
  writer.End(depth, "maintenance");
}

void WriteAction(Writer& writer, int depth, const DescribedAction& description) {
  writer.Open(depth, description.element);
  writer.Add(description.attributes);
  writer.Children();
  if (!description.resource.empty()) {
    writer.Open(depth + 1, "primitive");
    writer.Add(description.resource);
    writer.Close();
  }
  WriteParameters(writer, depth + 1, description);
  WriteNodes(writer, depth + 1, description);
  writer.End(depth, description.element);
}

void WriteSynapse(Writer& writer, Describer& describer, const Transition& transition, size_t index) {
  const DescribedAction& description = describer.Full(transition.synapses[index]);
  writer.Open(1, "synapse");
  writer.Add("id", std::to_string(index));
  if (description.priority > 0) writer.Add("priority", std::to_string(description.priority));
  writer.Children();
  writer.Open(2, "action_set");
  writer.Children();
  WriteAction(writer, 3, description);
  writer.End(2, "action_set");

  writer.Open(2, "inputs");
  const uint32_t begin = transition.first_input[index];
  const uint32_t end = transition.first_input[index + 1];
  if (begin == end) {
    writer.Close();
  } else {
    writer.Children();
    for (uint32_t i = begin; i < end; ++i) {
      const DescribedAction& input = describer.Short(transition.inputs[i]);
      writer.Open(3, "trigger");
      writer.Children();
      writer.Open(4, input.element);
      writer.Add(input.attributes);
      writer.Close();
      writer.End(3, "trigger");
    }
    writer.End(2, "inputs");
  }
  writer.End(1, "synapse");
}

}  // namespace

std::string GraphXml(Run& run, const Transition& transition) {
  Writer writer;
  constexpr size_t kSynapseBytes = 700;
  writer.Reserve(transition.synapses.size() * kSynapseBytes + transition.inputs.size() * kSynapseBytes / 3 + 512);
  writer.Open(0, "transition_graph");
  WriteRootAttributes(writer, run, transition);
  if (transition.synapses.empty()) {
    writer.Close();
    return writer.Take();
  }
  writer.Children();
  Describer describer(run);
  for (size_t i = 0; i < transition.synapses.size(); ++i) WriteSynapse(writer, describer, transition, i);
  writer.End(0, "transition_graph");
  return writer.Take();
}

}  // namespace picket::solver
