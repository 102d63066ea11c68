// Makes the files that the program serves of the page's sources. Run at build time:
//   compile_page SOURCES TARGET

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "web/squeeze.hpp"

namespace rellama::web {
namespace {

std::string read_source(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_target(const std::filesystem::path& file, const std::string& text) {
  std::ofstream target(file, std::ios::binary);
  target << text;
  target.close();
  if (!target) throw std::runtime_error(file.string() + ": cannot be written");
}

void compile(const std::filesystem::path& sources, const std::filesystem::path& target) {
  std::filesystem::create_directories(target);
  write_target(target / "icon.svg", read_source(sources / "icon.svg"));
  write_target(target / "page.html", squeeze_markup(read_source(sources / "page.html")));
  write_target(target / "page.css", squeeze_style(read_source(sources / "page.css")));
  write_target(target / "page.js", join_modules(sources / "js" / "main.js"));
}

}  // namespace
}  // namespace rellama::web

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    rellama::web::compile(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
