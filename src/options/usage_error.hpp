#pragma once

#include <string>

#include "rellama/error.hpp"

namespace CLI {
class App;
class Option;
class ParseError;
}  // namespace CLI

namespace rellama::program {

/// The full name of a command: "rellama history show".
[[nodiscard]] std::string full_name(const CLI::App& app);

/// An option on the command line: "--seed", or "ID" for a positional argument.
[[nodiscard]] std::string flag_of(const CLI::Option& option);

/// What is wrong with the command line that CLI11 refused, in our words (invalid_input).
[[nodiscard]] Error usage_error(CLI::App& app, const CLI::ParseError& error);

/// The same for an Error that the value of an option caused.
[[nodiscard]] Error value_error(CLI::App& app, const Error& error);

}  // namespace rellama::program
