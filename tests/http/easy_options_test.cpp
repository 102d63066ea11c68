#include "http/easy_options.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http/handle.hpp"

namespace rellama::http {
namespace {

template <CURLoption option, class Value>
constexpr bool takes = requires(CURL* handle, Value value) {
  set_option<option>(handle, value);
};

TEST(EasyOptions, an_option_takes_what_libcurl_reads_for_it) {
  EXPECT_TRUE((takes<CURLOPT_FOLLOWLOCATION, int>));  // becomes a long
  EXPECT_FALSE((takes<CURLOPT_FOLLOWLOCATION, const char*>));
  EXPECT_TRUE((takes<CURLOPT_URL, const char*>));
  EXPECT_FALSE((takes<CURLOPT_URL, std::string>));
  EXPECT_FALSE((takes<CURLOPT_URL, int>));
  EXPECT_FALSE((takes<CURLOPT_HTTPHEADER, const char*>));
  EXPECT_FALSE((takes<CURLOPT_WRITEFUNCTION, void*>));
}

TEST(EasyOptions, what_is_set_can_be_read_back) {
  const EasyHandle handle(curl_easy_init());
  int user = 0;
  set_option<CURLOPT_PRIVATE>(handle.get(), &user);
  EXPECT_EQ(static_cast<void*>(get_info<CURLINFO_PRIVATE>(handle.get())), &user);
  EXPECT_EQ(get_info<CURLINFO_RESPONSE_CODE>(handle.get()), 0);
}

}  // namespace
}  // namespace rellama::http
