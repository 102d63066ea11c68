// Creates whose response is refused, replaced, cut or lost.

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

const std::vector<std::string> kAsk{"-n", "Tell me a story."};
const std::vector<std::string> kAskOnce{"-n", "--retries", "0", "Tell me a story."};

// The answers that say that nothing was started, and their exit codes (docs/manual.md). Any
// other comes from who knows where. They come with a page of HTML: a 401 or 403 is not about the
// token then.
const std::map<int, int> kRefusals{{307, 8}, {308, 8}, {400, 2}, {401, 8}, {402, 5}, {403, 8},
                                   {404, 4}, {405, 8}, {406, 8}, {407, 7}, {410, 8}, {411, 8},
                                   {413, 2}, {414, 8}, {415, 8}, {422, 2}, {429, 6}, {431, 8}};

enum class Listed { yes, no };

// What must come of a create whose response is lost.
Expected found_or_said(Listed listed) {
  if (listed == Listed::yes) return {.exit_codes = {0}, .out = whole_text() + "\n"};
  return {.exit_codes = {13}};
}

void list_nothing(HostileApi& api) {
  api.on(Asked::list,
         [](const HostileRequest&, Wire& wire) { wire.respond(200, HostileApi::page("")); });
}

// Runs it against a server that answers creates with `create`.
Verdict ask_with(const HostileApi::Handler& create, Listed listed, const Expected& expected,
                 const std::vector<std::string>& arguments = kAsk) {
  HostileApi api;
  api.on(Asked::create, create);
  if (listed == Listed::no) list_nothing(api);
  return run_and_judge(api, launch(api, arguments), expected);
}

void add_statuses(std::vector<Trial>& trials) {
  for (int status = 200; status < 600; ++status) {
    const auto create = [status](const HostileRequest&, Wire& wire) {
      wire.respond(status, "text/html", "<html><title>Gateway</title></html>",
                   {{"Location", "/v1/elsewhere"}});
    };
    const auto refusal = kRefusals.find(status);
    for (const Listed listed : {Listed::yes, Listed::no}) {
      // Looking for what is not there takes a while: only the statuses that some server sends.
      if (listed == Listed::no && status % 100 > 31 && status != 451 && status != 499) continue;
      const Expected expected = refusal != kRefusals.end()
                                    ? Expected{.exit_codes = {refusal->second}}
                                    : found_or_said(listed);
      trials.push_back({listed == Listed::yes ? "create: any status, the run is listed"
                                              : "create: any status, the run is not listed",
                        std::to_string(status),
                        [=] { return ask_with(create, listed, expected, kAskOnce); }});
    }
  }
  for (int status = 200; status < 300; ++status) {
    trials.push_back({"create: any 2xx with the prediction", std::to_string(status), [status] {
                        HostileApi api;
                        api.on(Asked::create, [&](const HostileRequest&, Wire& wire) {
                          wire.respond(status, api.starting());
                        });
                        // 204 and 205 have no body.
                        return run_and_judge(api, launch(api, kAsk), found_or_said(Listed::yes));
                      }});
  }
  for (int status = 100; status < 200; status += status < 104 ? 1 : 16) {
    const std::string interim = "HTTP/1.1 " + std::to_string(status) + " Interim\r\n\r\n";
    for (const Listed listed : {Listed::yes, Listed::no}) {
      trials.push_back({"create: an interim response, then none", std::to_string(status), [=] {
                          return ask_with(
                              [&](const HostileRequest&, Wire& wire) {
                                wire.raw(interim);
                                wire.close();
                              },
                              listed, found_or_said(listed));
                        }});
    }
  }
}

// A 429 is the only answer after which a create is sent again.
void add_throttled(std::vector<Trial>& trials) {
  for (const bool ends : {true, false}) {
    trials.push_back({"create: throttled", ends ? "once" : "always", [ends] {
                        HostileApi api;
                        api.on(Asked::create, [&, ends](const HostileRequest&, Wire& wire) {
                          if (ends && api.count(Asked::create) > 1) {
                            wire.respond(201, api.starting());
                          } else {
                            wire.respond(429, "application/json", "{\"detail\":\"Slow down.\"}",
                                         {{"Retry-After", "0"}});
                          }
                        });
                        Expected expected = ends ? found_or_said(Listed::yes) : Expected{{6}};
                        expected.creates = ends ? 2 : 3;
                        return run_and_judge(
                            api, launch(api, {"-n", "--retries", "2", "Tell me a story."}),
                            expected);
                      }});
  }
}

