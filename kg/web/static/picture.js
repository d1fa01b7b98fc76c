// A picture of a relation graph: boxes and lines where the server has placed them, drawn at a size
// at which names can be read, as high as the picture is.
"use strict";

const pictured = (() => {
  const style = getComputedStyle(document.body);
  const known = {}; // colours, each asked for once
  const css = (name) => (known[name] ??= style.getPropertyValue(name).trim());
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const edge = 14; // pixels around the picture
  // the height of what parts the lines of a name
  const SPACED = { multi: "html", mono: { size: 17, vadjust: 0 } };
  // how much a picture shrinks to be seen whole, and grows where there is room; in the frame of
  // another page, whose height is given to it, it does not grow
  const [least, largest] = [0.8, document.body.matches(".embedded") ? 1 : 1.25];
  // how high for its width a picture can be on the first page across, and on those after it
  const [FIRST, LATER] = [0.48, 0.64];
  const size = { width: 1, height: 1 };
  let nodes;
  let edges;
  let holder;
  let network;
  let drags = false;
  let zooms = false;

  // The colours of types are those of the page, light or dark; groups have colours of their own.
  function drawnNode(node, grouped) {
    const border = grouped ? node.color.border : css(`--${node.kind}`);
    const background = node.state ? css(`--state-${node.state}`) || css("--paper") : css("--paper");
    const chosen = { border: css("--ink"), background: css("--raised") };
    return {
      ...node,
      borderWidth: node.opened ? 3 : 1.5,
      borderWidthSelected: 3,
      color: { border, background, highlight: chosen, hover: chosen },
      label: spaced(node.label),
      // with a largest width as well, vis-network would break the lines that are broken already
      widthConstraint: { minimum: node.widthConstraint.minimum },
      font: { ...node.font, color: css("--ink"), face: css("--sans") || "sans-serif", ...SPACED },
    };
  }

  // A line of a name is as high as its letters; what nobody sees, but is higher, parts the lines,
  // and a tag from its name: vis-network shows entities as they are written.
  function spaced(label) {
    return label.replaceAll("<", "<\u200b").replaceAll(/$/gm, "<code>\u200b</code>");
  }

  // A line is as many edges as it has stretches between the places that it runs through.
  function drawnEdges(edge) {
    const { from, to, property, kind, label, title, weight, way } = edge;
    const words = title ? `${label} · ${title}` : label;
    const line = css(`--${kind || "line"}`);
    const look = {
      ...edge,
      ends: { from, to },
      label: undefined,
      title: weight > 1 ? `${words} × ${weight}` : words,
      color: { color: line, highlight: css("--brand"), hover: css("--brand") },
      hoverWidth: 1,
      selectionWidth: 1,
    };
    const id = `${from} ${to} ${property}`;
    const stops = way.map(([x, y], at) => ({ id: `${id} ${at}`, x, y, shape: "dot", size: 0 }));
    const names = [from, ...stops.map((stop) => stop.id), to];
    const stretches = names.slice(1).map((name, at) =>
      ({ ...look, id: `${names[at]} ${name} ${property}`, from: names[at], to: name }));
    return { stops, stretches };
  }

  function scale() {
    const fits = (holder.parentElement.clientWidth - 2 * edge) / size.width;
    return fits < least ? 1 : Math.min(fits, largest);
  }

  // Every setting of options draws all anew.
  function moving(dragView, zoomView) {
    if (dragView === drags && zoomView === zooms) return;
    [drags, zooms] = [dragView, zoomView];
    network.setOptions({ interaction: { dragView, zoomView } });
  }

  function makeRoom(by) {
    const room = holder.parentElement.clientWidth;
    holder.style.width = `${Math.max(size.width * by + 2 * edge, room)}px`;
    holder.style.height = `${Math.max(size.height * by, 60) + 2 * edge}px`;
  }

  /** Moves what is told of a box into the part of the picture that is to be seen. */
  function keepInSight() {
    const told = holder.querySelector(".vis-tooltip");
    if (!told) return;
    const side = holder.parentElement.getBoundingClientRect().right - edge;
    const over = told.getBoundingClientRect().right - side;
    if (over > 0) told.style.left = `${parseFloat(told.style.left) - over}px`;
  }

  /** Shows the whole picture again, as large as there is room for, or several times as large. */
  function settle(times = 1) {
    const by = scale() * times;
    makeRoom(by);
    network.setSize("100%", "100%");
    network.moveTo({ position: { x: size.width / 2, y: size.height / 2 }, scale: by });
    moving(false, false);
    keepInSight();
  }

  // Paper gets the picture as images, each as high as a page across has room for: a canvas is laid
  // out anew there, and printed before it is drawn again. It ends where the fewest boxes are cut,
  // on the lowest sixth of a page, and these stand whole on the next.
  function still() {
    settle(2); // as sharp as paper wants it
    network.redraw();
    const canvas = holder.querySelector("canvas");
    const { width, height } = canvas;
    const by = width / holder.clientWidth;
    const at = (x, y) => Object.values(network.canvasToDOM({ x, y })).map((value) => value * by);
    const rim = 2; // of a box, around its sides
    const boxes = nodes.get().filter(({ kind }) => kind)
      .map(({ id }) => network.getBoundingBox(id))
      .map(({ left, top, right, bottom }) =>
        [...at(left - rim, top - rim), ...at(right + rim, bottom + rim)]);
    const cutBy = (y) =>
      boxes.filter(([, above, , below]) => above < y && y < below && y > 0 && y < height);
    const images = document.createElement("div");
    images.className = dark ? "still dark" : "still";
    for (let top = 0, end = 0; end < height;) {
      const room = Math.floor(width * (top ? LATER : FIRST));
      const ends = Array.from({ length: 40 }, (_, n) => top + room - Math.floor((n * room) / 240));
      const fewest = Math.min(...ends.map((row) => cutBy(row).length));
      end = top + room < height ? ends.find((row) => cutBy(row).length === fewest) : height;
      const part = Object.assign(document.createElement("canvas"), { width, height: end - top });
      const drawing = part.getContext("2d");
      drawing.drawImage(canvas, 0, -top);
      for (const [left, above, right, below] of [...cutBy(top), ...cutBy(end)])
        drawing.clearRect(left, above - top, right - left, below - above);
      const image = { alt: "", decoding: "sync", src: part.toDataURL() };
      images.append(Object.assign(new Image(), image));
      top = Math.floor(Math.min(end, ...cutBy(end).map(([, above]) => above - 2 * edge)));
    }
    holder.parentElement.querySelector(".still")?.remove();
    holder.after(images);
    settle();
  }

  return {
    get nodes() { return nodes; },
    get edges() { return edges; },
    /** Draws into an element what the server tells of an address; null where it tells nothing. */
    async draw(into, address) {
      const answer = await fetch(address);
      if (!answer.ok) return null;
      const drawn = await answer.json();
      Object.assign(size, { width: drawn.width, height: drawn.height });
      holder = into;
      const grouped = new URL(address, location.href).searchParams.get("colour") === "group";
      const lines = drawn.edges.map(drawnEdges);
      const boxes = drawn.nodes.map((node) => drawnNode(node, grouped));
      nodes = new vis.DataSet([...boxes, ...lines.flatMap(({ stops }) => stops)]);
      edges = new vis.DataSet(lines.flatMap(({ stretches }) => stretches));
      makeRoom(scale());
      if (network) network.setData({ nodes, edges });
      else {
        holder.querySelector("noscript")?.remove();
        network = new vis.Network(holder, { nodes, edges }, {
          physics: false,
          autoResize: false,
          interaction: {
            hover: true,
            hoverConnectedEdges: true,
            tooltipDelay: 120,
            dragNodes: false,
            dragView: false,
            zoomView: false,
            keyboard: { enabled: false },
          },
          edges: { smooth: { type: "cubicBezier", forceDirection: "horizontal", roundness: 0.95 } },
        });
        network.on("showPopup", keepInSight);
        holder.addEventListener("mousemove", keepInSight); // which it follows
        // the frame around it is where the keyboard stops
        holder.querySelector("[tabindex]").removeAttribute("tabindex");
        addEventListener("resize", () => settle());
        addEventListener("beforeprint", still);
        holder.network = network;
      }
      settle();
      holder.dataset.ready = "true";
      return network;
    },
    settle,
    /** Larger or smaller by a factor; what no longer fits is reached by dragging. */
    zoom(by) {
      network.moveTo({ scale: network.getScale() * by });
      moving(true, zooms);
    },
    /** Whether the wheel zooms the picture, and dragging moves it. */
    wheel(asked) {
      moving(asked, asked);
    },
    /** Scrolls the picture sideways until a box is to be seen. */
    reveal(id) {
      if (!nodes.get(id)) return;
      const frame = holder.parentElement;
      const { x } = network.canvasToDOM(network.getPosition(id));
      const half = (nodes.get(id).widthConstraint.minimum / 2) * network.getScale();
      const [left, right] = [x - half - edge, x + half + edge - frame.clientWidth];
      frame.scrollLeft = Math.max(right, Math.min(left, frame.scrollLeft));
    },
    /** Puts a box in the middle of the picture, and the picture in the middle of the window. */
    centre(id) {
      network.selectNodes([id]);
      network.moveTo({ position: network.getPosition(id), scale: network.getScale() });
      holder.scrollIntoView({ block: "center", inline: "center" });
      const frame = holder.parentElement;
      frame.scrollLeft = (holder.offsetWidth - frame.clientWidth) / 2;
      moving(true, zooms);
    },
    dark,
  };
})();
