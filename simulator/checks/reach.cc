// E0211 and W0491: nodes that nothing can fence. E0213: levels with a device that cannot reach their target.
#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "simulator/checks/fencing_view.h"

namespace picket::simulator {
namespace {

using compiler::Diagnostic;
using compiler::Span;
using execution::FenceDevice;
using execution::Registration;
using execution::TopologyEntry;
using execution::TopologyLevel;

constexpr std::size_t kOthersMax = 8;

class ReachChecker {
 public:
  explicit ReachChecker(const FencingView& view) : view_(view) {}

  void Run() {
    // A node whose watchdog fences it needs no device.
    if (view_.fencing().watchdog_ms > 0) return;
    for (const auto& member : view_.review().members) {
      if (!CanBeFenced(member.first)) bare_.push_back(member);
    }
    if (!bare_.empty()) Tell();
    Remotes();
    for (const TopologyEntry& entry : view_.fencing().topology) WrongDevices(entry);
  }

 private:
  bool HasUsers(std::string_view id, std::string_view target) const {
    const FenceDevice* device = view_.fencing().Find(id);
    // What is not there is reported as that.
    return !device || !view_.Users(*device, target).empty();
  }

  bool Works(const TopologyLevel& level, std::string_view target) const {
    return std::all_of(level.devices.begin(), level.devices.end(),
                       [&](const std::string& id) { return HasUsers(id, target); });
  }

  bool CanBeFenced(const std::string& node) const {
    if (view_.IsExempt(node)) return true;
    const auto entries = EntriesFor(view_.fencing(), node);
    if (entries.empty()) {
      const auto& devices = view_.fencing().devices;
      return std::any_of(devices.begin(), devices.end(),
                         [&](const FenceDevice& device) { return !view_.Users(device, node).empty(); });
    }
    return std::any_of(entries.begin(), entries.end(), [&](const TopologyEntry* entry) {
      return std::any_of(entry->levels.begin(), entry->levels.end(),
                         [&](const TopologyLevel& level) { return Works(level, node); });
    });
  }

  // --- W0491: what ran on a lost remote node starts elsewhere only when the node is fenced. A node that is written
  // as one counts; the guests of a resource are recovered with it.
  void Remotes() const {
    const compiler::SourceMap& places = view_.review().source_map;
    for (const pugi::xpath_node& found : view_.review().cib.select_nodes("//primitive[@type='remote']")) {
      const std::string name = found.node().attribute("id").value();
      const auto span = places.Find(name);
      if (!span || CanBeFenced(name)) continue;
      Diagnostic& warning =
          view_.diagnostics().Warning("W0491", *span, "nothing can fence the remote node `" + name + "`");
      warning.label = "what runs there is not recovered when it is lost";
      warning.help.push_back("write `fence DEVICE stonith:AGENT for " + name + " { … }`, or `fencing " + name +
                             ": none \"reason\"`");
    }
  }

  // --- E0211: one message for all of them, since one device may be what they lack.
  void Tell() const {
    const auto& [name, span] = bare_.front();
    std::string message = "nothing can fence `" + name + "`";
    if (bare_.size() > 2) message += " and " + std::to_string(bare_.size() - 1) + " more nodes";
    if (bare_.size() == 2) message += " and `" + bare_[1].first + "`";
    Diagnostic& error = view_.diagnostics().Error("E0211", span, std::move(message));
    for (std::size_t i = 1; i < bare_.size() && i <= kOthersMax; ++i) {
      error.others.push_back({bare_[i].second, "nor this one"});
    }
    if (!TellLevels(error, name) && !TellDevices(error, name)) {
      error.help.push_back("write `fence DEVICE stonith:AGENT for " + name + " { … }`, or `fencing " + name +
                           ": none \"reason\"`");
    }
  }

  // Whether levels are to blame that name devices for others.
  bool TellLevels(Diagnostic& error, const std::string& name) const {
    bool told = false;
    bool wrong = false;
    for (const TopologyEntry* entry : EntriesFor(view_.fencing(), name)) {
      for (const TopologyLevel& level : entry->levels) {
        for (const std::string& id : level.devices) {
          const FenceDevice* device = view_.fencing().Find(id);
          const auto span = device ? view_.DeviceIn(level, id) : std::nullopt;
          if (!span) continue;
          if (view_.MayReach(*device, name)) {
            told = TellUnused(error, *device, *span, name) || told;
          } else {
            error.others.push_back({*span, "`" + id + "` is not for `" + name + "`"});
            wrong = told = true;
          }
        }
      }
    }
    if (wrong) error.help.push_back("add `" + name + "` to what the device is `for`, or name another device");
    return told;
  }

