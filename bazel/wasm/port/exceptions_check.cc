// Run under Node by exceptions_check.sh: each line of what is printed is one case.
#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

struct Noisy {
  const char* name;
  ~Noisy() { std::printf("%s goes\n", name); }
};
struct Base {
  int number;
};
struct Failure : Base {
  std::string text = "a text that is too long to be kept within the string";
};
struct Other {};

[[gnu::noinline]] void Fail(int how) {
  const Noisy noisy{"frame"};
  if (how == 0) throw Failure{{7}};
  if (how == 1) throw Other{};
  if (how == 2) throw std::runtime_error("runtime");
  if (how == 3) throw 42;
}

void Try(int how) {
  try {
    Fail(how);
    std::puts("nothing thrown");
  } catch (const Base& base) {
    std::printf("base %d\n", base.number);
  } catch (const std::exception& error) {
    std::printf("exception %s\n", error.what());
  } catch (int number) {
    std::printf("number %d\n", number);
  } catch (...) {
    std::puts("anything");
  }
}

void Again() {
  try {
    try {
      Fail(0);
    } catch (const Other&) {
      std::puts("wrong");
    } catch (const Failure&) {
      try {
        Fail(3);
      } catch (int) {
        std::puts("inner");
      }
      throw;
    }
  } catch (const Failure& failure) {
    std::printf("again %s\n", failure.text.c_str());
  }
}

}  // namespace

int main() {
  for (int how = 0; how < 5; ++how) Try(how);
  for (int i = 0; i < 2; ++i) Again();
}
