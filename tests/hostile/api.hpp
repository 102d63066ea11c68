#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hostile/wire.hpp"

namespace rellama::test {

/// The model's answer, in the pieces in which it is streamed. Some repeat, so that one printed
/// twice is noticed.
[[nodiscard]] const std::vector<std::string>& pieces();
/// Pieces [begin, end), joined.
[[nodiscard]] std::string text_of(std::size_t begin, std::size_t end);
[[nodiscard]] std::string whole_text();
/// Pieces [0, count) as JSON.
[[nodiscard]] std::string output_of(std::size_t count);

/// One event of a stream. Without an `id`, it has none.
[[nodiscard]] std::string render_event(const std::string& type, const std::string& id,
                                       const std::string& data);
/// The output event of a piece.
[[nodiscard]] std::string piece_event(const std::string& id, std::size_t piece);

/// What was asked of a server.
enum class Asked { create, get, stream, list, cancel, other };

/// Replicate's API on loopback, as correct as it is told to be: every kind of request can be given
/// another answer.
class HostileApi {
 public:
  using Handler = std::function<void(const HostileRequest&, Wire&)>;

  /// `tls`: null for plain HTTP; must outlive this.
  explicit HostileApi(SSL_CTX* tls = nullptr);
  ~HostileApi();
  HostileApi(const HostileApi&) = delete;
  HostileApi& operator=(const HostileApi&) = delete;

  /// Answers requests of this kind with `handler` instead. Before the first request.
  void on(Asked what, Handler handler) {
    handlers_[static_cast<std::size_t>(what)] = std::move(handler);
  }

  [[nodiscard]] std::string url() const;
  [[nodiscard]] int count(Asked what) const;
  [[nodiscard]] bool was_created_by_http2() const { return created_by_http2_; }
  /// Waits until `count` such requests have come. Throws if they do not.
  void wait_for(Asked what, int count) const;

  /// The prediction created last as JSON. `output` is JSON.
  [[nodiscard]] std::string object(const std::string& status, const std::string& output,
                                   const std::string& more = {}) const;
  /// As it is created, and as it ends.
  [[nodiscard]] std::string starting() const { return object("starting", "null"); }
  [[nodiscard]] std::string succeeded() const {
    return object("succeeded", output_of(pieces().size()));
  }
  /// A page of a list.
  [[nodiscard]] static std::string page(const std::string& objects);
  /// An orderly stream.
  static void stream(Wire& wire);

 private:
  void accept_all();
  void serve(Socket& socket);
  void answer(const HostileRequest& request, Wire& wire);
  [[nodiscard]] std::string object_of(std::size_t number, const std::string& status,
                                      const std::string& output,
                                      const std::string& more = {}) const;

  SSL_CTX* const tls_;
  int listener_ = -1;
  int port_ = 0;
  std::array<Handler, 6> handlers_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::array<int, 6> counts_{};
  std::vector<std::string> inputs_;  // of the predictions, whose IDs end with their numbers
  std::atomic<bool> created_by_http2_ = false;
  bool stopped_ = false;
  std::vector<std::unique_ptr<Socket>> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace rellama::test
