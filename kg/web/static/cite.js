// Buttons that copy the citation after them.
"use strict";

for (const button of document.querySelectorAll(".cite .copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const citation = button.closest("p").parentElement.querySelector("pre");
    await navigator.clipboard.writeText(citation.textContent);
    button.nextElementSibling.textContent = button.dataset.done;
  });
}
