// The relation graph: draws what the server has laid out, and keeps what is shown in the page's
// address.
"use strict";

const form = document.getElementById("view");
const holder = document.getElementById("network");
const panel = document.getElementById("panel");
const seek = document.getElementById("seek");
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const ink = css("--ink");
const paper = css("--paper");
const crowded = 150; // edges: beyond it, their labels show on hover only
const huge = 150; // entities: beyond it, their names show on zooming in only
// of names among very many entities: the outline is read first
const sizes = { Plan: 100, Goal: 80, Section: 56 };
const patience = 280; // milliseconds within which a second click makes a double click
const nodes = new vis.DataSet();
const edges = new vis.DataSet();
let network;

function query() {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  return new URLSearchParams(
    chosen.filter(
      ([key, value]) =>
        !(key === "view" && value === "outline" && !chosen.some(([k]) => k === "node")) &&
        !(value === "type" && (key === "colour" || key === "size")),
    ),
  );
}

function drawnNode(node, many) {
  const size = many ? node.size * 2.4 : node.size;
  const letters = (many && node.outline && sizes[node.kind]) || 14;
  return {
    ...node,
    size,
    color: node.color === "#000000" && dark ? ink : node.color,
    borderWidth: node.opened ? 3 : 1,
    font: { color: ink, size: letters, strokeWidth: 3, strokeColor: paper },
  };
}

function drawnEdge(edge, i, many) {
  return {
    ...edge,
    id: `${edge.from} ${edge.to} ${edge.link || edge.property} ${i}`,
    label: many ? undefined : edge.label,
    title: edge.title ? `${edge.label}(${edge.title})` : edge.label,
    font: { color: ink, size: 11, strokeWidth: 3, strokeColor: paper, align: "middle" },
    color: { color: dark ? "#6b6760" : "#c3bfb6", highlight: "#d55e00" },
    width: Math.min(edge.weight, 8) * (many ? 0.8 : 1.2),
    arrows: { to: { enabled: true, scaleFactor: 0.4 } },
  };
}

async function load() {
  const asked = query();
  const [picture, page] = await Promise.all([
    fetch(`${holder.dataset.source}?${asked}`),
    network ? fetch(`${form.action}?${asked}`) : null,
  ]);
  if (!picture.ok) return;
  const data = await picture.json();
  const many = data.nodes.length > huge;
  const seen = new Set(data.nodes.map((node) => node.id));
  nodes.remove(nodes.getIds().filter((id) => !seen.has(id)));
  nodes.update(data.nodes.map((node) => drawnNode(node, many)));
  edges.clear();
  edges.add(
    data.edges.map((edge, i) =>
      drawnEdge(edge, i, data.edges.length > crowded || data.edges.some((e) => e.weight > 1)),
    ),
  );
  if (page) {
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    for (const id of ["legend", "links", "exports", "opened"])
      document.getElementById(id).replaceWith(document.importNode(fresh.getElementById(id), true));
    history.replaceState(null, "", `${form.action}?${asked}`);
  }
}

async function showPanel(about) {
  const answer = await fetch(`${holder.dataset.panel}?${new URLSearchParams(about)}`);
  if (!answer.ok) return;
  const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
  panel.replaceChildren(
    ...[...fragment.body.childNodes].map((child) => document.importNode(child, true)),
  );
  panel.hidden = false;
}

async function open(id) {
  const known = [...form.elements].some(
    (field) =>
      field.name === "node" && field.value === id && (field.type === "hidden" || field.checked),
  );
  if (known) return;
  const chosen = document.createElement("input");
  Object.assign(chosen, { type: "hidden", name: "node", value: id });
  document.getElementById("opened").append(chosen);
  await load();
}

async function go(id) {
  if (!nodes.get(id)) await open(id);
  network.selectNodes([id]);
  network.focus(id, { scale: Math.max(network.getScale(), 0.9), animation: !still });
  await showPanel({ node: id });
}

async function draw() {
  await load();
  const many = nodes.length > huge;
  holder.querySelector("noscript")?.remove();
  network = new vis.Network(
    holder,
    { nodes, edges },
    {
      physics: false,
      interaction: {
        hover: true,
        tooltipDelay: 120,
        keyboard: { enabled: true, bindToWindow: false },
        hideEdgesOnDrag: many,
      },
      edges: { smooth: false },
      nodes: { scaling: { label: { drawThreshold: many ? 6 : 1 } } },
    },
  );
  network.fit();
  let opening = 0;
  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    clearTimeout(opening);
    if (node) {
      showPanel({ node });
      opening = setTimeout(() => open(node), patience);
    } else if (edge) {
      const { from, to } = edges.get(edge);
      showPanel({ from, to });
    }
  });
  network.on("doubleClick", ({ nodes: [node] }) => {
    clearTimeout(opening);
    if (node) location.href = nodes.get(node).page;
  });
  // vis focuses its frame at the first click, and the browser would scroll to it: take the focus
  // before, without scrolling
  holder.addEventListener(
    "pointerover",
    () => holder.querySelector(".vis-network").focus({ preventScroll: true }),
    { once: true },
  );
  holder.dataset.ready = "true";
  holder.network = network;
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", async ({ target }) => {
  if (target === seek) return;
  await load();
  if (target.name === "view") network.fit({ animation: !still });
});
seek.addEventListener("change", async () => {
  const wanted = seek.value.trim();
  if (!wanted) return;
  let iri = [...seek.list.options].find((option) => option.value === wanted)?.dataset.iri;
  if (!iri)
    iri = (await (await fetch(seek.dataset.suggest + encodeURIComponent(wanted))).json())[0]?.iri;
  if (iri) await go(iri);
});
document.addEventListener("click", (event) => {
  if (event.target.id !== "as-png") return;
  const picture = holder.querySelector("canvas");
  const sheet = Object.assign(document.createElement("canvas"), {
    width: picture.width,
    height: picture.height,
  });
  const pen = sheet.getContext("2d");
  pen.fillStyle = paper;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(picture, 0, 0);
  pen.fillStyle = "#555555";
  pen.font = `${Math.round(sheet.width / 90)}px sans-serif`;
  pen.fillText(event.target.dataset.imprint, 12, sheet.height - 12, sheet.width - 24);
  event.target.href = sheet.toDataURL("image/png");
});

draw();
