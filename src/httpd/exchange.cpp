#include "httpd/exchange.hpp"

#include <utility>

#include "httpd/exchange_state.hpp"

namespace rellama::httpd {

/// Shared by all copies of an Exchange, and by nothing inside the server.
class Exchange::Lease {
 public:
  explicit Lease(std::shared_ptr<ExchangeState> state) : state_(std::move(state)) {}
  ~Lease() { state_->abandon(); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  ExchangeState* operator->() const { return state_.get(); }

 private:
  std::shared_ptr<ExchangeState> state_;
};

Exchange::Exchange(std::shared_ptr<ExchangeState> state)
    : lease_(std::make_shared<Lease>(std::move(state))) {}

void Exchange::reply(Reply reply) const {
  (*lease_)->reply(std::move(reply));
}

void Exchange::begin(Head head) const {
  (*lease_)->begin(std::move(head));
}

void Exchange::send(std::string_view bytes) const {
  (*lease_)->send(bytes);
}

void Exchange::finish() const {
  (*lease_)->end(Ending::complete);
}

void Exchange::abort() const {
  (*lease_)->end(Ending::aborted);
}

void Exchange::reset() const {
  (*lease_)->end(Ending::reset);
}

void Exchange::on_ready(std::function<void()> ready) const {
  (*lease_)->on_ready(std::move(ready));
}

void Exchange::wake() const {
  (*lease_)->wake();
}

void Exchange::wake_at(Clock::time_point time) const {
  (*lease_)->wake_at(time);
}

void Exchange::on_gone(std::function<void()> gone) const {
  (*lease_)->on_gone(std::move(gone));
}

bool Exchange::is_gone() const {
  return (*lease_)->is_gone();
}

bool Exchange::has_hung_up() const {
  return (*lease_)->has_hung_up();
}

}  // namespace rellama::httpd
