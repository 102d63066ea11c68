#include "cog/shown_chunks.hpp"

#include <utility>

#include "replicate/endpoint.hpp"
#include "replicate/output_kind.hpp"
#include "wire/file_url.hpp"

namespace rellama::cog {

ShownChunks::ShownChunks(EventSink& sink, PredictionId id) : sink_(sink), id_(std::move(id)) {}

void ShownChunks::show_created() {
  if (!created_.id.value.empty()) return;
  created_.id = id_;
  created_.status = Status::starting;
  sink_.created(created_);
}

void ShownChunks::show_processing() {
  if (!std::exchange(processing_, true)) sink_.status_changed(Status::processing);
}

void ShownChunks::add(const wire::CogChunk& chunk) {
  const std::size_t index = chunk.index.value_or(next_index_);
  next_index_ = index + 1;
  if (!chunk.text || has_gap_) return;
  if (index < ends_.size()) {  // received before the connection broke
    if (this->chunk(index) == *chunk.text) return;
    throw incomplete("the container restarted the run and produced different output", "ask again");
  }
  if (index > ends_.size()) {
    skip();
    return;
  }
  if (text().size() + chunk.text->size() > replicate::kMaxOutputBytes) {
    throw Error(ErrorKind::server, {.failed = "cannot read the rest of the output",
                                    .why = "it is longer than 64 MiB",
                                    .prediction_id = id_.value});
  }
  // If this may be a file URL, it is held back until the final object tells.
  if (ends_.empty()) holds_ = wire::is_file_url(*chunk.text);
  const std::string_view fresh = text_.append(*chunk.text);
  ends_.push_back(text().size());
  if (!holds_) show(fresh);
}

std::string_view ShownChunks::chunk(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text()).substr(begin, ends_[index] - begin);
}

void ShownChunks::finish(Prediction& final, const std::string& base_url) {
  show_created();
  show_processing();
  const std::string& whole = final.output.text();
  if (final.output.json().empty() && text_.agrees_with(whole)) {
    const std::string_view fresh = text_.append_cumulative(whole);
    replicate::apply_kind(final.output, OutputKind::unknown,
                          replicate::Endpoint(base_url, /*allow_http=*/true));
    if (!final.output.json().empty()) return;
    if (holds_) {
      show(text());
    } else {
      show(fresh);
      show(text_.finish());
    }
  } else if (!text().empty() && final.status == Status::succeeded) {
    sink_.flush();
    throw incomplete("the stream and the final output differ", "ask again with --no-stream");
  } else if (final.output.empty() && !text().empty()) {
    final.output.append(text());  // the output of a failed run
  }
}

Error ShownChunks::incomplete(std::string why, std::string remedy) const {
  return {ErrorKind::incomplete,
          {.failed = "the answer is incomplete",
           .why = std::move(why),
           .remedy = std::move(remedy),
           .prediction_id = id_.value}};
}

void ShownChunks::show(std::string_view fresh) {
  if (!fresh.empty()) sink_.output(fresh);
}

}  // namespace rellama::cog
