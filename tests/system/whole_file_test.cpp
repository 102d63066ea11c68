#include "system/whole_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "files/scratch_directory.hpp"
#include "support/expect_error.hpp"

namespace rellama::system {
namespace {

using test::error_of;
using test::holds;

class WholeFile : public test::ScratchDirectory {};

TEST_F(WholeFile, a_file_is_read_to_its_end) {
  write("text", std::string(200'000, 'x'));
  EXPECT_EQ(read_whole_file(at("text"), {}), std::string(200'000, 'x'));
  EXPECT_EQ(read_whole_file("/dev/null", {}), "");
  EXPECT_TRUE(holds(error_of([this] { (void)read_whole_file(at("absent"), {}); }).what(),
                    "absent': No such file or directory"));
  EXPECT_TRUE(
      holds(error_of([this] { (void)read_whole_file(directory_, {}); }).what(), "Is a directory"));
}

TEST_F(WholeFile, a_file_without_an_end_is_refused_with_its_size) {
  const Error error = error_of([] { (void)read_whole_file("/dev/zero", {}); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(holds(error.what(), "'/dev/zero' is too long: it is larger than 64 MiB"));
}

TEST_F(WholeFile, a_fifo_gives_what_a_late_writer_writes) {
  const std::string path = at("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&path] { std::ofstream(path) << "late"; });
  EXPECT_EQ(read_whole_file(path, {}), "late");
  writer.join();
}

TEST_F(WholeFile, waiting_for_a_writer_ends_with_the_run) {
  const std::string path = at("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const StopSource late(std::chrono::steady_clock::now());
  EXPECT_EQ(error_of([&] { (void)read_whole_file(path, late.token()); }).kind(),
            ErrorKind::deadline);
  StopSource stop;
  std::thread killer([&stop] { stop.request(ErrorKind::terminated); });
  EXPECT_EQ(error_of([&] { (void)read_whole_file(path, stop.token()); }).kind(),
            ErrorKind::terminated);
  killer.join();
}

}  // namespace
}  // namespace rellama::system
