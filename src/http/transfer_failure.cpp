// Why a transfer failed. Where libcurl has one code for several causes, its message tells them
// apart.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "http/easy_options.hpp"
#include "http/transfer.hpp"
#include "http/transfer_state.hpp"

namespace rellama::http {
namespace {

using Cause = Failure::Cause;

bool mentions_any(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

Cause certificate_flaw(std::string_view why) {
  if (mentions_any(why, {"expired", "not yet valid", "not yet activated"})) {
    return Cause::certificate_expired;
  }
  if (mentions_any(why, {"subject name", "host name", "hostname", "does not match"})) {
    return Cause::certificate_host;
  }
  return Cause::unknown_authority;
}

bool is_about_tls(Cause cause) {
  return cause == Cause::unknown_authority || cause == Cause::certificate_expired ||
         cause == Cause::certificate_host || cause == Cause::no_tls;
}

// How a TLS library says that the other side answered with something else.
bool is_no_tls(std::string_view why) {
  return mentions_any(
      why, {"wrong version number", "packet length too long", "unknown protocol", "http request",
            "unexpected TLS packet", "record overflow", "invalid SSL record"});
}

Cause cause_of(CURLcode code, std::string_view why) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return certificate_flaw(why);
    case CURLE_SSL_CACERT_BADFILE: return Cause::authorities;
    case CURLE_SSL_CONNECT_ERROR: return is_no_tls(why) ? Cause::no_tls : Cause::connection;
    case CURLE_OPERATION_TIMEDOUT: return Cause::timed_out;
    default: return Cause::connection;
  }
}

// A proxy's response to CONNECT. What may pass later counts as a broken connection.
Failure refused_tunnel(long status) {
  const std::string number = " (" + std::to_string(status) + ")";
  if (status == 407 || status == 401) {  // tinyproxy answers 401 to a wrong password
    return {.cause = Cause::proxy_credentials,
            .why = "the proxy wants a user name and a password" + number,
            .at_proxy = true};
  }
  if (status == 408 || status == 429 || status >= 500) {
    return {.why = "the proxy cannot connect to it now" + number, .at_proxy = true};
  }
  return {.cause = Cause::proxy, .why = "the proxy refused to connect" + number, .at_proxy = true};
}

Failure refused_by_socks(long code, const std::string& why) {
  Failure failure{.why = "the proxy: " + why, .at_proxy = true};
  switch (code) {
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED:
    case CURLPX_IDENTD:
    case CURLPX_IDENTD_DIFFER: failure.cause = Cause::proxy_credentials; break;
    case CURLPX_REPLY_NOT_ALLOWED:
    case CURLPX_REPLY_COMMAND_NOT_SUPPORTED:
    case CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED: failure.cause = Cause::proxy; break;
    default: break;
  }
  return failure;
}

}  // namespace

Failure Transfer::State::describe_failure() const {
  if (out_of_memory || result == CURLE_OUT_OF_MEMORY) {
    return {.cause = Cause::no_memory, .why = kNoMemory};
  }
  if (too_large != nullptr) return {.cause = Cause::too_large, .why = too_large};
  if (not_http == NotHttp::tls) {
    return {.cause = Cause::tls, .why = "the server expects TLS on this port"};
  }
  if (not_http == NotHttp::other) return {.why = "the response is not HTTP"};
  // libcurl accepts truncated headers as the response of an old server.
  if (result == CURLE_OK) return {.why = "the response ended before its headers were complete"};
  CURL* handle = easy.get();
  std::string why = error_text.front() != '\0' ? error_text.data() : curl_easy_strerror(result);
  while (why.ends_with('.') || why.ends_with(' ')) why.pop_back();  // ours go on after it
  if (why.starts_with("Unsupported proxy")) {  // libcurl quotes it, with its password
    return {.cause = Cause::proxy, .why = "the proxy's URL is unusable", .at_proxy = true};
  }
  if (const long status = get_info<CURLINFO_HTTP_CONNECTCODE>(handle); status >= 300) {
    return refused_tunnel(status);
  }
  if (result == CURLE_PROXY) return refused_by_socks(get_info<CURLINFO_PROXY_ERROR>(handle), why);
  Failure failure{.cause = cause_of(result, why), .why = why};
  const bool is_first_tls = has_tls_proxy && get_info<CURLINFO_REQUEST_SIZE>(handle) == 0;
  if (is_about_tls(failure.cause) &&
      (is_first_tls || get_info<CURLINFO_PROXY_SSL_VERIFYRESULT>(handle) != 0)) {
    failure.at_proxy = true;
    failure.why = "TLS with the proxy: " + why;
  }
  return failure;
}

std::optional<Failure> Transfer::failure() const {
  if (!state_->finished) return std::nullopt;
  if (state_->result == CURLE_OK && state_->head_complete) return std::nullopt;
  Failure failure = state_->describe_failure();
  // A server that expects TLS cannot have read the request.
  failure.request_sent = request_sent() && failure.cause != Cause::tls;
  return failure;
}

// A request to a proxy for a tunnel counts for libcurl, but comes before the connection is ready.
bool Transfer::State::request_sent() const noexcept {
  return is_connected && get_info<CURLINFO_REQUEST_SIZE>(easy.get()) > 0;
}

bool Transfer::request_sent() const noexcept {
  return state_->request_sent();
}

ExchangeEnd Transfer::State::how_it_ended() const noexcept {
  if (finished && result == CURLE_OK && head_complete) return ExchangeEnd::complete;
  if (!request_sent()) return ExchangeEnd::unsent;
  if (!finished) return ExchangeEnd::open;
  const bool is_reset = result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR;
  return is_reset ? ExchangeEnd::reset : ExchangeEnd::closed;
}

std::string remedy_for(const Failure& failure) {
  const bool at_proxy = failure.at_proxy;
  switch (failure.cause) {
    case Cause::connection:
    case Cause::timed_out: return "check the network and the proxy, then try again";
    case Cause::unknown_authority:
      return at_proxy ? "pass the CA certificate of the proxy with --cacert"
                      : "if the server is yours, or a proxy inspects the traffic, pass the CA "
                        "certificate with --cacert";
    case Cause::certificate_expired:
      return std::string(
                 "check the clock of this machine; if it is right, the certificate of the ") +
             (at_proxy ? "proxy" : "server") + " must be renewed";
    case Cause::certificate_host:
      return std::string("check the host name in the URL of the ") +
             (at_proxy ? "proxy" : "server") + ": its certificate is for another one";
    case Cause::authorities:
      return "give --cacert, CURL_CA_BUNDLE or SSL_CERT_FILE a PEM file or a directory of them";
    case Cause::no_tls:
      return at_proxy ? "write http:// instead of https:// in the URL of the proxy"
                      : "the port does not speak TLS: check the scheme and the port of the URL";
    case Cause::tls: return "write https:// instead of http:// in --base-url";
    case Cause::proxy_credentials:
      return "put the right user name and password for the proxy into its URL";
    case Cause::proxy: return "check that the proxy allows connections to this host and port";
    case Cause::no_memory: return "close other programs or ask for less";
    case Cause::too_large:
    case Cause::stopped: return {};
  }
  return {};
}

}  // namespace rellama::http
