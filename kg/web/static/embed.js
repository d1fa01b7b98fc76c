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
  const [boxes, near] = [".entries > li", ".entries dd"].map((of) => document.querySelectorAll(of));
  const listed = [...boxes, ...near];
  const rest = document.getElementById("rest");
  for (const one of listed) one.hidden = false;
  rest.hidden = true;
  while (!wide.matches && document.documentElement.scrollHeight > innerHeight && listed.length) {
    listed.pop().hidden = true;
    rest.hidden = false;
  }
}

if (wide.matches) draw();
else wide.addEventListener("change", draw, { once: true });
addEventListener("resize", fit);
fit();
