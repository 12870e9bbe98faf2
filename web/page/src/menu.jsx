// A button that opens a list of things to do. Arrow keys move, Escape closes, the button has the focus again.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export function Menu({ label, title, className, children, items }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const button = useRef(null);
  useEffect(() => {
    if (!open) return;
    root.current.querySelector("[role=menuitem]")?.focus();
    const outside = (event) => root.current?.contains(event.target) || setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event) => {
    if (!open) return;
    const all = [...root.current.querySelectorAll("[role=menuitem]")];
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") all[(at - 1 + all.length) % all.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span class="menu" ref={root} onKeyDown={onKeyDown}>
      <button type="button" class={className} ref={button} aria-haspopup="menu" aria-expanded={open} title={title}
        onClick={() => setOpen(!open)}>{children}</button>
      {open && (
        <div class="menu-list" role="menu" aria-label={label}>
          <p class="menu-title">{label}</p>
          {items().map((item) => item.form ? <ItemForm key={item.text} {...item} done={close} /> : (
            <button key={item.text} type="button" role="menuitem" class={item.danger ? "danger" : ""}
              onClick={() => { close(); item.act(); }}>{item.text}</button>
          ))}
        </div>
      )}
    </span>
  );
}

function ItemForm({ text, form, value, act, done }) {
  const [word, setWord] = useState(value);
  return (
    <form onSubmit={(event) => { event.preventDefault(); done(); act(word); }}>
      <label>{text} <input value={word} size={form} onInput={(event) => setWord(event.target.value)} /></label>
      <button type="submit" role="menuitem">do it</button>
    </form>
  );
}
