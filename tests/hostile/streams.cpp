// Streams that break, start over or are held back, and objects that say less than the stream did.

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

enum class Stored { complete, truncated, null, empty, removed };
enum class Breaks { end, reset, times_out, stays };
enum class Ids { same, fresh, none };

constexpr std::size_t kTruncated = 3;  // pieces

const std::map<Stored, const char*> kStored{{Stored::complete, "complete"},
                                            {Stored::truncated, "truncated"},
                                            {Stored::null, "null"},
                                            {Stored::empty, "[]"},
                                            {Stored::removed, "removed"}};

std::string object_with(const HostileApi& api, Stored stored) {
  switch (stored) {
    case Stored::complete: return api.succeeded();
    case Stored::truncated: return api.object("succeeded", output_of(kTruncated));
    case Stored::null: return api.object("succeeded", "null");
    case Stored::empty: return api.object("succeeded", "[]");
    case Stored::removed: return api.object("succeeded", "null", ",\"data_removed\":true");
  }
  return {};
}

std::string id_of(Ids ids, int connection, std::size_t piece) {
  switch (ids) {
    case Ids::same: return "1:" + std::to_string(piece);
    case Ids::fresh: return std::to_string(connection) + "7:" + std::to_string(piece);
    case Ids::none: return {};
  }
  return {};
}

// The first connection brings `count` pieces. If the object then has less, that is all there is to
// know, and the answer may be incomplete. What an object has beyond the stream is the answer.
Expected after_break(Stored stored, std::size_t count) {
  if (stored == Stored::complete) return {.exit_codes = {0}, .out = whole_text() + "\n"};
  if (stored == Stored::truncated && count <= kTruncated) {
    return {.exit_codes = {0}, .out = text_of(0, kTruncated) + "\n"};
  }
  return {.exit_codes = {11}};
}

void break_off(Wire& wire, Breaks breaks) {
  switch (breaks) {
    case Breaks::end: wire.close(); break;
    case Breaks::reset: wire.reset(); break;
    case Breaks::times_out:
      wire.send(": 408: the stream timed out\n\n");
      wire.close();
      break;
    case Breaks::stays: break;
  }
}

// A stream that breaks after some pieces. The run has ended by then.
void add_breaks(std::vector<Trial>& trials) {
  const std::map<Breaks, const char*> ways{
      {Breaks::end, "end"}, {Breaks::reset, "reset"}, {Breaks::times_out, "408"}};
  for (const auto& [stored, stored_name] : kStored) {
    for (const auto& [breaks, way] : ways) {
      for (std::size_t count = 0; count <= pieces().size(); ++count) {
        trials.push_back({std::string("stream: breaks, object ") + stored_name,
                          std::string(way) + " after " + std::to_string(count),
                          [stored = stored, breaks = breaks, count] {
                            HostileApi api;
                            api.on(Asked::stream, [&](const HostileRequest&, Wire& wire) {
                              wire.begin_stream();
                              for (std::size_t i = 0; i < count; ++i)
                                wire.send(piece_event(id_of(Ids::same, 1, i), i));
                              break_off(wire, breaks);
                            });
                            api.on(Asked::get, [&](const HostileRequest&, Wire& wire) {
                              wire.respond(200, object_with(api, stored));
                            });
                            return run_and_judge(api, launch(api, {"-n", "Tell me."}),
                                                 after_break(stored, count));
                          }});
      }
    }
  }
}

// A stream that starts over when it is opened again, while the run goes on.
void add_replays(std::vector<Trial>& trials) {
  const std::map<Ids, const char*> all_ids{
      {Ids::same, "same"}, {Ids::fresh, "new"}, {Ids::none, "no"}};
  for (const auto& [stored, stored_name] : kStored) {
    for (const auto& [ids, ids_name] : all_ids) {
      for (std::size_t count = 0; count <= pieces().size(); ++count) {
        for (const bool ends : {true, false}) {
          trials.push_back({std::string("stream: replay under ") + ids_name + " IDs",
                            std::string("object ") + stored_name + ", after " +
                                std::to_string(count) + (ends ? ", with done" : ", breaks again"),
                            [stored = stored, ids = ids, count, ends] {
                              HostileApi api;
                              api.on(Asked::stream, [&](const HostileRequest&, Wire& wire) {
                                const int connection = api.count(Asked::stream);
                                const std::size_t until = connection == 1 ? count : pieces().size();
                                wire.begin_stream();
                                for (std::size_t i = 0; i < until; ++i) {
                                  wire.send(piece_event(id_of(ids, connection, i), i));
                                }
                                if (connection > 1 && ends)
                                  wire.send(render_event("done", "", "{}"));
                                wire.close();
                              });
                              api.on(Asked::get, [&](const HostileRequest&, Wire& wire) {
                                const bool goes_on = api.count(Asked::stream) == 1;
                                wire.respond(200, goes_on ? api.object("processing", "null")
                                                          : object_with(api, stored));
                              });
                              Expected expected{.exit_codes = {0}, .out = whole_text() + "\n"};
                              if (stored != Stored::complete && !ends) expected.exit_codes = {11};
                              // With new IDs or none, only the object can tell a replay from a
                              // repetition.
                              if (stored != Stored::complete && ids != Ids::same)
                                expected.exit_codes.push_back(11);
                              return run_and_judge(api, launch(api, {"-n", "Tell me."}), expected);
                            }});
        }
      }
    }
  }
}

// A proxy delivers the stream only when it is complete, which it never is here.
void add_held_back(std::vector<Trial>& trials) {
  for (const auto& [stored, stored_name] : kStored) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{2}, pieces().size()}) {
      trials.push_back(
          {"stream: held back by a proxy",
           std::string("object ") + stored_name + ", after " + std::to_string(count),
           [stored = stored, count] {
             HostileApi api;
             api.on(Asked::stream, [&](const HostileRequest&, Wire& wire) {
               wire.begin_stream();
               for (std::size_t i = 0; i < count; ++i)
                 wire.send(piece_event(id_of(Ids::same, 1, i), i));
               break_off(wire, Breaks::stays);
             });
             api.on(Asked::get, [&](const HostileRequest&, Wire& wire) {
               wire.respond(200, object_with(api, stored));
             });
             return run_and_judge(api, launch(api, {"-n", "Tell me."}), after_break(stored, count));
           }});
    }
  }
}

}  // namespace

void add_stream_trials(std::vector<Trial>& trials) {
  add_held_back(trials);
  add_breaks(trials);
  add_replays(trials);
}

}  // namespace rellama::test
