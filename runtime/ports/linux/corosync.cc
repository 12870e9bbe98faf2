#include "runtime/ports/linux/corosync.h"

#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/quorum.h>
#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "runtime/ports/linux/corosync_keys.h"
#include "runtime/ports/linux/descriptor.h"
#include "runtime/ports/linux/send_queue.h"

namespace picket::runtime {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReconnect{500};
constexpr milliseconds kGoodbye{1000};
constexpr int kTryAgainMs = 5;
// Corosync says nothing when it has read its configuration again.
constexpr milliseconds kLookEvery{5000};
// The longest message (kMessageMax in runtime/group/wire.h) and what comes with it.
constexpr size_t kUnsentMax = size_t{300} << 20;
constexpr size_t kUntakenMax = size_t{16} << 20;
constexpr std::string_view kGroup = "picket";

std::string Failed(const char* call, cs_error_t error) {
  return std::string(call) + ": " + cs_strerror(error);
}

// What people are told; the usual reason is that it was not started.
std::string Waiting(const std::string& reason) {
  return "waiting for Corosync: is it started, and may this user speak to it? (" + reason + ")";
}

void Signal(int eventfd) {
  const uint64_t one = 1;
  (void)!write(eventfd, &one, sizeof one);
}

void Quiet(int eventfd) {
  uint64_t times = 0;
  (void)!read(eventfd, &times, sizeof times);
}

template <typename Number>
std::string Decimal(const unsigned char* bytes) {
  Number number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return std::to_string(number);
}

std::optional<std::string> ValueOf(cmap_handle_t map, const char* key, cmap_value_types_t type) {
  if (type == CMAP_VALUETYPE_STRING) {
    char* text = nullptr;
    if (cmap_get_string(map, key, &text) != CS_OK) return std::nullopt;
    const std::string value = text;
    free(text);
    return value;
  }
  unsigned char bytes[sizeof(uint64_t)] = {};
  size_t size = sizeof bytes;
  if (cmap_get(map, key, bytes, &size, &type) != CS_OK) return std::nullopt;
  switch (type) {
    case CMAP_VALUETYPE_INT8:
      return Decimal<int8_t>(bytes);
    case CMAP_VALUETYPE_UINT8:
      return Decimal<uint8_t>(bytes);
    case CMAP_VALUETYPE_INT16:
      return Decimal<int16_t>(bytes);
    case CMAP_VALUETYPE_UINT16:
      return Decimal<uint16_t>(bytes);
    case CMAP_VALUETYPE_INT32:
      return Decimal<int32_t>(bytes);
    case CMAP_VALUETYPE_UINT32:
      return Decimal<uint32_t>(bytes);
    case CMAP_VALUETYPE_INT64:
      return Decimal<int64_t>(bytes);
    case CMAP_VALUETYPE_UINT64:
      return Decimal<uint64_t>(bytes);
    default:
      return std::nullopt;
  }
}

void ReadKeys(cmap_handle_t map, const char* prefix, CorosyncKeys& keys) {
  cmap_iter_handle_t iterator = 0;
  if (cmap_iter_init(map, prefix, &iterator) != CS_OK) return;
  char key[CMAP_KEYNAME_MAXLEN + 1];
  size_t size = 0;
  cmap_value_types_t type{};
  while (cmap_iter_next(map, iterator, key, &size, &type) == CS_OK) {
    if (auto value = ValueOf(map, key, type)) keys[key] = std::move(*value);
  }
  cmap_iter_finalize(map, iterator);
}

bool ReadConfiguration(GroupOpened& opened, std::string& reason) {
  cmap_handle_t map = 0;
  if (const cs_error_t error = cmap_initialize(&map); error != CS_OK) {
    reason = Failed("cmap_initialize", error);
    return false;
  }
  CorosyncKeys keys;
  for (const char* prefix : {"nodelist.", "quorum.", "totem.", "runtime.config.totem."}) {
    ReadKeys(map, prefix, keys);
  }
  cmap_finalize(map);
  char host[HOST_NAME_MAX + 1] = {};
  gethostname(host, sizeof host - 1);
  opened = OpenedFrom(keys, host);
  opened.self.process = static_cast<uint64_t>(getpid());
  if (opened.self.node == 0) reason = "corosync.conf has no nodelist that names this node";
  return opened.self.node != 0;
}

// One connection to Corosync: what it says is kept in `events` until somebody fetches it.
class CorosyncConnection {
 public:
  CorosyncConnection() = default;
  CorosyncConnection(const CorosyncConnection&) = delete;
  CorosyncConnection& operator=(const CorosyncConnection&) = delete;
  ~CorosyncConnection() {
    if (cpg_ != 0) cpg_finalize(cpg_);
    if (quorum_ != 0) quorum_finalize(quorum_);
  }

