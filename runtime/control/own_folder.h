// Folders that picketd and its clients keep things in: ours, and nobody else can put anything into them.
//
// Whoever can write to one of the folders above can put another in its place, so all of them are looked at:
// each belongs to root or to us, and others cannot write to it, unless it is sticky, as /tmp is: there nobody
// can move what is ours. No step follows a link that somebody else could have laid.
#pragma once

#include <sys/types.h>

#include <string>

namespace picket::runtime {

// Makes the folder if it is not there, those above it too, and gives it the mode; with 0 one that is there
// keeps its own. False, and the reason with a remedy, if it cannot be had or is not safe.
bool MakeOwnFolder(const std::string& path, mode_t mode, std::string& error);
// What a path is called from `/`; relative ones begin where we are.
std::string AbsolutePath(const std::string& path);

}  // namespace picket::runtime
