#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/ties.h"

// What stands on what: resources that use the disk, the volume group, the mount or the target that another one brings
// (W0483), cluster filesystems without their lock manager (W0484), or that are to be stopped without quorum (W0497),
// volume groups for one node on several (W0493), exports with one number (W0489).
namespace picket::compiler {
namespace {

// What a resource brings, as the beginning of the paths that only exist while it runs.
struct Brought {
  const Symbol* by = nullptr;
  std::string path;
};

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// Device mapper doubles the hyphens of a name.
std::string Doubled(const std::string& name) {
  std::string out;
  for (const char c : name) out += c == '-' ? "--" : std::string(1, c);
  return out;
}

bool IsUnder(const std::string& path, const std::string& folder) {
  if (!path.starts_with(folder)) return false;
  return path.size() == folder.size() || folder.back() == '/' || folder.back() == '-' || path[folder.size()] == '/';
}

bool IsLockManager(const std::string& agent) {
  const std::string type = agent.substr(agent.rfind(':') + 1);
  return type == "controld" || type == "o2cb" || type == "dlm" || type == "dlm_controld";
}

class StorageLinter {
 public:
  StorageLinter(const PolicyView& view, Diagnostics& diagnostics)
      : view_(view), ties_(view), diagnostics_(diagnostics) {}

  void Run() {
    if (!ties_.Collect()) return;
    for (const ast::Statement& statement : view_.statements()) {
      has_xml_ = has_xml_ || std::holds_alternative<ast::Xml>(statement.what);
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive || symbol.container == "an `xml` statement") continue;
      primitives_.push_back(&symbol);
      Bring(symbol);
    }
    for (const Symbol* symbol : primitives_) {
      if (!brought_.empty()) Uses(*symbol);
      LocksOf(*symbol);
      ForOneNode(*symbol);
      Export(*symbol);
      Target(*symbol);
    }
  }

 private:
  // A setting that holds for certain.
  std::optional<Setting> Sure(const Symbol& symbol, std::string_view name) const {
    auto setting = view_.Parameter(symbol, name);
    return setting && !setting->conditional && !setting->value.empty() ? setting : std::nullopt;
  }

  void Bring(const Symbol& symbol) {
    const std::string agent = view_.Agent(symbol);
    const auto bring = [&](std::string path) { brought_.push_back({&symbol, std::move(path)}); };
    if (agent == "ocf:heartbeat:Filesystem") {
      const auto folder = Sure(symbol, "directory");
      if (folder && folder->value.size() > 1 && folder->value[0] == '/') bring(WithoutSlash(folder->value));
    } else if (agent == "ocf:heartbeat:LVM-activate" || agent == "ocf:heartbeat:LVM") {
      auto group = Sure(symbol, "vgname");
      if (!group) group = Sure(symbol, "volgrpname");
      if (!group) return;
      const auto volume = Sure(symbol, "lvname");
      bring("/dev/" + group->value + '/' + (volume ? volume->value : ""));
      bring("/dev/mapper/" + Doubled(group->value) + '-' + (volume ? Doubled(volume->value) : ""));
    } else if (agent == "ocf:linbit:drbd") {
      if (const auto name = Sure(symbol, "drbd_resource")) {
        bring("/dev/drbd/by-res/" + name->value + '/');
        drbds_.push_back(&symbol);
      }
    } else if (agent == "ocf:heartbeat:crypt") {
      if (const auto name = Sure(symbol, "crypt_dev")) bring("/dev/mapper/" + name->value);
    }
  }

