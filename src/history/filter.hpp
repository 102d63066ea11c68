#pragma once

namespace rellama::history {

/// The condition on a turn for the parameters ?1 to ?3: since, before and part of the model's name.
inline constexpr const char* filter_condition =
    "(?1 IS NULL OR asked_at >= ?1) AND (?2 IS NULL OR asked_at < ?2) AND "
    "(?3 = '' OR instr(model, ?3) > 0) ";

}  // namespace rellama::history
