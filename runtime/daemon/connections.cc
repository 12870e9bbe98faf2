#include "runtime/daemon/connections.h"

#include <nlohmann/json.hpp>

namespace picket::runtime {

using Json = nlohmann::ordered_json;

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool Connections::MayChange(ClientNumber client) const {
  const auto found = clients_.find(client);
  return found != clients_.end() && found->second.may_change;
}

void Connections::Refuse(std::optional<ClientNumber> client, std::string_view why, Outbox& out) const {
  if (client && IsHere(*client)) out.effects.push_back(Answer{*client, LineOf({{"error", why}})});
}

void Connections::Accept(std::optional<ClientNumber> client, uint64_t revision, Outbox& out) const {
  if (client && IsHere(*client)) out.effects.push_back(Answer{*client, LineOf({{"accepted", revision}})});
}

void Connections::TellFollowers(const std::string& line, Outbox& out) const {
  for (const auto& [number, client] : clients_) {
    if (client.follows) out.effects.push_back(Answer{number, line});
  }
}

void Connections::TellWatchers(uint64_t version, Outbox& out) const {
  for (const auto& [number, client] : clients_) {
    if (client.watches) out.effects.push_back(Answer{number, "{\"changed\":" + std::to_string(version) + "}"});
  }
}

}  // namespace picket::runtime
