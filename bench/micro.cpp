// Measures single components on the path of a prompt and its tokens, in bytes and tokens a second.

#include <benchmark/benchmark.h>

#include <string>

#include "prompt/build.hpp"
#include "prompt/render.hpp"
#include "rellama/concatenator.hpp"
#include "settings/placeholders.hpp"
#include "terminal/markdown_renderer.hpp"
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
  const prompt::Target target{.model = model, .build = prompt::find_build(model)};
  const std::string prompt = answer();
  for (auto _ : state) {
    benchmark::DoNotOptimize(prompt::render_input(target, prompt, {}));
  }
  count(state, prompt.size());
}
BENCHMARK(render_input);

// An answer with every kind of Markdown, repeated.
std::string markdown() {
  std::string text;
  while (text.size() < std::size_t{5} * kTokens) {
    text +=
        "## A heading\n\nSome *emphasis*, `code` and a [link](https://example.com/a) in a "
        "paragraph "
        "that is long enough to be wrapped on a terminal of eighty columns.\n\n"
        "- one\n- two, with **more**\n\n| a | b |\n|---|--:|\n| x | 1 |\n\n"
        "```c\nint main(void) { return 0; }\n```\n\n";
  }
  return text;
}

void markdown_renderer(benchmark::State& state) {
  constexpr std::size_t kTokenBytes = 5;
  const std::string text = markdown();
  for (auto _ : state) {
    terminal::MarkdownRenderer renderer(
        {.marks = terminal::SpanMarks::styles, .glyphs = terminal::Glyphs::unicode},
        [] { return 80; });
    for (std::size_t at = 0; at < text.size(); at += kTokenBytes) {
      benchmark::DoNotOptimize(renderer.feed(std::string_view(text).substr(at, kTokenBytes)));
    }
    benchmark::DoNotOptimize(renderer.finish());
  }
  count(state, text.size());
}
BENCHMARK(markdown_renderer);

void template_expansion(benchmark::State& state) {
  const std::string text = "Translate the following text into {{to|English}}.\n\n{{input}}";
  const std::string input = answer();
  for (auto _ : state) {
    benchmark::DoNotOptimize(settings::fill(text, {{"input", input}, {"to", "German"}}));
  }
  count(state, input.size());
}
BENCHMARK(template_expansion);

}  // namespace
}  // namespace rellama

BENCHMARK_MAIN();
