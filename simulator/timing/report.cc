#include "simulator/timing/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace picket::simulator {
namespace {

using Json = nlohmann::ordered_json;

std::string Right(const std::string& text, size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}
// Names may be of any alphabet: characters are counted, not bytes.
std::string Left(const std::string& text, size_t width) {
  const auto characters = static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  return characters >= width ? text : text + std::string(width - characters, ' ');
}

std::string FaultWords(const Chain& chain) {
  switch (chain.fault) {
    case ChainFault::kNodeDies:
      return chain.node + " dies";
    case ChainFault::kResourceFails:
      return chain.subject + " fails";
    case ChainFault::kStopHangs:
      return chain.subject + " fails, and its stop hangs";
    case ChainFault::kDeviceHangs:
      return chain.node + " dies, and " + chain.subject + " hangs";
  }
  return "";
}
std::string_view FaultKey(ChainFault fault) {
  switch (fault) {
    case ChainFault::kNodeDies:
      return "node dies";
    case ChainFault::kResourceFails:
      return "resource fails";
    case ChainFault::kStopHangs:
      return "stop hangs";
    case ChainFault::kDeviceHangs:
      return "device hangs";
  }
  return "";
}

std::string PartText(const ChainHistory& history, ChainPart part) {
  int64_t sum_ms = 0;
  bool found = false;
  for (const ChainTime& time : history.parts) {
    if (time.part != part) continue;
    sum_ms += time.ms;
    found = true;
  }
  return found ? SecondsText(sum_ms) : "-";
}
std::string AwayText(const ChainHistory& history) {
  return history.away_ms ? SecondsText(*history.away_ms) : "for good";
}

constexpr ChainPart kParts[] = {ChainPart::kNotice, ChainPart::kStop, ChainPart::kFence, ChainPart::kStart};
constexpr size_t kColumn = 10;

std::string DetectionText(const compiler::Detection& detection) {
  std::string text =
      "a lost node is noticed after " + SecondsText(detection.TotalMs()) + ": token " + SecondsText(detection.token_ms);
  if (detection.nodes_beyond > 0)
    text += " + " + std::to_string(detection.nodes_beyond) + " × " + std::to_string(detection.coefficient_ms) + " ms";
  return text + " + consensus " + SecondsText(detection.consensus_ms) + "\n";
}

std::string DeviceText(const DeviceTimes& device) {
  std::string text = device.level > 0 ? "level " + std::to_string(device.level) + ": " : "";
  text += device.device;
  if (device.delay_max_ms > 0) {
    text += ", delay " + SecondsText(device.delay_min_ms);
    if (device.delay_max_ms > device.delay_min_ms) text += " to " + SecondsText(device.delay_max_ms);
  }
  text += ", killed after " + SecondsText(device.timeout_ms);
  if (device.attempts != 2) text += ", " + std::to_string(device.attempts) + (device.attempts == 1 ? " try" : " tries");
  return text;
}

std::string FencingText(const TimingReport& report) {
  if (!report.fencing) return "nothing is fenced: fencing-enabled is off\n";
  std::string text = "fencing, fencing-timeout " + SecondsText(report.fencing_timeout_ms);
  if (report.watchdog_ms > 0) text += ", fencing-watchdog-timeout " + SecondsText(report.watchdog_ms);
  text += "\n";
  for (const FenceTimes& times : report.fence_times) {
    text += "  " + times.target + "\n";
    for (const DeviceTimes& device : times.devices) text += "    " + DeviceText(device) + "\n";
    if (times.devices.empty() && !times.works_ms) {
      text += "    no device\n";
      continue;
    }
    text += "    fenced " + (times.works_ms ? "after " + SecondsText(*times.works_ms) : std::string("never"));
    if (!times.hangs.empty()) {
      text += times.hung_ms ? "; where " + times.hangs + " hangs, after " + SecondsText(*times.hung_ms)
                            : "; where " + times.hangs + " hangs, not by the first request";
      text += "; where all hang, a request ends after " + SecondsText(times.given_up_ms);
    }
    text += "\n";
  }
  return text;
}

std::string ChainsText(const ChainsResult& result) {
  if (!result.rests) return "the cluster does not come to rest when it starts: no fault was played\n";
  size_t width = 24;
  for (const Chain& chain : result.chains) width = std::max(width, FaultWords(chain).size());
  std::string text;
  std::string service;
  for (const Chain& chain : result.chains) {
    if (chain.service != service) {
      service = chain.service;
      text += "\n" + Left(service + ", on " + chain.node, width + 2);
      for (const ChainPart part : kParts) text += Right(std::string(NameOf(part)), kColumn);
      text += Right("away", kColumn + 2) + Right("at most", kColumn + 2) + "\n";
    }
    text += "  " + Left(FaultWords(chain), width);
    for (const ChainPart part : kParts) text += Right(PartText(chain.assumed, part), kColumn);
    text += Right(AwayText(chain.assumed), kColumn + 2) + Right(AwayText(chain.longest), kColumn + 2) + "\n";
    if (const std::string again = PartText(chain.assumed, ChainPart::kAgain); again != "-")
      text += "    it serves in between, and is away once more for " + again + "\n";
  }
  for (const std::string& idle : result.idle) text += "\n" + idle + " does not run when the cluster has started\n";
  if (!result.chains.empty())
    text += "\naway: with the durations that are assumed; at most: every operation and device needs all its time\n";
  return text;
}

std::string LimitsText(const TimingReport& report) {
  std::string text = "\nwhat has to fit\n";
  for (const Limit& limit : report.limits) {
    text += std::string(limit.holds() ? "  holds   " : "  FAILS   ") + limit.less + " " + SecondsText(limit.less_ms) +
            " ≤ " + limit.more + " " + SecondsText(limit.more_ms) + "\n";
    if (limit.holds()) continue;
    text += "          " + limit.otherwise + " (" + std::string(limit.code) + ")\n";
    text += "          help: " + limit.help + "\n";
  }
  for (const Advice& advice : report.advice) {
    text += "  FAILS   " + advice.message + " (" + advice.code + ", " + advice.place + ")\n";
  }
  return text;
}

Json Of(const ChainHistory& history) {
  Json parts = Json::array();
  for (const ChainTime& time : history.parts) parts.push_back({{"part", NameOf(time.part)}, {"ms", time.ms}});
  Json json = {{"parts", parts}, {"away_ms", nullptr}, {"fenced", history.fenced}};
  if (history.away_ms) json["away_ms"] = *history.away_ms;
  return json;
}

Json Of(const FenceTimes& times) {
  Json devices = Json::array();
  for (const DeviceTimes& device : times.devices) {
    devices.push_back({{"level", device.level},
                       {"device", device.device},
                       {"delay_min_ms", device.delay_min_ms},
                       {"delay_max_ms", device.delay_max_ms},
                       {"timeout_ms", device.timeout_ms},
                       {"tries", device.attempts}});
  }
  Json json = {{"node", times.target}, {"devices", devices}, {"works_ms", nullptr}, {"hangs", times.hangs}};
  if (times.works_ms) json["works_ms"] = *times.works_ms;
  json["hung_ms"] = nullptr;
  if (times.hung_ms) json["hung_ms"] = *times.hung_ms;
  json["given_up_ms"] = times.given_up_ms;
  return json;
}

Json Of(const TimingReport& report) {
  if (report.error_status != 0) {
    return {{"file", report.path}, {"error", {{"status", report.error_status}, {"messages", report.error}}}};
  }
  const compiler::Detection& detection = report.detection;
  Json fencing = Json::array();
  for (const FenceTimes& times : report.fence_times) fencing.push_back(Of(times));
  Json chains = Json::array();
  for (const Chain& chain : report.chains.chains) {
    Json faults = Json::array();
    for (const auto& fault : chain.faults) faults.push_back(FaultText(fault));
    chains.push_back({{"service", chain.service},
                      {"node", chain.node},
                      {"fault", FaultKey(chain.fault)},
                      {"subject", chain.subject},
                      {"faults", faults},
                      {"assumed", Of(chain.assumed)},
                      {"at_most", Of(chain.longest)}});
  }
  Json limits = Json::array();
  for (const Limit& limit : report.limits) {
    Json one = {{"less", limit.less},
                {"less_ms", limit.less_ms},
                {"more", limit.more},
                {"more_ms", limit.more_ms},
                {"holds", limit.holds()}};
    if (!limit.holds()) {
      one["code"] = limit.code;
      one["otherwise"] = limit.otherwise;
      one["help"] = limit.help;
    }
    limits.push_back(std::move(one));
  }
  Json advice = Json::array();
  for (const Advice& one : report.advice)
    advice.push_back({{"code", one.code}, {"place", one.place}, {"message", one.message}});
  return {{"file", report.path},
          {"nodes", report.nodes},
          {"fits", AllFits(report)},
          {"detection",
           {{"token_ms", detection.token_ms},
            {"coefficient_ms", detection.coefficient_ms},
            {"nodes_beyond_two", detection.nodes_beyond},
            {"consensus_ms", detection.consensus_ms},
            {"total_ms", detection.TotalMs()}}},
          {"fencing_enabled", report.fencing},
          {"fencing_timeout_ms", report.fencing_timeout_ms},
          {"watchdog_ms", report.watchdog_ms},
          {"fencing", fencing},
          {"starts", report.chains.rests},
          {"chains", chains},
          {"idle", report.chains.idle},
          {"limits", limits},
          {"advice", advice}};
}

}  // namespace

bool AllFits(const TimingReport& report) {
  return report.advice.empty() &&
         std::all_of(report.limits.begin(), report.limits.end(), [](const Limit& limit) { return limit.holds(); });
}

std::string TextOf(const TimingReport& report) {
  return report.path + ": " + std::to_string(report.nodes) + (report.nodes == 1 ? " node\n" : " nodes\n") +
         DetectionText(report.detection) + "\n" + FencingText(report) + ChainsText(report.chains) + LimitsText(report);
}

std::string JsonOf(const std::vector<TimingReport>& reports) {
  Json policies = Json::array();
  for (const TimingReport& report : reports) policies.push_back(Of(report));
  const Json document = {{"format", "picket-timing"}, {"version", 1}, {"policies", policies}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace picket::simulator
