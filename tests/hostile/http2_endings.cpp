// Servers of HTTP/2 that refuse, reset or abandon requests.

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

constexpr std::uint32_t kNoError = 0;
constexpr std::uint32_t kRefusedStream = 7;
constexpr std::uint32_t kHttp11Required = 13;
constexpr std::uint32_t kUnknownError = 14;

using Ending = std::function<void(Wire&)>;

// In every way in which a server may end what it was asked. All but the first error codes mean that
// something went wrong; two of them mean that the client may ask again.
std::vector<std::pair<std::string, Ending>> all_endings() {
  std::vector<std::pair<std::string, Ending>> endings;
  for (std::uint32_t error = kNoError; error <= kUnknownError; ++error) {
    const std::string code = std::to_string(error);
    endings.emplace_back("RST_STREAM " + code, [error](Wire& wire) { wire.reset_stream(error); });
    endings.emplace_back("GOAWAY " + code + ", not processed", [error](Wire& wire) {
      wire.go_away(error, 0);
      wire.close();
    });
    endings.emplace_back("GOAWAY " + code + ", processed", [error](Wire& wire) {
      wire.go_away(error, wire.stream());
      wire.close();
    });
  }
  endings.emplace_back("GOAWAY, connection open", [](Wire& wire) { wire.go_away(kNoError, 0); });
  endings.emplace_back("closed", [](Wire& wire) { wire.close(); });
  endings.emplace_back("reset", [](Wire& wire) { wire.reset(); });
  endings.emplace_back("no frames", [](Wire& wire) {
    wire.raw("this is not HTTP/2");
    wire.close();
  });
  return endings;
}

// A create is sent with HTTP/1.1, whatever the server would like.
Verdict check_version(Verdict verdict, const HostileApi& api) {
  if (api.was_created_by_http2()) {
    verdict.created_twice = true;
    verdict.why += " a create by HTTP/2, which libcurl may repeat;";
  }
  return verdict;
}

struct Target {
  const char* name;
  Asked what;
  std::vector<std::string> arguments;
};

// The first request of its kind ends so, the others are answered.
Verdict end_first(const Target& target, const Ending& ending, bool after_head) {
  HostileApi api(tls_setup().context.get());
  api.on(target.what, [&](const HostileRequest& request, Wire& wire) {
    if (api.count(target.what) == 1 && request.is_http2) {
      if (after_head) wire.begin_stream();
      if (after_head && target.what == Asked::stream) wire.send(piece_event("1:0", 0));
      ending(wire);
    } else if (target.what == Asked::stream) {
      HostileApi::stream(wire);
    } else {
      wire.respond(200, api.succeeded());
    }
  });
  const Expected expected{.exit_codes = {0}, .out = whole_text() + "\n"};
  return check_version(run_and_judge(api, launch(api, target.arguments), expected), api);
}

void add_reads(std::vector<Trial>& trials) {
  const std::vector<Target> targets{
      {"HTTP/2: a stream that ends in any way", Asked::stream, {"-n", "Tell me a story."}},
      {"HTTP/2: a read that ends in any way",
       Asked::get,
       {"-n", "--no-stream", "Tell me a story."}}};
  for (const Target& target : targets) {
    for (const auto& [name, ending] : all_endings()) {
      for (const bool after_head : {false, true}) {
        trials.push_back({target.name, name + (after_head ? ", after the head" : ""),
                          [target, ending = ending, after_head] {
                            return end_first(target, ending, after_head);
                          }});
      }
    }
  }
}

// A cancel, which may be repeated, arrives in spite of a refusal; a create is never at risk.
void add_refused_cancels(std::vector<Trial>& trials) {
  for (const std::uint32_t error : {kRefusedStream, kHttp11Required}) {
    trials.push_back(
        {"HTTP/2: a cancel that is refused", std::to_string(error), [error] {
           HostileApi api(tls_setup().context.get());
           api.on(Asked::stream, [](const HostileRequest&, Wire& wire) {
             wire.begin_stream();
             wire.send(piece_event("1:0", 0));
           });
           api.on(Asked::cancel, [&, error](const HostileRequest& request, Wire& wire) {
             if (api.count(Asked::cancel) == 1 && request.is_http2) {
               wire.reset_stream(error);
             } else {
               wire.respond(200, api.object("canceled", "null"));
             }
           });
           const Expected expected{.exit_codes = {124}, .cancels = 1};
           return check_version(
               run_and_judge(api, launch(api, {"-n", "--timeout", "1", "Tell me."}), expected),
               api);
         }});
  }
}

// A create gets the answers of a server that would rather speak HTTP/2.
void add_creates(std::vector<Trial>& trials) {
  const std::map<std::string, std::string> answers{
      {"an upgrade to h2c", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"},
      {"an upgrade is required",
       "HTTP/1.1 426 Upgrade Required\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n"},
      {"frames of HTTP/2", std::string("\0\0\0\4\0\0\0\0\0\0\0\4\3\0\0\0\1\0\0\0\7", 22)},
      {"nothing", ""}};
  for (const auto& [name, bytes] : answers) {
    for (const bool listed : {true, false}) {
      trials.push_back({"HTTP/2: a server that wants it for creates",
                        name + (listed ? "" : ", not listed"), [bytes = bytes, listed] {
                          HostileApi api(tls_setup().context.get());
                          api.on(Asked::create, [&](const HostileRequest&, Wire& wire) {
                            wire.raw(bytes);
                            wire.close();
                          });
                          if (!listed) {
                            api.on(Asked::list, [](const HostileRequest&, Wire& wire) {
                              wire.respond(200, HostileApi::page(""));
                            });
                          }
                          const Expected expected =
                              listed ? Expected{.exit_codes = {0}, .out = whole_text() + "\n"}
                                     : Expected{.exit_codes = {13}};
                          return check_version(
                              run_and_judge(api, launch(api, {"-n", "Tell me a story."}), expected),
                              api);
                        }});
    }
  }
}

// Each connection is given up after its first answer, so each later request finds it gone.
void add_sessions(std::vector<Trial>& trials) {
  for (const auto& [name, ending] : all_endings()) {
    if (name.starts_with("RST_STREAM") || name == "no frames") continue;
    trials.push_back({"HTTP/2: connections that end after an answer", name, [ending = ending] {
                        HostileApi api(tls_setup().context.get());
                        api.on(Asked::get, [&](const HostileRequest& request, Wire& wire) {
                          wire.respond(200, api.succeeded());
                          if (request.is_http2) ending(wire);
                        });
                        Launch chat = launch(api, {"chat", "-n", "--no-stream"});
                        chat.input = "Tell me a story.\nTell me another.\n";
                        const Expected expected{
                            .exit_codes = {0}, .creates = 2, .checks_out = false};
                        return check_version(run_and_judge(api, chat, expected), api);
                      }});
  }
}

}  // namespace

void add_http2_trials(std::vector<Trial>& trials) {
  add_creates(trials);
  add_reads(trials);
  add_refused_cancels(trials);
  add_sessions(trials);
}

}  // namespace rellama::test
