// What a client of the control socket may ask for: one JSON object on a line, with a `verb`.
//
// A request is read as if an enemy had sent it: known verbs, known words, texts of bounded length without control
// characters. What it may do is decided by who sent it (the socket's peer), not by what it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace picket::runtime {

// The longest request: a configuration, or anything else.
inline constexpr size_t kConfigurationMax = size_t{64} << 20;
inline constexpr size_t kRequestMax = size_t{64} << 10;

struct AskStatus {
  bool cib = true;             // with the whole CIB as it is now
  bool configuration = false;  // with the hard state, for who may change it
};
struct AskEvents {
  uint64_t since = 0;   // only later ones
  bool follow = false;  // and those to come, each on a line
};
// A line whenever the state is another one.
struct AskWatch {};
struct AskAttribute {
  std::string node;
  std::string name;
  bool permanent = false;
};

struct Apply {
  std::string cib;
  std::string source;
  std::optional<uint64_t> index;  // only if the world is still that one
};
struct ChangeAttribute {
  std::string node;
  std::string name;
  std::optional<std::string> value;
  bool permanent = false;
  int64_t dampen_ms = 0;
};
struct ChangeProperty {
  std::string name;
  std::optional<std::string> value;
};
struct Cleanup {
  std::string resource;  // empty: whatever has failed
  std::string node;      // empty: everywhere
};
// A node is to be fenced; or, with `confirm`, a person says that it is off, and nobody will look.
struct Fence {
  std::string node;
  std::string action;  // `reboot`, `off`, `on`; empty: what the policy says
  bool confirm = false;
};
struct Stop {
  bool keep_services = false;
};
struct Recover {};

using Request = std::variant<AskStatus, AskEvents, AskWatch, AskAttribute, Apply, ChangeAttribute, ChangeProperty,
                             Cleanup, Fence, Stop, Recover>;

// Nothing, and the reason, if it is no request.
std::optional<Request> ReadRequest(std::string_view line, std::string& error);
// Whether it changes something, and so is not for everybody.
bool IsChange(const Request& request);

}  // namespace picket::runtime
