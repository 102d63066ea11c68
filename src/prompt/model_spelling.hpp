// What people type or paste for a model, besides its name.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "prompt/catalogue.hpp"

namespace rellama::prompt {

/// The reference in the address of a page of Replicate, such as "meta/llama-2-70b-chat" in
/// "https://replicate.com/meta/llama-2-70b-chat/api"; empty if it is not the address of a model, a
/// version or a deployment.
[[nodiscard]] std::string model_of_address(std::string_view text);

/// The model that is called `text` in other letter case, with other separators, or for short:
/// "Llama-2-70B-Chat", "llama2". Never a base model in place of the one to talk to.
[[nodiscard]] std::optional<CatalogueEntry> find_respelled(const Catalogue& catalogue,
                                                           std::string_view text);

/// The short name that was probably meant: that of the model to talk to, if there are two. Empty if
/// there is none.
[[nodiscard]] std::string find_similar_model(const Catalogue& catalogue, std::string_view text);

/// Who has the model that people know by this name but Replicate does not host as such: "OpenAI"
/// for "gpt-4". Empty for any other.
[[nodiscard]] std::string_view find_other_provider(std::string_view text);

}  // namespace rellama::prompt