  static bool IsNumberedDrbd(const std::string& path) {
    return path.starts_with("/dev/drbd") && path.size() > 9 &&
           std::all_of(path.begin() + 9, path.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  }

  // W0483. The paths that a resource is given.
  void Uses(const Symbol& user) {
    const std::string agent = view_.Agent(user);
    for (const auto& [name, setting] : Paths(user)) {
      const Brought* nearest = nullptr;
      for (const Brought& one : brought_) {
        if (one.by == &user || !IsUnder(setting.value, one.path)) continue;
        if (nearest == nullptr || one.path.size() > nearest->path.size()) nearest = &one;
      }
      // `/srv` of one is `/srv` of another in a cluster of two mounts: not a use.
      if (nearest != nullptr && agent == "ocf:heartbeat:Filesystem" && name == "directory" &&
          WithoutSlash(setting.value) == nearest->path)
        continue;
      if (nearest != nullptr) {
        Standing(user, setting, *nearest->by);
      } else if (drbds_.size() == 1 && IsNumberedDrbd(setting.value)) {
        Standing(user, setting, *drbds_[0]);
      }
    }
  }

  // Its parameters that are whole paths, each once.
  std::vector<std::pair<std::string, Setting>> Paths(const Symbol& user) const {
    std::vector<std::pair<std::string, Setting>> found;
    for (const char* name : {"device",
                             "directory",
                             "path",
                             "datadir",
                             "pgdata",
                             "config",
                             "configfile",
                             "conffile",
                             "db_file",
                             "socket",
                             "nfs_shared_infodir",
                             "physical_device",
                             "crypt_dev",
                             "encrypted_dev",
                             "InstanceProfile",
                             "log",
                             "basedir",
                             "catalina_home",
                             "home",
                             "workdir",
                             "config_dir",
                             "data",
                             "rundir",
                             "state",
                             "html_root"}) {
      auto setting = Sure(user, name);
      if (setting && setting->value[0] == '/') found.emplace_back(name, std::move(*setting));
    }
    return found;
  }

  void Standing(const Symbol& user, const Setting& setting, const Symbol& bringer) {
    const Symbol &above = view_.Outermost(user), &below = view_.Outermost(bringer);
    if (view_.IsKeptStopped(user)) return;
    if (!user.container.empty() && user.container == bringer.container) {
      if (!StartsAfter(user, bringer)) Upside(user, setting, bringer);
      return;
    }
    if (&above == &below) return;
    const bool joined = ties_.AreJoined(above.id, below.id), ordered = ties_.ComesBefore(below.id, above.id);
    if (ties_.ComesBefore(above.id, below.id) && !ordered) return Upside(user, setting, bringer);
    if (joined || ordered) return;  // Half of it is told by W0207 and W0208.
    if (has_xml_ || !told_.emplace(above.id, below.id).second) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0483", setting.span, "`" + user.id + "` uses what `" + bringer.id + "` brings, and nothing ties them");
    warning.label = "may start before it, or on another node";
    warning.others.push_back({bringer.span, "brings it"});
    const bool promotes = below.kind == SymbolKind::kPromotable;
    warning.help.push_back("write `depend " + above.id + " on " + (promotes ? "promoted " : "") + below.id + "`");
  }

  // Of two members of one group.
  bool StartsAfter(const Symbol& user, const Symbol& bringer) const {
    const Symbol* group = view_.symbols().Find(user.container);
    if (group == nullptr || group->kind != SymbolKind::kGroup) return true;
    for (const Symbol* member : view_.MembersOf(*group)) {
      if (member == &bringer) return true;
      if (member == &user) return false;
    }
    return true;
  }

  void Upside(const Symbol& user, const Setting& setting, const Symbol& bringer) {
    if (!told_.emplace(user.id, bringer.id).second) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0483", setting.span, "`" + user.id + "` starts before `" + bringer.id + "`, which brings what it uses");
    warning.label = "is not there yet";
    warning.others.push_back({bringer.span, "brings it"});
    const bool group = !user.container.empty() && user.container == bringer.container;
    warning.help.push_back(group ? "name `" + bringer.id + "` before `" + user.id + "` in `" + user.container + "`"
                                 : "turn the order around: `" + bringer.id + "` first");
  }

  // W0484
  void LocksOf(const Symbol& symbol) {
    const std::string agent = view_.Agent(symbol);
    const auto type = agent == "ocf:heartbeat:Filesystem" ? Sure(symbol, "fstype") : std::nullopt;
    const auto mode = agent == "ocf:heartbeat:LVM-activate" ? Sure(symbol, "vg_access_mode") : std::nullopt;
    const bool shared = type && (type->value == "gfs2" || type->value == "ocfs2");
    const bool locked = mode && mode->value == "lvmlockd";
    if ((!shared && !locked) || has_xml_ || told_locks_) return;
    if (shared) Frozen(symbol, *type);
    const auto manager = std::find_if(primitives_.begin(), primitives_.end(),
                                      [&](const Symbol* one) { return IsLockManager(view_.Agent(*one)); });
    const Setting& setting = shared ? *type : *mode;
    if (manager == primitives_.end()) {
      told_locks_ = true;
      Diagnostic& warning = diagnostics_.Warning(
          "W0484", setting.span, "`" + symbol.id + "` needs the distributed lock manager, and no resource starts it");
      warning.label = shared ? "a mount waits for it" : "so does lvmlockd";
      warning.help.push_back(
          "declare `primitive dlm ocf:pacemaker:controld { … }` and `clone dlm-clone of dlm { "
          "interleave=yes }`, and make this depend on it");
      return;
    }
    const std::string above = view_.Outermost(symbol).id, below = view_.Outermost(**manager).id;
    if (above == below || ties_.ComesBefore(below, above)) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0484", setting.span, "`" + symbol.id + "` may start before `" + (*manager)->id + "`, which holds its locks");
    warning.others.push_back({(*manager)->span, "the lock manager"});
    warning.help.push_back("write `depend " + above + " on " + below + "`");
  }

  // W0497: without quorum the lock manager hands out no locks, so nothing that is mounted can be stopped.
  void Frozen(const Symbol& symbol, const Setting& type) {
    const auto policy = view_.Property({"no-quorum-policy"});
    if (told_freeze_ || (policy && (policy->conditional || policy->value != "stop"))) return;
    told_freeze_ = true;
    Diagnostic& warning =
        diagnostics_.Warning("W0497", policy ? policy->span : type.span,
                             "a part of the cluster that loses quorum is to stop `" + symbol.id + "`, and cannot");
    warning.label = policy ? "" : "`no-quorum-policy` is `stop` where nothing is written";
    warning.help.push_back("write `property no-quorum-policy=freeze`");
  }

  // W0493
  void ForOneNode(const Symbol& symbol) {
    if (view_.Agent(symbol) != "ocf:heartbeat:LVM-activate") return;
    const Symbol& outermost = view_.Outermost(symbol);
    const auto most = view_.OwnMeta(outermost, "clone-max");
    if (outermost.kind != SymbolKind::kClone || (most && most->value == "1")) return;
    const auto mode = Sure(symbol, "vg_access_mode"), activation = Sure(symbol, "activation_mode");
    if (!mode) return;
    const bool alone = mode->value == "system_id" || mode->value == "tagging";
    const bool exclusive = mode->value == "lvmlockd" && (!activation || activation->value == "exclusive");
    if (!alone && !exclusive) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0493", mode->span, "`" + symbol.id + "` activates its volume group on one node, and runs on several");
    warning.label = "the other copies fail to start";
    warning.others.push_back({outermost.span, "this runs it everywhere"});
    warning.help.push_back(alone ? "take it out of the clone, or share the group: `vg_access_mode=lvmlockd` and "
                                   "`activation_mode=shared`"
                                 : "write `activation_mode=shared`");
  }

  // W0489
  void Export(const Symbol& symbol) {
    if (view_.Agent(symbol) != "ocf:heartbeat:exportfs") return;
    const auto number = Sure(symbol, "fsid"), folder = Sure(symbol, "directory");
    if (!number || !folder) return;
    const auto [first, fresh] = exports_.emplace(number->value, std::make_pair(folder->value, &symbol));
    if (fresh || first->second.first == folder->value) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0489", number->span,
        "`" + symbol.id + "` exports another folder under the number of `" + first->second.second->id + "`");
    warning.label = "clients take one for the other";
    warning.others.push_back({first->second.second->span, "the first one"});
    warning.help.push_back("give each exported folder an `fsid` of its own");
  }

