#include "web/serve/http.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <thread>

#include "web/serve/connection.h"

namespace picket::web {
namespace {

// Which connection this thread serves: cpp-httplib's handlers are not told.
thread_local Connection* serving = nullptr;
// The thread that accepts connections runs what has found no thread.
thread_local bool without_thread = false;

constexpr int kBacklog = 512;
constexpr int kRequestsPerConnection = 1000;
constexpr int64_t kBeat_ms = 3000;
constexpr int64_t kWait_ms = 2000;  // for a thread
// The regular expressions within cpp-httplib recurse over a header's length.
constexpr size_t kStack = 16 << 20;

// A thread for each connection, up to a number; what comes then is run at once by the one who accepts, and refused.
class Threads : public httplib::TaskQueue {
 public:
  explicit Threads(size_t max) : max_(max) {}

  void enqueue(std::function<void()> work) override {
    {
      std::unique_lock lock(mutex_);
      // Connections that were ended to make room are on their way out.
      ended_.wait_for(lock, std::chrono::milliseconds(kWait_ms), [this] { return running_ < max_; });
      if (running_ < max_ && Start(work)) {
        ++running_;
        return;
      }
    }
    without_thread = true;
    work();
    without_thread = false;
  }

  void shutdown() override {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  struct Job {
    Threads* threads;
    std::function<void()> work;
  };

  bool Start(const std::function<void()>& work) {
    auto job = std::make_unique<Job>(Job{this, work});
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStack);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    const bool started = pthread_create(&thread, &attributes, Run, job.get()) == 0;
    pthread_attr_destroy(&attributes);
    if (started) job.release();
    return started;
  }

  static void* Run(void* given) {
    const std::unique_ptr<Job> job(static_cast<Job*>(given));
    job->work();
    const std::lock_guard lock(job->threads->mutex_);
    --job->threads->running_;
    job->threads->ended_.notify_all();
    return nullptr;
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  size_t running_ = 0;
  size_t max_;
};

std::string HeaderOf(const httplib::Request& request, const char* name) {
  std::string text;
  const size_t count = request.get_header_value_count(name);
  for (size_t i = 0; i < count; ++i) text += (i > 0 ? ", " : "") + request.get_header_value(name, i);
  return text;
}

Request RequestOf(const httplib::Request& from) {
  Request request;
  request.method = from.method;
  request.path = from.path;
  request.host = HeaderOf(from, "Host");
  request.origin = HeaderOf(from, "Origin");
  request.site = HeaderOf(from, "Sec-Fetch-Site");
  request.cookie = HeaderOf(from, "Cookie");
  request.key = HeaderOf(from, "X-Picket-Key");
  request.type = HeaderOf(from, "Content-Type");
  request.body = from.body;
  return request;
}

// The answer, in a way in which cpp-httplib does not pack it: that would take long, and mixes secrets with what others
// chose.
void Write(Response from, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : SecurityHeaders()) to.set_header(name.c_str(), value);
  for (const auto& [name, value] : from.headers) to.set_header(name.c_str(), value);
  const auto text = std::make_shared<const std::string>(std::move(from.body));
  to.set_content_provider(text->size(), from.type.c_str(),
                          [text](size_t offset, size_t length, httplib::DataSink& sink) {
                            return sink.write(text->data() + offset, length);
                          });
}

void Stream(Site& site, const Response& from, httplib::Response& to) {
  for (const auto& [name, value] : SecurityHeaders()) to.set_header(name.c_str(), value);
  const auto after = std::make_shared<uint64_t>(0);
  to.set_chunked_content_provider(
      from.type.c_str(), [&site, after, session = from.session, held = from.held](size_t, httplib::DataSink& sink) {
        if (!serving || serving->IsGone()) return false;
        const std::string part = site.NextEvents(session, *after, kBeat_ms);
        if (part.empty()) {
          sink.done();
          return true;
        }
        serving->BeginAnswer(HttpServer::kAnswer_ms, HttpServer::kStall_ms);
        return sink.write(part.data(), part.size());
      });
}

}  // namespace

class HttpServer::Server : public httplib::Server {
 public:
  explicit Server(SSL_CTX* tls) : tls_(tls), connections_(kConnectionsMax) {
    new_task_queue = [] { return new Threads(kConnectionsMax + kConnectionsMax / 4); };
    set_payload_max_length(Site::kBodyMax);
    // Two servers do not share a port.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& to, std::exception_ptr) {
      Write(Refuse(500, "the server failed at this; see what it says where it was started"), to);
    });
  }
  ~Server() override {
    if (tls_) SSL_CTX_free(tls_);
  }

  void Answer(Site& site) {
    set_pre_routing_handler([this, &site](const httplib::Request& from, httplib::Response& to) {
      serving->BeginAnswer(kAnswer_ms, kStall_ms);
      auto early = site.Early(RequestOf(from));
      if (!early) return HandlerResponse::Unhandled;
      if (early->events) {
        connections_.Trust(serving->socket());
        Stream(site, *early, to);
      } else {
        Write(std::move(*early), to);
      }
      return HandlerResponse::Handled;
    });
    for (const char* path : {"/session", "/end", "/ask", "/do"}) {
      Post(path, [this, &site](const httplib::Request& from, httplib::Response& to) {
        Response answer = site.Answer(RequestOf(from));
        if (answer.status == 200) connections_.Trust(serving->socket());
        // What is asked may take its time.
        serving->BeginAnswer(kAnswer_ms, kStall_ms);
        Write(std::move(answer), to);
      });
    }
    // What cpp-httplib refuses by itself.
    set_error_handler(Handler([](const httplib::Request&, httplib::Response& to) {
      if (to.content_length_ == 0 && to.body.empty()) Write(Refuse(to.status, "the request is not understood"), to);
    }));
  }

  void WidenBacklog() { ::listen(svr_sock_, kBacklog); }
  void EndConnections() { connections_.EndAll(); }

 private:
  bool process_and_close_socket(socket_t socket) override {
    const bool served = !without_thread && connections_.Enter(socket);
    if (served) {
      Talk(socket);
      connections_.Leave(socket);
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return served;
  }

  void Talk(int socket) {
    Connection connection(socket, tls_);
    serving = &connection;
    if (connection.Greet(kRequest_ms)) {
      for (int left = kRequestsPerConnection; left > 0 && connection.AwaitRequest(kIdle_ms); --left) {
        connection.BeginRequest(kRequest_ms, kRequestBytesMax);
        bool closed = false;
        if (!process_request(connection, left == 1, closed, nullptr) || closed) break;
      }
    }
    serving = nullptr;
  }

  SSL_CTX* tls_;
  Connections connections_;
};

