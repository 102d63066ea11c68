#pragma once

#include <functional>
#include <optional>

#include "options/context.hpp"
#include "options/output_options.hpp"
#include "rellama/client.hpp"
#include "rellama/event_sink.hpp"
#include "terminal/json_printer.hpp"

namespace rellama::program {

/// Runs a prediction to its end with what it is given, and gives its final state. Who has a client
/// of their own gives it the log.
using BringHome = std::function<Prediction(Client&, EventSink&, const LogFunction&)>;

/// Shows answers, one after another, that all come through one client.
class AnswerPrinter {
 public:
  /// The options and the context must outlive this.
  AnswerPrinter(const OutputOptions& options, const Context& context, ApiToken token,
                ClientOptions client);
  AnswerPrinter(const AnswerPrinter&) = delete;
  AnswerPrinter& operator=(const AnswerPrinter&) = delete;

  /// Shows the answer that `bring_home` brings, the way there, and how it ended; gives the exit
  /// code. With -O it is saved, which `stop` can end. Throws Error, after the printer has told what
  /// arrived.
  int print(terminal::Prompt question, const BringHome& bring_home, const StopToken& stop);

 private:
  Client& client();

  const OutputOptions& options_;
  const Context& context_;
  ApiToken token_;
  ClientOptions client_options_;
  LogFunction log_;  // of the answer that is under way
  std::optional<Client> client_;
};

/// Shows one answer.
int print_answer(const OutputOptions& options, terminal::Prompt question, const ApiToken& token,
                 ClientOptions client_options, const Context& context, const BringHome& bring_home,
                 const StopToken& stop = {});

}  // namespace rellama::program
