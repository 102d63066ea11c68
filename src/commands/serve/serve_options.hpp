#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "options/connection.hpp"
#include "options/history_options.hpp"
#include "options/model_options.hpp"
#include "options/output_options.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The options of `rellama serve`.
struct ServeOptions {
  std::string host = "127.0.0.1";
  int port = 8085;
  bool open = false;

  std::string title = "rellama";
  std::string description;
  std::vector<std::string> examples;
  bool single = false;

  std::string key_file;
  bool new_key = false;
  bool no_key = false;
  std::vector<std::string> public_urls;
  std::vector<std::string> origins;

  std::size_t concurrent = 4;
  std::optional<std::size_t> hourly;
  std::string timeout;  ///< of each answer
  bool cancel_on_close = false;
  bool drain = false;
  bool demo = false;

  ModelOptions model;
  HistoryOptions history;
  OutputOptions output;
  ConnectionOptions connection;
};

void declare(CLI::App& app, ServeOptions& options);

}  // namespace rellama::program
