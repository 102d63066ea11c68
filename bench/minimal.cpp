// A minimal libcurl client: create a prediction, then print its stream with one write per wake-up.
// It handles no errors and checks nothing.
//   minimal BASE_URL CREATE_BODY     or     minimal STREAM_URL

#include <curl/curl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::size_t keep(char* data, std::size_t size, std::size_t count, void* user) {
  static_cast<std::string*>(user)->append(data, size * count);
  return size * count;
}

// Removes all complete lines from `events` and returns their text.
std::string take_text(std::string& events, bool& first_line) {
  std::string text;
  std::size_t done = 0;
  for (std::size_t end = 0; (end = events.find('\n', done)) != std::string::npos; done = end + 1) {
    if (end == done) first_line = true;
    if (events.compare(done, 5, "data:") != 0) continue;
    if (!first_line) text += '\n';
    first_line = false;
    if (end - done > 6 && events.compare(done, end - done, "data: {}") != 0) {
      text.append(events, done + 6, end - done - 6);
    }
  }
  events.erase(0, done);
  return text;
}

std::string create(CURL* easy, const std::string& base_url, const char* body) {
  std::string answer;
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  headers = curl_slist_append(
      headers,
      (std::string("Authorization: Bearer ") + std::getenv("REPLICATE_API_TOKEN")).c_str());
  curl_easy_setopt(easy, CURLOPT_URL,
                   (base_url + "/models/meta/llama-2-70b-chat/predictions").c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
  curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  const std::size_t begin = answer.find("\"stream\":\"") + 10;
  return answer.substr(begin, answer.find('"', begin) - begin);
}

}  // namespace

int main(int argc, char** argv) {
  CURL* easy = curl_easy_init();
  const std::string url = argc > 2 ? create(easy, argv[1], argv[2]) : argv[1];
  std::string events;
  bool first_line = true;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &events);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 131072L);
  CURLM* multi = curl_multi_init();
  curl_multi_add_handle(multi, easy);
  for (int running = 1; running > 0;) {
    curl_multi_perform(multi, &running);
    const std::string text = take_text(events, first_line);
    if (!text.empty() && ::write(STDOUT_FILENO, text.data(), text.size()) < 0) return 1;
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
}
