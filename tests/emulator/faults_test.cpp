#include "emulator/faults.hpp"

#include <gtest/gtest.h>

#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

TEST(EmulatorFaults, a_fault_has_a_place_a_kind_a_position_and_a_number_of_times) {
  const Fault fault = parse_fault("stream:cut@20*2");
  EXPECT_EQ(fault.place, Place::stream);
  EXPECT_EQ(fault.kind, FaultKind::cut);
  EXPECT_EQ(fault.at, 20);
  EXPECT_EQ(fault.left, 2);
}

TEST(EmulatorFaults, every_error_status_is_a_fault_at_every_place_that_is_a_request) {
  for (const char* spec : {"create:402", "get:500*3", "cancel:503", "list:429@7", "model:404",
                           "account:403", "stream:503"}) {
    EXPECT_EQ(parse_fault(spec).kind, FaultKind::status) << spec;
  }
  EXPECT_EQ(parse_fault("create:429@7").at, 7);
}

TEST(EmulatorFaults, faults_of_one_place_are_refused_at_others) {
  for (const char* spec : {"get:lost", "create:processing", "create:cut@3", "predict:503",
                           "stream:failed@1", "create:no-stream"}) {
    EXPECT_THROW((void)parse_fault(spec), Error) << spec;
  }
}

TEST(EmulatorFaults, a_408_is_a_comment_on_streams_and_a_status_elsewhere) {
  EXPECT_EQ(parse_fault("stream:408").kind, FaultKind::timeout);
  EXPECT_EQ(parse_fault("get:408").status, 408);
}

TEST(EmulatorFaults, the_error_for_an_invalid_fault_explains_the_grammar) {
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

TEST(EmulatorFaults, faults_occur_in_the_order_given) {
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