  // False with the reason. Waits while Corosync does not answer.
  bool Open(std::string& reason) {
    GroupOpened opened;
    if (!ReadConfiguration(opened, reason)) return false;
    opened_ = opened;
    events.push_back(std::move(opened));
    return OpenGroup(reason) && OpenQuorum(reason) && Join(reason);
  }

  // What corosync.conf says now, from time to time; an event if that is something else than it was.
  void LookAtConfiguration() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return;
    next_look_ = now + kLookEvery;
    GroupOpened opened;
    std::string reason;
    if (!ReadConfiguration(opened, reason) || opened == opened_) return;
    opened_ = opened;
    events.push_back(GroupConfigured{std::move(opened)});
  }

  // The two streams, to be polled and read.
  void Watch(pollfd* fds) const {
    fds[0] = {cpg_fd_, POLLIN, 0};
    fds[1] = {quorum_fd_, POLLIN, 0};
  }

  // At most one callback of each. False with the reason if the connection is gone.
  bool Read(const pollfd* fds, std::string& reason) {
    if (fds[0].revents != 0 && !IsAlive(cpg_dispatch(cpg_, CS_DISPATCH_ONE_NONBLOCKING), fds[0], "cpg", reason)) {
      return false;
    }
    return fds[1].revents == 0 ||
           IsAlive(quorum_dispatch(quorum_, CS_DISPATCH_ONE_NONBLOCKING), fds[1], "quorum", reason);
  }

  Sending Send(const std::string& bytes, std::string& reason) {
    const iovec all{const_cast<char*>(bytes.data()), bytes.size()};
    const cs_error_t error = cpg_mcast_joined(cpg_, CPG_TYPE_AGREED, &all, 1);
    if (error == CS_OK) return Sending::kSent;
    if (error == CS_ERR_TRY_AGAIN) return Sending::kTryAgain;
    reason = Failed("cpg_mcast_joined", error);
    return Sending::kFailed;
  }

  std::vector<Event> events;

