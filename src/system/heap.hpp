#pragma once

namespace rellama::system {

/// Makes malloc quick for a program that grows a few long texts and soon exits, such as one that
/// prints an answer: all threads share one heap, and memory that was freed is kept. For glibc; does
/// nothing elsewhere. Before the first other thread.
void keep_one_heap() noexcept;

}  // namespace rellama::system
