#include "runtime/group/operation_json.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

Json JsonOf(const Operation& operation) {
  Json parameters = Json::array();
  for (const auto& [name, value] : operation.parameters) parameters.push_back({name, value});
  return {{"resource", operation.resource},
          {"class", operation.cls},
          {"provider", operation.provider},
          {"type", operation.type},
          {"name", operation.name},
          {"cancels", operation.cancels},
          {"interval_ms", operation.interval_ms},
          {"timeout_ms", operation.timeout_ms},
          {"start_delay_ms", operation.start_delay_ms},
          {"target_rc", operation.target_rc},
          {"failure_is_fatal", operation.failure_is_fatal},
          {"parameters", std::move(parameters)},
          {"digest", operation.digest},
          {"migrate_source", operation.migrate_source},
          {"migrate_target", operation.migrate_target}};
}

Operation OperationFrom(const Json& json) {
  Operation operation;
  json.at("resource").get_to(operation.resource);
  json.at("class").get_to(operation.cls);
  json.at("provider").get_to(operation.provider);
  json.at("type").get_to(operation.type);
  json.at("name").get_to(operation.name);
  json.at("cancels").get_to(operation.cancels);
  json.at("interval_ms").get_to(operation.interval_ms);
  json.at("timeout_ms").get_to(operation.timeout_ms);
  json.at("start_delay_ms").get_to(operation.start_delay_ms);
  json.at("target_rc").get_to(operation.target_rc);
  json.at("failure_is_fatal").get_to(operation.failure_is_fatal);
  for (const Json& pair : json.at("parameters")) {
    operation.parameters.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
  }
  json.at("digest").get_to(operation.digest);
  json.at("migrate_source").get_to(operation.migrate_source);
  json.at("migrate_target").get_to(operation.migrate_target);
  return operation;
}

}  // namespace picket::runtime
