// The guard: every request passes it, whatever its path. It knows nothing of the page.

#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "httpd/reply.hpp"
#include "httpd/request.hpp"

namespace rellama::web {

/// The URL under which a reverse proxy or a tunnel publishes the server.
struct PublicUrl {
  std::string host;    ///< as browsers send it: lower case, with a port unless it is the usual one
  std::string origin;  ///< "https://chat.example.org"
  bool is_https = false;

  /// Throws Error (invalid_input) unless `text` is http(s)://HOST[:PORT], perhaps with a slash.
  [[nodiscard]] static PublicUrl parse(const std::string& text);
};

struct GuardOptions {
  std::string host = "127.0.0.1";           ///< the address that the server listens on
  int port = 0;                             ///< its port
  std::vector<PublicUrl> public_urls = {};  ///< extend the lists of hosts and origins
  std::vector<std::string> origins = {};    ///< of other sites that may use the API
  std::optional<std::string> key = {};      ///< none: whoever can connect may use the server
  /// A key that works in the URL once, for a browser that is started with it: others can see what a
  /// program is started with. Empty: none.
  std::string one_time_key = {};
};

/// Whether only this machine can connect to an address: 127.0.0.0/8, ::1 or localhost.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

/// `host:port` as it is written in a URL.
[[nodiscard]] std::string render_authority(const std::string& host, int port);

/// Decides whether a request may be answered. A page of another site can make a browser send
/// requests here, and a name that it controls can be made to resolve to this machine: so the Host
/// and the Origin have to be known ones, with or without a key.
class Guard {
 public:
  explicit Guard(GuardOptions options);

  /// The reply that ends a request: a refusal, or the redirect that moves the key from the URL into
  /// a cookie. Nothing if the request may be answered.
  [[nodiscard]] std::optional<httpd::Reply> answer(const httpd::Request& request) const;

  /// The reply to a request whose body is too long.
  [[nodiscard]] httpd::Reply refuse_body(const httpd::Request& request) const;

  /// What the reply needs for another site to read it, if that site may use the API.
  [[nodiscard]] httpd::Headers cross_origin_headers(const httpd::Request& request) const;

  /// "rellama_key_8085": cookies are shared by all ports of a host.
  [[nodiscard]] const std::string& cookie_name() const noexcept { return cookie_name_; }

 private:
  [[nodiscard]] bool knows_host(const httpd::Request& request) const;
  [[nodiscard]] bool knows_origin(const httpd::Request& request) const;
  [[nodiscard]] bool is_from_admitted_site(const httpd::Request& request) const;
  [[nodiscard]] std::optional<httpd::Reply> find_refusal(const httpd::Request& request) const;
  [[nodiscard]] bool has_key(const httpd::Request& request) const;
  [[nodiscard]] bool is_key_of_url(const std::string& given) const;
  [[nodiscard]] httpd::Reply admit_with_cookie(const httpd::Request& request) const;

  std::vector<std::string> hosts_;
  std::vector<std::string> origins_;
  std::vector<std::string> admitted_;      // origins of other sites, for the API only
  std::vector<std::string> secure_hosts_;  // those of public URLs with https
  std::optional<std::string> key_;
  std::string one_time_key_;
  mutable std::atomic<bool> one_time_key_used_ = false;
  std::string cookie_name_;
};

}  // namespace rellama::web
