// A request and its answer, as far as `picket serve` looks at them: HTTP without a socket.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace picket::web {

// Headers that are missing are empty; one that came twice is the texts with a comma between them.
struct Request {
  std::string method, path;
  std::string host, origin;
  std::string site;    // Sec-Fetch-Site
  std::string cookie;  // the whole header
  std::string key;     // X-Picket-Key
  std::string type;    // Content-Type
  std::string body;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beside those that every answer has
  bool events = false;                                       // the body is the beginning of a stream
  std::string session;                                       // whose stream it is
  std::shared_ptr<void> held;                                // its place among the streams, until this is let go
};

// An answer that says why not, in words for people.
Response Refuse(int status, const std::string& why);

}  // namespace picket::web
