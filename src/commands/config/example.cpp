#include "commands/config/example.hpp"

namespace rellama::program {

const std::string_view config_example =
    R"(# The configuration of rellama (TOML). Every option of `rellama --help` can stand here under its
# long name; a flag goes before its RELLAMA_ variable, the template, the profile and this file.
# `rellama config show` tells what is in force and where it comes from. Remove a # to use a line.

#model = "13b"
#system = "You answer briefly."
#temperature = 0.5
#max-new-tokens = 500
#usage = true
#timeout = "5m"
#retries = 3

# A command whose first line of output is the API token, such as one of a password manager. The
# token itself has no place here.
#token_command = "pass show replicate"

# Used with: rellama --profile work, or RELLAMA_PROFILE=work
#[profile.work]
#model = "70b"
#proxy = "http://proxy.example.com:3128"

# For one command only, under its name
#[predictions]
#limit = 50
)";

}  // namespace rellama::program
