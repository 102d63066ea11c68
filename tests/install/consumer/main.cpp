// What a program of somebody else's looks like: it knows the installed headers and nothing more.
#include <iostream>

#include "rellama/client.hpp"
#include "rellama/generate_many.hpp"
#include "rellama/version.hpp"

// Asks as often as there are prompts left.
struct Prompts : rellama::RequestSource {
  Supply next(rellama::RowRequest& row) override {
    if (left == 0) return Supply::end;
    --left;
    row.request = request;
    return Supply::request;
  }
  rellama::GenerateRequest request;
  int left = 2;
};

struct Print : rellama::RowSink {
  void output(std::size_t /*row*/, std::string_view text) override { std::cout << text; }
  void ended(std::size_t row, rellama::RowEnd end) override {
    std::cout << "and hears: " << rellama::traits(end.error->kind()).name << " (row " << row
              << ")\n";
  }
};

int main() {
  Prompts prompts;
  prompts.request = {.model = rellama::parse_model_ref("70b"), .prompt = "Why is the sky blue?"};
  std::cout << "rellama " << rellama::version() << " asks "
            << rellama::render_model_ref(prompts.request.model) << "\n";
  // Nobody listens on port 1. That the connection fails shows that libcurl is there and works.
  rellama::Client client(rellama::ApiToken("r8_example"),
                         {.base_url = "http://127.0.0.1:1", .retries = 0});
  Print print;
  rellama::generate_many(client, prompts, print, /*in_flight=*/1);
}
