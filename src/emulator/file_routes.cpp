// Serves the files that models put out (docs/protocol.md §4), including ranges (RFC 9110 §14).

#include <charconv>

#include "emulator/hash.hpp"
#include "emulator/service.hpp"

namespace rellama::emulator {
namespace {

// Pictures never change.
constexpr const char* kLastModified = "Wed, 06 Mar 2024 11:20:00 GMT";

struct Range {
  std::size_t begin;
  std::size_t end;
};

/// Parses `bytes=FIRST-` and `bytes=FIRST-LAST`. Any other header is ignored.
std::optional<Range> parse_range(std::string_view header, std::size_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return std::nullopt;
  header.remove_prefix(kUnit.size());
  const char* const end = header.data() + header.size();
  std::size_t first = 0;
  const auto [dash, error] = std::from_chars(header.data(), end, first);
  if (error != std::errc{} || dash == end || *dash != '-') return std::nullopt;
  if (dash + 1 == end) return Range{first, size};
  std::size_t last = 0;
  const auto [rest, wrong] = std::from_chars(dash + 1, end, last);
  if (wrong != std::errc{} || rest != end || last < first) return std::nullopt;
  return Range{first, std::min(last + 1, size)};
}

/// Returns the requested range, if the condition on it is met.
std::optional<Range> range_of(const RecordedRequest& request, const std::string& tag,
                              std::size_t size) {
  const std::string condition = request.header("If-Range");
  if (!condition.empty() && condition != tag && condition != kLastModified) return std::nullopt;
  return parse_range(request.header("Range"), size);
}

void apply_fault(const Fault& fault, Reply& reply) {
  switch (fault.kind) {
    case FaultKind::cut:
      reply.announced = reply.body.size();
      reply.body.resize(
          std::min(reply.body.size(), static_cast<std::size_t>(fault.at.value_or(0))));
      reply.ending = Reply::Ending::truncated;
      break;
    case FaultKind::wrong_length:
      reply.announced = reply.body.size() + 1000;
      reply.ending = Reply::Ending::truncated;
      break;
    case FaultKind::compressed: reply.headers.emplace_back("Content-Encoding", "gzip"); break;
    default: break;
  }
}

}  // namespace

std::vector<std::string> Service::paint_files(const Json& input, const std::string& origin) {
  const auto number = [&](std::string_view name) {
    return static_cast<std::int64_t>(value_of(kPainter, input, name).get<double>());
  };
  const std::uint64_t first_seed = hash_of(input["prompt"].get<std::string>());
  std::vector<std::string> urls;
  for (std::int64_t i = 0; i < number("num_outputs"); ++i) {
    const Picture picture{first_seed + static_cast<std::uint64_t>(i), number("size")};
    urls.push_back(origin + "/files/" + pictures_.add(picture, options_.retention) + "/out-" +
                   std::to_string(i) + ".png");
  }
  return urls;
}

Reply Service::get_file(const Call& call) {
  const auto picture = pictures_.find(call.names[0]);
  if (!picture) {
    return {.status = 404, .content_type = "text/plain", .body = "no such file\n"};
  }
  if (call.fault && call.fault->kind == FaultKind::redirect) return redirect(call.request);
  const std::string png = paint(*picture);
  const std::string tag = "\"" + hex_of(hash_of(png)) + "\"";
  Reply reply{.content_type = "image/png", .body = png};
  reply.headers = {{"ETag", tag}, {"Last-Modified", kLastModified}, {"Accept-Ranges", "bytes"}};
  const bool no_ranges = call.fault && call.fault->kind == FaultKind::no_ranges;
  const auto range = no_ranges ? std::nullopt : range_of(call.request.recorded, tag, png.size());
  if (range && range->begin >= png.size()) {
    reply.status = 416;
    reply.body.clear();
    reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(png.size()));
    return reply;
  }
  if (range) {
    reply.status = 206;
    reply.body = png.substr(range->begin, range->end - range->begin);
    reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->begin) + "-" +
                                                    std::to_string(range->end - 1) + "/" +
                                                    std::to_string(png.size()));
  }
  if (call.fault) apply_fault(*call.fault, reply);
  return reply;
}

}  // namespace rellama::emulator