  // W0483: a unit of a target that is not there, or comes later.
  void Target(const Symbol& unit) {
    const auto name = view_.Agent(unit) == "ocf:heartbeat:iSCSILogicalUnit" ? Sure(unit, "target_iqn") : std::nullopt;
    if (!name) return;
    std::vector<std::string> known;
    for (const Symbol* one : primitives_) {
      const auto iqn = view_.Agent(*one) == "ocf:heartbeat:iSCSITarget" ? Sure(*one, "iqn") : std::nullopt;
      if (!iqn) continue;
      if (iqn->value == name->value) return Standing(unit, *name, *one);
      known.push_back(iqn->value);
    }
    if (known.empty()) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0483", name->span, "no resource brings the target `" + name->value + "`");
    warning.label = "`" + unit.id + "` belongs to it";
    warning.help.push_back("write `target_iqn = \"" + known[0] + "\"`");
  }

  const PolicyView& view_;
  Ties ties_;
  Diagnostics& diagnostics_;
  bool has_xml_ = false;  // It may say anything.
  bool told_locks_ = false;
  bool told_freeze_ = false;
  std::vector<const Symbol*> primitives_;
  std::vector<const Symbol*> drbds_;
  std::vector<Brought> brought_;
  std::set<std::pair<std::string, std::string>> told_;
  std::map<std::string, std::pair<std::string, const Symbol*>> exports_;  // By number: the folder, and who has it.
};

}  // namespace

void LintStorage(const PolicyView& view, Diagnostics& diagnostics) {
  StorageLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
