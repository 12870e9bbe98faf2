// A proposal shown, agreed to, and put in force in a live Pacemaker; then watched until the cluster rests.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "cli/host.h"
#include "cli/proposal.h"

namespace picket::cli {

struct CarryOptions {
  Host host;
  bool yes = false;
  bool dry_run = false;
  int wait_s = 0;
  std::string format = "text";
};

// Makes the proposal for a live CIB, without its effects. On failure: false, and `reason` says why.
using ProposalMaker =
    std::function<bool(const pugi::xml_document& live, const std::map<std::string, std::string>& notes,
                       Proposal& proposal, std::string& reason)>;

// Gives the exit status. Tells on stdout what is done and on stderr what is amiss. `live_text` is the CIB as
// it was read. Needs a large stack.
int CarryOut(const Wanted& wanted, const std::string& live_text, const ProposalMaker& make,
             const CarryOptions& options);

// `picket apply FILE --to pacemaker`.
int ApplyToPacemaker(const WantedOptions& wanted, const CarryOptions& options);

}  // namespace picket::cli
