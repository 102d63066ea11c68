#pragma once

namespace rellama::system {

/// Keeps this process from leaving a core dump, which would contain the token, prompts and answers.
/// Where it can (Linux), it also keeps other processes of the same user from reading its memory.
/// Does not apply to programs it starts.
void forbid_core_dumps() noexcept;

}  // namespace rellama::system
