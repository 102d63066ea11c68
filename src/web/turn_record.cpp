#include "web/turn_record.hpp"

#include "rellama/error.hpp"

namespace rellama::web {
namespace {

// How long text may stay unwritten.
constexpr std::chrono::seconds kInterval{1};

}  // namespace

TurnRecord::Time TurnRecord::write(Time now) {
  if (is_written()) return Time::max();
  if (now < next_ && !(end_ && failure_.empty())) return next_;
  next_ = now + kInterval;
  const history::TurnId id{turn_.conversation.number, turn_.number};
  try {
    history::Store& store = conversations_.store_of(turn_.conversation);
    if (prediction_) store.set_prediction(id, *prediction_);
    prediction_.reset();
    if (end_) {
      store.end(id, *end_, text_);
    } else if (!text_.empty()) {
      store.append(id, text_);
    }
    text_.clear();
    end_.reset();
    failure_.clear();
    return Time::max();
  } catch (const Error& error) {
    failure_ = error.what();
    return next_;
  }
}

}  // namespace rellama::web