namespace {

// Null and the reason if the files do not do.
SSL_CTX* TlsOf(const HttpSettings& settings, std::string& reason) {
  SSL_CTX* tls = SSL_CTX_new(TLS_server_method());
  if (!tls) {
    reason = "TLS cannot be had";
    return nullptr;
  }
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION);
  if (SSL_CTX_use_certificate_chain_file(tls, settings.certificate.c_str()) != 1) {
    reason = settings.certificate + " holds no certificate in PEM";
  } else if (SSL_CTX_use_PrivateKey_file(tls, settings.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    reason = settings.key + " holds no private key in PEM that belongs to the certificate";
  } else if (SSL_CTX_check_private_key(tls) != 1) {
    reason = settings.key + " is not the key of the certificate";
  } else {
    return tls;
  }
  SSL_CTX_free(tls);
  return nullptr;
}

}  // namespace

HttpServer::HttpServer(HttpSettings settings) : settings_(std::move(settings)) {}
HttpServer::~HttpServer() = default;

int HttpServer::Bind(std::string& reason) {
  SSL_CTX* tls = nullptr;
  if (!settings_.certificate.empty() && !(tls = TlsOf(settings_, reason))) return 0;
  server_ = std::make_unique<Server>(tls);
  int port = settings_.port;
  errno = 0;
  if (port == 0)
    port = std::max(0, server_->bind_to_any_port(settings_.address));
  else if (!server_->bind_to_port(settings_.address, port))
    port = 0;
  if (port == 0) {
    reason = "cannot listen at " + settings_.address + ":" + std::to_string(settings_.port) +
             (errno == 0 ? "" : std::string(": ") + std::strerror(errno));
    return 0;
  }
  server_->WidenBacklog();
  return port;
}

void HttpServer::Serve(Site& site) {
  server_->Answer(site);
  server_->listen_after_bind();
  ended_ = true;
}

void HttpServer::Stop() {
  // cpp-httplib does not hear who stops it before it has begun.
  while (!ended_ && !server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  server_->stop();
  server_->EndConnections();
}

}  // namespace picket::web
