#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/handle.hpp"
#include "http/recorded_exchange.hpp"
#include "http/transfer.hpp"

namespace rellama::http {

/// The state that libcurl's callbacks write to. libcurl stores its address, so it must not move.
struct Transfer::State {
  /// What came instead of a response.
  enum class NotHttp { no, tls, other };

  explicit State(const Request& request);

  void set_options(const Request& request);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count,
                                 void* user) noexcept;
  static std::size_t take_bytes(char* data, std::size_t size, std::size_t count,
                                void* user) noexcept;
  void add_header(std::string_view line);
  /// Called when the connection, through a proxy and TLS if need be, is ready for the request.
  static int begin_request(void* user, char* address, char* own_address, int port,
                           int own_port) noexcept;
  /// Why the transfer, which has finished, has no complete response; without `request_sent`.
  [[nodiscard]] Failure describe_failure() const;
  /// Whether any byte of the request may have been sent.
  [[nodiscard]] bool request_sent() const noexcept;
  /// Begins to keep what a recording needs.
  void record(const Request& request);
  void add_to_record(std::string_view bytes);
  /// Completes `recorded`, which is not added to after this.
  void finish_record() noexcept;
  [[nodiscard]] ExchangeEnd how_it_ended() const noexcept;
  /// Adds this to the loop's list of transfers with news, if somebody reads it.
  void announce() noexcept;

  EasyHandle easy;
  HeaderList header_list;
  std::string body_to_send;
  bool keeps_connection;
  bool has_tls_proxy = false;  // as far as we know: one from the environment is libcurl's business
  bool is_connected = false;   // the request itself may have been sent

  Head head;  // its status is set once it is complete
  std::size_t header_bytes = 0;
  bool head_complete = false;
  bool head_reported = false;
  std::string bytes;
  NotHttp not_http = NotHttp::no;
  const char* too_large = nullptr;  // the error message if a size limit was exceeded
  bool out_of_memory = false;

  std::unique_ptr<RecordedExchange> recorded = {};  // null if nothing is recorded
  Clock::time_point opened = {};                    // set if something is

  std::vector<State*>* news = nullptr;  // the loop's list
  void* owner = nullptr;                // whom take_news names
  bool has_news = false;                // whether it is in the list
  bool paused = false;

  bool finished = false;
  CURLcode result = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

}  // namespace rellama::http
