// What may stand where the cursor is: statements, agents, an agent's parameters, names of the policy. What the words are
// the compiler says.

const kAgents = new Map();  // name -> a promise of what the engine knows of the agent

function agentOf(name, ask) {
  if (!kAgents.has(name)) kAgents.set(name, ask({ do: "agent", agent: name }));
  return kAgents.get(name);
}

// The text in front of the innermost brace that is open here, back to the end of what stood before; null outside of braces.
export function openedBy(text) {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === "}") depth++;
    else if (text[at] === "{" && depth-- === 0) {
      const begin = Math.max(text.lastIndexOf("\n", at), text.lastIndexOf("}", at - 1), text.lastIndexOf(";", at));
      return text.slice(begin + 1, at);
    }
  }
  return null;
}

const kHasAgent = /^\s*(?:primitive|fence|rsc_template)\s+(?:"[^"]*"|\S+)\s+/;

export async function completionsAt(context, { words, names, ask }) {
  const word = context.matchBefore(/[\w:.-]*/);
  const before = context.state.sliceDoc(0, context.pos);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (/^[^"']*#/.test(line) || (!context.explicit && word.from === word.to)) return null;
  const lead = line.slice(0, line.length - (context.pos - word.from));
  const option = (label, type, more = {}) => ({ label, type, ...more });
  const answer = (options) => ({ from: word.from, options, validFor: /^[\w:.-]*$/ });
  if (/^\s*(?:primitive|fence|rsc_template)\s+(?:"[^"]*"|\S+)\s+$/.test(lead)) {
    return answer(words.agents.map((one) => option(one.name, "class", { detail: one.text.slice(0, 60) })));
  }
  const opened = openedBy(before);
  if (opened === null && /^\s*$/.test(lead)) return answer(words.statements.map((one) => option(one, "keyword")));
  const options = [...names.map((one) => option(one, "variable")), ...words.words.map((one) => option(one, "keyword"))];
  const agent = opened?.match(kHasAgent) && opened.replace(kHasAgent, "").match(/^[\w:.-]+/)?.[0];
  if (agent && /(?:^|[;{\s])\s*$/.test(lead)) {
    const known = await agentOf(agent, ask);
    if (!known.error) {
      options.unshift(...known.parameters.map((one) => option(one.name, "property", {
        apply: one.name + "=", boost: one.required ? 20 : 10, detail: one.required ? "required" : one.default ? "default " + one.default.slice(0, 30) : "",
        info: [one.text, one.choices.length ? "one of: " + one.choices.join(", ") : ""].filter(Boolean).join("\n") || undefined,
      })));
    }
  }
  return answer(options);
}
