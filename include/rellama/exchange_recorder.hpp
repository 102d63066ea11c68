#pragma once

#include <string_view>

namespace rellama {

/// Receives what a client sends and what comes back, so that `rellama emulator --replay` can serve
/// it again. The format is in docs/emulator.md.
class ExchangeRecorder {
 public:
  virtual ~ExchangeRecorder() = default;

  /// Called when a client is made, before anything is sent. If it throws, there is no client.
  virtual void open() = 0;

  /// Takes one exchange when it has ended: a line of JSON with its line end, without the token, the
  /// gateway's header and the secret inputs. Called on the thread that uses the client.
  virtual void record(std::string_view line) noexcept = 0;
};

}  // namespace rellama