  // Without levels: devices that reach the node, and that nobody may use.
  bool TellDevices(Diagnostic& error, const std::string& name) const {
    bool told = false;
    if (!EntriesFor(view_.fencing(), name).empty()) return told;
    for (const FenceDevice& device : view_.fencing().devices) {
      if (!view_.MayReach(device, name)) continue;
      const auto where = view_.LocationOf(device);
      const bool disabled = ReasonFor(device, name) == Registration::kDisabled;
      told = TellUnused(error, device, where && !disabled ? *where : view_.NameOf(device), name) || told;
    }
    return told;
  }

  // Why the first of the others may not use it.
  Registration ReasonFor(const FenceDevice& device, const std::string& target) const {
    for (const auto& [member, span] : view_.review().members) {
      if (member == target && view_.review().members.size() > 1) continue;
      const execution::DeviceOnNode* there = view_.fencing().On(device, member);
      if (there && there->registration != Registration::kRegistered) return there->registration;
    }
    return Registration::kRegistered;
  }

  bool TellUnused(Diagnostic& error, const FenceDevice& device, const Span& span, const std::string& target) const {
    const Registration reason = ReasonFor(device, target);
    if (!view_.Users(device, target).empty() || reason == Registration::kRegistered) return false;
    error.others.push_back({span, "no other node may use `" + device.id + "`: " + std::string(ReasonOf(reason))});
    const std::string help = HelpFor(reason, device.id, target);
    const bool known = std::find(error.help.begin(), error.help.end(), help) != error.help.end();
    if (!known && error.help.size() < 2) error.help.push_back(help);
    return true;
  }

  static std::string HelpFor(Registration reason, const std::string& device, const std::string& target) {
    switch (reason) {
      case Registration::kDisabled:
        return "take `target-role` away: a device that is stopped is not used";
      case Registration::kNotNamed:
        return "write `location " + device + " allows NODE` for the nodes that may use it";
      case Registration::kTicket:
        return "take the ticket away: a fence device is used whatever the site";
      case Registration::kUnusedWatchdog:
        return "set `fencing-watchdog-timeout`, or declare another device";
      default:
        return "write `location " + device + " never " + target + "`, or leave the place to the cluster";
    }
  }

  // --- E0213
  void WrongDevices(const TopologyEntry& entry) const {
    std::vector<std::string> targets;
    for (const auto& [name, span] : view_.review().members) {
      const auto entries = EntriesFor(view_.fencing(), name);
      if (std::find(entries.begin(), entries.end(), &entry) != entries.end()) targets.push_back(name);
    }
    // Remote nodes are no members.
    if (targets.empty() && entry.kind == TopologyEntry::Kind::kTarget) targets.push_back(entry.key);
    // Of those that nothing can fence it is said already.
    std::erase_if(targets, [&](const std::string& name) {
      return view_.IsExempt(name) ||
             std::any_of(bare_.begin(), bare_.end(), [&](const auto& bare) { return bare.first == name; });
    });
    if (targets.empty()) return;
    for (const TopologyLevel& level : entry.levels) {
      for (const std::string& id : level.devices) WrongDevice(entry, level, id, targets);
    }
  }

  void WrongDevice(const TopologyEntry& entry, const TopologyLevel& level, const std::string& id,
                   const std::vector<std::string>& targets) const {
    const FenceDevice* device = view_.fencing().Find(id);
    const auto span = device ? view_.DeviceIn(level, id) : std::nullopt;
    if (!span) return;
    const bool reaches = std::any_of(targets.begin(), targets.end(),
                                     [&](const std::string& name) { return view_.MayReach(*device, name); });
    if (reaches) return;
    const bool one = entry.kind == TopologyEntry::Kind::kTarget;
    const std::string whom = one ? "`" + targets.front() + "`" : "any node that this level is for";
    Diagnostic& error =
        view_.diagnostics().Error("E0213", *span, "`" + id + "` cannot fence " + whom + ": this level never succeeds");
    error.label = "not for " + (one ? whom : "them");
    error.help.push_back("name another device, or add " + (one ? whom : "them") + " to what `" + id + "` is `for`");
  }

  const FencingView& view_;
  std::vector<std::pair<std::string, Span>> bare_;
};

}  // namespace

void CheckReach(const FencingView& view) {
  ReachChecker(view).Run();
}

}  // namespace picket::simulator
