#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/parallel_printer.hpp"
#include "terminal/printer.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Shows answers one after another, each under its heading, in the order of their runs. The current
/// one is shown as it arrives; the others wait. A run without an answer shows its error in one
/// line.
class SequentialPrinter final : public ParallelPrinter {
 public:
  /// Whether headings are bold.
  enum class Headings { plain, bold };

  /// Makes the printer of an answer.
  using MakePrinter = std::function<std::unique_ptr<Printer>()>;

  SequentialPrinter(OutputStream& out, std::vector<std::string> headings, Headings style,
                    MakePrinter make_printer);

  void output(std::size_t run, std::string_view text) override;
  void done(std::size_t run, const Prediction& prediction) override;
  void fail(std::size_t run, const Error& error) override;
  void flush() override;
  void finish() override { flush(); }

 private:
  struct Answer {
    std::string heading;
    std::string waiting;  // text not passed to the printer yet
    std::optional<Prediction> prediction = {};
    std::optional<Error> error = {};
  };

  void begin(const Answer& answer);
  void end(const Answer& answer);

  OutputStream& out_;
  Headings style_;
  std::vector<Answer> answers_;
  std::size_t turn_ = 0;
  MakePrinter make_printer_;
  std::unique_ptr<Printer> printer_;  // of the current answer, once it starts
};

}  // namespace rellama::terminal
