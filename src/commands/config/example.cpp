#include "commands/config/example.hpp"

namespace rellama::program {

const std::string_view config_example =
    R"(# The configuration of rellama (TOML). Set any option of `rellama --help` by its long name. Flags
# take precedence over RELLAMA_ variables, then templates, profiles and the settings here.
# `rellama config show` prints each value and its source. Remove a # to use a line.

#model = "13b"
#system = "You answer briefly."
#temperature = 0.5
#max-new-tokens = 500
#usage = true
#timeout = "5m"
#retries = 3

# A command that prints the API token on its first line, such as a password manager. Do not put the
# token itself in this file.
#token_command = "pass show replicate"

# A gateway in front of the API, with the header it wants. This file must have mode 0600 then.
#base-url = "https://gateway.ai.cloudflare.com/v1/ACCOUNT/GATEWAY/replicate"
#gateway_header = "cf-aig-authorization: Bearer KEY"

# Used with: rellama --profile work, or RELLAMA_PROFILE=work
#[profile.work]
#model = "70b"
#proxy = "http://proxy.example.com:3128"

# Settings for one command, in a table with its name
#[predictions]
#limit = 50
)";

}  // namespace rellama::program
