#include "terminal/clipboard.hpp"

#include <string>

#include "wire/data_url.hpp"

namespace rellama::terminal {

void copy_to_clipboard(std::string_view text, OutputStream& out) {
  out.write("\x1b]52;c;" + wire::render_base64(text) + "\x07");
}

}  // namespace rellama::terminal
