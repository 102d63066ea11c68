#include "terminal/sequential_printer.hpp"

#include <utility>

#include "terminal/visible_text.hpp"

namespace rellama::terminal {

SequentialPrinter::SequentialPrinter(OutputStream& out, std::vector<std::string> headings,
                                     Headings style, MakePrinter make_printer)
    : out_(out), style_(style), make_printer_(std::move(make_printer)) {
  for (std::string& heading : headings) answers_.push_back({std::move(heading), {}});
}

void SequentialPrinter::output(std::size_t run, std::string_view text) {
  answers_[run].waiting += text;
}

void SequentialPrinter::done(std::size_t run, const Prediction& prediction) {
  answers_[run].prediction = prediction;
}

void SequentialPrinter::fail(std::size_t run, const Error& error) {
  answers_[run].error = error;
}

void SequentialPrinter::flush() {
  while (turn_ < answers_.size()) {
    Answer& answer = answers_[turn_];
    const bool over = answer.prediction || answer.error;
    if (!over && answer.waiting.empty()) return;
    if (!printer_) begin(answer);
    printer_->output(std::exchange(answer.waiting, {}));
    printer_->flush();
    if (!over) return;
    end(answer);
    ++turn_;
  }
}

void SequentialPrinter::begin(const Answer& answer) {
  std::string heading = "== " + one_line(answer.heading) + " ==";
  if (style_ == Headings::bold) heading = "\x1b[1m" + heading + "\x1b[0m";
  out_.write((turn_ > 0 ? "\n" : "") + heading + "\n");
  printer_ = make_printer_();
}

void SequentialPrinter::end(const Answer& answer) {
  if (answer.prediction) {
    printer_->done(*answer.prediction);
  } else {
    printer_->fail(*answer.error);
    out_.write("error: " + one_line(answer.error->what()) + "\n");
  }
  printer_.reset();
}

}  // namespace rellama::terminal
