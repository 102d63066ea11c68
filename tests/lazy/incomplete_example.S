#include "lazy/trampoline.inc"

lazy_library RELLAMA_EXAMPLE, "", "incomplete", "The tests", "required"
lazy_function example_present
lazy_function example_absent
lazy_library_end
