// How fast the pieces are through which every token goes: bytes and tokens a second.

#include <benchmark/benchmark.h>

#include <string>

#include "prompt/build.hpp"
#include "prompt/render.hpp"
#include "rellama/concatenator.hpp"
#include "terminal/visible_text.hpp"
#include "wire/prediction_json.hpp"
#include "wire/sse_parser.hpp"

namespace rellama {
namespace {

constexpr int kTokens = 1'000;

std::string token(int index) {
  return index % 50 == 49 ? "\n" : " word" + std::to_string(index % 10);
}

std::string event_stream() {
  std::string stream;
  for (int i = 0; i < kTokens; ++i) {
    const std::string text = token(i) == "\n" ? "data: \ndata: " : "data: " + token(i);
    stream += "event: output\nid: 1690212292:" + std::to_string(i) + "\n" + text + "\n\n";
  }
  return stream;
}

std::string answer() {
  std::string text;
  for (int i = 0; i < kTokens; ++i) text += token(i);
  return text;
}

std::string prediction() {
  std::string json = R"({"id":"q5w0e8k3ndrm60ck1x2b4t7h9a","status":"succeeded","output":[)";
  for (int i = 0; i < kTokens; ++i) {
    json += (i > 0 ? ",\"" : "\"") + (token(i) == "\n" ? std::string("\\n") : token(i)) + "\"";
  }
  return json + "]}";
}

void count(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations() * kTokens);
}

void sse_parser(benchmark::State& state) {
  const std::string stream = event_stream();
  const auto piece = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    wire::SseParser parser;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      parser.feed(std::string_view(stream).substr(at, piece));
      while (auto item = parser.next()) benchmark::DoNotOptimize(item);
    }
  }
  count(state, stream.size());
}
BENCHMARK(sse_parser)->Arg(64)->Arg(1 << 17);

void prediction_json(benchmark::State& state) {
  const std::string json = prediction();
  for (auto _ : state) benchmark::DoNotOptimize(wire::parse_prediction(json));
  count(state, json.size());
}
BENCHMARK(prediction_json);

void concatenator(benchmark::State& state) {
  for (auto _ : state) {
    Concatenator text;
    for (int i = 0; i < kTokens; ++i) benchmark::DoNotOptimize(text.append(" word"));
  }
  count(state, kTokens * 5);
}
BENCHMARK(concatenator);

void visible_text(benchmark::State& state) {
  const std::string text = answer();
  for (auto _ : state) {
    terminal::VisibleText visible;
    benchmark::DoNotOptimize(visible.filter(text));
  }
  count(state, text.size());
}
BENCHMARK(visible_text);

void render_input(benchmark::State& state) {
  const ModelRef model = parse_model_ref("meta/llama-2-70b-chat");
  const std::string prompt = answer();
  for (auto _ : state) {
    benchmark::DoNotOptimize(prompt::render_input(model, prompt::find_build(model), prompt, {}));
  }
  count(state, prompt.size());
}
BENCHMARK(render_input);

}  // namespace
}  // namespace rellama

BENCHMARK_MAIN();
