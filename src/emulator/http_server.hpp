#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "emulator/reply.hpp"

struct MHD_Daemon;

namespace rellama::emulator {

/// A request as it came over the wire.
struct HttpRequest {
  std::string method;
  std::string target;                                        ///< as sent: path and query
  std::string path;                                          ///< decoded, without the query
  std::multimap<std::string, std::string> query;             ///< decoded
  std::vector<std::pair<std::string, std::string>> headers;  ///< in the order they came in
  std::string body;
};

/// GNU libmicrohttpd with a thread for every open connection: one that streams or waits must never
/// keep another from being served.
class HttpServer {
 public:
  /// Is called from several threads at once, and may take its time.
  using Handler = std::function<Reply(HttpRequest)>;

  explicit HttpServer(Handler handler) : handler_(std::move(handler)) {}
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Serves whoever connects to a socket that listens, which it closes in the end. Throws
  /// rellama::Error (network) if the system has no thread for it.
  void start(int socket);

  /// Ends all connections and waits for their threads; whatever a handler or a stream waits for
  /// has to have ended. Idempotent.
  void stop();

 private:
  Handler handler_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace rellama::emulator
