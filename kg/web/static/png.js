// Offers a drawing as PNG: drawn by the browser from its SVG, at least so many pixels across.
"use strict";

const across = 2400;

for (const link of document.querySelectorAll("a.as-png")) link.hidden = false;
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.as-png");
  if (!link) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  const image = Object.assign(new Image(), { src: link.href });
  await image.decode();
  const times = Math.max(across / image.width, 1);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * times, image.height * times];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  const href = URL.createObjectURL(picture);
  const download = `${link.dataset.name}.png`;
  Object.assign(document.createElement("a"), { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
  link.removeAttribute("aria-busy");
});
