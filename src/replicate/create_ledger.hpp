#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace rellama::replicate {

/// The create requests of one client: which predictions they started, and which requests of each
/// kind are still without a response or have lost it. So a search for a lost prediction takes none
/// that belongs to another request.
class CreateLedger {
 public:
  /// One request, from before it is sent until it is known what it started.
  class Entry {
   public:
    /// `request` identifies what is requested: equal requests have equal values. `input` identifies
    /// its input: siblings are requests with equal inputs for other models.
    Entry(CreateLedger& ledger, std::size_t request, std::size_t input);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    /// The request started the prediction `id`.
    void started(const std::string& id);
    /// The response was lost.
    void lost();
    /// The request started nothing.
    void started_nothing();
    /// The number of equal requests that have lost their responses, including this one.
    [[nodiscard]] std::size_t lost_count() const;
    /// Whether equal requests have lost their responses, and it never became known what they
    /// started.
    [[nodiscard]] bool others_given_up() const;
    /// Whether there are equal requests that may still get a response.
    [[nodiscard]] bool others_pending() const;
    /// Whether there are siblings that may still get a response.
    [[nodiscard]] bool siblings_pending() const;
    /// Whether there are siblings of which it is not known, or never became known, what they
    /// started.
    [[nodiscard]] bool siblings_lost() const;

   private:
    enum class State { pending, lost, over };
    void leave();

    template <typename Has>
    bool any_sibling(Has has) const;

    CreateLedger& ledger_;
    std::size_t request_;
    State state_ = State::pending;
  };

  /// Whether a request of this client is known to have started the prediction `id`.
  [[nodiscard]] bool knows(const std::string& id) const { return ids_.contains(id); }

 private:
  struct Counts {
    std::size_t input = 0;
    std::size_t pending = 0;
    std::size_t lost = 0;
    std::size_t given_up = 0;  // lost, and gone without its prediction
  };

  // A search looks at 500 predictions at most.
  static constexpr std::size_t kMaxIds = 10'000;

  std::unordered_map<std::size_t, Counts> counts_;  // by request
  std::unordered_set<std::string> ids_;
  std::deque<std::string> oldest_;  // of ids_
};

}  // namespace rellama::replicate
