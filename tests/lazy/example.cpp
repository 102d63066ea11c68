#include "lazy/example.hpp"

#include <cstdarg>
#include <cstdio>

ExampleText example_format(const char* format, ...) {
  ExampleText result{};
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(result.text, sizeof result.text, format, arguments);
  va_end(arguments);
  return result;
}

int example_present() {
  return 1;
}
