// Why a resource is where it is: what counts on each node, stacked; what decided; what would change it.
import { h, Fragment } from "preact";

const kInfinity = 1000000;

function amountOf(text) {
  if (!text) return 0;
  if (/-INF/.test(text)) return -kInfinity;
  if (/INF/.test(text)) return kInfinity;
  return Number(text.replace(/[^\d.-]/g, "")) || 0;
}

export function Place({ place, goTo }) {
  const found = /^(.*):(\d+):\d+$/.exec(place ?? "");
  if (!found) return place ? <code class="dim">{place}</code> : null;
  return <button type="button" class="place" onClick={() => goTo(Number(found[2]), found[1])}>{found[1].split("/").at(-1)}:{found[2]}</button>;
}

function Reasons({ list, goTo }) {
  return (
    <ul class="why">
      {list.map((reason, i) => (
        <li key={i}>
          {reason.amount && <b class={reason.amount.startsWith("-") ? "minus" : "plus"}>{reason.amount.replace("INFINITY", "∞")}</b>} {reason.text} <Place place={reason.place} goTo={goTo} />
          {reason.because?.length > 0 && <details class="because"><summary>because</summary><Reasons list={reason.because} goTo={goTo} /></details>}
        </li>
      ))}
    </ul>
  );
}

// Contributions side by side: what speaks for a node to the right, what speaks against it to the left.
function Stack({ node, most }) {
  const parts = node.reasons.map((reason) => ({ amount: amountOf(reason.amount), text: reason.text })).filter((part) => part.amount !== 0);
  const size = (amount) => Math.abs(amount) >= kInfinity ? 40 : Math.max((Math.abs(amount) / most) * 40, 2);
  let left = 50, right = 50;
  return (
    <svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <line x1="50" x2="50" y1="0" y2="8" />
      {parts.map((part, i) => {
        const wide = size(part.amount);
        const at = part.amount > 0 ? right : left - wide;
        if (part.amount > 0) right += wide; else left -= wide;
        return <rect key={i} class={part.amount > 0 ? "plus" : "minus"} x={Math.max(at, 0)} y="1" width={Math.min(wide, 50)} height="6"><title>{part.text}</title></rect>;
      })}
    </svg>
  );
}

export function Why({ answer, goTo }) {
  if (!answer) return <p class="dim">Choose a resource, or click one in the cluster.</p>;
  if (answer.error) return <pre class="bad">{answer.error}</pre>;
  const finite = answer.parts.flatMap((part) => part.nodes.flatMap((node) => node.reasons.map((reason) => Math.abs(amountOf(reason.amount))))).filter((amount) => amount < kInfinity);
  const most = Math.max(1, ...finite);
  return (
    <div class="why-answer">
      {answer.circumstances.length > 0 && <Reasons list={answer.circumstances} goTo={goTo} />}
      {!answer.runs && answer.first_cause && <Fragment><h4>It does not run. First cause</h4><Reasons list={[answer.first_cause]} goTo={goTo} /></Fragment>}
      {answer.remedy && (
        <Fragment>
          <h4>What would change it</h4>
          {answer.remedy.changes.length ? <Reasons list={answer.remedy.changes} goTo={goTo} /> : <p class="dim">None of {answer.remedy.tried} changes that were tried.</p>}
          {answer.remedy.alternatives.length > 0 && <Fragment><p class="dim">each of these alone would do as well:</p><Reasons list={answer.remedy.alternatives} goTo={goTo} /></Fragment>}
        </Fragment>
      )}
      {answer.parts.slice(0, 12).map((part, number) => (
        <Fragment key={part.resource}>
          <h4>{part.resource} {part.outcome}</h4>
          {part.decisions.length > 0 && <Reasons list={part.decisions} goTo={goTo} />}
          <table class="scores"><thead><tr><th scope="col">node</th><th scope="col">score</th><th scope="col">against | for</th></tr></thead>
            {part.nodes.map((node) => (
              <tbody key={node.node}>
                <tr class={node.chosen && part.runs ? "is-chosen" : node.possible ? "" : "impossible"}>
                  <th scope="row">{node.node}</th><td>{(node.score ?? "–").replace("INFINITY", "∞")}</td><td><Stack node={node} most={most} /></td>
                </tr>
                {node.reasons.length > 0 && (
                  <tr><td colSpan="3"><details open={number === 0 && part.nodes.length <= 4}><summary>{node.chosen && part.runs ? `why on ${node.node}` : `why not on ${node.node}`}</summary><Reasons list={node.reasons} goTo={goTo} /></details></td></tr>
                )}
              </tbody>
            ))}
          </table>
        </Fragment>
      ))}
      {answer.parts.length > 12 && <p class="dim">{answer.parts.length - 12} more instances are not shown.</p>}
    </div>
  );
}
