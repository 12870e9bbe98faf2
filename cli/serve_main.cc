// picket-serve: what `picket serve` becomes. The live page of a cluster, on a socket.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include "cli/exit_status.h"
#include "cli/passwords.h"
#include "cli/serve_cluster.h"
#include "cli/serve_options.h"
#include "cli/version.h"
#include "web/serve/http.h"

namespace picket::cli {
namespace {

int Complain(const std::string& what, int status) {
  std::cerr << "picket: " << what << '\n';
  return status;
}

struct Place {
  std::string address;
  int port = 0;
  bool six = false;
  bool loopback = false;
};

// `127.0.0.1:7680`, `[::1]:7680`, `localhost:7680`; nullopt if it is no address.
std::optional<Place> ReadPlace(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size() || text.size() - colon > 6) return std::nullopt;
  Place place;
  place.address = text.substr(0, colon);
  for (const char c : text.substr(colon + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    place.port = place.port * 10 + (c - '0');
  }
  if (place.port > 65535) return std::nullopt;
  if (place.address == "localhost") place.address = "127.0.0.1";
  if (place.address.starts_with("[") && place.address.ends_with("]"))
    place.address = place.address.substr(1, place.address.size() - 2);
  in_addr four = {};
  in6_addr six = {};
  if (inet_pton(AF_INET, place.address.c_str(), &four) == 1) {
    place.loopback = (ntohl(four.s_addr) >> 24) == 127;
  } else if (inet_pton(AF_INET6, place.address.c_str(), &six) == 1) {
    place.six = true;
    place.loopback = IN6_IS_ADDR_LOOPBACK(&six);
  } else {
    return std::nullopt;
  }
  return place;
}

// What does not go together; empty if all does.
std::string Objection(const ServeOptions& options, const Place& place) {
  if (options.certificate.empty() != options.key.empty()) return "--certificate and --key go together";
  const bool safe = !options.certificate.empty() && !options.passwords.empty();
  if (!place.loopback && !safe) {
    return "to listen at " + place.address +
           ", which others reach, it needs TLS and passwords: --certificate FILE "
           "--key FILE --passwords FILE; or listen at 127.0.0.1, and reach it by `ssh -L`";
  }
  if (options.allow_changes && !options.input.empty() && !IsLive(options.input))
    return "--allow-changes is for a live cluster; a CIB in a file is only shown";
  return "";
}

std::string MachineName() {
  char name[HOST_NAME_MAX + 1] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

// What a browser may call us, with the port where it is not the usual one as well.
std::vector<std::string> HostsOf(const ServeOptions& options, const Place& place, int port) {
  std::vector<std::string> names = options.names;
  names.push_back(place.six ? "[" + place.address + "]" : place.address);
  if (place.loopback) names.emplace_back("localhost");
  if (!place.loopback) names.push_back(MachineName());
  std::vector<std::string> hosts;
  for (std::string& name : names) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    hosts.push_back(name + ":" + std::to_string(port));
    if (port == (options.certificate.empty() ? 80 : 443)) hosts.push_back(name);
  }
  return hosts;
}

// A dump of this process would hold the cluster's secrets and people's sessions.
void KeepSecrets() {
  prctl(PR_SET_DUMPABLE, 0);
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

// Ends the server at SIGINT and SIGTERM. The signals are blocked in every thread that starts later.
class Ender {
 public:
  Ender() {
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals_);
    for (const int one : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, one);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  void Wait() const {
    int which = 0;
    sigwait(&signals_, &which);
  }

 private:
  sigset_t signals_;
};

int Serve(const ServeOptions& options, const Ender& ender) {
  const auto place = ReadPlace(options.listen);
  if (!place) return Complain("--listen takes an address and a port, as 127.0.0.1:7680 or [::1]:7680", kInputWrong);
  if (const std::string why = Objection(options, *place); !why.empty()) return Complain(why, kInputWrong);
  std::string reason;
  std::optional<Passwords> passwords;
  if (!options.passwords.empty()) {
    passwords = Passwords::Read(options.passwords, reason);
    if (!passwords) return Complain(reason, kEnvironmentWrong);
  }
  web::Board board;
  ServeCluster cluster(options, board);
  if (const int status = cluster.Begin(); status != kOk) return status;
  web::HttpServer server({place->address, place->port, options.certificate, options.key});
  const int port = server.Bind(reason);
  if (port == 0) return Complain(reason, kEnvironmentWrong);

  web::SiteSettings settings;
  settings.door.hosts = HostsOf(options, *place, port);
  settings.door.tls = !options.certificate.empty();
  settings.door.cookie = "picket-" + std::to_string(port);
  settings.door.passwords = passwords.has_value();
  settings.allow_changes = options.allow_changes;
  settings.source = cluster.Told();
  settings.version = Version();
  const std::string address = (settings.door.tls ? "https://" : "http://") + settings.door.hosts.front() + "/";
  web::Site site(
      settings, board, cluster,
      passwords ? web::Door::Passwords([&](const auto& name, const auto& word) { return passwords->Fit(name, word); })
                : nullptr);
  cluster.on_new_token = [&](const std::string& token) {
    std::cout << "that link was used; one for another browser: " << address << "#token=" << token << std::endl;
  };
  std::cout << "live: " << cluster.Told() << (options.allow_changes ? ", changes are allowed" : ", only shown") << '\n'
            << address << (passwords ? "" : "#token=" + site.token()) << std::endl;
  cluster.Watch();
  std::thread serving([&] { server.Serve(site); });
  ender.Wait();
  board.Close();
  server.Stop();
  serving.join();
  std::cout.flush();
  // Whoever asks the cluster at this moment may wait for long; it changes nothing.
  _exit(kOk);
}

int Main(int argc, char** argv) {
  CLI::App program("Show a live cluster in a browser", "picket serve");
  ServeOptions options;
  AddServeOptions(program, options);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    return Complain(error.what(), kInputWrong);
  }
  KeepSecrets();
  const Ender ender;
  return Serve(options, ender);
}

}  // namespace
}  // namespace picket::cli

int main(int argc, char** argv) {
  try {
    return picket::cli::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "picket: " << error.what() << '\n';
    return picket::cli::kDefect;
  }
}
