#include "run/request.hpp"

#include <algorithm>
#include <memory>

#include "rellama/error.hpp"
#include "run/dry_run.hpp"
#include "run/model_cache.hpp"
#include "run/prompt_text.hpp"
#include "settings/duration.hpp"

namespace rellama::program {

GenerateRequest make_request(const ModelOptions& model, const ConnectionOptions& connection,
                             bool demo, const Context& context) {
  GenerateRequest request = make_request(model, context);
  if (!demo) {
    request.models = std::make_shared<ModelCache>(
        context, client_options(connection, context).base_url,
        connection.record.empty() ? ModelCache::Use::everything : ModelCache::Use::own_only);
  }
  return request;
}

GenerateRequest make_request(const RunOptions& options, const Context& context,
                             const StopToken& stop) {
  GenerateRequest request = make_request(options.model, options.connection, options.demo, context);
  request.delivery = options.no_stream ? Delivery::poll : Delivery::stream;
  const auto needs_prompt =
      request.parameters.others.empty() ? NeedsPrompt::yes : NeedsPrompt::unless_set;
  request.prompt = compose_prompt(options.prompt, context, stop, needs_prompt);
  return request;
}

std::chrono::seconds cancel_after(const RunOptions& options, const std::string& timeout,
                                  const Context& context) {
  using std::chrono::seconds;
  constexpr seconds kShortest{5};
  constexpr seconds kLongest = std::chrono::hours{24};
  if (!options.cancel_after.empty()) {
    const auto after = std::chrono::ceil<seconds>(settings::parse_duration(options.cancel_after));
    if (after >= kShortest && after <= kLongest) return after;
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot use --cancel-after " + options.cancel_after,
                 .why = "Replicate accepts 5s to 24h"});
  }
  if (timeout.empty() || options.demo) return seconds{0};
  // Only Replicate is known to support the header.
  if (!is_replicate(client_options(options.connection, context).base_url)) return seconds{0};
  const auto longest = std::chrono::ceil<seconds>(settings::parse_duration(timeout));
  return std::clamp(longest, kShortest, kLongest);
}

std::string render_dry_run(const RunOptions& options, const PreparedRequest& request,
                           const Context& context) {
  if (options.dry_run == DryRun::json) return render_request_json(request);
  return render_curl(request, client_options(options.connection, context));
}

}  // namespace rellama::program
