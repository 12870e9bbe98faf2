// The policy's text, which can be read, searched and changed: CodeMirror. It stands in a shadow root, where its styles are
// sheets and no markup, so the page's security policy allows no styles but its own.
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { tags } from "@lezer/highlight";
import { completionsAt } from "./completion.js";

const kMono = 'ui-monospace, "DejaVu Sans Mono", monospace';
const ours = Annotation.define();  // a change that the page has made, and nobody typed
const setMark = StateEffect.define();

// The line that a reason points at.
const mark = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    marks = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMark)) marks = effect.value === null ? Decoration.none : Decoration.set([Decoration.line({ class: "cm-marked" }).range(effect.value)]);
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--bg)", maxHeight: "32rem", borderRadius: "8px", border: "1px solid var(--line)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { font: "12.5px/1.45 " + kMono, overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--dim)", backgroundColor: "var(--bg)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--card)" },
  ".cm-marked, &.cm-focused .cm-marked": { backgroundColor: "var(--warn-bg)", boxShadow: "inset 4px 0 0 var(--warn)" },
  ".cm-panels, .cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--card)", borderColor: "var(--line)" },
  ".cm-panel input, .cm-panel button, .cm-textfield, .cm-button": { color: "var(--ink)", background: "var(--card)", border: "1px solid var(--line)", borderRadius: "6px" },
  ".cm-panel label": { color: "var(--dim)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-bg)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { outline: "2px solid var(--accent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--good-bg)", outline: "1px solid var(--good)" },
  ".cm-tooltip-autocomplete ul li": { color: "var(--ink)", fontFamily: kMono },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--card)", backgroundColor: "var(--accent)" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", opacity: ".8" },
  ".cm-completionInfo": { maxWidth: "24rem" },
  ".cm-diagnostic": { color: "var(--ink)" },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--dim)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--good)" },
  { tag: tags.number, color: "var(--warn)" },
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
]);

function languageOf(words) {
  const keywords = new Set([...words.statements, ...words.words]);
  return StreamLanguage.define({
    startState: () => ({ quote: "" }),
    token(stream, state) {
      if (state.quote) {
        while (!stream.eol()) {
          if (stream.match(state.quote)) {
            state.quote = "";
            break;
          }
          if (stream.next() === "\\") stream.next();
        }
        return "string";
      }
      if (stream.eatSpace()) return null;
      if (stream.match(/^#.*/)) return "comment";
      const quote = stream.match(/^("""|'''|"|')/);
      if (quote) {
        state.quote = quote[0];
        // Only the long ones go over several lines.
        if (quote[0].length === 1 && stream.match(quote[0] === '"' ? /^(?:\\.|[^"\\])*"?/ : /^(?:\\.|[^'\\])*'?/)) state.quote = "";
        return "string";
      }
      if (stream.match(/^\d[\w.]*/)) return "number";
      const word = stream.match(/^[A-Za-z_][\w-]*/);
      if (word) return keywords.has(word[0]) ? "keyword" : null;
      stream.next();
      return null;
    },
    languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["{", "("] } },
  });
}

// Where a column, counted in characters, is in the text.
function placeOf(doc, line, column) {
  if (!(line >= 1)) return 0;
  const { from, text } = doc.line(Math.min(line, doc.lines));
  return from + [...text].slice(0, Math.max(0, column - 1)).join("").length;
}

function diagnosticsFor(doc, list, path) {
  return list.filter((one) => one.line && (one.file === undefined || one.file === path)).slice(0, 200).map((one) => {
    let from = placeOf(doc, one.line, one.column);
    let to = Math.max(from, placeOf(doc, one.end_line ?? one.line, one.end_column ?? one.column));
    // A place between two characters, or behind the last one, still has to be seen.
    if (from === to) to < doc.length ? to++ : from = Math.max(0, from - 1);
    return { from, to, severity: one.severity === "error" ? "error" : "warning",
      message: [one.message, ...(one.help ?? []).map((help) => "help: " + help)].join("\n") };
  });
}

// `edit` is told what somebody has typed; `line` is {number} to go to and to mark; `names` is what a completion may know.
export function Editor({ text, edit, path, diagnostics, line, words, names, ask }) {
  const host = useRef(null);
  const view = useRef(null);
  const latest = useRef({});
  latest.current = { edit, names, ask, words };

  useEffect(() => {
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const place = document.createElement("div");
    root.append(place);
    view.current = new EditorView({
      root,
      parent: place,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), history(), bracketMatching(), search({ top: true }),
          highlightSelectionMatches(), languageOf(words), syntaxHighlighting(colours), indentUnit.of("  "), EditorState.tabSize.of(2), mark, look,
          autocompletion({ icons: false, override: [(context) => completionsAt(context, latest.current)] }),
          keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ "aria-label": "the policy", spellcheck: "false" }),
          // The browser, where it types over a selection itself, keeps the look of what was there by styles in the markup.
          EditorView.domEventHandlers({ beforeinput(event, editor) {
            if (event.inputType !== "insertText" || event.data === null || editor.state.selection.main.empty) return false;
            event.preventDefault();
            editor.dispatch(editor.state.update(editor.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true }));
            return true;
          } }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((one) => one.annotation(ours))) latest.current.edit(update.state.doc.toString());
          }),
        ],
      }),
    });
    return () => {
      view.current.destroy();
      place.remove();
    };
  }, [words]);

  useEffect(() => {
    const { state } = view.current;
    if (state.doc.toString() === text) return;
    view.current.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, annotations: ours.of(true) });
  }, [text, words]);

  useEffect(() => {
    view.current.dispatch(setDiagnostics(view.current.state, diagnosticsFor(view.current.state.doc, diagnostics ?? [], path)));
  }, [diagnostics, words]);

  useEffect(() => {
    if (!line) return;
    const { doc } = view.current.state;
    const { from } = doc.line(Math.max(1, Math.min(line.number, doc.lines)));
    view.current.dispatch({ selection: { anchor: from }, effects: [setMark.of(from), EditorView.scrollIntoView(from, { y: "center" })] });
    if (line.focus) view.current.focus();
  }, [line]);

  return <div class="editor" ref={host} />;
}
