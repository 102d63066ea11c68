#include "rellama/secret_header.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "rellama/error.hpp"

namespace rellama {
namespace {

// Those that say what is sent and to whom, and the token's own.
constexpr std::array<std::string_view, 9> kReserved{
    "authorization", "connection", "content-encoding", "content-length", "content-type", "expect",
    "host",          "te",         "transfer-encoding"};

Error unusable_header(std::string why) {
  return Error(ErrorKind::invalid_input,
               {.failed = "the gateway header is invalid",
                .why = std::move(why),
                .remedy = "write it as cf-aig-authorization: Bearer KEY"});
}

// RFC 9110 §5.6.2
bool is_name_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || kMarks.find(c) != kMarks.npos;
}

std::string_view trim_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool is_reserved(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

}  // namespace

SecretHeader::SecretHeader(std::string_view line) {
  const std::size_t colon = line.find(':');
  // Without a colon, all of it may be the secret.
  if (colon == std::string_view::npos) throw unusable_header("it has no name with a colon");
  const std::string_view name = trim_blanks(line.substr(0, colon));
  const std::string_view value = trim_blanks(line.substr(colon + 1));
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_character)) {
    throw unusable_header("its name is not the name of a header");
  }
  if (is_reserved(std::string(name))) {
    throw unusable_header("rellama sets " + std::string(name) + " itself");
  }
  const auto is_printable = [](char c) { return c >= ' ' && c < '\x7f'; };
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_printable)) {
    throw unusable_header(value.empty() ? "it has no value"
                                        : "its value has control or non-ASCII characters");
  }
  name_ = name;
  value_ = value;
}

SecretHeader::~SecretHeader() {
  // volatile: the compiler may not drop a store to memory that is about to be freed.
  volatile char* byte = value_.data();
  for (std::size_t i = 0; i < value_.size(); ++i) byte[i] = 0;
}

std::string_view SecretHeader::reveal_credentials() const noexcept {
  const std::size_t blank = value_.rfind(' ');
  return blank == std::string::npos ? reveal() : reveal().substr(blank + 1);
}

}  // namespace rellama
