#include "runtime/store/hard.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "bazel/deps/fmt.h"
#include "solver/model/overloaded.h"
#include "solver/status/md5.h"

namespace picket::runtime {
namespace {

using Json = nlohmann::ordered_json;

// The level of what is written. A newer one is refused, not guessed at.
constexpr int kLevel = 1;
constexpr std::string_view kMagic = "picket-store";
constexpr std::string_view kPrefix = "hard-";
constexpr std::string_view kPromiseMagic = "picket-promise ";
constexpr size_t kGenerationsKept = 4;

std::optional<uint64_t> IndexOf(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  uint64_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return index;
}

void SetOrErase(std::map<std::string, std::string>& values, const std::string& name,
                const std::optional<std::string>& value) {
  if (value) {
    values[name] = *value;
  } else {
    values.erase(name);
  }
}

std::optional<Hard> FromJson(const Json& json, std::string& error) {
  try {
    Hard hard;
    hard.term = json.value("term", uint64_t{0});
    hard.members = json.value("members", std::vector<std::string>());
    hard.index = json.at("index").get<uint64_t>();
    hard.revision = json.value("revision", hard.index);
    hard.cib = json.at("cib").get<std::string>();
    hard.source = json.at("source").get<std::string>();
    hard.attributes = json.at("attributes").get<decltype(hard.attributes)>();
    hard.properties = json.at("properties").get<decltype(hard.properties)>();
    return hard;
  } catch (const Json::exception&) {
    error = "it lacks a part or has one of another kind";
    return std::nullopt;
  }
}

std::string BodyOf(const Hard& hard) {
  const Json json = {{"term", hard.term},
                     {"index", hard.index},
                     {"revision", hard.revision},
                     {"members", hard.members},
                     {"source", hard.source},
                     {"attributes", hard.attributes},
                     {"properties", hard.properties},
                     {"cib", hard.cib}};
  // Text that is no UTF-8 would be refused by the writer; it is replaced where it stands.
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Hard Applied(Hard hard, const Command& command, uint64_t term) {
  std::visit(Overloaded{
                 [&](const ReplaceConfiguration& replace) {
                   hard.cib = replace.cib;
                   hard.source = replace.source;
                 },
                 [&](const SetPermanent& set) {
                   SetOrErase(hard.attributes[set.node], set.name, set.value);
                   if (hard.attributes[set.node].empty()) hard.attributes.erase(set.node);
                 },
                 [&](const SetProperty& set) { SetOrErase(hard.properties, set.name, set.value); },
                 [&](const RecordMembers& record) { hard.members = record.nodes; },
             },
             command);
  hard.term = std::max(hard.term, term);
  ++hard.index;
  if (!std::holds_alternative<RecordMembers>(command)) hard.revision = hard.index;
  return hard;
}

std::string GenerationName(uint64_t index) {
  return std::string(kPrefix) + std::to_string(index);
}

std::string DigestOf(const Hard& hard) {
  return solver::Md5Hex(BodyOf(hard));
}

std::string EncodePromise(uint64_t term) {
  const std::string number = std::to_string(term);
  return fmt::format("{}{} {}\n", kPromiseMagic, number, solver::Md5Hex(number));
}

uint64_t LoadPromise(const std::vector<StoredFile>& files, bool& damaged) {
  damaged = false;
  for (const StoredFile& file : files) {
    if (file.name != kPromiseName) continue;
    uint64_t term = 0;
    std::string_view text = file.bytes;
    if (text.starts_with(kPromiseMagic)) text.remove_prefix(kPromiseMagic.size());
    std::from_chars(text.data(), text.data() + text.size(), term);
    if (file.bytes == EncodePromise(term)) return term;
    damaged = true;
  }
  return 0;
}

std::string EncodeHard(const Hard& hard) {
  const std::string body = BodyOf(hard);
  return fmt::format("{} {} {} {}\n{}", kMagic, kLevel, body.size(), solver::Md5Hex(body), body);
}

std::optional<Hard> DecodeHard(std::string_view bytes, std::string& error) {
  const size_t line = bytes.find('\n');
  if (!bytes.starts_with(kMagic) || line == std::string_view::npos || line > 200) {
    error = "it is no store of picketd";
    return std::nullopt;
  }
  std::string_view header = bytes.substr(kMagic.size(), line - kMagic.size());
  const std::string_view body = bytes.substr(line + 1);
  std::vector<std::string_view> words;
  while (!header.empty()) {
    const size_t begin = std::min(header.find_first_not_of(' '), header.size());
    const size_t end = std::min(header.find(' ', begin), header.size());
    if (end > begin) words.push_back(header.substr(begin, end - begin));
    header.remove_prefix(end);
  }
  if (words.size() != 3) {
    error = "its first line is damaged";
    return std::nullopt;
  }
  if (words[0] != std::to_string(kLevel)) {
    error = fmt::format("it is of level {}, and this picketd knows level {}", words[0], kLevel);
    return std::nullopt;
  }
  if (words[1] != std::to_string(body.size())) {
    error = fmt::format("it has {} bytes instead of {}", body.size(), words[1]);
    return std::nullopt;
  }
  if (words[2] != solver::Md5Hex(body)) {
    error = "its checksum differs";
    return std::nullopt;
  }
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) {
    error = "it is no JSON";
    return std::nullopt;
  }
  return FromJson(json, error);
}

LoadedHard LoadHard(const std::vector<StoredFile>& files) {
  std::vector<std::pair<uint64_t, const StoredFile*>> generations;
  for (const StoredFile& file : files) {
    if (const auto index = IndexOf(file.name)) generations.emplace_back(*index, &file);
  }
  std::stable_sort(generations.begin(), generations.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  LoadedHard loaded;
  if (!generations.empty()) loaded.newest_seen = generations.front().first;
  for (const auto& [index, file] : generations) {
    std::string error;
    std::optional<Hard> hard = DecodeHard(file->bytes, error);
    if (hard && hard->index != index) {
      hard.reset();
      error = "its number is not that of its name";
    }
    if (hard) {
      loaded.hard = std::move(*hard);
      return loaded;
    }
    loaded.forgetful = true;
    loaded.complaints.push_back(fmt::format("`{}` is not used: {}", file->name, error));
  }
  return loaded;
}

std::vector<std::string> OldGenerations(const std::vector<std::string>& names, uint64_t index) {
  std::vector<std::string> old;
  for (const std::string& name : names) {
    const auto generation = IndexOf(name);
    if (generation && (*generation + kGenerationsKept <= index || *generation > index)) old.push_back(name);
  }
  return old;
}

}  // namespace picket::runtime
