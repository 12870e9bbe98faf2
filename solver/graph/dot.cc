// The dot file (spec 06 §7).
#include <vector>

#include "solver/graph/names.h"
#include "solver/graph/transition.h"

namespace picket::solver {
namespace {

class Drawing {
 public:
  Drawing(const Run& run, bool all_actions, bool with_ids)
      : run_(run), all_(all_actions), with_ids_(with_ids), written_(run.actions.size(), false) {}

  std::string Draw() {
    out_ = " digraph \"g\" {\n";
    for (size_t i = run_.actions.size(); i-- > 0;) DrawAction(run_.actions[i]);
    for (size_t i = run_.actions.size(); i-- > 0;) DrawInputs(run_.actions[i]);
    out_ += "}\n";
    return std::move(out_);
  }

 private:
  struct Look {
    const char* style = "dashed";
    const char* color = "red";
    const char* font = "black";
    bool shown = true;
  };

  Look LookOf(const Action& action) const {
    Look look;
    if (action.pseudo) look.font = "orange";
    if (action.listed) {
      look.style = "bold";
      look.color = "green";
    } else if (action.resource.valid() && !run_.at(action.resource).managed) {
      look.font = "purple";
      look.shown = all_;
    } else if (action.optional) {
      look.color = "blue";
      look.shown = all_;
    }
    return look;
  }

  void AppendName(ActionId id) {
    out_ += '"';
    out_ += DotName(run_, id, with_ids_);
    out_ += '"';
  }

  void DrawAction(const Action& action) {
    const Look look = LookOf(action);
    if (!look.shown) return;
    written_[action.id.index()] = true;
    AppendName(action.id);
    out_ += " [ style=";
    out_ += look.style;
    out_ += " color=\"";
    out_ += look.color;
    out_ += "\" fontcolor=\"";
    out_ += look.font;
    out_ += "\"]\n";
  }

  void DrawInputs(const Action& action) {
    for (RelationId r = action.before_head; r.valid(); r = run_.at(r).next_before) {
      const Relation& relation = run_.at(r);
      const bool both = written_[relation.first.index()] && written_[action.id.index()];
      if (!relation.accepted) {
        if (relation.kinds_before == 0) continue;
        if (!all_ && (!both || relation.kinds_before == kind::kTargetNode)) continue;
      }
      AppendName(relation.first);
      out_ += " -> ";
      AppendName(action.id);
      out_ += relation.accepted ? " [ style = bold]\n" : " [ style = dashed]\n";
    }
  }

  const Run& run_;
  const bool all_;
  const bool with_ids_;
  std::vector<bool> written_;
  std::string out_;
};

}  // namespace

std::string DotText(Run& run, const Transition&, bool all_actions, bool with_ids) {
  return Drawing(run, all_actions, with_ids).Draw();
}

}  // namespace picket::solver
