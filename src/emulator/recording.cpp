#include "emulator/recording.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "emulator/base64.hpp"
#include "emulator/json.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::int64_t kVersion = 1;

/// What is wrong with a line.
struct Damage {
  std::string why;
};

const Json& member(const Json& object, const char* name, Json::value_t type) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (found == object.end() || found->type() != type) {
    throw Damage{std::string("it has no valid '") + name + "'"};
  }
  return *found;
}

std::string text_in(const Json& object, const char* name) {
  return member(object, name, Json::value_t::string).get<std::string>();
}

bool flag_in(const Json& object, const char* name) {
  return object.contains(name) && member(object, name, Json::value_t::boolean).get<bool>();
}

/// A body is text, or base64 if it is not UTF-8. Absent: empty.
std::string body_in(const Json& object) {
  if (object.contains("body")) return text_in(object, "body");
  if (!object.contains("base64")) return {};
  auto bytes = decode_base64(text_in(object, "base64"));
  if (!bytes) throw Damage{"its 'base64' cannot be decoded"};
  return *std::move(bytes);
}

Headers headers_in(const Json& object) {
  Headers headers;
  for (const auto& [name, value] : member(object, "headers", Json::value_t::object).items()) {
    const bool is_usable =
        value.is_string() && !name.empty() &&
        value.get_ref<const std::string&>().find_first_of("\r\n") == std::string::npos;
    if (!is_usable) throw Damage{"its header '" + name + "' cannot be sent"};
    headers.emplace_back(name, value.get<std::string>());
  }
  return headers;
}

RecordedExchange::End end_in(const Json& line) {
  using End = RecordedExchange::End;
  constexpr std::array<std::pair<std::string_view, End>, 5> kEnds{{{"complete", End::complete},
                                                                   {"closed", End::closed},
                                                                   {"reset", End::reset},
                                                                   {"open", End::open},
                                                                   {"unsent", End::unsent}}};
  const std::string name = text_in(line, "end");
  const auto found = std::ranges::find(kEnds, name, [](const auto& row) { return row.first; });
  if (found == kEnds.end()) throw Damage{"its 'end' is '" + name + "'"};
  return found->second;
}

void read_url(const std::string& url, RecordedExchange& exchange) {
  const std::size_t authority = url.find("://");
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw Damage{"its 'url' is no URL"};
  }
  const std::size_t path = std::min(url.find_first_of("/?", authority + 3), url.size());
  exchange.origin = url.substr(0, path);
  exchange.target = url.substr(path, url.find('#') - path);
  if (!exchange.target.starts_with('/')) exchange.target.insert(0, "/");
}

RecordedExchange::Response read_response(const Json& json) {
  constexpr std::int64_t kLowest = 200;
  constexpr std::int64_t kHighest = 999;
  RecordedExchange::Response response;
  const auto status = member(json, "status", Json::value_t::number_unsigned).get<std::int64_t>();
  if (status < kLowest || status > kHighest) throw Damage{"its 'status' is no status"};
  response.status = static_cast<int>(status);
  response.headers = headers_in(json);
  response.body = body_in(json);
  response.body_left_out = flag_in(json, "body_left_out");
  return response;
}

RecordedExchange read_exchange(const std::string& line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Damage{"it is not JSON"};
  if (!json.is_object() || !json.contains("recording")) {
    throw Damage{"it is not from a recording of rellama"};
  }
  if (json["recording"] != kVersion) throw Damage{"it is in the format of another version"};
  RecordedExchange exchange;
  exchange.api = text_in(json, "api");
  const Json& request = member(json, "request", Json::value_t::object);
  exchange.method = text_in(request, "method");
  read_url(text_in(request, "url"), exchange);
  exchange.request_body = body_in(request);
  exchange.masked = flag_in(request, "masked");
  exchange.end = end_in(json);
  if (json.contains("response")) exchange.response = read_response(json["response"]);
  if (!exchange.response && exchange.end == RecordedExchange::End::complete) {
    throw Damage{"it has no 'response'"};
  }
  if (json.contains("seconds")) {
    constexpr double kLongest = 86'400;
    if (!json["seconds"].is_number()) throw Damage{"it has no valid 'seconds'"};
    const double seconds = std::clamp(json["seconds"].get<double>(), 0.0, kLongest);
    exchange.time = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  return exchange;
}

Error unusable(const std::string& path, const std::string& why, const std::string& remedy) {
  return Error(ErrorKind::invalid_input,
               {.failed = "cannot replay " + path, .why = why, .remedy = remedy});
}

std::string read_file(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rbe"), close);
  std::string text;
  std::array<char, 65536> block{};
  std::size_t count = 0;
  errno = 0;
  while (file && (count = std::fread(block.data(), 1, block.size(), file.get())) > 0) {
    text.append(block.data(), count);
  }
  if (!file || std::ferror(file.get()) != 0) {
    throw unusable(path, std::generic_category().message(errno), "check the name");
  }
  return text;
}

}  // namespace

std::optional<std::string> RecordedExchange::Response::header(const std::string& name) const {
  for (const auto& [own, value] : headers) {
    if (own == name) return value;
  }
  return std::nullopt;
}

std::vector<RecordedExchange> read_recording(const std::string& path) {
  const std::string text = read_file(path);
  std::vector<RecordedExchange> exchanges;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    ++number;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    try {
      exchanges.push_back(read_exchange(line));
    } catch (const Damage& damage) {
      throw unusable(path, "line " + std::to_string(number) + ": " + damage.why,
                     "record the run again, or remove the line");
    }
  }
  if (exchanges.empty()) throw unusable(path, "it is empty", "record a run with --record");
  return exchanges;
}

}  // namespace rellama::emulator
