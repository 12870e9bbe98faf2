#include "execution/fencing/request.h"

#include "execution/fencing/pacemaker.h"
#include "execution/fencing/picketd.h"

namespace picket::execution {

FenceOutcome Fence(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world, Engine engine,
                   Choices& choices) {
  if (engine == Engine::kPicketd) return FenceByPicketd(fencing, request, world, choices);
  return PacemakerRequest(fencing, request, world, choices).Play();
}

}  // namespace picket::execution
