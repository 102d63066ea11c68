#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "history/turn.hpp"
#include "options/context.hpp"
#include "options/output_options.hpp"
#include "rellama/backend.hpp"
#include "run/backend.hpp"
#include "run/recording.hpp"
#include "terminal/json_printer.hpp"

namespace rellama::program {

/// Where answers come from and where they go. All members must outlive it.
struct AnswerPath {
  const OutputOptions& output;
  Backend& backend;
  LogRelay& log;
  Recording& recording;
  const Context& context;
};

/// What a request asks, as the machine-readable formats repeat it. A container has no model name.
[[nodiscard]] terminal::Prompt prompt_of(const GenerateRequest& request, const Backend& backend);

/// Asks, shows the answer and its progress, saves it with -O, and records it. Returns the exit
/// code. `observer`, if not null, receives every event first. If the run is cut short, shows, saves
/// and records the partial answer and then throws Error.
int ask_and_show(const AnswerPath& path, const GenerateRequest& request, history::NewTurn turn,
                 const StopToken& stop, EventSink* observer = nullptr);

/// The printer of an answer as text: rendered Markdown, plain, or only its code. Everything passed
/// must outlive it.
[[nodiscard]] std::unique_ptr<terminal::Printer> make_text_printer(const OutputOptions& options,
                                                                   const Context& context,
                                                                   terminal::OutputStream& out);

/// Prints a complete text in that way.
void show_text(std::string_view text, const OutputOptions& options, const Context& context);

/// Runs something other than a new prompt and returns its final state.
using Follow = std::function<Prediction(EventSink&)>;

/// As `ask_and_show`, for a prediction that exists already. It is not recorded.
int follow_and_show(const AnswerPath& path, terminal::Prompt prompt, const Follow& follow,
                    const StopToken& stop);

}  // namespace rellama::program
