// What the concatenator gives back, joined, is what it took, and no character is torn in two. The
// input is a list of calls: which one, how many bytes, the bytes.

#include "rellama/concatenator.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"

namespace rellama::fuzz {
namespace {

// No valid character of `whole` may reach across `boundary`.
void check_boundary(std::string_view whole, std::size_t boundary) {
  std::size_t at = 0;
  while (at < boundary) at += decode(whole.substr(at)).length;
  require(at == boundary, "no complete character is cut");
}

class Session {
 public:
  void append(std::string_view piece) {
    taken_ += piece;
    give(Bytes(piece), &Concatenator::append);
  }
  void append_cumulative(std::string_view piece) {
    taken_ += piece;
    give(Bytes(taken_), &Concatenator::append_cumulative);
  }
  // Something else than what was taken so far: shorter, or with another byte in it.
  void append_stranger(std::size_t place, bool shorter) {
    if (taken_.empty()) return;
    std::string stranger = taken_;
    place %= stranger.size();
    if (shorter) {
      stranger.resize(place);
    } else {
      stranger[place] = static_cast<char>(stranger[place] ^ 1);
    }
    require(!joiner_.agrees_with(stranger), "another text does not agree");
    require(joiner_.append_cumulative(stranger).empty(), "nothing is taken of another text");
  }
  void finish() {
    given_ += joiner_.finish();
    require(given_ == taken_, "the pieces joined are the whole at the end");
    require(joiner_.text() == taken_, "the text is what was taken");
    require(joiner_.finish().empty(), "nothing is given twice");
    for (const std::size_t boundary : boundaries_) check_boundary(taken_, boundary);
  }

 private:
  void give(const Bytes& bytes, std::string_view (Concatenator::*call)(std::string_view)) {
    given_ += (joiner_.*call)(bytes.view());
    require(joiner_.text() == taken_, "the text is what was taken");
    require(joiner_.agrees_with(taken_), "the text agrees with itself");
    require(taken_.starts_with(given_), "what is given is in order and once");
    const std::string_view held = std::string_view(taken_).substr(given_.size());
    require(held.size() <= 3, "no more is held back than a character's start");
    require(held.empty() || !is_utf8(taken_), "nothing complete is held back");
    boundaries_.push_back(given_.size());
  }

  Concatenator joiner_;
  std::string taken_;
  std::string given_;
  std::vector<std::size_t> boundaries_;
};

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  // Each call looks at the whole text so far: longer inputs would only be slower.
  if (size > 1024) return 0;
  Feed feed(data, size);
  Session session;
  while (!feed.empty()) {
    const std::size_t call = feed.number(8);
    const std::size_t count = feed.number(32);
    if (call < 5) {
      session.append(feed.take(count));
    } else if (call < 7) {
      session.append_cumulative(feed.take(count));
    } else {
      session.append_stranger(count / 2, count % 2 == 0);
    }
  }
  session.finish();
  return 0;
}
