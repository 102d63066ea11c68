// Only this file includes spdlog, which takes seconds to compile.

#include "terminal/logging.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/file_streams.hpp"
#include "terminal/style.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {
namespace {

spdlog::level::level_enum level_for(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
  }
  return spdlog::level::info;
}

// Writes formatted lines to one of our streams. It needs a mutex: a batch logs from several
// threads.
class StreamSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  StreamSink(OutputStream& stream, const std::string& pattern) : stream_(stream) {
    set_pattern(pattern);
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    stream_.write({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  OutputStream& stream_;
};

// A FIFO can be opened once it has a reader. O_NONBLOCK: the call itself must not wait for one.
system::FileDescriptor open_log_file(const std::filesystem::path& path, const StopToken& stop) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  const auto open_once = [&path] { return ::open(path.c_str(), kFlags, S_IRUSR | S_IWUSR); };
  int fd = open_once();
  while (fd < 0 && errno == ENXIO) {
    stop.throw_if_stopped();
    ::poll(nullptr, 0, kStopCheckMilliseconds);
    fd = open_once();
  }
  system::FileDescriptor file(fd);
  if (!file.is_open()) {
    throw Error(ErrorKind::invalid_input, {.failed = "cannot open the log file " + path.string(),
                                           .why = std::generic_category().message(errno),
                                           .remedy = "pass --log-file a path you can write to"});
  }
  return file;
}

// Declared in this order because the sink writes to the stream, which writes to the file.
struct LogFile {
  LogFile(const std::filesystem::path& path, const StopToken& stop)
      : file(open_log_file(path, stop)),
        stream(file.get(), path.string(), system::process_environment()),
        sink(std::make_shared<StreamSink>(stream, "%Y-%m-%dT%H:%M:%S.%e%z %l %v")) {
    stream.stop_waiting_on(stop);
  }

  system::FileDescriptor file;
  FileOutput stream;
  spdlog::sink_ptr sink;
};

}  // namespace

LogFunction make_log(const LogOptions& options, OutputStream& err) {
  std::shared_ptr<LogFile> file;
  std::vector<spdlog::sink_ptr> sinks;
  if (options.verbosity != Verbosity::none) {
    const bool debug = options.verbosity == Verbosity::debug;
    sinks.push_back(std::make_shared<StreamSink>(err, "rellama: %v"));
    sinks.back()->set_level(debug ? spdlog::level::debug : spdlog::level::info);
  }
  if (options.file) {
    file = std::make_shared<LogFile>(*options.file, options.stop);
    sinks.push_back(file->sink);
  }
  if (sinks.empty()) return {};

  auto logger = std::make_shared<spdlog::logger>("rellama", sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::debug);
  logger->set_error_handler([&err, told = false](const std::string& why) mutable {
    if (std::exchange(told, true)) return;
    try {
      err.write(render_error_line("the log is incomplete: " + why, false));
    } catch (const Error&) {
      // There is nowhere left to report it.
    }
  });
  return [file, logger](LogLevel level, std::string_view line) {
    logger->log(level_for(level), one_line(line));
  };
}

}  // namespace rellama::terminal
