// Buttons that copy the citation after them.
"use strict";

for (const button of document.querySelectorAll(".cite .copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest("section").querySelector("pre").textContent);
    button.nextElementSibling.textContent = button.dataset.done;
  });
}
