// What resource agents call to tell the cluster something, or to ask it: crm_attribute, crm_master,
// attrd_updater, crm_node, crm_resource --locate, cibadmin --query. One program that goes by its name.
//
// As far as packaged agents use them, after their manual pages. What they are asked for beyond that is an error
// that says so, never a silent success: an agent that believes in a wrong answer is worse than one that fails.
#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/control/client.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::runtime {
namespace {

using Json = nlohmann::ordered_json;

// Exit statuses that agents compare with.
constexpr int kOk = 0;
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kNoSuch = 105;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

int Fail(int status, const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return status;
}

std::string Socket() {
  const std::string socket = Environment("PICKET_SOCKET");
  return socket.empty() ? FoldersIn("").socket() : socket;
}

std::string OwnNode() {
  const std::string on = Environment("OCF_RESKEY_CRM_meta_on_node");
  return on.empty() ? Environment("PICKET_NODE") : on;
}

// What all of them are asked for in the end.
struct Wish {
  enum class Kind { kNone, kQuery, kSet, kErase } kind = Kind::kNone;
  std::string node;
  std::string name;
  std::string value;
  std::optional<std::string> otherwise;  // printed by a query that finds nothing
  bool permanent = false;
  bool property = false;
  bool quiet = false;
  int64_t dampen_ms = 0;
};

// The name under which a resource's promotion score is kept; from within an agent the resource is known.
bool NamePromotion(const std::string& given, Wish& wish) {
  const std::string instance = given.empty() ? Environment("OCF_RESOURCE_INSTANCE") : given;
  if (instance.empty()) return false;
  wish.name = "master-" + instance;
  wish.permanent = false;
  return true;
}

std::optional<std::string> Query(const Wish& wish, std::string& error) {
  const auto answer =
      Ask(Socket(),
          {{"verb", "get-attribute"}, {"node", wish.node}, {"name", wish.name}, {"permanent", wish.permanent}}, error);
  if (!answer || !answer->contains("value") || !answer->at("value").is_string()) return std::nullopt;
  return answer->at("value").get<std::string>();
}

// "+=5", "++" and the like, which agents use to count.
std::string Computed(const Wish& wish) {
  const std::string& text = wish.value;
  const bool one = text == wish.name + "++" || text == "value++";
  const bool more = text.starts_with(wish.name + "+=") || text.starts_with("value+=");
  if (!one && !more) return text;
  std::string error;
  const auto old = Query(wish, error);
  const solver::Score before = old ? solver::ParseScore(*old).value_or(solver::Score()) : solver::Score();
  const std::string_view by = more ? std::string_view(text).substr(text.find("+=") + 2) : "1";
  return (before + solver::ParseScore(by).value_or(solver::Score())).ToString();
}

int Change(const Wish& wish) {
  std::string error;
  Json value;
  if (wish.kind == Wish::Kind::kSet) value = Computed(wish);
  Json request;
  if (wish.property) {
    request = {{"verb", "set-property"}, {"name", wish.name}, {"value", value}};
  } else {
    request = {{"verb", "set-attribute"}, {"node", wish.node},           {"name", wish.name},
               {"value", value},          {"permanent", wish.permanent}, {"dampen_ms", wish.dampen_ms}};
  }
  if (!Ask(Socket(), request, error)) return Fail(kUnavailable, error);
  return kOk;
}

int64_t DelayMs(std::string_view text) {
  return solver::ParseDuration(text).value_or(0);
}

// --- crm_attribute, crm_master ---------------------------------------------------------------------------------

// tidy: allow(long) a table of options.
int CrmAttribute(int argc, char** argv, bool promotion) {
  static constexpr option kOptions[] = {
      {"name", 1, nullptr, 'n'},       {"attr-name", 1, nullptr, 'n'},   {"update", 1, nullptr, 'v'},
      {"attr-value", 1, nullptr, 'v'}, {"delete", 0, nullptr, 'D'},      {"query", 0, nullptr, 'G'},
      {"get-value", 0, nullptr, 'G'},  {"quiet", 0, nullptr, 'Q'},       {"node", 1, nullptr, 'N'},
      {"lifetime", 1, nullptr, 'l'},   {"type", 1, nullptr, 't'},        {"promotion", 2, nullptr, 'p'},
      {"default", 1, nullptr, 'd'},    {"delete-attr", 0, nullptr, 'D'}, {"set-name", 1, nullptr, 's'},
      {"id", 1, nullptr, 'i'},         {"resource", 1, nullptr, 'r'},    {"verbose", 0, nullptr, 'V'},
      {nullptr, 0, nullptr, 0}};
  Wish wish;
  wish.node = OwnNode();
  std::string lifetime, type, resource;
  int word = 0;
  while ((word = getopt_long(argc, argv, "n:v:DGQqN:l:t:p::d:s:i:r:V", kOptions, nullptr)) != -1) {
    const std::string argument = optarg ? optarg : "";
    switch (word) {
      case 'n':
        wish.name = argument;
        break;
      case 'v':
        wish.kind = Wish::Kind::kSet;
        wish.value = argument;
        break;
      case 'D':
        wish.kind = Wish::Kind::kErase;
        break;
      case 'G':
        wish.kind = Wish::Kind::kQuery;
        break;
      case 'Q':
      case 'q':
        wish.quiet = true;
        break;
      case 'N':
        wish.node = argument;
        break;
      case 'l':
        lifetime = argument;
        break;
      case 't':
        type = argument;
        break;
      case 'p':
        promotion = true;
        resource = argument;
        break;
      case 'r':
        resource = argument;
        break;
      case 'd':
        wish.otherwise = argument;
        break;
      case 's':
      case 'i':
      case 'V':
        break;
      default:
        return kUsage;
    }
  }
  wish.permanent = lifetime == "forever" || type == "nodes" || (lifetime.empty() && type != "status");
  wish.property = type == "crm_config" || (type.empty() && lifetime.empty() && !promotion && wish.name.empty());
  if (promotion) {
    if (!NamePromotion(resource, wish)) return Fail(kUsage, "whose score? OCF_RESOURCE_INSTANCE is not set");
    wish.property = false;
    wish.permanent = lifetime == "forever";
  }
  if (wish.name.empty()) return Fail(kUsage, "an attribute needs a name");
  if (type != "" && type != "nodes" && type != "status" && type != "crm_config") {
    return Fail(kUsage, "picketd keeps attributes of nodes and of the cluster, none of type " + type);
  }
  if (wish.kind == Wish::Kind::kSet || wish.kind == Wish::Kind::kErase) return Change(wish);
  if (wish.property) return Fail(kUsage, "cluster options are not asked for by crm_attribute here");
  std::string error;
  auto value = Query(wish, error);
  if (!value && !error.empty()) return Fail(kUnavailable, error);
  if (!value) value = wish.otherwise;
  if (!value) return Fail(kNoSuch, "the attribute " + wish.name + " is not set on " + wish.node);
  if (wish.quiet) {
    std::printf("%s\n", value->c_str());
  } else {
    std::printf("scope=%s  name=%s value=%s\n", wish.permanent ? "nodes" : "status", wish.name.c_str(), value->c_str());
  }
  return kOk;
}

// --- attrd_updater ---------------------------------------------------------------------------------------------

int AttrdUpdater(int argc, char** argv) {
  static constexpr option kOptions[] = {
      {"name", 1, nullptr, 'n'},    {"update", 1, nullptr, 'U'},       {"update-both", 1, nullptr, 'B'},
      {"delete", 0, nullptr, 'D'},  {"query", 0, nullptr, 'Q'},        {"node", 1, nullptr, 'N'},
      {"delay", 1, nullptr, 'd'},   {"dampen", 1, nullptr, 'd'},       {"private", 0, nullptr, 'p'},
      {"quiet", 0, nullptr, 'q'},   {"set", 1, nullptr, 's'},          {"section", 1, nullptr, 'S'},
      {"all", 0, nullptr, 'A'},     {"update-delay", 0, nullptr, 'Y'}, {"lifetime", 1, nullptr, 'l'},
      {"verbose", 0, nullptr, 'V'}, {nullptr, 0, nullptr, 0}};
  Wish wish;
  wish.node = OwnNode();
  int word = 0;
  while ((word = getopt_long(argc, argv, "n:U:v:B:DQN:d:pqs:S:AYl:V", kOptions, nullptr)) != -1) {
    const std::string argument = optarg ? optarg : "";
    switch (word) {
      case 'n':
        wish.name = argument;
        break;
      case 'U':
      case 'v':
      case 'B':
        wish.kind = Wish::Kind::kSet;
        wish.value = argument;
        break;
      case 'D':
        wish.kind = Wish::Kind::kErase;
        break;
      case 'Q':
        wish.kind = Wish::Kind::kQuery;
        break;
      case 'N':
        wish.node = argument;
        break;
      case 'd':
        wish.dampen_ms = DelayMs(argument);
        break;
      case 'Y':
        return Fail(kUsage, "the delay of an attribute goes with its value: use --update-both");
      case 'p':
      case 'q':
      case 's':
      case 'S':
      case 'A':
      case 'l':
      case 'V':
        break;
      default:
        return kUsage;
    }
  }
  if (wish.name.empty()) return Fail(kUsage, "an attribute needs a name");
  if (wish.kind == Wish::Kind::kSet || wish.kind == Wish::Kind::kErase) return Change(wish);
  std::string error;
  const auto value = Query(wish, error);
  if (!value) return Fail(error.empty() ? kNoSuch : kUnavailable, error.empty() ? wish.name + " is not set" : error);
  std::printf("name=\"%s\" host=\"%s\" value=\"%s\"\n", wish.name.c_str(), wish.node.c_str(), value->c_str());
  return kOk;
}

// --- crm_node --------------------------------------------------------------------------------------------------

int CrmNode(int argc, char** argv) {
  static constexpr option kOptions[] = {{"name", 0, nullptr, 'n'},    {"cluster-id", 0, nullptr, 'i'},
                                        {"list", 0, nullptr, 'l'},    {"partition", 0, nullptr, 'p'},
                                        {"quorum", 0, nullptr, 'q'},  {"name-for-id", 1, nullptr, 'N'},
                                        {"verbose", 0, nullptr, 'V'}, {nullptr, 0, nullptr, 0}};
  std::vector<int> asked;
  std::string id;
  int word = 0;
  while ((word = getopt_long(argc, argv, "nilpqN:V", kOptions, nullptr)) != -1) {
    if (word == '?') return kUsage;
    if (word == 'N') id = optarg;
    if (word != 'V') asked.push_back(word);
  }
  if (asked.empty()) return Fail(kUsage, "crm_node: nothing is asked for");
  if (asked == std::vector<int>{'n'} && !Environment("PICKET_NODE").empty()) {
    std::printf("%s\n", Environment("PICKET_NODE").c_str());
    return kOk;
  }
  std::string error;
  const auto status = Ask(Socket(), {{"verb", "status"}, {"cib", false}}, error);
  if (!status) return Fail(kUnavailable, error);
  const std::string own = status->at("node").get<std::string>();
  std::string members;
  bool found = id.empty();
  for (const int what : asked) {
    if (what == 'n') std::printf("%s\n", own.c_str());
    if (what == 'q') std::printf("%d\n", status->at("quorate").get<bool>() ? 1 : 0);
    for (const Json& node : status->at("nodes")) {
      const std::string name = node.at("name").get<std::string>();
      const std::string number = node.at("id").get<std::string>();
      const bool member = node.at("member").get<bool>();
      if (what == 'l') std::printf("%s %s %s\n", number.c_str(), name.c_str(), member ? "member" : "lost");
      if (what == 'i' && name == own) std::printf("%s\n", number.c_str());
      if (what == 'N' && number == id) found = std::printf("%s\n", name.c_str()) > 0;
      if (what == 'p' && member) members += name + " ";
    }
    if (what == 'p') std::printf("%s\n", members.c_str());
  }
  return found ? kOk : kNoSuch;
}

// --- crm_resource ----------------------------------------------------------------------------------------------

int Locate(const std::string& resource, bool quiet) {
  std::string error;
  const auto status = Ask(Socket(), {{"verb", "status"}}, error);
  if (!status) return Fail(kUnavailable, error);
  pugi::xml_document document;
  solver::DocumentError wrong;
  if (!solver::ParseDocument(status->at("cib").get<std::string>(), document, wrong)) {
    return Fail(kUnavailable, wrong.message);
  }
  const solver::Cluster cluster = solver::ReadCluster(document);
  const solver::State state = solver::ReadState(document, {}, {});
  solver::Run run;
  solver::ReadStatus(cluster, state, run, nullptr);
  bool exists = false;
  bool active = false;
  const auto visit = [&](solver::ResourceId id) {
    for (const solver::NodeId node : run.at(id).active) {
      active = true;
      const char* name = run.at(node).name.c_str();
      const char* role = run.at(id).role == solver::Role::kPromoted ? " Promoted" : "";
      if (quiet) {
        std::printf("%s\n", name);
      } else {
        std::printf("resource %s is running on: %s%s\n", resource.c_str(), name, role);
      }
    }
  };
  for (size_t i = 0; i < run.resources.size(); ++i) {
    const solver::Resource& candidate = run.resources[i];
    if (candidate.id != resource && solver::BaseName(candidate.id) != resource) continue;
    if (candidate.id != resource && !candidate.is_primitive()) continue;
    exists = true;
    solver::ForEachPrimitive(run, solver::ResourceId(i), visit);
    if (candidate.id == resource && !candidate.is_primitive()) break;
  }
  if (!exists) return Fail(kNoSuch, "there is no resource " + resource);
  if (!active && !quiet) std::printf("resource %s is NOT running\n", resource.c_str());
  return kOk;
}

int CrmResource(int argc, char** argv) {
  static constexpr option kOptions[] = {{"locate", 0, nullptr, 'W'},
                                        {"resource", 1, nullptr, 'r'},
                                        {"quiet", 0, nullptr, 'Q'},
                                        {"verbose", 0, nullptr, 'V'},
                                        {nullptr, 0, nullptr, 0}};
  std::string resource = Environment("OCF_RESOURCE_INSTANCE");
  bool locate = false;
  bool quiet = false;
  int word = 0;
  opterr = 0;
  while ((word = getopt_long(argc, argv, "Wr:QV", kOptions, nullptr)) != -1) {
    if (word == 'W') locate = true;
    if (word == 'r') resource = optarg;
    if (word == 'Q') quiet = true;
    if (word == '?') return Fail(kUsage, "picketd answers crm_resource --locate and nothing else");
  }
  if (!locate || resource.empty()) return Fail(kUsage, "picketd answers crm_resource --locate and nothing else");
  return Locate(resource, quiet);
}

int CibAdmin(int argc, char** argv) {
  const bool query = argc > 1 && (std::string_view(argv[1]) == "-Q" || std::string_view(argv[1]) == "--query");
  if (!query || argc > 2) return Fail(kUsage, "picketd answers cibadmin --query and nothing else");
  std::string error;
  const auto status = Ask(Socket(), {{"verb", "status"}}, error);
  if (!status) return Fail(kUnavailable, error);
  std::fputs(status->at("cib").get<std::string>().c_str(), stdout);
  return kOk;
}

int Main(int argc, char** argv) {
  const std::string_view path = argc > 0 ? argv[0] : "";
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "crm_attribute") return CrmAttribute(argc, argv, false);
  if (name == "crm_master") return CrmAttribute(argc, argv, true);
  if (name == "attrd_updater") return AttrdUpdater(argc, argv);
  if (name == "crm_node") return CrmNode(argc, argv);
  if (name == "crm_resource") return CrmResource(argc, argv);
  if (name == "cibadmin") return CibAdmin(argc, argv);
  return Fail(kUsage, std::string(name) + ": picketd has no such tool for agents");
}

}  // namespace
}  // namespace picket::runtime

int main(int argc, char** argv) {
  try {
    return picket::runtime::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 70;
  }
}
