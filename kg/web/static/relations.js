// The page of a relation graph: every change is an address, so that back and forward lead through
// what was seen, and a link leads to it.
"use strict";

const holder = document.getElementById("network");
const panel = document.getElementById("panel");
const page = new URL(location.href).pathname;
const patience = 260; // milliseconds within which a second click makes a double click
// what another picture changes of the page
const parts = ["h1", ".crumbs", "#view", "#legend", "#intro", "#list", "#links", "#exports",
  "#embedding"];

const form = () => document.getElementById("view");
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const asked = () =>
  new URLSearchParams([...new FormData(form())].filter(([, value]) => value));

// one change after the other: each begins with the form that the one before it has left
let pending = Promise.resolve();
function afterwards(work) {
  pending = pending.then(work, work);
  return pending;
}

/** The same control in the form as it is now. */
function again({ id, name, type, value }) {
  const box = type === "checkbox" || type === "radio";
  return id
    ? document.getElementById(id)
    : [...form().elements].find((one) => one.name === name && (!box || one.value === value));
}

/** What of the form had the focus, to have it again in the fresh form. */
function focused() {
  const had = document.activeElement;
  if (!form().contains(had)) return () => {};
  return () => again(had)?.focus({ preventScroll: true });
}

/** Shows the picture of a query; where a new place in the history is wanted, says so. */
async function show(query, push = true) {
  const address = query ? `${page}?${query}` : page;
  holder.setAttribute("aria-busy", "true");
  const [answer] = await Promise.all([
    fetch(address),
    pictured.draw(holder, `${holder.dataset.source}${query ? `?${query}` : ""}`),
  ]);
  holder.removeAttribute("aria-busy");
  if (!answer.ok) return;
  const fresh = parsed(await answer.text());
  const refocus = focused();
  document.title = fresh.title;
  for (const part of parts) {
    const [old, made] = [document, fresh].map((one) => one.querySelector(part));
    if (old && made) old.replaceWith(document.importNode(made, true));
  }
  refocus();
  prepare();
  if (push) history.pushState(null, "", address);
}

async function tell(about) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(about)) query.set(name, value);
  const answer = await fetch(`${holder.dataset.panel}?${query}`);
  if (!answer.ok) return;
  const close = panel.querySelector(".close");
  panel.replaceChildren(
    close,
    ...[...parsed(await answer.text()).body.childNodes].map((child) =>
      document.importNode(child, true),
    ),
  );
  panel.hidden = false;
  pictured.settle();
  for (const end of Object.values(about).reverse()) pictured.reveal(end);
}

/** Lands on an entity: in this picture, or in the one around it. */
async function go(id) {
  if (!pictured.nodes.get(id)) await show(new URLSearchParams({ node: id }).toString());
  await tell({ about: id });
  pictured.centre(id);
}

async function seek(field) {
  const wanted = field.value.trim();
  if (!wanted) return;
  let iri = [...field.list.options].find((option) => option.value === wanted)?.dataset.iri;
  if (!iri)
    iri = (await (await fetch(field.dataset.suggest + encodeURIComponent(wanted))).json())[0]?.iri;
  if (iri) await go(iri);
  const said = document.getElementById("sought-nothing");
  if (said) said.hidden = Boolean(iri);
}

/** Shows what only scripts can do. */
function prepare() {
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
}

async function start() {
  const network = await pictured.draw(holder, `${holder.dataset.source}${location.search}`);
  if (!network) return;
  let opening = 0;
  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    clearTimeout(opening);
    if (node) opening = setTimeout(() => tell({ about: node }), patience);
    else if (edge) tell(pictured.edges.get(edge).ends);
  });
  network.on("doubleClick", ({ nodes: [node] }) => {
    clearTimeout(opening);
    const leads = node && pictured.nodes.get(node).page;
    if (leads) location.href = leads;
  });
}

/** Shows what the form asks for, once a control has the value that was chosen. */
function changed(control) {
  const { value, checked } = control;
  return afterwards(() => {
    const now = control.isConnected ? control : again(control);
    if (now) Object.assign(now, { value, checked });
    const alone = control.id === "around" && value;
    return show((alone ? new URLSearchParams({ node: value }) : asked()).toString());
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "view") return;
  event.preventDefault();
  if (document.activeElement?.id === "seek") return; // its change is handled apart
  afterwards(() => show(asked().toString()));
});
document.addEventListener("change", ({ target }) => {
  if (target.id === "seek") afterwards(() => seek(target));
  else if (form().contains(target)) changed(target);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { about } = link.dataset;
  afterwards(async () => {
    await show(new URL(link.href).search.slice(1));
    if (about) await tell({ about });
  });
});
panel.querySelector(".close").addEventListener("click", () => {
  panel.hidden = true;
  pictured.settle();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) panel.querySelector(".close").click();
});
addEventListener("popstate", () => {
  panel.hidden = true;
  afterwards(() => show(location.search.slice(1), false));
});

document.getElementById("tools").addEventListener("click", ({ target }) => {
  const { zoom } = target.dataset;
  if (zoom === "all") {
    pictured.settle();
    document.getElementById("wheel").setAttribute("aria-pressed", "false");
  } else if (zoom) pictured.zoom(Number(zoom));
  if (target.id === "wheel") {
    const zooms = target.getAttribute("aria-pressed") !== "true";
    target.setAttribute("aria-pressed", String(zooms));
    pictured.wheel(zooms);
  }
});

// The picture is drawn when it comes near, or else once the page has long been there: a phone shows
// the list first.
const nearing = new IntersectionObserver((seen) => {
  if (seen.some(({ isIntersecting }) => isIntersecting)) drawn();
}, { rootMargin: "50% 0px" });
function drawn() {
  nearing.disconnect();
  clearTimeout(late);
  afterwards(start);
}
const late = setTimeout(drawn, 4000);
nearing.observe(holder);
prepare();
