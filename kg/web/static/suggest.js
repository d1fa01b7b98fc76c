// What every page has: the menu of a phone swept to where one is, and names suggested while one
// types: an input with data-suggest asks there, and offers the answers in its datalist.
"use strict";

const menu = document.querySelector("header nav");
const current = menu.querySelector("[aria-current]");
if (current && matchMedia("(max-width: 40em)").matches)
  menu.scrollLeft = current.offsetLeft - (menu.offsetWidth - current.offsetWidth) / 2;

const pause = 120; // milliseconds without a key before asking

function suggests(input) {
  let waiting = 0;
  let asked = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const chosen = [...input.list.options].some((option) => option.value === input.value);
    if (chosen || !input.value.trim() || !input.dataset.suggest) return;
    waiting = setTimeout(async () => {
      const turn = ++asked;
      const answer = await fetch(input.dataset.suggest + encodeURIComponent(input.value.trim()));
      if (!answer.ok || turn !== asked) return;
      input.list.replaceChildren(
        ...(await answer.json()).map(({ label, type, iri }) => {
          const option = document.createElement("option");
          option.value = label;
          option.label = type;
          option.dataset.iri = iri;
          return option;
        }),
      );
    }, pause);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggests);
