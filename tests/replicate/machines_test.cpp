// The state machines without sockets: whichever byte of whichever response is the last to arrive,
// and whenever a stop is requested, the text is exact or there is a clean error, and at most one
// create is sent.
//
// A session runs once undisturbed, and then once for every byte of every response. Only that one
// response is cut, so the machines must recover; or the server is gone from then on.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "replicate/create.hpp"
#include "replicate/fixture.hpp"
#include "replicate/follow.hpp"
#include "support/expect_error.hpp"
#include "support/scripted_api.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::replicate {
namespace {

using test::RecordingSink;
using test::ScriptedAnswer;
using test::ScriptedApi;
using test::ScriptedRequest;
using test::ScriptedTasks;
using End = ScriptedAnswer::End;

// Sanitizers make a run ten times as slow: with them, only every 13th byte is tried.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStride = 13;
#else
constexpr std::size_t kStride = 1;
#endif

enum class Session { stream, restarted_stream, poll, cancel, lost_create };

// What happens to one response. With `gone`, every later request is refused.
enum class How { refused, broken, ended, silent, throttled, unavailable, gone };

struct Fault {
  std::size_t request;
  How how;
  std::optional<std::size_t> kept = {};  // bytes of the body; none: not even the head arrives
};

struct Outcome {
  std::string text = {};
  std::optional<Error> error = {};
  std::ptrdiff_t ends = 0;  // how often the sink was told of the end
  bool canceled = false;
  bool created = false;                 // whether the client knows its prediction
  std::vector<std::string> lines = {};  // the requests
  std::vector<std::size_t> sizes = {};  // of the bodies of the responses
  std::size_t creates = 0;              // of which the server may have accepted each
  std::size_t events = 0;               // told to the machines
  std::vector<std::string> late = {};   // requests after a stop, except searches
};

bool is_create(const std::string& line) {
  return line.starts_with("POST") && line.ends_with("/predictions");
}

bool is_list(const std::string& line) {
  return line.find("created_after") != std::string::npos;
}

// One session and what disturbs it.
struct Trial {
  Session session;
  std::optional<Fault> fault = {};
  std::optional<std::size_t> stop_at = {};  // an event
  std::optional<std::size_t> split = {};    // the size of what arrives at once

  [[nodiscard]] Outcome perform() const;

