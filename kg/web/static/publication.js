// Tells how far a publication has come, until it has ended: then the page is what it was no more.
"use strict";


for (const shown of document.querySelectorAll("[data-progress]")) {
  let begun = false;
  const look = async () => {
    if (!shown.querySelector("[data-under-way]")) {
      if (begun) location.reload();
      return;
    }
    begun = true;
    const answer = await fetch(shown.dataset.progress).catch(() => null);
    if (answer?.ok) shown.innerHTML = await answer.text();
    setTimeout(look, 1000); // milliseconds
  };
  look();
}
