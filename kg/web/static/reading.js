// The reading view: lists beside the text where there is room, and what can be done with words
// that are selected.
"use strict";

const wide = matchMedia("(min-width: 75em)");
const contents = document.querySelector(".contents details");
const unfold = () => { contents.open = wide.matches; };
wide.addEventListener("change", unfold);

// What a section says is listed beside it when it comes into view, else below its line when asked.
async function list(link) {
  const place = link.parentElement;
  if (place.dataset.listed) return;
  place.dataset.listed = "true";
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.append(page.querySelector(".lists"));
}
const nearing = new IntersectionObserver((sections) => {
  for (const { target, isIntersecting } of sections) {
    if (isIntersecting && wide.matches) list(target.querySelector(".committed a"));
  }
}, { rootMargin: "50% 0px" });
// What stands beside the text comes once that is painted: it opens as fast as a page without a
// script.
new PerformanceObserver(() => {
  unfold();
  for (const { parentElement } of document.querySelectorAll(".run > .committed")) {
    nearing.observe(parentElement);
  }
}).observe({ type: "paint", buffered: true });
document.querySelector(".text").addEventListener("click", (event) => {
  const link = event.target.closest(".committed > a");
  if (!link) return;
  event.preventDefault();
  const lists = link.nextElementSibling;
  if (lists) lists.hidden = !lists.hidden;
  else list(link);
});

// A sentence that is clicked, or words selected in it, are quoted, and corrected, by its place; the
// passage that one was led to is, where none is.
const bar = document.getElementById("selected");
const open = bar.querySelector("a");
const copy = bar.querySelector("button");
copy.addEventListener("click", async () => {
  const answer = await fetch(open.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await navigator.clipboard.writeText(page.querySelector(".cite pre").textContent);
  copy.nextElementSibling.textContent = copy.dataset.done;
});
function offer() {
  const selection = document.getSelection();
  const words = selection.toString().trim();
  const at = selection.anchorNode;
  const selected = at?.nodeType === Node.TEXT_NODE ? at.parentElement : at;
  const led = document.getElementById(location.hash.slice(1));
  const [sentence] = [selected, led].map((one) => one?.closest(".text [id^=c]")).filter(Boolean);
  bar.hidden = !sentence;
  if (!sentence) return;
  copy.nextElementSibling.textContent = "";
  const place = sentence.id.replace(/[^0-9-]/g, "");
  const address = new URL(bar.dataset.quote.replace("0-1", place), location.href);
  if (words && words.length < 200) address.searchParams.set("words", words);
  open.href = address;
}
document.addEventListener("selectionchange", offer);
addEventListener("hashchange", offer);
if (location.hash) offer();
