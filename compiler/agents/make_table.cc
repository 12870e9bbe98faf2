// For the build: make_table LOCK > SOURCE, a C++ source with the agents of a lock as a table (table.h).
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "compiler/agents/lock.h"
#include "compiler/agents/table.h"

int main(int argc, char** argv) {
  namespace agents = picket::compiler::agents;
  if (argc != 2) return 2;
  std::ifstream file(argv[1]);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  agents::LockFault fault;
  const auto lock = agents::ReadLock(text, fault);
  if (!lock) {
    std::cerr << argv[1] << ": " << fault.message << ", at byte " << fault.offset << '\n';
    return 1;
  }
  std::cout << "#include <string_view>\n"
               "namespace picket::compiler::agents {\n"
               "extern const std::string_view kBuiltinTable;\n"
               "const std::string_view kBuiltinTable = R\"picket_table("
            << agents::WriteTable(*lock)
            << ")picket_table\";\n"
               "}\n";
  return std::cout.flush() ? 0 : 1;
}