 private:
  ScriptedAnswer disturb(ScriptedAnswer answer, const ScriptedRequest& request) const;
};

ScriptedAnswer Trial::disturb(ScriptedAnswer answer, const ScriptedRequest& request) const {
  if (session == Session::lost_create && request.number == 0) {
    answer = answer.without_head(End::broken);
  }
  if (!fault || request.number != fault->request) return answer;
  const auto cut = [&](End how) {
    return fault->kept ? answer.cut(*fault->kept, how) : answer.without_head(how);
  };
  switch (fault->how) {
    case How::ended: return cut(End::complete);
    case How::silent: return cut(End::silent);
    case How::unavailable: return test::answer(503, "<html>");
    default: return cut(End::broken);
  }
}

Outcome Trial::perform() const {
  Outcome outcome;
  ScriptedApi server;
  server.resumes = session != Session::restarted_stream;
  if (session == Session::cancel) server.step = std::chrono::minutes(1);
  ScriptedTasks tasks([&](const ScriptedRequest& request) {
    const bool hit = fault && request.number == fault->request;
    const bool is_gone = fault && fault->how == How::gone && request.number > fault->request;
    if (is_gone || (hit && fault->how == How::refused)) return test::refused();
    if (hit && fault->how == How::throttled) {
      return test::answer(429, "", {{"retry-after", "1"}});
    }
    const std::string line = request.request.method + " " + request.request.url;
    if (is_create(line)) ++outcome.creates;
    if (tasks.stop_requested() && !is_list(line)) outcome.late.push_back(line);
    ScriptedAnswer answer = disturb(server.answer(request), request);
    outcome.sizes.push_back(answer.body_size());
    return answer;
  });
  if (split) tasks.split(*split);
  if (stop_at) tasks.stop_at(*stop_at, ErrorKind::terminated);
  Api api(ApiToken(test::kToken), {.poll_interval = std::chrono::milliseconds(70)});
  RecordingSink sink;
  const auto delivery = session == Session::poll ? Delivery::poll : Delivery::stream;
  try {
    Create create(api, ModelName{"meta", "llama-2-70b-chat"}, {{"prompt", std::string("Hi")}},
                  {.delivery = delivery});
    tasks.perform(create);
    Prediction prediction = create.take();
    outcome.created = true;
    if (session == Session::cancel) {
      Exchange cancel(
          api, plan_cancel(api, prediction,
                           {.failed = "cannot cancel", .host = "host", .prediction_id = "p1"}));
      tasks.perform(cancel);
    } else {
      Follow follow(api, std::move(prediction), delivery, sink);
      tasks.perform(follow);
    }
  } catch (const Error& error) {
    outcome.error = error;
  }
  outcome.text = sink.text;
  outcome.ends = std::count(sink.log.begin(), sink.log.end(), "done succeeded");
  outcome.canceled = !server.canceled().empty();
  outcome.lines = tasks.lines();
  outcome.events = tasks.events();
  return outcome;
}

// What is wrong with an outcome in any case; empty if nothing is.
std::string check_always(Session session, const Outcome& outcome) {
  const std::string text = ScriptedApi().text();
  if (outcome.creates > 1)
    return "the create was sent " + std::to_string(outcome.creates) + " times";
  if (!text.starts_with(outcome.text)) return "the text is wrong: " + outcome.text;
  if (session != Session::cancel && outcome.canceled) return "the prediction was canceled";
  if (outcome.error) return outcome.ends == 0 ? "" : "the sink was told the end before the error";
  if (session == Session::cancel) return outcome.canceled ? "" : "it was not canceled";
  if (outcome.text != text) return "the text is incomplete: " + outcome.text;
  return outcome.ends == 1 ? "" : "the sink was told the end more than once, or not at all";
}

// Which kind of error a fault may cause; nullopt if the machines must recover.
std::optional<ErrorKind> expected_error(const Fault& fault, const Outcome& outcome) {
  const std::string& line = outcome.lines.at(fault.request);
  const bool has_text = !outcome.text.empty();
  if (fault.how == How::gone) {
    if (is_create(line) || is_list(line)) return ErrorKind::may_have_started;
    return has_text ? ErrorKind::incomplete : ErrorKind::network;
  }
  // libcurl reports most truncated responses, but not one without a length that the server closes.
  const bool is_truncated_json = fault.how == How::ended && fault.kept;
  if (!is_truncated_json || is_create(line)) return std::nullopt;
  if (is_list(line)) return ErrorKind::may_have_started;
  return has_text ? ErrorKind::incomplete : ErrorKind::server;
}

std::string check(const Trial& trial, const Outcome& outcome) {
  const std::string wrong = check_always(trial.session, outcome);
  if (!wrong.empty() || !outcome.error) return wrong;
  const std::string what = outcome.error->what();
  const auto expected = expected_error(*trial.fault, outcome);
  if (!expected) return "it did not recover: " + what;
  return outcome.error->kind() == *expected ? "" : "it is the wrong error: " + what;
}

std::string name_of(Session session) {
  constexpr const char* kNames[] = {"stream", "restarted_stream", "poll", "cancel", "lost_create"};
  return kNames[static_cast<std::size_t>(session)];
}

std::string name_of(How how) {
  constexpr const char* kNames[] = {"refused",   "broken",      "ended", "silent",
                                    "throttled", "unavailable", "gone"};
  return kNames[static_cast<std::size_t>(how)];
}

// Whether a response differs from those that the other sessions have.
bool differs(Session session, const std::string& line) {
  if (session == Session::lost_create) return is_list(line);
  if (session == Session::restarted_stream) return line.find("stream.") != std::string::npos;
  return true;
}

const auto kSessions = testing::Values(Session::stream, Session::restarted_stream, Session::poll,
                                       Session::cancel, Session::lost_create);

class MachinesFault : public testing::TestWithParam<std::tuple<Session, How>> {};

TEST_P(MachinesFault, every_byte_that_can_be_the_last_to_arrive) {
  const auto [session, how] = GetParam();
  const Outcome whole = Trial{.session = session}.perform();
  ASSERT_FALSE(whole.error) << whole.error->what();
  ASSERT_EQ(check_always(session, whole), "");
  const bool is_cut = how != How::refused && how != How::throttled && how != How::unavailable;
  std::size_t recovered = 0;
  for (std::size_t request = 0; request < whole.sizes.size(); ++request) {
    std::vector<Fault> faults{{.request = request, .how = how}};
    const bool is_new = is_cut && differs(session, whole.lines[request]);
    for (std::size_t kept = 0; is_new && kept <= whole.sizes[request]; kept += kStride) {
      faults.push_back({.request = request, .how = how, .kept = kept});
    }
    for (const Fault& fault : faults) {
      const Trial trial{.session = session, .fault = fault};
      const Outcome outcome = trial.perform();
      ASSERT_EQ(check(trial, outcome), "")
          << "response " << request << ": " << whole.lines[request] << ", cut after "
          << (fault.kept ? std::to_string(*fault.kept) + " bytes" : "nothing");
      if (!outcome.error) ++recovered;
    }
  }
  EXPECT_EQ(recovered == 0, how == How::gone);
}

INSTANTIATE_TEST_SUITE_P(
    Sessions, MachinesFault,
    testing::Combine(kSessions, testing::Values(How::refused, How::broken, How::ended, How::silent,
                                                How::throttled, How::unavailable, How::gone)),
    [](const auto& fault) {
      return name_of(std::get<0>(fault.param)) + "_" + name_of(std::get<1>(fault.param));
    });

class MachinesSession : public testing::TestWithParam<Session> {};

TEST_P(MachinesSession, ends_the_same_however_its_bytes_are_split) {
  for (const std::size_t split : {1U, 2U, 3U, 7U, 64U}) {
    const Outcome outcome = Trial{.session = GetParam(), .split = split}.perform();
    ASSERT_FALSE(outcome.error) << split << ": " << outcome.error->what();
    EXPECT_EQ(check_always(GetParam(), outcome), "") << split;
  }
}

TEST_P(MachinesSession, can_be_stopped_at_every_event) {
  constexpr std::size_t kSplit = 16;
  const std::size_t events = Trial{.session = GetParam(), .split = kSplit}.perform().events;
  for (std::size_t event = 0; event < events; event += kStride) {
    const Outcome outcome =
        Trial{.session = GetParam(), .stop_at = event, .split = kSplit}.perform();
    SCOPED_TRACE("stopped at event " + std::to_string(event));
    ASSERT_TRUE(outcome.error);
    ASSERT_EQ(check_always(GetParam(), outcome), "");
    ASSERT_EQ(outcome.late, std::vector<std::string>{});
    const bool is_lost = outcome.error->kind() == ErrorKind::may_have_started;
    ASSERT_TRUE(outcome.error->kind() == ErrorKind::terminated ||
                (is_lost && GetParam() == Session::lost_create))
        << outcome.error->what();
    ASSERT_EQ(outcome.error->parts().prediction_id, outcome.created ? "p1" : "");
  }
}

INSTANTIATE_TEST_SUITE_P(Sessions, MachinesSession, kSessions,
                         [](const auto& session) { return name_of(session.param); });

}  // namespace
}  // namespace rellama::replicate
