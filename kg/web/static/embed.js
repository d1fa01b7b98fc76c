// A picture in a frame of another page: a click opens the page of what was clicked.
"use strict";

(async () => {
  const holder = document.getElementById("network");
  const network = await pictured.draw(holder, `${holder.dataset.source}${location.search}`);
  network?.on("click", ({ nodes: [node] }) => {
    const leads = node && pictured.nodes.get(node).page;
    if (leads) open(leads, "_blank", "noopener");
  });
})();
