#include "support/scripted_api.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "wire/iso_time.hpp"

namespace rellama::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

const std::string kStreams = "https://stream.replicate.com/";

std::string render_http_date(system_clock::time_point time) {
  const std::time_t seconds = system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

// Text without characters that need other escapes.
std::string render_string(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) json += c == '\n' ? "\\n" : std::string(1, c);
  return json + "\"";
}

// One event, as nchan writes it: a line for each line of the data.
std::string render_event(const std::string& type, const std::string& id, const std::string& data) {
  std::string event = "event: " + type + "\nid: " + id + "\ndata: ";
  for (const char c : data) event += c == '\n' ? "\ndata: " : std::string(1, c);
  return event + "\n\n";
}

}  // namespace

std::vector<std::string> ScriptedApi::created() const {
  std::vector<std::string> ids;
  for (const Run& run : runs_) ids.push_back(run.id);
  return ids;
}

std::vector<std::string> ScriptedApi::canceled() const {
  std::vector<std::string> ids;
  for (const Run& run : runs_) {
    if (run.is_canceled) ids.push_back(run.id);
  }
  return ids;
}

std::string ScriptedApi::text() const {
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  return text;
}

ScriptedAnswer ScriptedApi::answer(const ScriptedRequest& request) {
  if (epoch_tick_ == Time{}) {
    epoch_tick_ = request.at;
    epoch_ = system_clock::now();
  }
  const auto& [method, url] = std::pair(request.request.method, request.request.url);
  const std::string base = kBase;
  if (method == "POST" && url.ends_with("/predictions")) return create(request);
  if (method == "GET" && url.starts_with(base + "/predictions?")) return list(request.at);
  for (Run& run : runs_) {
    const std::string own = base + "/predictions/" + run.id;
    if (method == "GET" && url == own) return object(200, run, request.at);
    if (method == "GET" && url == kStreams + run.id) return stream(run, request);
    if (method == "POST" && url == own + "/cancel") {
      if (request.at < run.completed) {
        run.is_canceled = true;
        run.completed = request.at;
      }
      return object(200, run, request.at);
    }
  }
  throw std::logic_error("an unexpected request: " + method + " " + url);
}

ScriptedAnswer ScriptedApi::create(const ScriptedRequest& request) {
  const std::string& body = request.request.body;
  const auto begin = body.find("{", 1);
  runs_.push_back({.id = "p" + std::to_string(runs_.size() + 1),
                   .input = body.substr(begin, body.find("}") + 1 - begin),
                   .created = request.at,
                   .completed = request.at + after_steps(pieces.size() + 1)});
  return object(201, runs_.back(), request.at);
}

ScriptedAnswer ScriptedApi::list(Time now) const {
  std::string results;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    results += (results.empty() ? "" : ",") + json(*run, now, /*listed=*/true);
  }
  return test::answer(200, R"({"previous":null,"next":null,"results":[)" + results + "]}",
                      headers("application/json", now));
}

ScriptedAnswer ScriptedApi::object(int status, const Run& run, Time now) const {
  return test::answer(status, json(run, now, /*listed=*/false) + "\n",
                      headers("application/json", now));
}

// A run ends a step after its last piece, since an object can lag behind its stream. Only in a list
// it has all its fields, so that others are short.
std::string ScriptedApi::json(const Run& run, Time now, bool listed) const {
  const auto steps = static_cast<std::size_t>((std::min(now, run.completed) - run.created) / step);
  const std::size_t written = std::min(steps, pieces.size());
  const bool ended = now >= run.completed;
  std::string json = R"({"id":")" + run.id + R"(","status":")";
  if (ended) {
    json += run.is_canceled ? "canceled" : "succeeded";
  } else {
    json += written == 0 ? "starting" : "processing";
  }
  json += R"(","output":[)";
  for (std::size_t i = 0; i < written; ++i) json += (i == 0 ? "" : ",") + render_string(pieces[i]);
  json += R"(],"urls":{"stream":")" + kStreams + run.id + "\"}";
  if (listed) {
    json += R"(,"model":"meta/llama-2-70b-chat","input":)" + run.input + R"(,"created_at":")" +
            wire::render_iso_time(server_time(run.created)) + "\"";
    if (ended) {
      json += R"(,"completed_at":")" + wire::render_iso_time(server_time(run.completed)) + "\"";
    }
  }
  return json + "}";
}

ScriptedAnswer ScriptedApi::stream(const Run& run, const ScriptedRequest& request) const {
  std::size_t first = 0;
  const auto last_id = http::find_header(request.request.headers, "Last-Event-ID");
  if (resumes && !last_id.empty()) {
    first = std::stoul(std::string(last_id.substr(last_id.find(':') + 1))) + 1;
  }
  ScriptedAnswer answer{.headers = headers("text/event-stream; charset=utf-8", request.at),
                        .pieces = {{": hi\n\n"}},
                        .end = ScriptedAnswer::End::silent};  // the client has to close it
  for (std::size_t i = first; i <= pieces.size(); ++i) {
    const std::string id = "1:" + std::to_string(i);
    const auto at = run.created + after_steps(std::min(i + 1, pieces.size()));
    const auto after = std::chrono::ceil<milliseconds>(at - request.at);
    answer.pieces.push_back(
        {i < pieces.size() ? render_event("output", id, pieces[i]) : render_event("done", id, "{}"),
         std::max(after, milliseconds{0})});
  }
  return answer;
}

// Signed, so that a time before another is a negative duration.
milliseconds ScriptedApi::after_steps(std::size_t count) const {
  return step * static_cast<std::int64_t>(count);
}

http::Headers ScriptedApi::headers(const std::string& type, Time now) const {
  return {{"content-type", type}, {"date", render_http_date(server_time(now))}};
}

system_clock::time_point ScriptedApi::server_time(Time time) const {
  return epoch_ + std::chrono::duration_cast<system_clock::duration>(time - epoch_tick_);
}

}  // namespace rellama::test
