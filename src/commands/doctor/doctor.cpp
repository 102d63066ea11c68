#include "commands/doctor/doctor.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/doctor/checks.hpp"
#include "options/configuration_check.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "run/signal_watcher.hpp"
#include "terminal/entry.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using Status = Finding::Status;

std::string word_for(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::warning: return "warn";
    case Status::failure: break;
  }
  return "fail";
}

std::string render(const Finding& finding, std::size_t width) {
  constexpr std::size_t kNameColumn = 6;
  constexpr std::size_t kDetailColumn = 16;
  std::string name = word_for(finding.status);
  name.resize(kNameColumn, ' ');
  name += finding.name;
  std::string detail = finding.detail;
  if (!finding.remedy.empty()) detail += "; " + finding.remedy;
  return terminal::render_entry(name, terminal::one_line(detail), kDetailColumn, width);
}

std::string render_json(const std::vector<Finding>& findings) {
  using nlohmann::ordered_json;
  ordered_json document{{"format", "rellama.doctor/1"}, {"checks", ordered_json::array()}};
  for (const Finding& finding : findings) {
    document["checks"].push_back({{"name", finding.name},
                                  {"status", word_for(finding.status)},
                                  {"detail", finding.detail},
                                  {"remedy", finding.remedy},
                                  {"exit_code", finding.exit_code}});
  }
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

// Runs the checks one after another and prints each result at once.
class Examination {
 public:
  Examination(bool json, const Context& context) : json_(json), context_(context) {}

  void add(Finding finding) {
    if (!json_)
      context_.streams.out.print(render(finding, terminal::table_width(context_.streams.out)));
    findings_.push_back(std::move(finding));
  }

  // An error thrown by `check` becomes a failure.
  template <typename Check>
  void run(const std::string& name, const StopToken& stop, Check check) {
    try {
      check();
    } catch (const Error& error) {
      stop.throw_if_stopped();
      add(failure(name, error));
    }
  }

  int conclude() {
    if (json_) context_.streams.out.print(render_json(findings_), terminal::TextForm::json);
    const auto first = std::find_if(findings_.begin(), findings_.end(), [](const Finding& finding) {
      return finding.status == Status::failure;
    });
    return first == findings_.end() ? 0 : first->exit_code;
  }

 private:
  bool json_;
  const Context& context_;
  std::vector<Finding> findings_;
};

}  // namespace

int run_doctor(const Arguments& arguments, const Context& outer) {
  ConnectionOptions options;
  bool json = false;
  CLI::App app("Diagnose setup problems: configuration, files, terminal, token, network.");
  prepare(app, "rellama doctor");
  app.add_flag("--json", json, "print JSON");
  declare(app, options);
  if (!parse(app, arguments, outer, Settings::leave)) return 0;

  const StopSource source;
  const SignalWatcher watcher(source, outer.streams);
  const StopToken stop = source.token();
  const Context context = stopped_by(outer, stop);
  Examination examination(json, context);
  bool is_configured = false;
  examination.run("config", stop, [&] {
    apply_settings(app, context);
    is_configured = true;
    examination.add({Status::ok, "config", check_configuration(context)});
  });
  examination.add(check_files(options, context));
  examination.add(check_terminal(context));
  examination.add(check_proxy(options, context));
  if (!is_configured) {
    // Without it, the token might be sent to a server that the user did not choose.
    examination.add({Status::warning, "network", "not checked, and neither is the token",
                     "fix the configuration first: rellama config edit"});
    return examination.conclude();
  }
  std::optional<ApiToken> token;
  examination.run("token", stop, [&] {
    if (find_container(options, context)) {
      examination.add({Status::ok, "token", "not needed for a Cog container"});
      return;
    }
    const auto found = find_token(options, context);
    if (found) token = found->token;
    examination.add(check_token(found));
  });
  examination.run("api", stop, [&] {
    for (Finding& finding : check_network(token, options, context, stop)) {
      examination.add(std::move(finding));
    }
  });
  return examination.conclude();
}

}  // namespace rellama::program
