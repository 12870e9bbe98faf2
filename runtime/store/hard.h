// The hard state: what must survive a reboot. The configuration, and what people and agents set permanently.
//
// It changes by numbered commands only. A policy is applied whole; what was set by hand (standby, maintenance,
// permanent node attributes) is kept apart from it, so that applying a policy again takes back nothing that
// somebody else decided. On disk a generation is a file of its own with a checksum; a torn or foreign one is
// refused, the one before it is loaded, and the daemon is *forgetful*: what was accepted last may be lost, and
// people have to say how to go on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/group/command.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

struct Hard {
  uint64_t term = 0;      // in which the last command was made
  uint64_t index = 0;     // of the last command in it
  uint64_t revision = 0;  // of the last command that people would call a change: the configuration's number
  std::string cib;        // empty: nothing was ever applied
  std::string source;
  std::map<std::string, std::map<std::string, std::string>> attributes;  // node -> name -> value
  std::map<std::string, std::string> properties;
  std::vector<std::string> members;  // of the last view with quorum

  friend bool operator==(const Hard&, const Hard&) = default;
};

// The state after one more command.
Hard Applied(Hard hard, const Command& command, uint64_t term = 0);

// A generation as a file, and back; nothing and the reason if it is not whole.
std::string EncodeHard(const Hard& hard);
std::optional<Hard> DecodeHard(std::string_view bytes, std::string& error);
std::string GenerationName(uint64_t index);
// Equal states, equal digests.
std::string DigestOf(const Hard& hard);
// Which of two states knows more.
inline bool IsNewer(const Hard& a, const Hard& b) {
  return a.term != b.term ? a.term > b.term : a.index > b.index;
}

// The highest term in which this member has promised to speak, as a file of its own.
inline constexpr const char* kPromiseName = "promise";
std::string EncodePromise(uint64_t term);
// 0 if there is none. One that is damaged is nothing too, and `damaged` is set: what was promised is not
// known.
uint64_t LoadPromise(const std::vector<StoredFile>& files, bool& damaged);

struct LoadedHard {
  Hard hard;
  bool forgetful = false;    // a newer generation is there and cannot be read
  uint64_t newest_seen = 0;  // number of the newest generation, readable or not
  std::vector<std::string> complaints;
};
LoadedHard LoadHard(const std::vector<StoredFile>& files);
// Which generations need not be kept once `index` is on disk: those long past, and those of a future that never came.
std::vector<std::string> OldGenerations(const std::vector<std::string>& names, uint64_t index);

}  // namespace picket::runtime
