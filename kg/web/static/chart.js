// Offers the picture of a chart as PNG: drawn from its SVG by the browser, three times as large.
"use strict";
for (const link of document.querySelectorAll("a.as-png")) {
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width * 1.6, image.height * 1.6];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((picture) => {
        const saved = document.createElement("a");
        saved.href = URL.createObjectURL(picture);
        saved.download = `${link.dataset.name}.png`;
        saved.click();
        setTimeout(() => URL.revokeObjectURL(saved.href), 1000);
      });
    });
    image.src = link.href;
  });
}
