#include "manual/man_pages.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "options/option_value.hpp"
#include "options/parser.hpp"
#include "rellama/error.hpp"
#include "rellama/version.hpp"

namespace rellama::program {
namespace {

// A non-ASCII character as a roff escape.
std::string character(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  std::uint32_t code = first & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1))
    code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "\\[u%04X]", static_cast<unsigned>(code));
  return name.data();
}

std::size_t length_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Escapes text for roff.
std::string plain(std::string_view text) {
  std::string roff;
  bool line_begins = true;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = std::min(length_of(text[i]), text.size() - i);
    const char c = text[i];
    if (line_begins && (c == '.' || c == '\'')) roff += "\\&";
    if (size > 1) {
      roff += character(text.substr(i, size));
    } else if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else if (c == '~') {
      roff += "\\(ti";
    } else if (c == '^') {
      roff += "\\(ha";
    } else if (c == '`') {
      roff += "\\(ga";
    } else if (c == '\'') {
      roff += "\\(aq";
    } else {
      roff += c;
    }
    line_begins = c == '\n';
    i += size;
  }
  return roff;
}

std::string bold(const std::string& text) {
  return "\\fB" + plain(text) + "\\fR";
}

std::string italic(const std::string& text) {
  return "\\fI" + plain(text) + "\\fR";
}

// Keeps line breaks and spaces, as in the help.
std::string verbatim(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::string roff = ".PP\n.nf\n";
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    roff += line.empty() ? ".sp\n" : plain(line) + "\n";
    begin = end + 1;
  }
  return roff + ".fi\n";
}

std::string render_option(const CLI::Option& option) {
  std::string names;
  const auto add = [&names](const std::string& name) {
    names += (names.empty() ? "" : ", ") + bold(name);
  };
  for (const std::string& name : option.get_snames()) add("-" + name);
  for (const std::string& name : option.get_lnames()) add("--" + name);
  if (option.get_positional()) names = italic(option.get_name(true));
  if (!option.get_positional() && !is_flag(option)) {
    const std::string metavar = metavar_of(option);
    names += " " + italic(metavar.empty() ? "TEXT" : metavar);
  }
  const std::string description = describe(option);
  if (description.empty()) return {};  // a positional argument, which the synopsis shows
  return ".TP\n" + names + "\n" + plain(description) + "\n";
}

// The first paragraph of a section needs no .PP.
std::string section(const std::string& title, std::string body) {
  constexpr std::string_view kParagraph = ".PP\n";
  if (body.starts_with(kParagraph)) body.erase(0, kParagraph.size());
  return ".SH " + title + "\n" + body;
}

std::vector<std::string> groups_of(const CLI::App& app) {
  std::vector<std::string> groups;
  for (const CLI::Option* option : app.get_options()) {
    const std::string& group = option->get_group();
    if (group.empty() || std::find(groups.begin(), groups.end(), group) != groups.end()) continue;
    groups.push_back(group);
  }
  return groups;
}

std::string render_options(const CLI::App& app) {
  std::string roff;
  const auto groups = groups_of(app);
  for (const std::string& group : groups) {
    if (groups.size() > 1) roff += ".PP\n" + bold(group == "Options" ? "General" : group) + "\n";
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_group() == group) roff += render_option(*option);
    }
  }
  return roff;
}

std::string synopsis_of(const CLI::App& app, const std::string& name) {
  std::string line = bold(name) + " [" + italic("OPTIONS") + "]";
  if (!app.get_subcommands(nullptr).empty()) line += " " + italic("COMMAND");
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string argument = italic(option->get_name(true));
    line += option->get_required() ? " " + argument : " [" + argument + "]";
  }
  if (app.get_allow_extras()) line += " [" + italic("WORD") + "\\ ...]";
  return line + "\n";
}

std::string render_subcommands(const Command& command, CLI::App& app, const Context& context) {
  std::string roff;
  for (const CLI::App* below : app.get_subcommands(nullptr)) {
    const std::string name = below->get_name();
    inspect(command, name, context, [&](CLI::App& own) {
      roff += ".SS " + plain(name) + "\n" + plain(below->get_description()) + ".\n.PP\n" +
              synopsis_of(own, "rellama " + std::string(command.name) + " " + name) +
              render_options(own);
      if (const std::string footer = own.get_footer(); !footer.empty()) roff += verbatim(footer);
    });
  }
  return roff.empty() ? roff : ".SH COMMANDS\n" + roff;
}