enum class Framing { length, chunks, end };
enum class Cut { end, reset };

// The response to a create, byte for byte.
std::string framed(const std::string& body, Framing framing) {
  const std::string head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n";
  switch (framing) {
    case Framing::length:
      return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    case Framing::end: return head + "Connection: close\r\n\r\n" + body;
    case Framing::chunks: break;
  }
  std::string bytes = head + "Transfer-Encoding: chunked\r\n\r\n";
  constexpr std::size_t kChunk = 200;
  for (std::size_t at = 0; at < body.size(); at += kChunk) {
    const std::string chunk = body.substr(at, kChunk);
    std::array<char, 16> size{};
    std::snprintf(size.data(), size.size(), "%zx", chunk.size());
    bytes += std::string(size.data()) + "\r\n" + chunk + "\r\n";
  }
  return bytes + "0\r\n\r\n";
}

void add_cuts(std::vector<Trial>& trials) {
  constexpr std::size_t kPlaces = 24;
  const std::map<Framing, const char*> framings{
      {Framing::length, "length"}, {Framing::chunks, "chunks"}, {Framing::end, "until the end"}};
  for (const auto& [framing, framing_name] : framings) {
    for (std::size_t place = 0; place < kPlaces; ++place) {
      for (const Cut cut : {Cut::end, Cut::reset}) {
        for (const Listed listed : {Listed::yes, Listed::no}) {
          if (listed == Listed::no && place % 6 != 0) continue;
          const std::string name = std::string(framing_name) + ", " + std::to_string(place) + "/" +
                                   std::to_string(kPlaces) +
                                   (cut == Cut::end ? ", end" : ", reset") +
                                   (listed == Listed::yes ? "" : ", not listed");
          trials.push_back(
              {"create: a response cut anywhere", name, [framing = framing, place, cut, listed] {
                 HostileApi api;
                 api.on(Asked::create, [&](const HostileRequest&, Wire& wire) {
                   const std::string whole = framed(api.starting(), framing);
                   wire.raw(whole.substr(0, whole.size() * place / kPlaces));
                   cut == Cut::end ? wire.close() : wire.reset();
                 });
                 if (listed == Listed::no) list_nothing(api);
                 return run_and_judge(api, launch(api, kAsk), found_or_said(listed));
               }});
        }
      }
    }
  }
}

// Servers that close a connection instead of answering another request on it.
void add_reused_connections(std::vector<Trial>& trials) {
  const std::map<std::string, std::vector<std::string>> sessions{
      {"chat", {"chat", "-n"}},
      {"compare", {"compare", "-m", "70b", "-m", "13b", "--json", "Tell me a story."}},
      {"model by version",
       {"-n", "-m", std::string("acme/model:") + std::string(64, 'a'), "Tell me a story."}}};
  for (const auto& [name, arguments] : sessions) {
    for (const Cut cut : {Cut::end, Cut::reset}) {
      trials.push_back({"create: connections that are closed when reused",
                        name + (cut == Cut::end ? ", end" : ", reset"), [=] {
                          HostileApi api;
                          const auto on_first = [&](const std::function<std::string()>& body) {
                            return [&, body](const HostileRequest& request, Wire& wire) {
                              if (request.number == 1) {
                                wire.respond(200, body());
                              } else if (cut == Cut::end) {
                                wire.close();
                              } else {
                                wire.reset();
                              }
                            };
                          };
                          api.on(Asked::create, on_first([&] { return api.starting(); }));
                          api.on(Asked::get, on_first([&] { return api.succeeded(); }));
                          Launch session = launch(api, arguments);
                          if (name == "chat")
                            session.input = "Tell me a story.\nTell me another.\n";
                          Expected expected{.exit_codes = {0}, .creates = 2, .checks_out = false};
                          if (name == "model by version")
                            expected = {.exit_codes = {0}, .out = whole_text() + "\n"};
                          return run_and_judge(api, session, expected);
                        }});
    }
  }
}

}  // namespace

void add_create_trials(std::vector<Trial>& trials) {
  add_statuses(trials);
  add_throttled(trials);
  add_cuts(trials);
  add_reused_connections(trials);
}

}  // namespace rellama::test
