#include "batch/shard.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

std::optional<std::size_t> parse_count(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

Error not_a_shard(std::string_view text, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot use --shard " + std::string(text),
                                          .why = std::move(why),
                                          .remedy = std::move(remedy)});
}

std::optional<std::size_t> find_count(const system::Environment& environment,
                                      std::string_view name) {
  const auto text = system::find_variable(environment, name);
  return text ? parse_count(*text) : std::nullopt;
}

std::optional<Shard> find_shard(const system::Environment& environment,
                                const std::optional<std::size_t>& count) {
  // https://slurm.schedmd.com/job_array.html. The array may start at any index.
  const auto task = find_count(environment, "SLURM_ARRAY_TASK_ID");
  const auto tasks = find_count(environment, "SLURM_ARRAY_TASK_COUNT");
  if (task && (count || tasks)) {
    const auto first = find_count(environment, "SLURM_ARRAY_TASK_MIN").value_or(0);
    const auto step =
        std::max<std::size_t>(find_count(environment, "SLURM_ARRAY_TASK_STEP").value_or(1), 1);
    const bool is_regular = *task >= first && (*task - first) % step == 0;
    return Shard{.number = is_regular ? (*task - first) / step + 1 : 0,
                 .count = count ? *count : *tasks};
  }
  // https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/. The number of indexes
  // is not in the environment of a pod unless the manifest puts it there.
  const auto index = find_count(environment, "JOB_COMPLETION_INDEX");
  const auto indexes = count ? count : find_count(environment, "JOB_COMPLETIONS");
  if (index && indexes) return Shard{.number = *index + 1, .count = *indexes};
  return std::nullopt;
}

}  // namespace

Shard parse_shard(std::string_view text, const system::Environment& environment) {
  const auto slash = text.find('/');
  const auto count =
      slash == std::string_view::npos ? std::nullopt : parse_count(text.substr(slash + 1));
  if (text == "auto" || (text.starts_with("auto/") && count)) {
    const auto found = find_shard(environment, count);
    if (!found) {
      throw not_a_shard(text,
                        "neither SLURM_ARRAY_TASK_ID with SLURM_ARRAY_TASK_COUNT nor "
                        "JOB_COMPLETION_INDEX is set, or the number of parts is missing",
                        "use --shard auto/N, or --shard K/N");
    }
    if (found->number >= 1 && found->number <= found->count) return *found;
    throw not_a_shard(
        text,
        "the task is " + std::to_string(found->number) + " of " + std::to_string(found->count),
        "use an array without gaps, such as --array=1-8");
  }
  const auto number = parse_count(text.substr(0, slash));
  constexpr std::size_t kMostShards = 100'000;
  if (number && count && *number >= 1 && *number <= *count && *count <= kMostShards) {
    return {.number = *number, .count = *count};
  }
  throw not_a_shard(text, "it is not K/N with K from 1 to N", "write it like 3/8, or auto");
}

std::optional<Shard> find_shard_named(std::string_view name) {
  constexpr std::string_view kOf = "-of-";
  const auto of = name.find(kOf);
  if (of == std::string_view::npos) return std::nullopt;
  const auto number = parse_count(name.substr(0, of));
  const auto count = parse_count(name.substr(of + kOf.size()));
  if (!number || !count || *number < 1 || *number > *count) return std::nullopt;
  return Shard{.number = *number, .count = *count};
}

}  // namespace rellama::batch
