#include "emulator/faults.hpp"

#include <gtest/gtest.h>

#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

TEST(EmulatorFaults, a_fault_names_its_place_its_kind_where_it_strikes_and_how_often) {
  const Fault fault = parse_fault("stream:cut@20*2");
  EXPECT_EQ(fault.place, Place::stream);
  EXPECT_EQ(fault.kind, FaultKind::cut);
  EXPECT_EQ(fault.at, 20);
  EXPECT_EQ(fault.left, 2);
}

TEST(EmulatorFaults, every_status_is_a_fault_at_every_place_that_answers) {
  for (const char* spec : {"create:402", "get:500*3", "cancel:503", "list:429@7", "model:404",
                           "account:403", "stream:503"}) {
    EXPECT_EQ(parse_fault(spec).kind, FaultKind::status) << spec;
  }
  EXPECT_EQ(parse_fault("create:429@7").at, 7);
}

TEST(EmulatorFaults, what_only_makes_sense_at_one_place_is_refused_at_the_others) {
  for (const char* spec : {"get:lost", "create:processing", "create:cut@3", "predict:503",
                           "stream:failed@1", "create:no-stream"}) {
    EXPECT_THROW((void)parse_fault(spec), Error) << spec;
  }
}

TEST(EmulatorFaults, on_a_stream_408_is_the_comment_and_elsewhere_the_status) {
  EXPECT_EQ(parse_fault("stream:408").kind, FaultKind::timeout);
  EXPECT_EQ(parse_fault("get:408").status, 408);
}

TEST(EmulatorFaults, nonsense_is_refused_with_the_grammar) {
  for (const char* spec :
       {"", "create", "create:", ":503", "create:nonsense", "create:503*", "create:503*-1",
        "create:399", "create:600", "stream:cut@x", "stream:crlf@3", "create:503@2", "moon:503"}) {
    try {
      (void)parse_fault(spec);
      ADD_FAILURE() << "accepted: " << spec;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
      EXPECT_NE(std::string(error.what()).find("PLACE:WHAT[@N][*TIMES]"), std::string::npos);
    }
  }
}

TEST(EmulatorFaults, a_plan_goes_through_its_faults_in_their_order) {
  FaultPlan plan({"create:ok*1", "create:503*2", "create:500*1"});
  const auto any = [](const Fault&) { return true; };
  EXPECT_EQ(plan.take(Place::create, any)->kind, FaultKind::ok);
  EXPECT_EQ(plan.take(Place::create, any)->status, 503);
  EXPECT_EQ(plan.take(Place::get, any), std::nullopt);
  EXPECT_EQ(plan.take(Place::create, any)->status, 503);
  EXPECT_EQ(plan.take(Place::create, any)->status, 500);
  EXPECT_EQ(plan.take(Place::create, any), std::nullopt);
}

}  // namespace
}  // namespace rellama::emulator
