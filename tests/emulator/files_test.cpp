// Models whose output is not text, and the files that one of them makes.

#include "emulator/picture_store.hpp"
#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using nlohmann::json;

class Files : public EmulatorTest {
 protected:
  json paint(json input) {
    input["prompt"] = "a llama";
    return fetch(ask("rellama-demo/painter", input).json());
  }

  std::string path_of_file(const json& prediction, std::size_t index = 0) {
    const auto url = prediction["output"][index].get<std::string>();
    return url.substr(url.find("/files/"));
  }

  // Without a token: knowing the URL is the permission.
  Answer fetch_file(const std::string& path, const Headers& headers = {}) {
    return exchange(emulator().port(), "GET", path, headers);
  }
};

TEST_F(Files, the_output_of_a_painter_is_urls_in_polls_and_in_the_stream) {
  start();
  const json prediction = paint({{"num_outputs", 3}});
  ASSERT_EQ(prediction["output"].size(), 3U);
  const auto events = parse_events(stream(prediction).body);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[2].data, prediction["output"][2].get<std::string>());
}

TEST_F(Files, a_file_is_a_picture_of_the_requested_size) {
  start();
  const json prediction = paint({{"size", 40}});
  const Answer answer = fetch_file(path_of_file(prediction));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "image/png");
  EXPECT_EQ(answer.body.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(answer.body.substr(16, 8), std::string("\0\0\0\x28\0\0\0\x28", 8));
}

TEST_F(Files, a_range_is_returned_if_the_file_has_not_changed) {
  start();
  const std::string path = path_of_file(paint({}));
  const Answer whole = fetch_file(path);
  const std::string tag = whole.header("ETag");
  const Answer part = fetch_file(path, {{"Range", "bytes=100-"}, {"If-Range", tag}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, whole.body.substr(100));
  EXPECT_EQ(part.header("Content-Range"), "bytes 100-12419/12420");
  EXPECT_EQ(fetch_file(path, {{"Range", "bytes=100-109"}}).body, whole.body.substr(100, 10));
  EXPECT_EQ(fetch_file(path, {{"Range", "bytes=100-"}, {"If-Range", "\"x\""}}).status, 200);
  EXPECT_EQ(fetch_file(path, {{"Range", "bytes=12420-"}}).status, 416);
  EXPECT_EQ(fetch_file(path, {{"Range", "lines=1-"}}).status, 200);
}

TEST_F(Files, an_unknown_file_is_404) {
  start();
  EXPECT_EQ(fetch_file("/files/0123/out-0.png").status, 404);
}

TEST(PictureStore, a_picture_is_removed_after_its_retention_time) {
  PictureStore store;
  const std::string kept = store.add({.seed = 1}, std::chrono::hours(1));
  const std::string gone = store.add({.seed = 2}, std::chrono::hours(0));
  ASSERT_TRUE(store.find(kept));
  EXPECT_EQ(store.find(kept)->seed, 1U);
  EXPECT_FALSE(store.find(gone));
  EXPECT_NE(kept, gone);
}

TEST_F(Files, downloads_can_fail) {
  EmulatorOptions options;
  options.faults = {"file:500*1", "file:no-ranges*1", "file:cut@50*1", "file:compressed*1",
                    "file:redirect*1"};
  start(options);
  const std::string path = path_of_file(paint({}));
  EXPECT_EQ(fetch_file(path).status, 500);
  EXPECT_EQ(fetch_file(path, {{"Range", "bytes=100-"}}).status, 200);
  const Answer cut = fetch_file(path);
  EXPECT_EQ(cut.header("Content-Length"), "12420");
  EXPECT_EQ(cut.body.size(), 50U);
  EXPECT_EQ(fetch_file(path).header("Content-Encoding"), "gzip");
  const Answer away = fetch_file(path);
  EXPECT_EQ(away.status, 302);
  EXPECT_TRUE(away.header("Location").starts_with("http://localhost:")) << away.header("Location");
}

TEST_F(Files, the_output_of_an_iconist_is_a_data_url) {
  start();
  const json prediction = fetch(ask("rellama-demo/iconist", {{"prompt", "x"}}).json());
  const auto url = prediction["output"].get<std::string>();
  EXPECT_TRUE(url.starts_with("data:image/png;base64,iVBORw0KGgo")) << url;
  EXPECT_TRUE(url.ends_with("AAAABJRU5ErkJggg==")) << url;  // the end of every PNG file
}

TEST_F(Files, the_output_of_a_detector_is_objects) {
  start();
  const std::string version =
      get("/v1/models/rellama-demo/detector").json()["latest_version"]["id"].get<std::string>();
  const json prediction = fetch(run_version(version, {{"prompt", "two  words"}}).json());
  EXPECT_EQ(prediction["output"].dump(), R"([{"at":0,"word":"two"},{"at":5,"word":"words"}])");
}

TEST_F(Files, the_schemas_describe_the_output) {
  start();
  const auto output_of = [this](const std::string& name) {
    return get("/v1/models/rellama-demo/" + name)
        .json()["latest_version"]["openapi_schema"]["components"]["schemas"]["Output"];
  };
  EXPECT_EQ(output_of("painter")["items"]["format"], "uri");
  EXPECT_FALSE(output_of("painter").contains("x-cog-array-type"));
  EXPECT_EQ(output_of("iconist")["format"], "uri");
  EXPECT_EQ(output_of("detector")["items"]["type"], "object");
}

}  // namespace
}  // namespace rellama::emulator::test
