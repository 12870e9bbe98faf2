#include "runtime/deploy/supported.h"

#include <string_view>

namespace picket::runtime {
namespace {

class Search {
 public:
  std::vector<Refusal> found;

  void Visit(pugi::xml_node node) {
    for (const pugi::xml_node child : node.children()) {
      Judge(child);
      Visit(child);
    }
  }

 private:
  void Refuse(pugi::xml_node node, std::string_view what) {
    const std::string id = node.attribute("id").value();
    const std::string name = node.attribute("uname") ? node.attribute("uname").value() : id;
    found.push_back({id, "`" + name + "` " + std::string(what)});
  }

  void Judge(pugi::xml_node node) {
    const std::string_view element = node.name();
    if (element == "node") {
      const std::string_view type = node.attribute("type").as_string("member");
      if (type != "member" && type != "normal") Refuse(node, "is a remote node, and picketd has only members yet");
    } else if (element == "bundle") {
      Refuse(node, "is a bundle, and picketd runs no containers yet");
    } else if (element == "alert") {
      Refuse(node, "is an alert, and picketd sends none yet");
    } else if (element == "rsc_ticket") {
      Refuse(node, "waits for a ticket, and picketd has nobody yet who grants one");
    } else if (element == "acl_target" || element == "acl_group" || element == "acl_role") {
      Refuse(node, "is an access rule, and picketd knows only those who may change everything and those who may read");
    } else if (element == "primitive" || element == "template") {
      JudgeAgent(node);
    } else if (element == "nvpair" && std::string_view(node.attribute("name").value()) == "remote-node") {
      Refuse(node, "makes a guest node, and picketd has only members yet");
    }
  }

  void JudgeAgent(pugi::xml_node node) {
    const std::string_view cls = node.attribute("class").value();
    const std::string_view type = node.attribute("type").value();
    if (cls == "ocf" && std::string_view(node.attribute("provider").value()) == "pacemaker" && type == "remote") {
      Refuse(node, "connects a remote node, and picketd has only members yet");
    } else if (!cls.empty() && cls != "ocf" && cls != "lsb" && cls != "systemd" && cls != "service" &&
               cls != "stonith") {
      Refuse(node, "has an agent of class `" + std::string(cls) +
                       "`, and picketd runs those of ocf, lsb, systemd, service and stonith");
    }
  }
};

}  // namespace

std::vector<Refusal> RefusalsOf(const pugi::xml_document& document) {
  Search search;
  search.Visit(document.document_element().child("configuration"));
  return search.found;
}

}  // namespace picket::runtime
