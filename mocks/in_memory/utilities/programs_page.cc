#include <iostream>

#include "mocks/in_memory/utilities/program_table.h"

// Prints docs/in-memory-programs.md.
int main() { std::cout << computesdk::in_memory::ProgramsAsMarkdown(); }
