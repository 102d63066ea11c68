#include "lazy/trampoline.inc"

lazy_library RELLAMA_EXAMPLE, RELLAMA_EXAMPLE_NEEDED, "example", "The tests", "required"
lazy_function example_format
lazy_library_end
