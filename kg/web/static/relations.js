// Draws the relation graph at the places the server laid out; physics stay off, so that it is there at once.
"use strict";

const holder = document.getElementById("network");
const panel = document.getElementById("panel");
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const ink = getComputedStyle(document.body).getPropertyValue("--ink").trim();
const paper = getComputedStyle(document.body).getPropertyValue("--paper").trim();
const crowded = 150; // edges: beyond it, their labels show on hover only
const sizes = { Plan: 100, Goal: 80, Section: 56 }; // of names in the crowded picture: the outline is read first, the rest on zooming in

function show(node) {
  panel.hidden = false;
  const [kind, ...name] = node.title.split(":");
  panel.querySelector("h2").textContent = name.join(":");
  panel.querySelector(".kind").textContent = kind;
  panel.querySelector(".open").href = node.page;
  const around = panel.querySelector(".around");
  around.href = holder.dataset.around + encodeURIComponent(node.id);
  around.hidden = !node.around;
}

async function draw() {
  const answer = await fetch(holder.dataset.source);
  const { nodes, edges } = await answer.json();
  const many = edges.length > crowded;
  const data = {
    nodes: new vis.DataSet(nodes.map((n) => ({ ...n, size: many ? n.size * 2.4 : n.size, color: n.color === "#000000" && dark ? ink : n.color, font: { color: ink, size: (many && n.outline && sizes[n.kind]) || 14, strokeWidth: 3, strokeColor: paper } }))),
    edges: new vis.DataSet(edges.map((e, i) => ({
      ...e, id: `e${i}`, label: many ? undefined : e.label, title: e.title ? `${e.label}(${e.title})` : e.label,
      font: { color: ink, size: 11, strokeWidth: 3, strokeColor: paper, align: "middle" },
      color: { color: dark ? "#6b6760" : "#c3bfb6", highlight: "#d55e00" }, width: many ? 0.6 : 1.2, arrows: { to: { enabled: true, scaleFactor: 0.4 } },
    }))),
  };
  const network = new vis.Network(holder, data, {
    physics: false,
    interaction: { hover: true, tooltipDelay: 120, keyboard: { enabled: true, bindToWindow: false }, hideEdgesOnDrag: many },
    edges: { smooth: false },
    nodes: { scaling: { label: { drawThreshold: many ? 6 : 1 } } },
  });
  network.fit();
  network.on("selectNode", ({ nodes: [id] }) => show(data.nodes.get(id)));
  network.on("doubleClick", ({ nodes: [id] }) => { if (id) location.href = data.nodes.get(id).page; });
  // vis focuses its frame at the first click, and the browser would scroll to it: take the focus before, without scrolling
  holder.addEventListener("pointerover", () => holder.querySelector(".vis-network").focus({ preventScroll: true }), { once: true });
  holder.dataset.ready = "true";
  holder.network = network;
}

draw();