 private:
  static bool IsAlive(cs_error_t error, const pollfd& fd, const char* which, std::string& reason) {
    const bool hung_up = (fd.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 && (fd.revents & POLLIN) == 0;
    if ((error == CS_OK || error == CS_ERR_TRY_AGAIN) && !hung_up) return true;
    reason = std::string("Corosync has closed the connection (") + which + ": " + cs_strerror(error) + ")";
    return false;
  }

  static void Delivered(cpg_handle_t handle, const cpg_name*, uint32_t node, uint32_t process, void* bytes,
                        size_t size) {
    Of(handle).events.push_back(GroupDelivered{{node, process}, std::string(static_cast<char*>(bytes), size)});
  }
  static void Changed(cpg_handle_t handle, const cpg_name*, const cpg_address* members, size_t count,
                      const cpg_address*, size_t, const cpg_address*, size_t) {
    GroupChanged changed;
    for (size_t i = 0; i < count; ++i) changed.members.push_back({members[i].nodeid, members[i].pid});
    Of(handle).events.push_back(std::move(changed));
  }
  static void RingTurned(cpg_handle_t handle, cpg_ring_id ring, uint32_t count, const uint32_t* members) {
    CorosyncConnection& self = Of(handle);
    const RingId id{ring.nodeid, ring.seq};
    if (self.ring_ == id) return;
    self.ring_ = id;
    self.events.push_back(RingChanged{id, std::vector<NodeId>(members, members + count)});
  }
  static void QuorumTurned(quorum_handle_t handle, uint32_t quorate, quorum_ring_id ring, uint32_t, const uint32_t*) {
    const void* context = nullptr;
    quorum_context_get(handle, &context);
    auto* self = static_cast<CorosyncConnection*>(const_cast<void*>(context));
    self->events.push_back(QuorumChanged{{ring.nodeid, ring.seq}, quorate != 0});
  }
  static CorosyncConnection& Of(cpg_handle_t handle) {
    void* context = nullptr;
    cpg_context_get(handle, &context);
    return *static_cast<CorosyncConnection*>(context);
  }

  bool OpenGroup(std::string& reason) {
    cpg_model_v1_data_t model{};
    model.model = CPG_MODEL_V1;
    model.cpg_deliver_fn = Delivered;
    model.cpg_confchg_fn = Changed;
    model.cpg_totem_confchg_fn = RingTurned;
    model.flags = CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF;
    auto* data = reinterpret_cast<cpg_model_data_t*>(&model);
    cs_error_t error = cpg_model_initialize(&cpg_, CPG_MODEL_V1, data, this);
    if (error != CS_OK) cpg_ = 0;
    if (error == CS_OK) error = cpg_fd_get(cpg_, &cpg_fd_);
    if (error != CS_OK) reason = Failed("cpg_model_initialize", error);
    return error == CS_OK;
  }

  bool OpenQuorum(std::string& reason) {
    quorum_model_v1_data_t model{};
    model.model = QUORUM_MODEL_V1;
    model.quorum_notify_fn = QuorumTurned;
    auto* data = reinterpret_cast<quorum_model_data_t*>(&model);
    uint32_t type = 0;
    cs_error_t error = quorum_model_initialize(&quorum_, QUORUM_MODEL_V1, data, &type, this);
    if (error != CS_OK) quorum_ = 0;
    if (error == CS_OK && type != QUORUM_SET) {
      reason = "corosync.conf has no quorum provider: write `provider: corosync_votequorum` in its section `quorum`";
      return false;
    }
    if (error == CS_OK) error = quorum_fd_get(quorum_, &quorum_fd_);
    if (error == CS_OK) error = quorum_trackstart(quorum_, CS_TRACK_CURRENT | CS_TRACK_CHANGES);
    if (error != CS_OK) reason = Failed("quorum_model_initialize", error);
    return error == CS_OK;
  }

  bool Join(std::string& reason) {
    cpg_name group{};
    group.length = static_cast<uint32_t>(kGroup.size());
    std::memcpy(group.value, kGroup.data(), kGroup.size());
    const cs_error_t error = cpg_join(cpg_, &group);
    if (error != CS_OK) reason = Failed("cpg_join", error);
    return error == CS_OK;
  }

  cpg_handle_t cpg_ = 0;
  quorum_handle_t quorum_ = 0;
  int cpg_fd_ = -1, quorum_fd_ = -1;
  std::optional<RingId> ring_;
  GroupOpened opened_;
  std::chrono::steady_clock::time_point next_look_ = std::chrono::steady_clock::now() + kLookEvery;
};

size_t SizeOf(const Event& event) {
  const auto* delivered = std::get_if<GroupDelivered>(&event);
  return sizeof event + (delivered ? delivered->bytes.size() : 0);
}

}  // namespace

// What the loop and the thread have in common. The thread may outlive the port, if Corosync does not answer it.
struct Corosync::Shared {
  std::function<void(const std::string&)> say;
  const Descriptor ready{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};  // for the loop
  const Descriptor wake{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};   // for the thread

  std::mutex mutex;
  std::condition_variable turn;  // `ends` or `ended` is set
  std::vector<Event> events;
  size_t untaken = 0;  // bytes of those
  SendQueue unsent{kUnsentMax};
  uint64_t taken = 0;       // the connection that the loop knows of; they are counted from 1
  uint64_t overflowed = 0;  // the connection that is of no use any more
  bool ends = false;
  bool ended = false;

  void Work();
  // Until the connection is gone or the port ends; the reason.
  std::string Serve(CorosyncConnection& connection, uint64_t number);
  // Sends what waits. False with the reason if the connection is of no use; `later` if some has to wait.
  bool Flush(CorosyncConnection& connection, uint64_t number, bool& later, std::string& reason);
  void Publish(std::vector<Event>& from);
};

