#include "cli/version.h"

namespace picket::cli {

std::string_view Version() {
  return "0.2.0";
}

std::string_view Commit() {
  return PICKET_COMMIT;
}

}  // namespace picket::cli
