#include "prompt/model_spelling.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "prompt/similar.hpp"
#include "wire/lower_case.hpp"

namespace rellama::prompt {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Names without a size, and what is meant by them: the largest model to talk to.
constexpr std::array kFamilyNames{
    Pair{"llama2", "llama-2-70b-chat"},         Pair{"llama2chat", "llama-2-70b-chat"},
    Pair{"llama3", "llama-3-70b-instruct"},     Pair{"llama3instruct", "llama-3-70b-instruct"},
    Pair{"metallama3", "llama-3-70b-instruct"},
};

// How the names of other providers' models begin.
constexpr std::array kOtherProviders{
    Pair{"gpt", "OpenAI"},     Pair{"chatgpt", "OpenAI"},     Pair{"openai", "OpenAI"},
    Pair{"davinci", "OpenAI"}, Pair{"textdavinci", "OpenAI"}, Pair{"claude", "Anthropic"},
    Pair{"gemini", "Google"},  Pair{"palm", "Google"},        Pair{"bard", "Google"},
    Pair{"grok", "xAI"},       Pair{"copilot", "Microsoft"},
};

// In lower case, without separators.
std::string squeezed(std::string_view text) {
  std::string letters = wire::lower_case(text);
  std::erase_if(letters, [](unsigned char c) { return c == '-' || c == '_' || c == ' '; });
  return letters;
}

bool is_to_talk_to(std::string_view name) {
  return name.find("chat") != std::string_view::npos ||
         name.find("instruct") != std::string_view::npos;
}

// The last size in a name, "70b"; with the digits before it if nothing separates them.
std::string_view size_in(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t end = name.size(); end > 1; --end) {
    if (name[end - 1] != 'b' || !is_digit(name[end - 2])) continue;
    std::size_t begin = end - 1;
    while (begin > 0 && is_digit(name[begin - 1])) --begin;
    return name.substr(begin, end - begin);
  }
  return {};
}

// The model to talk to that is meant by part of its name or by its name with other separators, of
// the size given if there is one.
std::string find_meant_to_talk_to(const std::vector<std::string>& names, std::string_view text) {
  constexpr std::size_t kShortestPart = 4;
  const std::string letters = squeezed(text);
  const std::string_view size = size_in(letters);
  std::vector<std::string> spellings;
  std::vector<std::string_view> meant;
  for (const std::string& name : names) {
    if (!is_to_talk_to(name) || (!size.empty() && !size.ends_with(size_in(name)))) continue;
    spellings.push_back(squeezed(name));
    meant.push_back(name);
    const bool is_end = letters.size() >= kShortestPart && spellings.back().ends_with(letters);
    if (is_end) return name;
  }
  for (const char* kind : {"", "chat", "instruct"}) {
    const std::string spelling = find_similar(letters + kind, spellings);
    const auto found = std::find(spellings.begin(), spellings.end(), spelling);
    if (found != spellings.end())
      return std::string(meant[static_cast<std::size_t>(found - spellings.begin())]);
  }
  return {};
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

bool remove_prefix(std::string_view& text, std::string_view prefix) {
  if (wire::lower_case(text.substr(0, prefix.size())) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::string model_of_address(std::string_view text) {
  if (!remove_prefix(text, "https://")) remove_prefix(text, "http://");
  remove_prefix(text, "www.");
  bool is_api = false;
  if (remove_prefix(text, "api.replicate.com/v1/")) {
    is_api = true;
  } else if (!remove_prefix(text, "replicate.com/")) {
    return {};
  }
  std::vector<std::string_view> parts = split_path(text.substr(0, text.find_first_of("?#")));
  if (is_api) {
    const bool is_model = parts.size() >= 3 && parts[0] == "models";
    const bool is_deployment = parts.size() >= 3 && parts[0] == "deployments";
    if (!is_model && !is_deployment) return {};
    if (is_model) parts.erase(parts.begin());
  }
  const std::size_t size = parts.empty() || parts[0] != "deployments" ? 2 : 3;
  if (parts.size() < size) return {};
  // Pages that are not of a model: of a prediction, of the documentation.
  for (const std::string_view page : {"p", "docs", "account", "explore", "collections"}) {
    if (parts[0] == page) return {};
  }
  std::string reference;
  for (std::size_t i = 0; i < size; ++i) {
    reference.append(reference.empty() ? "" : "/").append(parts[i]);
  }
  if (size == 2 && parts.size() >= 4 && parts[2] == "versions") {
    reference.append(":").append(parts[3]);
  }
  return reference;
}

std::optional<CatalogueEntry> find_respelled(const Catalogue& catalogue, std::string_view text) {
  if (auto entry = find_model(catalogue, wire::lower_case(text))) return entry;
  if (text.find('/') != std::string_view::npos) return std::nullopt;
  const std::string letters = squeezed(text);
  for (const auto& [name, meant] : kFamilyNames) {
    if (letters == name) return find_model(catalogue, meant);
  }
  for (const CatalogueEntry& entry : list_models(catalogue)) {
    for (const std::string_view name : entry.model->short_names) {
      if (is_to_talk_to(name) && squeezed(name) == letters) return entry;
    }
  }
  return std::nullopt;
}

std::string find_similar_model(const Catalogue& catalogue, std::string_view text) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : list_models(catalogue)) {
    for (const std::string_view name : entry.model->short_names) names.emplace_back(name);
  }
  std::string meant = find_meant_to_talk_to(names, text);
  if (!meant.empty()) return meant;
  meant = find_similar(wire::lower_case(text), names);
  for (const char* kind : {"-chat", "-instruct"}) {
    const auto base = find_model(catalogue, meant);
    const auto tuned = base ? find_model(catalogue, meant + kind) : std::nullopt;
    if (tuned && tuned->model != base->model) return meant + kind;
  }
  return meant;
}

std::string_view find_other_provider(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return {};
  const std::string letters = squeezed(text);
  for (const auto& [name, provider] : kOtherProviders) {
    if (letters.starts_with(name)) return provider;
  }
  return {};
}

}  // namespace rellama::prompt
