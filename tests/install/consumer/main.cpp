// What a program of somebody else's looks like: it knows the installed headers and nothing more.
#include <iostream>

#include "rellama/client.hpp"
#include "rellama/generate.hpp"
#include "rellama/version.hpp"

struct Print : rellama::EventSink {
  void output(std::string_view text) override { std::cout << text; }
};

int main() {
  const rellama::GenerateRequest request{.model = rellama::parse_model_ref("70b"),
                                         .prompt = "Why is the sky blue?"};
  std::cout << "rellama " << rellama::version() << " asks "
            << rellama::render_model_ref(request.model) << "\n";
  // Nobody listens on port 1. That the connection fails shows that libcurl is there and works.
  rellama::Client client(rellama::ApiToken("r8_example"),
                         {.base_url = "http://127.0.0.1:1", .retries = 0});
  Print print;
  try {
    rellama::generate(client, request, print);
  } catch (const rellama::Error& error) {
    std::cout << "and hears: " << rellama::traits(error.kind()).name << "\n";
  }
}
