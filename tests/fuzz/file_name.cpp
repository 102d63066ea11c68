// Whatever a server calls a file, its name stays in the directory, shows what it is, and fits. The
// input is the URL.

#include "files/file_name.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"
#include "terminal/visible_text.hpp"
#include "wire/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  const fuzz::Bytes url(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string name = files::file_name_of(url.view(), 1);
  fuzz::require(!name.empty() && name.size() <= files::kMaxName, "a name fits");
  fuzz::require(name.front() != '.' && name.front() != '-', "a name is not hidden, nor an option");
  fuzz::require(name.find('/') == std::string::npos, "a name is one segment");
  fuzz::require(!wire::find_invalid_utf8(name), "a name is text");
  fuzz::require(terminal::one_line(name) == name, "a name can be shown");
  for (const std::string& other :
       {files::numbered(name, 2), files::with_extension(name, "image/png")}) {
    fuzz::require(
        other != "." && other != ".." && other.find('/') == std::string::npos && other.size() < 200,
        "what is made of a name is one");
  }
  return 0;
}
