#pragma once

#include <memory>
#include <string>

#include "options/context.hpp"
#include "rellama/exchange_recorder.hpp"

namespace rellama::program {

/// The file of --record. Exchanges are added at its end, each in one piece, so that commands of a
/// script can share it and one that is killed leaves whole lines. A new file can be read only by
/// its owner. If it cannot be written any more, this is told once, and the run goes on.
///
/// `open` throws Error (invalid_input) if the file cannot be written, or has something else than a
/// recording. `context` must outlive it.
[[nodiscard]] std::shared_ptr<ExchangeRecorder> make_exchange_file(std::string path,
                                                                   const Context& context);

}  // namespace rellama::program
