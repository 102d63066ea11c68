#pragma once

/// The functions of the shared library that trampoline_test.cpp loads when it calls them.
extern "C" {

struct ExampleText {
  char text[256];
};

/// printf() into its result, which is too large for registers: the caller passes where to put it.
ExampleText example_format(const char* format, ...);

/// In the list of symbols, but not in the library.
void example_absent();

/// In the library, and in the list of the one that lacks example_absent().
int example_present();
}
