#include "runtime/deploy/secrets.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/store/secret_pairs.h"

namespace picket::runtime {
namespace {

constexpr const char* kCib = R"xml(<cib><configuration><crm_config><cluster_property_set id="o">
<nvpair id="o1" name="x" value="1"/></cluster_property_set></crm_config><resources><primitive id="f">
<instance_attributes id="p"><nvpair id="p1" name="ip" value="secrets"/>
<nvpair id="p2" name="password" value="secret(ipmi/n1)"/><nvpair id="p3" name="pin" value="secret(pin (old))"/>
</instance_attributes></primitive></resources></configuration></cib>)xml";

std::string ValueOf(const pugi::xml_document& document, const char* id) {
  return document.select_node((std::string("//nvpair[@id='") + id + "']").c_str()).node().attribute("value").value();
}

struct Folder {
  Folder() {
    char name[] = "/tmp/secrets_test.XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void Put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    std::filesystem::create_directories(std::filesystem::path(path + "/" + name).parent_path());
    std::ofstream(path + "/" + name, std::ios::binary) << text;
    chmod((path + "/" + name).c_str(), mode);
  }
  std::string Read(const std::string& name) const {
    std::string error;
    const auto value = ReadSecret(path, name, error);
    return value ? *value : "! " + error;
  }
  std::string path;
};

TEST_CASE("secrets take the place of their names, and are marked") {
  pugi::xml_document document;
  REQUIRE(document.load_string(kCib));
  const auto refused = FillSecrets(document, [](const std::string& path, std::string&) { return "<" + path + ">"; });
  CHECK(refused.empty());
  CHECK(ValueOf(document, "p1") == "secrets");
  CHECK(ValueOf(document, "p2") == "<ipmi/n1>");
  CHECK(ValueOf(document, "p3") == "<pin (old)>");
  CHECK(SecretPairs(document.document_element().child("configuration")) == std::set<std::string>{"p2", "p3"});
  MarkSecretPairs(document.document_element().child("configuration"), {"p9"});
  CHECK(SecretPairs(document.document_element().child("configuration")).size() == 3);
}

TEST_CASE("without secrets nothing changes") {
  pugi::xml_document document;
  REQUIRE(document.load_string("<cib><configuration><resources/></configuration></cib>"));
  CHECK(FillSecrets(document, [](const std::string&, std::string&) { return std::optional<std::string>(); }).empty());
  CHECK_FALSE(document.document_element().child("configuration").child("crm_config"));
}

TEST_CASE("a secret without a value is refused by name") {
  pugi::xml_document document;
  REQUIRE(document.load_string(kCib));
  const auto refused = FillSecrets(document, [](const std::string&, std::string& error) {
    error = "no such file";
    return std::optional<std::string>();
  });
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].id == "p2");
  CHECK(refused[0].what == "secret(\"ipmi/n1\") has no value: no such file");
  CHECK(SecretPairs(document.document_element().child("configuration")).empty());
}

TEST_CASE("what a file is good for") {
  const Folder folder;
  folder.Put("plain", "hush\n");
  folder.Put("dos", "hush\r\n");
  folder.Put("ipmi/n1", " a b ");
  folder.Put("empty", "\n");
  folder.Put("two", "a\nb\n");
  folder.Put("nul", std::string("a\0b", 3));
  folder.Put("long", std::string(kSecretMax + 1, 'x'));
  folder.Put("longest", std::string(kSecretMax, 'x') + "\n");
  folder.Put("open", "hush", 0644);
  CHECK(folder.Read("plain") == "hush");
  CHECK(folder.Read("dos") == "hush");
  CHECK(folder.Read("ipmi/n1") == " a b ");
  CHECK(folder.Read("longest").size() == kSecretMax);
  for (const char* name : {"empty", "two", "nul", "long", "open", "ipmi", "missing", ""}) {
    CAPTURE(name);
    CHECK(folder.Read(name).starts_with("! "));
  }
  CHECK(folder.Read("open").find("everybody on this machine may read it") != std::string::npos);
  CHECK(folder.Read("missing").find("No such file") != std::string::npos);
}

TEST_CASE("no path leads out of the folder") {
  const Folder folder;
  folder.Put("plain", "hush");
  for (const char* name : {"../etc/passwd", "/etc/passwd", "ipmi/../../x", "..", "a/.."}) {
    CAPTURE(name);
    CHECK(folder.Read(name) == "! its path leads out of the folder of secrets");
  }
  CHECK(folder.Read("./plain") == "hush");
}

}  // namespace
}  // namespace picket::runtime
