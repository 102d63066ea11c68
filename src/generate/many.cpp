#include "generate/many.hpp"

#include <algorithm>
#include <stop_token>
#include <utility>

#include "rellama/stop.hpp"

namespace rellama {

// One request: receives its events and passes them on with its number.
class Many::Row final : public EventSink {
 public:
  Row(Many& many, std::size_t number, RowRequest row)
      : many_(many), number_(number), row_(std::move(row)) {
    // What may have been started before is first searched for, which is no create.
    is_creating_ = !row_.started && !row_.sent_at;
    if (is_creating_) ++many_.creating_;
    task_ = many_.make_task_(row_, *this);
  }
  ~Row() override { leave_creating(); }

  void prompt_fitted(const PromptFit& fit) override {
    pass([&] { many_.sink_.prompt_fitted(number_, fit); });
  }
  void created(const Prediction& prediction) override {
    leave_creating();
    pass([&] { many_.sink_.created(number_, prediction); });
  }
  void status_changed(Status status) override {
    pass([&] { many_.sink_.status_changed(number_, status); });
  }
  void output(std::string_view text) override {
    pass([&] { many_.sink_.output(number_, text); });
  }
  [[nodiscard]] bool is_full() const override { return many_.sink_.is_full(number_); }

  [[nodiscard]] RunTask& task() const noexcept { return *task_; }
  [[nodiscard]] const StopToken& stop() const noexcept { return row_.stop; }
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

  [[nodiscard]] RowEnd take_end() {
    try {
      return {.prediction = task_->take()};
    } catch (const Error& error) {
      return {.prediction = task_->created(),
              .error = error,
              .not_searched = task_->was_not_searched()};
    } catch (const std::exception& error) {
      return {.prediction = task_->created(),
              .error = Error(ErrorKind::internal, {.failed = "unexpected error",
                                                   .why = error.what(),
                                                   .remedy = "please report it"})};
    }
  }

 private:
  // An exception ends this run at once, and the others soon.
  template <typename Call>
  void pass(Call call) {
    many_.guard(call);
    if (many_.broken_) std::rethrow_exception(many_.broken_);
  }

  void leave_creating() {
    if (std::exchange(is_creating_, false)) --many_.creating_;
  }

  Many& many_;
  const std::size_t number_;
  const RowRequest row_;
  bool is_creating_ = false;
  std::unique_ptr<RunTask> task_;
};

Many::Many(http::Loop& loop, RequestSource& source, RowSink& sink, std::size_t in_flight,
           MakeTask make_task, MostCreating most_creating)
    : loop_(loop),
      source_(source),
      sink_(sink),
      in_flight_(std::max<std::size_t>(in_flight, 1)),
      make_task_(std::move(make_task)),
      most_creating_(std::move(most_creating)),
      runner_(loop) {}

Many::~Many() = default;

void Many::run(const StopToken& stop) {
  const std::stop_callback wake(stop.std_token(), [this] { loop_.wake(); });
  while (true) {
    if (const auto reason = stopped_ ? std::nullopt : stop.reason()) stop_rows(*reason);
    if (const auto reason = source_.stops_sending()) stop_unsent_rows(*reason);
    do start_rows();
    while (end_rows());
    const auto until = flush();
    if (broken_ && !stopped_) stop_rows(ErrorKind::interrupted);
    if (rows_.empty() && (source_ended_ || stopped_)) break;
    runner_.turn(stopped_ ? until : std::min(until, stop.deadline().value_or(until)));
  }
  if (broken_) std::rethrow_exception(broken_);
}

void Many::start_rows() {
  while (!stopped_ && !source_ended_ && rows_.size() < in_flight_ && creating_ < most_creating_()) {
    RowRequest next;
    auto supply = RequestSource::Supply::end;
    guard([&] { supply = source_.next(next); });
    if (broken_) return;
    source_ended_ = supply == RequestSource::Supply::end;
    if (supply != RequestSource::Supply::request) return;
    auto row = std::make_unique<Row>(*this, next_row_++, std::move(next));
    Row& started = *row;
    rows_.emplace(&started.task(), std::move(row));
    runner_.start(started.task(), started.stop());
  }
}

bool Many::end_rows() {
  bool any = false;
  while (http::Task* task = runner_.take_done()) {
    any = true;
    const auto row = std::move(rows_.extract(task).mapped());
    guard([&] { sink_.ended(row->number(), row->take_end()); });
  }
  return any;
}

RowSink::Time Many::flush() {
  auto until = RowSink::Time::max();
  if (!broken_) guard([&] { until = sink_.flush(); });
  return until;
}

void Many::stop_unsent_rows(ErrorKind reason) {
  runner_.stop_those(reason, [this](const http::Task& task) {
    const auto found = rows_.find(&task);
    return found != rows_.end() && found->second->task().waits_to_be_sent();
  });
}

void Many::stop_rows(ErrorKind reason) {
  stopped_ = true;
  runner_.stop_all(reason);
}

void Many::guard(const std::function<void()>& call) {
  try {
    call();
  } catch (...) {
    if (!broken_) broken_ = std::current_exception();
  }
}

}  // namespace rellama
