// PICKET_ASSERT: a check of what one room promises the next, on in release builds as well.
//
// A failed assertion is a defect of Picket, never a mistake of the user: mistakes are values with a message of their
// own. The program names the promise and its place, and ends at once with the exit status 70, so that nothing is
// written that rests on a broken promise. The next picketd starts from what is on its disk.
//
// Use it at boundaries: an id before it indexes a table, the result of a stage before the next stage, the state of a
// core at the end of a step.
#pragma once

namespace picket {

// Called with the message, without a newline, before the program ends; none: the message goes to the standard error.
using DefectTeller = void (*)(const char* message);
void TellDefectsBy(DefectTeller teller);

// Tells what was promised, and ends the program with the exit status 70.
[[noreturn]] void AssertFailed(const char* promise, const char* condition, const char* file, int line);

}  // namespace picket

// `promise` says in words what holds if Picket is right: PICKET_ASSERT(id.valid(), "an action has an id").
#define PICKET_ASSERT(condition, promise)            \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::picket::AssertFailed(promise, #condition, __FILE__, __LINE__))
