#include "rellama/api_token.hpp"

#include <algorithm>

#include "rellama/error.hpp"

namespace rellama {

ApiToken::ApiToken(std::string_view secret) : secret_(secret) {
  const auto printable = [](char c) { return c > ' ' && c < '\x7f'; };
  if (secret.empty() || !std::all_of(secret.begin(), secret.end(), printable)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "the API token is invalid",
                 .why = secret.empty() ? "it is empty"
                                       : "it contains spaces, control or non-ASCII characters",
                 .remedy = "copy it again from https://replicate.com/account/api-tokens"});
  }
}

ApiToken::~ApiToken() {
  // volatile: the compiler may not drop a store to memory that is about to be freed.
  volatile char* byte = secret_.data();
  for (std::size_t i = 0; i < secret_.size(); ++i) byte[i] = 0;
}

}  // namespace rellama
