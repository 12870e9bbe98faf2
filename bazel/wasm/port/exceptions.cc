// C++ exceptions for the engine in the page: Debian's libc++abi for wasm32 is built without them.
//
// The compiler's grammar throws and catches within one file; so this is the part of the C++ ABI that such
// files need: throw, catch by type or by `...`, throw again. A type is caught as itself or as one of its
// single bases. There is one thread. What nobody catches ends the module.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

extern "C" void* _ZTVN10__cxxabiv120__si_class_type_infoE[];  // NOLINT: the ABI's name of a type with one base.

namespace {

struct Thrown {
  const std::type_info* type;
  void* (*destroy)(void*);  // on this machine a destructor gives back its argument
  int handlers;             // that are inside a `catch` of it
  bool rethrown;            // by one of these
  Thrown* below;            // caught earlier, and still being handled
};
// The object follows, aligned for anything.
constexpr size_t kHeader = 32;
static_assert(sizeof(Thrown) <= kHeader);

Thrown* handled = nullptr;

Thrown* HeaderOf(void* object) {
  return reinterpret_cast<Thrown*>(static_cast<char*>(object) - kHeader);
}
void* ObjectOf(Thrown* thrown) {
  return reinterpret_cast<char*>(thrown) + kHeader;
}
void Free(Thrown* thrown) {
  if (thrown->destroy) thrown->destroy(ObjectOf(thrown));
  std::free(thrown);
}

uint32_t ReadUnsigned(const uint8_t*& at) {
  uint32_t value = 0;
  for (int shift = 0;; shift += 7) {
    const uint8_t byte = *at++;
    value |= static_cast<uint32_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return value;
  }
}
int32_t ReadSigned(const uint8_t*& at) {
  uint32_t value = 0;
  for (int shift = 0;;) {
    const uint8_t byte = *at++;
    value |= static_cast<uint32_t>(byte & 0x7f) << shift;
    shift += 7;
    if (byte & 0x80) continue;
    if ((byte & 0x40) && shift < 32) value |= ~uint32_t{0} << shift;
    return static_cast<int32_t>(value);
  }
}

// What a landing pad may catch, as clang lays it out: a list of (pad, first action), then the actions, then
// types.
struct Table {
  const uint8_t* sites;
  const uint8_t* sites_end;  // the actions begin here
  const std::type_info* const* types_end;
};
Table Read(const uint8_t* at) {
  Table table{};
  if (*at++ != 0xff) ReadUnsigned(at);
  if (*at++ != 0xff) {
    const uint32_t offset = ReadUnsigned(at);
    table.types_end = reinterpret_cast<const std::type_info* const*>(at + offset);
  }
  ++at;  // how the sites are written: always as LEB128
  const uint32_t length = ReadUnsigned(at);
  table.sites = at;
  table.sites_end = at + length;
  return table;
}

bool Catches(const std::type_info* caught, const std::type_info* type) {
  while (*caught != *type) {
    void* const* parts = reinterpret_cast<void* const*>(type);
    if (parts[0] != &_ZTVN10__cxxabiv120__si_class_type_infoE[2]) return false;
    type = static_cast<const std::type_info*>(parts[2]);
  }
  return true;
}

// The number of the type that the pad catches this exception as; 0: none.
int Select(const Table& table, uint32_t pad, const std::type_info* type) {
  const uint8_t* site = table.sites;
  uint32_t first_action = 0;
  for (uint32_t i = 0; site < table.sites_end; ++i) {
    ReadUnsigned(site);
    const uint32_t action = ReadUnsigned(site);
    if (i == pad) {
      first_action = action;
      break;
    }
  }
  if (first_action == 0) return 0;
  const uint8_t* action = table.sites_end + (first_action - 1);
  while (true) {
    const int32_t number = ReadSigned(action);
    if (number > 0) {
      const std::type_info* caught = *(table.types_end - number);
      if (!caught || Catches(caught, type)) return number;
    }
    const uint8_t* next = action;
    const int32_t step = ReadSigned(next);
    if (step == 0) return 0;
    action += step;
  }
}

}  // namespace

extern "C" {

// The names and shapes are clang's.
struct LandingPad {
  uintptr_t index;
  const uint8_t* table;
  uintptr_t selector;
};
LandingPad __wasm_lpad_context;  // NOLINT

void* __cxa_allocate_exception(size_t size) noexcept {
  void* memory = std::calloc(1, kHeader + size);
  if (!memory) std::abort();
  return static_cast<char*>(memory) + kHeader;
}
void __cxa_free_exception(void* object) noexcept {
  std::free(HeaderOf(object));
}
[[noreturn]] void __cxa_throw(void* object, std::type_info* type, void* (*destroy)(void*)) {
  Thrown* thrown = HeaderOf(object);
  thrown->type = type;
  thrown->destroy = destroy;
  __builtin_wasm_throw(0, object);
}
int _Unwind_CallPersonality(void* object) {
  __wasm_lpad_context.selector = static_cast<uintptr_t>(
      Select(Read(__wasm_lpad_context.table), __wasm_lpad_context.index, HeaderOf(object)->type));
  return 0;
}
void* __cxa_begin_catch(void* object) noexcept {
  Thrown* thrown = HeaderOf(object);
  thrown->rethrown = false;
  if (thrown->handlers++ == 0) {
    thrown->below = handled;
    handled = thrown;
  }
  return object;
}
void __cxa_end_catch() {
  Thrown* thrown = handled;
  if (--thrown->handlers > 0) return;
  handled = thrown->below;
  if (!thrown->rethrown) Free(thrown);
}
[[noreturn]] void __cxa_rethrow() {
  if (!handled) std::terminate();
  handled->rethrown = true;
  __builtin_wasm_throw(0, ObjectOf(handled));
}
void __gxx_wasm_personality_v0() {
  std::abort();  // Named by the tables, called by nobody.
}

}  // extern "C"
