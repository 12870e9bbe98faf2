// MD5 (RFC 1321), because the digests that the cluster keeps in its operation history are MD5 sums of text. Not for
// anything that must resist an attacker.
#pragma once

#include <string>
#include <string_view>

namespace picket::solver {

// 32 lower-case hexadecimal digits.
std::string Md5Hex(std::string_view bytes);

}  // namespace picket::solver
