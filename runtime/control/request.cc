#include "runtime/control/request.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

namespace picket::runtime {
namespace {

using Json = nlohmann::json;

constexpr size_t kNameMax = 1024;
constexpr size_t kValueMax = 16 << 10;
constexpr int64_t kDampenMaxMs = int64_t{24} * 3600 * 1000;

// Reads the members of one request and remembers the first thing that is wrong.
class Reader {
 public:
  Reader(const Json& json, std::string& error) : json_(json), error_(error) {}

  std::string Text(const char* name, size_t limit, bool lines = false) {
    const auto found = json_.find(name);
    if (found == json_.end()) return {};
    if (!found->is_string()) return Wrong(name, "is no text");
    const std::string& text = found->get_ref<const std::string&>();
    if (text.size() > limit) return Wrong(name, "is too long");
    const bool control = std::any_of(text.begin(), text.end(), [&](unsigned char c) {
      return (c < 0x20 && !(lines && (c == '\n' || c == '\t' || c == '\r'))) || c == 0x7f;
    });
    if (control) return Wrong(name, "has a control character in it");
    return text;
  }
  std::string Needed(const char* name, size_t limit, bool lines = false) {
    std::string text = Text(name, limit, lines);
    if (text.empty() && error_.empty()) return Wrong(name, "is missing");
    return text;
  }
  // One of the words, or nothing.
  std::string OneOf(const char* name, std::initializer_list<std::string_view> words) {
    std::string text = Text(name, kNameMax);
    if (text.empty() || std::find(words.begin(), words.end(), text) != words.end()) return text;
    std::string known;
    for (const std::string_view word : words) known += (known.empty() ? "" : ", ") + std::string(word);
    return Wrong(name, "is none of " + known);
  }
  // null erases.
  std::optional<std::string> Value(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end()) {
      Wrong(name, "is missing");
      return std::nullopt;
    }
    if (found->is_null()) return std::nullopt;
    return Text(name, kValueMax, true);
  }
  bool Flag(const char* name, bool otherwise) {
    const auto found = json_.find(name);
    if (found == json_.end()) return otherwise;
    if (!found->is_boolean()) Wrong(name, "is neither true nor false");
    return found->is_boolean() && found->get<bool>();
  }
  std::optional<uint64_t> Number(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end()) return std::nullopt;
    if (!found->is_number_unsigned()) {
      Wrong(name, "is no number");
      return std::nullopt;
    }
    return found->get<uint64_t>();
  }

 private:
  std::string Wrong(const char* name, std::string_view what) {
    if (error_.empty()) error_ = "`" + std::string(name) + "` " + std::string(what);
    return {};
  }

  const Json& json_;
  std::string& error_;
};

Request ReadVerb(std::string_view verb, Reader& reader, std::string& error) {
  if (verb == "status") return AskStatus{reader.Flag("cib", true), reader.Flag("configuration", false)};
  if (verb == "events") return AskEvents{reader.Number("since").value_or(0), reader.Flag("follow", false)};
  if (verb == "watch") return AskWatch{};
  if (verb == "get-attribute") {
    return AskAttribute{reader.Text("node", kNameMax), reader.Needed("name", kNameMax),
                        reader.Flag("permanent", false)};
  }
  if (verb == "apply") {
    return Apply{reader.Needed("cib", kConfigurationMax, true), reader.Text("source", kNameMax),
                 reader.Number("index")};
  }
  if (verb == "set-attribute") {
    const auto dampen_ms = static_cast<int64_t>(
        std::min<uint64_t>(reader.Number("dampen_ms").value_or(0), static_cast<uint64_t>(kDampenMaxMs)));
    return ChangeAttribute{reader.Text("node", kNameMax), reader.Needed("name", kNameMax), reader.Value("value"),
                           reader.Flag("permanent", false), dampen_ms};
  }
  if (verb == "set-property") return ChangeProperty{reader.Needed("name", kNameMax), reader.Value("value")};
  if (verb == "cleanup") return Cleanup{reader.Text("resource", kNameMax), reader.Text("node", kNameMax)};
  if (verb == "fence") {
    return Fence{reader.Needed("node", kNameMax), reader.OneOf("action", {"reboot", "off", "on"}),
                 reader.Flag("confirm", false)};
  }
  if (verb == "stop") return Stop{reader.Flag("keep_services", false)};
  if (verb == "recover") return Recover{};
  error = "there is no verb `" + std::string(verb.substr(0, 40)) + "`";
  return Recover{};
}

}  // namespace

std::optional<Request> ReadRequest(std::string_view line, std::string& error) {
  error.clear();
  // Nothing that is asked for is nested: what is gets refused before it is built.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 1; };
  const Json json = Json::parse(line, shallow, false);
  if (json.is_discarded() || !json.is_object()) {
    error = "a request is one JSON object on a line";
    return std::nullopt;
  }
  Reader reader(json, error);
  const std::string verb = reader.Needed("verb", 40);
  if (!error.empty()) return std::nullopt;
  Request request = ReadVerb(verb, reader, error);
  if (!error.empty()) return std::nullopt;
  return request;
}

bool IsChange(const Request& request) {
  return !std::holds_alternative<AskStatus>(request) && !std::holds_alternative<AskEvents>(request) &&
         !std::holds_alternative<AskWatch>(request) && !std::holds_alternative<AskAttribute>(request);
}

}  // namespace picket::runtime
