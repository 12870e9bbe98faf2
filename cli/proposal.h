// What `plan`, `apply --to pacemaker`, `drift` and `rollback` have in common: a policy beside a live
// configuration, and what is to be done about it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/host.h"
#include "compiler/compile.h"
#include "runtime/deploy/align.h"
#include "runtime/deploy/change_list.h"
#include "runtime/deploy/leftovers.h"
#include "runtime/deploy/ownership.h"
#include "runtime/deploy/patch.h"
#include "simulator/foretell/foretell.h"

namespace picket::cli {

// What is declared: a policy, a CIB, or what a plan file keeps of one.
struct Wanted {
  std::string source;                                // the file
  compiler::CompileResult compilation;               // of a policy
  std::optional<simulator::WorldSettings> settings;  // a policy's links, votes and durations
  pugi::xml_document cib;                            // with secrets, where they are known
  std::string text;                                  // without
  std::map<std::string, std::string> secrets;        // keys of pairs -> their paths
  std::set<std::string> secret_values;
  bool own_all = false;
  std::set<std::string> remove;                // keys of what is to go though Picket did not write it
  std::optional<nlohmann::ordered_json> plan;  // the file, if it is one

  // `pbx.picket:12:3: `, or empty.
  std::string PlaceOf(const std::string& id) const;
  std::set<std::string> SecretKeys() const;
  // The document with every secret of the policy back in its words.
  void Hide(pugi::xml_document& document) const;
};

struct WantedOptions {
  std::string file;
  std::string secrets;  // the folder
  bool own_all = false;
};

// The values of `secrets` (keys of pairs -> paths) in this CIB.
std::set<std::string> SecretValuesIn(const pugi::xml_document& cib, const std::map<std::string, std::string>& secrets);
// Puts the words of the policy in the place of the values: `secret(PATH)`. Where `same` is given, only of values that
// it has too.
void HideSecrets(const std::map<std::string, std::string>& secrets, pugi::xml_document& document,
                 const pugi::xml_document* same = nullptr);
// The text without the values, in their own spelling and in that of XML.
std::string Scrubbed(std::string text, const std::set<std::string>& values);

// Puts the values below the folder in the place of what the policy calls `secret("path")`, and notes both in `wanted`.
// Without a folder it only notes. False after telling on stderr which file is amiss.
bool FillInSecrets(const std::string& folder, pugi::xml_document& document, Wanted& wanted);

// `schema` is what the live CIB is validated with. Tells why on stderr; gives the exit status.
int LoadWanted(const WantedOptions& options, const std::string& schema, Wanted& wanted);

// A declared configuration beside a live one.
struct Proposal {
  pugi::xml_document live;
  runtime::CibVersion base;
  runtime::Ownership before;     // what Picket noted there
  runtime::Alignment alignment;  // its target has the new notes too
  std::vector<runtime::Change> changes;
  bool unnoted = false;  // nothing changes but the notes: what is declared was not Picket's yet
  simulator::Foresight foresight;
  bool in_two_steps = false;  // what goes runs now: it is stopped first
};

// The pairs that the policy fills in now, and those that were filled in before: nobody is shown them.
std::set<std::string> HiddenKeys(const Wanted& wanted, const runtime::Ownership& before);

// Reads the live CIB; false and the reason if it is none.
bool ReadLive(const std::string& text, pugi::xml_document& document, std::string& reason);
std::string SchemaOf(const std::string& text);

// Compares and says what would be done. `notes` go along (who, when, from what).
void Propose(const Wanted& wanted, const pugi::xml_document& live, const std::map<std::string, std::string>& notes,
             Proposal& proposal);

// What cannot be done, told on stderr with places. True if there is anything.
bool TellObjections(const Wanted& wanted, const Proposal& proposal);

// Plays it. Needs a large stack.
void Foresee(const Wanted& wanted, Proposal& proposal);

// The first of two steps: what goes and runs is told to stop. Nothing if nothing that runs goes.
// `added`, if given, gets the keys of what was put there to tell it.
bool StopFirst(const pugi::xml_document& live, const std::vector<runtime::Change>& changes, pugi::xml_document& target,
               std::set<std::string>* added = nullptr);
// Puts resources that were told to stop back to what they were before, as `original` has them.
void UndoStop(const pugi::xml_document& original, const std::vector<runtime::Change>& changes,
              pugi::xml_document& document);
// The resources that go and are still active somewhere in this CIB.
std::vector<std::string> StillActive(const pugi::xml_document& cib, const std::vector<runtime::Change>& changes);

// The cluster's configuration and state of a CIB as it was read.
struct Readable {
  pugi::xml_document document;
  solver::Cluster cluster;
  solver::State state;
};
bool MakeReadable(const pugi::xml_document& cib, Readable& readable, std::string& reason);

std::string ClusterNameOf(const pugi::xml_document& cib);
int64_t NowS();

}  // namespace picket::cli
