#include <chrono>

#include "emulator/upload_store.hpp"
#include "emulator_fixture.hpp"

namespace rellama::emulator::test {
namespace {

using nlohmann::json;

class EmulatorUploads : public EmulatorTest {
 protected:
  /// Uploads `content` with the further fields of the form.
  Answer upload(const std::string& content, const std::string& fields = "") {
    const std::string body =
        "--edge\r\nContent-Disposition: form-data; name=\"content\"; filename=\"note.txt\"\r\n"
        "Content-Type: text/plain\r\n\r\n" +
        content + "\r\n" + fields + "--edge--\r\n";
    return exchange(emulator().port(), "POST", "/v1/files",
                    {{"Authorization", "Bearer r8_test"},
                     {"Content-Type", "multipart/form-data; boundary=edge"}},
                    body);
  }

  Answer erase(const std::string& id) {
    return exchange(emulator().port(), "DELETE", "/v1/files/" + id,
                    {{"Authorization", "Bearer r8_test"}});
  }
};

std::string field(const std::string& name, const std::string& value) {
  return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

TEST_F(EmulatorUploads, a_file_is_described_as_the_api_does) {
  start();
  const Answer answer = upload("hello", field("metadata", R"({"order":123})"));
  EXPECT_EQ(answer.status, 201);
  const json file = answer.json();
  EXPECT_EQ(file["name"], "note.txt");
  EXPECT_EQ(file["content_type"], "text/plain");
  EXPECT_EQ(file["size"], 5);
  EXPECT_EQ(file["checksums"]["sha256"],
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(file["metadata"], (json{{"order", 123}}));
  EXPECT_LT(file["created_at"].get<std::string>(), file["expires_at"].get<std::string>());
  EXPECT_EQ(get("/v1/files/" + file["id"].get<std::string>()).json(), file);
  EXPECT_TRUE(file["urls"]["get"].get<std::string>().ends_with("/v1/files/" +
                                                               file["id"].get<std::string>()));
}

TEST_F(EmulatorUploads, the_form_may_name_the_file_and_its_type) {
  start();
  const json file =
      upload("{}", field("filename", "a.json") + field("type", "application/json")).json();
  EXPECT_EQ(file["name"], "a.json");
  EXPECT_EQ(file["content_type"], "application/json");
}

TEST_F(EmulatorUploads, files_are_listed_newest_first_until_they_are_deleted) {
  start();
  const std::string first = upload("1").json()["id"];
  const std::string second = upload("2").json()["id"];
  const json list = get("/v1/files").json();
  ASSERT_EQ(list["results"].size(), 2U);
  EXPECT_EQ(list["results"][0]["id"], second);
  EXPECT_EQ(erase(second).status, 204);
  EXPECT_EQ(erase(second).status, 404);
  EXPECT_EQ(get("/v1/files/" + second).json()["detail"], "File not found");
  EXPECT_EQ(get("/v1/files").json()["results"].size(), 1U);
}

TEST_F(EmulatorUploads, a_download_needs_a_signature_that_has_not_expired) {
  start();
  const std::string id = upload("hello").json()["id"];
  const auto download = [&](const std::string& expiry, const std::string& owner) {
    std::string signature = download_signature("rellama-demo", id, expiry);
    for (std::size_t at = 0; (at = signature.find('+', at)) != std::string::npos; at += 3) {
      signature.replace(at, 1, "%2B");
    }
    return exchange(emulator().port(), "GET",
                    "/v1/files/" + id + "/download?owner=" + owner + "&expiry=" + expiry +
                        "&signature=" + signature);
  };
  const Answer answer = download("4000000000", "rellama-demo");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(download("4000000000", "somebody").status, 404);
  EXPECT_EQ(download("1000000000", "rellama-demo").status, 404);
  EXPECT_EQ(download("soon", "rellama-demo").status, 404);
}

TEST_F(EmulatorUploads, what_is_not_a_file_is_refused) {
  start();
  EXPECT_EQ(post("/v1/files", json::object()).status, 400);
  EXPECT_EQ(upload("x", field("metadata", "[1]")).status, 422);
  EXPECT_EQ(upload("x", field("filename", std::string(256, 'a'))).status, 422);
  const Answer empty = exchange(
      emulator().port(), "POST", "/v1/files",
      {{"Authorization", "Bearer r8_test"}, {"Content-Type", "multipart/form-data; boundary=edge"}},
      field("type", "a/b") + "--edge--\r\n");
  EXPECT_EQ(empty.status, 422);
  EXPECT_EQ(exchange(emulator().port(), "GET", "/v1/files").status, 401);
}

}  // namespace
}  // namespace rellama::emulator::test