void Corosync::Shared::Publish(std::vector<Event>& from) {
  if (from.empty()) return;
  {
    const std::lock_guard lock(mutex);
    for (Event& event : from) {
      untaken += SizeOf(event);
      events.push_back(std::move(event));
    }
  }
  from.clear();
  Signal(ready.get());
}

bool Corosync::Shared::Flush(CorosyncConnection& connection, uint64_t number, bool& later, std::string& reason) {
  const std::lock_guard lock(mutex);
  if (overflowed == number) {
    reason = "more than " + std::to_string(kUnsentMax >> 20) + " MB wait to be sent, and Corosync does not take them";
    return false;
  }
  const Sending last = unsent.Flush(number, [&](const std::string& bytes) { return connection.Send(bytes, reason); });
  later = last == Sending::kTryAgain;
  return last != Sending::kFailed;
}

std::string Corosync::Shared::Serve(CorosyncConnection& connection, uint64_t number) {
  std::string reason;
  while (true) {
    Publish(connection.events);
    bool later = false;
    if (!Flush(connection, number, later, reason)) return reason;
    pollfd fds[3] = {{wake.get(), POLLIN, 0}, {}, {}};
    connection.Watch(fds + 1);
    bool full = false;
    {
      const std::lock_guard lock(mutex);
      if (ends) return "picketd leaves";
      full = untaken > kUntakenMax;
    }
    poll(fds, full ? 1 : 3, later ? kTryAgainMs : static_cast<int>(kLookEvery.count()));
    Quiet(wake.get());
    connection.LookAtConfiguration();
    if (!connection.Read(fds + 1, reason)) {
      Publish(connection.events);
      return reason;
    }
  }
}

void Corosync::Shared::Work() {
  std::string told;
  for (uint64_t number = 1;;) {
    {
      CorosyncConnection connection;
      std::string reason;
      if (connection.Open(reason)) {
        told.clear();
        connection.events.push_back(GroupLost{Serve(connection, number)});
        Publish(connection.events);
        ++number;
        const std::lock_guard lock(mutex);
        unsent.Clear();
      } else if (reason != told) {
        say(Waiting(reason));
        told = reason;
      }
      // To take leave of a Corosync that was killed may take two seconds.
    }
    std::unique_lock lock(mutex);
    if (turn.wait_for(lock, kReconnect, [this] { return ends; })) break;
  }
  const std::lock_guard lock(mutex);
  ended = true;
  turn.notify_all();
}

Corosync::Corosync(std::function<void(const std::string&)> say) : shared_(std::make_shared<Shared>()) {
  shared_->say = std::move(say);
  std::thread([shared = shared_] { shared->Work(); }).detach();
}

Corosync::~Corosync() {
  std::unique_lock lock(shared_->mutex);
  shared_->ends = true;
  shared_->turn.notify_all();
  Signal(shared_->wake.get());
  shared_->turn.wait_for(lock, kGoodbye, [this] { return shared_->ended; });
}

int Corosync::fd() const {
  return shared_->ready.get();
}

void Corosync::Take(std::vector<Event>& events) {
  Quiet(shared_->ready.get());
  const std::lock_guard lock(shared_->mutex);
  for (Event& event : shared_->events) {
    if (std::holds_alternative<GroupOpened>(event)) ++shared_->taken;
    events.push_back(std::move(event));
  }
  shared_->events.clear();
  if (shared_->untaken > kUntakenMax) Signal(shared_->wake.get());
  shared_->untaken = 0;
}

void Corosync::Do(Multicast multicast) {
  {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->unsent.Push(shared_->taken, std::move(multicast.bytes))) shared_->overflowed = shared_->taken;
  }
  Signal(shared_->wake.get());
}

std::string OwnNodeName(const std::function<void(const std::string&)>& say) {
  std::string told;
  while (true) {
    GroupOpened opened;
    std::string reason;
    if (ReadConfiguration(opened, reason)) return NameOf(opened, opened.self.node);
    if (reason != told) say(Waiting(reason));
    told = reason;
    std::this_thread::sleep_for(kReconnect);
  }
}

}  // namespace picket::runtime
