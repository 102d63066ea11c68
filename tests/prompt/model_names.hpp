#pragma once

#include <string>

namespace rellama::test {

/// A version that the catalogue knows and that Replicate has pinned: llama-2-70b-chat of 2023-09.
inline const std::string kPinned =
    "02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3";
/// A model with an official endpoint.
inline const std::string kOfficial = "meta/llama-2-70b-chat";
/// A model that is not in the catalogue.
inline const std::string kUnknown = "someone/model";

}  // namespace rellama::test
