// What a program of somebody else's looks like: it knows the installed headers and nothing more.
#include <iostream>

#include "rellama/generate.hpp"
#include "rellama/version.hpp"

struct Print : rellama::EventSink {
  void output(std::string_view text) override { std::cout << text; }
};

int main(int argc, char** argv) {
  std::cout << "rellama " << rellama::version() << "\n";
  rellama::GenerateRequest request{.model = rellama::parse_model_ref("7b"), .prompt = "Hello"};
  request.parameters.temperature = 0.2;
  if (argc < 2) return rellama::prepare_generate({}, request).method == "POST" ? 0 : 1;
  rellama::Client client(rellama::ApiToken("r8_anything"), {.base_url = argv[1]});
  Print print;
  return is_terminal(rellama::generate(client, request, print).status) ? 0 : 1;
}