std::string page_name(const Command& command) {
  return command.name == "ask" ? "rellama" : "rellama-" + std::string(command.name);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// What every command reads; shown on the page of rellama itself.
constexpr const char* kEnvironmentAndFiles = R"(.SH ENVIRONMENT
.TP
.B REPLICATE_API_TOKEN
The API token.
.TP
.B REPLICATE_BASE_URL
URL of the API, with or without /v1.
.TP
.BR RELLAMA_ "\fINAME\fR"
Sets the option of that name, in capitals and with underscores: RELLAMA_MODEL, RELLAMA_TOP_P.
A flag takes precedence.
.TP
.BR VISUAL ", " EDITOR
The editor for prompts, templates and the configuration.
.TP
.BR HTTPS_PROXY ", " ALL_PROXY ", " NO_PROXY
As curl reads them, but never for addresses of this machine.
.TP
.BR CURL_CA_BUNDLE ", " SSL_CERT_FILE ", " SSL_CERT_DIR ", " NIX_SSL_CERT_FILE
PEM files, or directories of them, with the authorities to trust if
.B --cacert
is not given.
.TP
.B RELLAMA_GATEWAY_HEADER
A secret header, "Name: value", for a gateway that is the base URL.
.TP
.BR NO_COLOR ", " TERM ", " COLUMNS
Control how answers look on a terminal.
.SH FILES
.TP
.I ~/.config/rellama/config.toml
Settings and profiles.
.TP
.I ~/.config/rellama/templates/
Templates, one file each.
.TP
.I ~/.config/rellama/models.json
Your own models.
.TP
.I ~/.local/share/rellama/history.db
The history of prompts and answers.
.PP
The XDG variables override these directories.
)";

std::string see_also(const Command& command, std::span<const Command> commands) {
  std::string roff = ".SH SEE ALSO\n";
  std::string separator;
  for (const Command& other : commands) {
    if (other.summary.empty() || other.name == command.name) continue;
    roff += separator + ".BR " + plain(page_name(other)) + " (1)";
    separator = ",\n";
  }
  return roff + "\n";
}

}  // namespace

std::string render_man_page(const Command& command, const Context& context) {
  const bool is_program = command.name == "ask";
  const std::string name = page_name(command);
  std::string roff = ".TH " + plain(upper(name)) + " 1 \"" RELLAMA_RELEASE_DATE "\" \"rellama " +
                     std::string(version()) + "\" \"User Commands\"\n.SH NAME\n" + plain(name) +
                     " \\- " +
                     plain(is_program ? "command-line chat client for Llama 2 hosted by Replicate"
                                      : command.summary) +
                     "\n.SH SYNOPSIS\n";
  inspect(command, "", context, [&](CLI::App& app) {
    roff += synopsis_of(app, is_program ? "rellama" : "rellama " + std::string(command.name)) +
            ".SH DESCRIPTION\n" + plain(app.get_description()) + "\n";
    roff += render_subcommands(command, app, context);
    roff += section("OPTIONS", render_options(app));
    if (const std::string footer = app.get_footer(); !footer.empty()) {
      roff += section("NOTES", verbatim(footer));
    }
  });
  if (is_program) roff += kEnvironmentAndFiles;
  if (!is_program) roff += ".SH EXIT STATUS\nAs in\n.BR rellama (1).\n";
  return roff + see_also(command, context.commands);
}

int run_man(const Arguments& arguments, const Context& context) {
  std::string directory;
  CLI::App app("Write the man pages of all commands.");
  prepare(app, "rellama __man");
  app.add_option("DIRECTORY", directory)->required();
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  for (const Command& command : context.commands) {
    if (command.summary.empty()) continue;
    const auto path = std::filesystem::path(directory) / (page_name(command) + ".1");
    std::ofstream file(path, std::ios::binary);
    file << render_man_page(command, context);
    if (!file.flush()) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "cannot write " + path.string(), .remedy = "name a directory"});
    }
  }
  return 0;
}

}  // namespace rellama::program
