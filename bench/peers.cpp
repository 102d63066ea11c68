#include "peers.hpp"

#include <cstdlib>
#include <filesystem>

namespace rellama::bench {
namespace {

std::string body(int tokens) {
  const std::string count = std::to_string(tokens);
  return R"({"input":{"prompt":"hi","max_tokens":)" + count + R"(,"min_tokens":)" + count +
         R"(},"stream":true})";
}

std::map<std::string, std::string> environment(const std::string& base_url) {
  return {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
          {"REPLICATE_API_TOKEN", "r8_bench"},
          {"REPLICATE_BASE_URL", base_url}};
}

std::string create_with_curl(const std::string& base_url, int tokens, const std::string& more) {
  return "curl -sS -H \"Authorization: Bearer $REPLICATE_API_TOKEN\" " + more +
         "-H 'Content-Type: application/json' -d '" + body(tokens) + "' " + base_url +
         "/models/meta/llama-2-70b-chat/predictions";
}

Command script(const std::string& name, const std::string& base_url, const std::string& text) {
  return {.name = name,
          .words = {"/bin/sh", "-c", text},
          .environment = environment(base_url),
          .decode = trimmed};
}

}  // namespace

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \n") - begin + 1);
}

std::string text_of_events(const std::string& events) {
  std::string text;
  bool first = true;
  for (std::size_t at = 0, end = 0; (end = events.find('\n', at)) != std::string::npos;
       at = end + 1) {
    const std::string line = events.substr(at, end - at);
    if (line.empty()) first = true;
    if (!line.starts_with("data:") || line == "data: {}") continue;
    if (!first) text += '\n';
    first = false;
    if (line.size() > 5) text += line.substr(6);
  }
  return trimmed(text);
}

Command curl_streams(const std::string& base_url, int tokens) {
  Command command = script("curl, jq, curl", base_url,
                           "url=$(" + create_with_curl(base_url, tokens, "") +
                               " | jq -r .urls.stream); exec curl -sSN \"$url\"");
  command.decode = text_of_events;
  return command;
}

Command curl_polls(const std::string& base_url, int tokens) {
  return script("curl, every 0.5 s", base_url,
                "url=$(" + create_with_curl(base_url, tokens, "") +
                    " | jq -r .urls.get); while :; do answer=$(curl -sS -H \"Authorization: "
                    "Bearer $REPLICATE_API_TOKEN\" \"$url\"); case "
                    "$answer in *'\"status\":\"succeeded\"'*) break;; esac; sleep 0.5; done; "
                    "printf %s \"$answer\" | jq -rj '.output|join(\"\")'");
}

Command curl_waits(const std::string& base_url, int tokens) {
  return script(
      "curl, jq", base_url,
      create_with_curl(base_url, tokens, "-H 'Prefer: wait' ") + " | jq -rj '.output|join(\"\")'");
}

Command minimal(const std::string& base_url, int tokens) {
  return {.name = "minimal libcurl",
          .words = {RELLAMA_BENCH_MINIMAL, base_url, body(tokens)},
          .environment = environment(base_url),
          .decode = trimmed};
}

std::optional<Command> javascript(const std::string& base_url, int tokens) {
  const char* folder = std::getenv("RELLAMA_BENCH_NODE");
  if (folder == nullptr ||
      !std::filesystem::exists(std::string(folder) + "/node_modules/replicate")) {
    return std::nullopt;
  }
  Command command = script(
      "JavaScript client", base_url,
      "cd '" + std::string(folder) +
          "' && exec node --input-type=module -e \"import Replicate from 'replicate';"
          "const r=new Replicate({baseUrl:process.env.REPLICATE_BASE_URL});"
          "for await (const e of r.stream('meta/llama-2-70b-chat',{input:{prompt:'hi',max_tokens:" +
          std::to_string(tokens) + ",min_tokens:" + std::to_string(tokens) +
          "}})) if (e.event==='output') process.stdout.write(e.data);\"");
  return command;
}

std::optional<Command> python(const std::string& base_url, int tokens) {
  if (std::system("python3 -c 'import replicate' >/dev/null 2>&1") != 0) return std::nullopt;
  Command command = script("Python client", base_url,
                           "exec python3 -c \"import replicate,sys\nfor e in replicate.stream("
                           "'meta/llama-2-70b-chat',input={'prompt':'hi','max_tokens':" +
                               std::to_string(tokens) + ",'min_tokens':" + std::to_string(tokens) +
                               "}): sys.stdout.write(e.data if e.event.value=='output' else '')\"");
  const std::size_t version = base_url.rfind("/v1");  // the client adds the version itself
  command.environment["REPLICATE_API_BASE_URL"] = base_url.substr(0, version);
  return command;
}

Command rellama(const std::string& base_url, int tokens) {
  const std::string count = std::to_string(tokens);
  return {.name = "rellama",
          .words = {RELLAMA_PROGRAM, "--max-new-tokens", count, "--min-new-tokens", count, "hi"},
          .environment = environment(base_url),
          .decode = trimmed};
}

}  // namespace rellama::bench
