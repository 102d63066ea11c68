#include "options/suggestion.hpp"

#include "prompt/similar.hpp"

namespace rellama::program {

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                         const std::string& otherwise) {
  const std::string meant = prompt::find_similar(name, candidates);
  return meant.empty() ? otherwise : "did you mean " + meant + "?";
}

}  // namespace rellama::program
