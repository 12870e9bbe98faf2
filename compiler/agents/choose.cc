#include "compiler/agents/choose.h"

#include <filesystem>

#include "compiler/agents/builtin.h"

namespace picket::compiler::agents {
namespace {

// Ten times what every agent of a distribution needs.
constexpr std::size_t kLockBytesMax = std::size_t{8} << 20;

std::optional<ChosenLock> Fault(ChoiceFault& fault, std::string message, std::size_t offset) {
  fault.fault = {std::move(message), offset};
  return std::nullopt;
}

}  // namespace

std::optional<ChosenLock> ChooseLock(const std::string& named, const std::optional<std::string>& folder,
                                     const Reader& read, ChoiceFault& fault) {
  fault = {};
  std::optional<std::string> text;
  if (!named.empty()) {
    fault.path = named;
    if (!(text = read(named))) return std::nullopt;
  } else if (folder) {
    fault.path = (std::filesystem::path(*folder) / kLockName).string();
    text = read(fault.path);
    std::error_code ignored;
    // One that is there and cannot be read must not be passed over in silence.
    if (!text && std::filesystem::exists(fault.path, ignored)) return std::nullopt;
  }
  if (!text) {
    // Not owned: it lives as long as the program.
    return ChosenLock{{std::shared_ptr<const Lock>(), &BuiltinLock()}, kBuiltinName, false};
  }
  fault.text = text;
  if (text->size() > kLockBytesMax) return Fault(fault, "the file is larger than 8 MiB", 0);
  LockFault lock_fault;
  auto lock = ReadLock(*text, lock_fault);
  if (!lock) return Fault(fault, lock_fault.message, lock_fault.offset);
  return ChosenLock{std::make_shared<Lock>(*std::move(lock)), named.empty() ? kLockName : named, true};
}

}  // namespace picket::compiler::agents
