// A picture in a frame of another page: a click opens the page of what was clicked. A narrow frame
// has the list instead, as much of it as there is room for.
"use strict";

const wide = matchMedia("(min-width: 60em)");

async function draw() {
  const holder = document.getElementById("network");
  const network = await pictured.draw(holder, `${holder.dataset.source}${location.search}`);
  network?.on("click", ({ nodes: [node] }) => {
    const leads = node && pictured.nodes.get(node).page;
    if (leads) open(leads, "_blank", "noopener");
  });
}

/** Leaves out what would have to be scrolled to, neighbours first, and says where it is. */
function fit() {
  const listed = [".entries > li", ".entries dd"]
    .flatMap((of) => [...document.querySelectorAll(of)]);
  const show = (count) => {
    listed.forEach((one, i) => { one.hidden = i >= count; });
    document.getElementById("rest").hidden = count === listed.length;
    return document.documentElement.scrollHeight <= innerHeight;
  };
  let most = listed.length;
  let fits = wide.matches ? most : 0;
  while (fits < most) {
    const half = Math.ceil((fits + most) / 2);
    if (show(half)) fits = half;
    else most = half - 1;
  }
  show(fits);
}

if (wide.matches) draw();
else wide.addEventListener("change", draw, { once: true });
addEventListener("resize", fit);
fit();
