// The cluster that `picket serve` shows, and the way in which it is changed: web/serve's `Outside`.
//
// It is read again and again by a thread of its own: by cibadmin or picketd's socket, as for every other verb,
// or from a file. A live Pacemaker is changed by a patch that fails if somebody else was faster (runtime/deploy),
// and by crm_resource for what is no part of the configuration; picketd by its own requests.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "cli/host.h"
#include "cli/serve_options.h"
#include "web/serve/site.h"

namespace picket::cli {

class ServeCluster : public web::Outside {
 public:
  using NewTokenListener = std::function<void(const std::string& token)>;

  // `options` outlives the cluster.
  ServeCluster(const ServeOptions& options, web::Board& board);
  ~ServeCluster() override;

  // Reads the cluster for the first time; an exit status, told on stderr, if that fails.
  int Begin();
  // Watches it in a thread, until End().
  void Watch();
  void End();

  std::string Told() const;  // `the cluster of this machine`
  NewTokenListener on_new_token;

  int64_t NowMs() override;
  int64_t NowS() override;
  std::string Random() override;
  simulator::WorldSettings Settings() override;
  std::vector<web::Change::Verb> Verbs() override;
  std::string Carry(const web::Change& change, const std::string& configuration) override;
  std::string WhatIf(const web::Reading& reading, std::string& reason) override;
  void NewToken(const std::string& token) override;
  void WithLargeStack(const std::function<void()>& work) override;

 private:
  bool IsFile() const;
  bool Look(std::string& reason);
  void Take(const std::string& text, int64_t now_s);
  web::Json DriftOf(const web::Reading& reading, int64_t now_s);
  std::string CarryByPatch(const web::Change& change, const std::string& configuration);
  std::string CarryByCleanup(const web::Change& change);
  std::string CarryByPicketd(const web::Change& change);
  void LookSoon();

  const ServeOptions& options_;
  web::Board& board_;
  Host host_;
  std::atomic<bool> picketd_ = false;  // it answers for picketd, not for Pacemaker

  // Of the watching thread.
  std::string text_;
  int64_t taken_s_ = 0;
  web::Json drift_;
  std::string drift_of_;  // the configuration that it was worked out for
  int64_t drift_s_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  bool soon_ = false;
  simulator::WorldSettings settings_;
  bool settings_of_policy_ = false;
  int64_t settings_s_ = 0;  // when they were read
  std::thread thread_;
};

}  // namespace picket::cli
