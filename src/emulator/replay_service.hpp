#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "emulator/dialect.hpp"
#include "emulator/recording.hpp"

namespace rellama::emulator {

/// Serves a recording again. A request gets the next recorded response to the same request: the
/// same method, path, query and body, on whatever host it was. A GET whose responses are used up
/// gets the last one again; any other request that was not recorded gets a 400. Thread-safe.
///
/// rellama gets every body as it was recorded: it sends its requests for all other hosts here, once
/// a reply has the header `Rellama-Replay-Of`. For other clients, the recorded hosts in a body
/// become this server.
class ReplayService final : public Dialect {
 public:
  /// Throws as read_recording does.
  explicit ReplayService(std::string path);

  [[nodiscard]] Reply answer(const Request& request) override;
  [[nodiscard]] std::string base_path() const override;

 private:
  [[nodiscard]] const RecordedExchange* find(const Request& request);
  [[nodiscard]] Reply not_recorded(const Request& request) const;
  [[nodiscard]] std::string list_recorded() const;
  [[nodiscard]] Reply render(const RecordedExchange& exchange, const Request& request) const;
  [[nodiscard]] std::string for_client(std::string text, const Request& request) const;

  const std::string path_;
  const std::vector<RecordedExchange> exchanges_;
  std::map<std::string, std::vector<std::size_t>> by_request_;  ///< by method, path and query
  std::set<std::string> origins_;                               ///< of the recorded servers
  std::mutex mutex_;                                            ///< guards `used_`
  std::vector<bool> used_;
};

}  // namespace rellama::emulator
