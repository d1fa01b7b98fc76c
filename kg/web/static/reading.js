// The reading view: lists beside the text where there is room, and what can be done with words
// that are selected.
"use strict";

const wide = matchMedia("(min-width: 75em)");
function unfold() {
  for (const list of document.querySelectorAll(".committed")) list.open = wide.matches;
  document.querySelector(".contents details").open = wide.matches;
}
wide.addEventListener("change", unfold);
unfold();

// Words that are selected in a sentence are quoted, and corrected, by its place.
const bar = document.getElementById("selected");
const open = bar.querySelector("a");
const copy = bar.querySelector("button");
copy.addEventListener("click", async () => {
  const answer = await fetch(open.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await navigator.clipboard.writeText(page.querySelector(".cite pre").textContent);
  copy.nextElementSibling.textContent = copy.dataset.done;
});
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  const words = selection.toString().trim();
  const at = words && selection.anchorNode;
  const within = at && (at.nodeType === Node.TEXT_NODE ? at.parentElement : at);
  const sentence = within && within.closest(".text [id^=c]");
  bar.hidden = !sentence;
  if (!sentence) return;
  copy.nextElementSibling.textContent = "";
  const place = sentence.id.replace(/[^0-9-]/g, "");
  const address = new URL(bar.dataset.quote.replace("0-1", place), location.href);
  if (words.length < 200) address.searchParams.set("words", words);
  open.href = address;
});
