// Tells how far a publication has come, until it has ended.
"use strict";


for (const shown of document.querySelectorAll("[data-progress]")) {
  const look = async () => {
    if (!shown.querySelector("[data-under-way]")) {
      for (const button of shown.parentElement.querySelectorAll("button")) {
        button.disabled = false;
      }
      return;
    }
    const answer = await fetch(shown.dataset.progress).catch(() => null);
    if (answer?.ok) shown.innerHTML = await answer.text();
    setTimeout(look, 1000); // milliseconds
  };
  look();
}
