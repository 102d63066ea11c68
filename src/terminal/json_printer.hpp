#pragma once

#include <string>
#include <string_view>

#include "terminal/printer.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// The prompt as the user typed it. The server may name the model differently, and receives the
/// rendered prompt.
struct Prompt {
  std::string model;  ///< empty: take the name from the prediction
  std::string prompt;
};

/// Prints one JSON object, `rellama.answer/1`, at the end of the run: format, model, version, id,
/// prompt, output, status, metrics, error. Unknown values are null. Invalid UTF-8 becomes U+FFFD.
class JsonPrinter final : public Printer {
 public:
  JsonPrinter(OutputStream& out, Prompt prompt);

  void created(const Prediction& prediction) override;
  void status_changed(Status status) override;
  void output(std::string_view text) override;
  void done(const Prediction& prediction) override;
  /// `error` is the full message; `output` is what has arrived.
  void fail(const Error& error) override;

 private:
  void print(const Prediction& prediction, std::string_view error);

  OutputStream& out_;
  Prompt prompt_;
  Prediction latest_;
  std::string text_;
  bool ended_ = false;
};

/// Prints one JSON object per line, `rellama.events/1`, for each event: created, status, output,
/// and finally done or error with the fields of `rellama.answer/1`. Each `flush` is one write.
class JsonlPrinter final : public Printer {
 public:
  JsonlPrinter(OutputStream& out, Prompt prompt);

  void created(const Prediction& prediction) override;
  void status_changed(Status status) override;
  void output(std::string_view text) override;
  void flush() override;
  void done(const Prediction& prediction) override;
  /// Adds `kind`, the name of the error's kind.
  void fail(const Error& error) override;

 private:
  void write_buffer();

  OutputStream& out_;
  Prompt prompt_;
  Prediction latest_;
  std::string text_;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace rellama::terminal
