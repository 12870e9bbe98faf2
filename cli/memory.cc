// Memory of a program that makes the same small things again and again, a million times: what a thread frees, the
// thread takes again.
//
// A solve makes some thousand texts and lists and frees them; the C library spends a fifth of the time on bringing
// freed blocks together again. So blocks of up to 512 bytes are laid by, by size, up to 256 KiB for each size and
// thread. Everything is a block of malloc(): who frees it elsewhere, or without telling its size, gives it back for
// good. Not there under a sanitizer, which would not see who uses what is freed.
#ifndef __SANITIZE_ADDRESS__

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr size_t kStep = 16;
constexpr size_t kLargest = 512;
constexpr size_t kMostBytes = size_t{256} << 10;

struct Block {
  Block* next;
};
struct Shelf {
  Block* first;
  size_t bytes;
};
struct Shelves {
  Shelf by_size[kLargest / kStep + 1];
  bool emptied_at_end;
};
constinit thread_local Shelves shelves{};

// Gives everything back when the thread ends.
struct Emptier {
  ~Emptier() {
    for (Shelf& shelf : shelves.by_size) {
      while (Block* block = shelf.first) {
        shelf.first = block->next;
        std::free(block);
      }
      shelf.bytes = kMostBytes;  // what is freed later is not laid by
    }
  }
};

void EmptyAtEnd() {
  static thread_local Emptier emptier;
  shelves.emptied_at_end = true;
}

size_t SizeOf(size_t size) {
  return size == 0 ? 1 : (size + kStep - 1) / kStep;
}

}  // namespace

void* operator new(size_t size) {
  if (size <= kLargest) {
    const size_t number = SizeOf(size);
    Shelf& shelf = shelves.by_size[number];
    if (Block* block = shelf.first) {
      shelf.first = block->next;
      shelf.bytes -= number * kStep;
      return block;
    }
    size = number * kStep;
  }
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, size_t size) noexcept {
  if (memory == nullptr) return;
  const size_t number = SizeOf(size);
  if (size > kLargest || shelves.by_size[number].bytes >= kMostBytes) return std::free(memory);
  if (!shelves.emptied_at_end) EmptyAtEnd();
  Shelf& shelf = shelves.by_size[number];
  auto* block = static_cast<Block*>(memory);
  block->next = shelf.first;
  shelf.first = block;
  shelf.bytes += number * kStep;
}

#endif
