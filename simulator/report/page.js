"use strict";
(() => {
  // Light or dark: what the system asks for, until the reader says otherwise.
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(dark()));
  };
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    label();
  });
  label();

  // One history at a time. Without this script all of them are shown.
  const select = document.getElementById("history");
  const histories = [...document.querySelectorAll(".history")];
  if (select) {
    const show = () => histories.forEach((figure, i) => { figure.hidden = String(i) !== select.value; });
    select.addEventListener("change", show);
    show();
  }

  // What a score is made of. Templates hold finished markup; nothing is made of texts here.
  const dialog = document.getElementById("why");
  const title = document.getElementById("why-title");
  const body = document.getElementById("why-body");
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-why]");
    if (asked) {
      const copy = document.getElementById(asked.dataset.why).content.cloneNode(true);
      title.textContent = copy.querySelector("h2").textContent;
      body.replaceChildren(...copy.querySelector("div").childNodes);
      if (!body.childNodes.length) body.textContent = "Nothing had to be decided.";
      dialog.showModal();
    } else if (event.target === dialog) {
      dialog.close();
    }
  });
})();
