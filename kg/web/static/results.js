// Results of a query as a table, a chart or a graph; the libraries for the last two are loaded when
// they are first wanted.
"use strict";

const results = (() => {
  const place = document.getElementById("result");
  const { base, endpoint, root } = place.dataset;
  const numeric = /#(integer|decimal|double|float|int|long|nonNegativeInteger|gYear)$/;
  const most = 60; // bars of a chart, and a good deal fewer than a graph can show
  const mostNamed = 1000; // entities whose names are asked for
  const mostNodes = 40; // nodes of a graph: the names of more cannot be read
  const onPage = 100; // rows of a table at a time
  let first = 0; // the first row of the page that is shown
  let current = { head: { vars: [] }, results: { bindings: [] } };
  let view = "table";
  let labels = new Map();

  const element = (name, properties) => Object.assign(document.createElement(name), properties);
  const load = (address) => new Promise((done, fail) => {
    document.head.append(element("script", { src: address, onload: done, onerror: fail }));
  });
  const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const named = (iri) => labels.get(iri) ?? short(iri);
  const decoded = (iri) => iri.replace(/(?:%[0-9A-Fa-f]{2})+/g, (octets) => {
    try {
      return decodeURI(octets);
    } catch { // octets that are no UTF-8 stay as they are written
      return octets;
    }
  });
  const short = (iri) => decoded(iri).replace(/^.*#/, "").split("/").slice(-2).join("/");
  // our own entities have pages here, wherever their IRIs lead
  const here = (iri) => (iri.startsWith(`${base}/`) ? root + iri.slice(base.length) : iri);
  const say = (text) => {
    place.replaceChildren(element("p", { className: "quiet", textContent: text }));
  };

  const isNumber = ({ datatype }) => numeric.test(datatype ?? "");
  const allNumbers = (rows, v) =>
    rows.some((row) => row[v]) && rows.every((row) => !row[v] || isNumber(row[v]));
  const worded = ({ type, value }) => (type === "uri" ? named(value) : value);
  const cut = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

  function cell(term) {
    const td = document.createElement("td");
    if (!term) return td;
    if (term.type === "uri" && /^https?:/.test(term.value)) {
      const { value } = term;
      td.append(element("a", { href: here(value), textContent: named(value), title: value }));
    } else {
      td.textContent = term.value;
      td.lang = term["xml:lang"] ?? "";
    }
    return td;
  }

  /** A sentence with numbers put in for {0}, {1} … */
  const said = (name, ...values) => element("p", {
    className: "quiet",
    textContent: place.dataset[name].replace(/\{(\d)\}/g, (_, i) => values[i]),
  });

  function table() {
    if ("boolean" in current) {
      place.replaceChildren(place.dataset[current.boolean ? "yes" : "no"]);
      return;
    }
    const rows = current.results.bindings;
    const t = document.createElement("table");
    const top = t.createTHead().insertRow();
    const { vars } = current.head;
    const sides = new Map(vars.map((name) => [name, allNumbers(rows, name) ? "n" : ""]));
    top.append(...vars.map((name) =>
      element("th", { scope: "col", className: sides.get(name), textContent: name })));
    const body = t.createTBody();
    for (const row of rows.slice(first, first + onPage)) {
      const tr = body.insertRow();
      for (const name of vars)
        tr.append(Object.assign(cell(row[name]), { className: sides.get(name) }));
    }
    place.replaceChildren(...(rows.length ? [t] : [said("none")]), ...pages(rows.length));
  }

  /** Ways to the pages before and after, where one does not hold all rows. */
  function pages(total) {
    if (total <= onPage) return [];
    const turn = (name, to) => {
      const button = element("button", {
        type: "button", className: "aside", textContent: place.dataset[name],
        disabled: to < 0 || to >= total,
      });
      button.addEventListener("click", () => {
        first = to;
        table();
        place.scrollTop = 0;
        place.querySelector(`[data-turn=${name}]:enabled`)?.focus();
      });
      button.dataset.turn = name;
      return button;
    };
    const shown = said("page", first + 1, Math.min(first + onPage, total), total);
    const nav = element("div", { className: "actions" });
    nav.append(turn("before", first - onPage), turn("after", first + onPage), shown);
    return [nav];
  }

  async function chart() {
    const rows = current.results.bindings.slice(0, most);
    const number = current.head.vars.findLast((v) => allNumbers(rows, v));
    const others = current.head.vars.filter((v) => v !== number);
    const isText = (term) => term && term.type !== "uri";
    const texts = others.filter((v) => rows.some((row) => isText(row[v])));
    const telling = texts.length ? texts : others.slice(0, 1);
    if (!number || !telling.length) return say(place.dataset.noChart);
    // A column that says the same of every row, such as the only plan, tells no bar from another.
    const varied = telling.filter((v) => new Set(rows.map((row) => row[v]?.value)).size > 1);
    const names = varied.length ? varied : telling.slice(0, 1);
    const half = place.clientWidth / 26; // letters that names and bars share the width after
    const room = Math.floor(Math.min(32, half) / names.length); // letters of each name
    const barName = (row) =>
      names.map((v) => (row[v] ? cut(worded(row[v]), room) : "")).join(" · ");
    if (!globalThis.Chart) await load(place.dataset.chart);
    const canvas = element("canvas", { role: "img" });
    canvas.setAttribute("aria-label", `${names.join(", ")}, ${number}`);
    const frame = element("div", { className: "chart" });
    frame.append(canvas);
    const total = current.results.bindings.length;
    place.replaceChildren(...(total > most ? [said("chartCut", total, most)] : []), frame);
    Chart.defaults.color = css("--ink");
    Chart.defaults.borderColor = css("--rule");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    const bars = rows.map((row) => Number(row[number]?.value));
    place.chart = new Chart(canvas, {
      type: "bar",
      data: {
        labels: rows.map(barName),
        datasets: [{ label: number, data: bars, backgroundColor: css("--Measure") }],
      },
      options: {
        indexAxis: "y",
        animation: false,
        maintainAspectRatio: false,
        plugins: { title: { display: true, position: "bottom", text: place.dataset.imprint } },
      },
    });
    frame.style.height = `${80 + rows.length * 24}px`;
    place.chart.resize();
  }

  async function graph() {
    const nodes = new Map();
    const edges = [];
    let left = 0;
    const put = (term) => nodes.set(term.value, {
      id: term.value,
      label: cut(worded(term), 20),
      title: worded(term),
      shape: "box",
      widthConstraint: { maximum: 150 },
      font: { color: css("--ink") },
      color: {
        background: css("--raised"), border: css(term.type === "uri" ? "--Zone" : "--quiet"),
      },
    });
    const font = { color: css("--ink"), strokeWidth: 3, strokeColor: css("--paper") };
    const ends = (term) => term && !isNumber(term); // no line leads to a number
    const linked = current.head.vars.filter((v) =>
      current.results.bindings.some((row) => ends(row[v])));
    for (const row of current.results.bindings) {
      const [from, to, label] = current.triples
        ? [row.subject, row.object, named(row.predicate.value)]
        : [row[linked[0]], row[linked[1]], linked[1]];
      if (!from || !to) continue;
      const fresh = [from, to].filter(({ value }) => !nodes.has(value)).length;
      if (nodes.size + fresh > mostNodes) {
        left += 1;
        continue;
      }
      put(from);
      put(to);
      const shown = current.triples ? label : undefined; // a column's name says the same each time
      edges.push({
        from: from.value, to: to.value, label: shown, title: label, arrows: "to", font,
      });
    }
    if (!edges.length) return say(place.dataset.noGraph);
    if (!globalThis.vis) await load(place.dataset.network);
    const frame = element("div", { className: "graph" });
    place.replaceChildren(...(left ? [said("graphCut", left, mostNodes)] : []), frame);
    const placed = new vis.Network(frame, { nodes: [...nodes.values()], edges }, {
      layout: {
        hierarchical: {
          direction: "LR", sortMethod: "directed", levelSeparation: 280, nodeSpacing: 60,
          treeSpacing: 60,
        },
      },
      interaction: { zoomView: false }, // the wheel scrolls the page
      physics: false,
    });
    // as high as its names need to be read; on a narrow page all shrinks
    const at = Object.values(placed.getPositions());
    const span = (axis) => {
      const along = at.map((one) => one[axis]);
      return Math.max(...along) - Math.min(...along);
    };
    const shrunk = Math.min(1, frame.clientWidth / (span("x") + 220));
    frame.style.height = `${(span("y") + 80) * shrunk}px`;
    placed.redraw();
    placed.fit();
    place.network = placed;
  }

  // The names of the entities in the results, asked of the same endpoint, in the page's language
  // where there are two
  async function name() {
    const found = current.results.bindings.flatMap((row) => Object.values(row));
    const iris = new Set(found.filter(({ type }) => type === "uri").map(({ value }) => value));
    labels = new Map();
    if (!iris.size || iris.size > mostNamed) return;
    const language = document.documentElement.lang.slice(0, 2);
    const query = `PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?x ?label {
  VALUES ?x { ${[...iris].map((iri) => `<${iri}>`).join(" ")} }
  ?x skos:prefLabel|rdfs:label ?label
}`;
    const headers = {
      "Content-Type": "application/sparql-query",
      Accept: "application/sparql-results+json",
    };
    const answer = await fetch(endpoint, { method: "POST", headers, body: query });
    if (!answer.ok) return;
    for (const { x, label } of (await answer.json()).results.bindings) {
      if (!labels.has(x.value) || label["xml:lang"] === language) labels.set(x.value, label.value);
    }
  }

  // N-Triples escapes as JSON does, but for \U and eight digits
  function unescaped(literal) {
    const character = (_, hex) => String.fromCodePoint(parseInt(hex, 16));
    return JSON.parse(`"${literal.replace(/\\U([0-9A-Fa-f]{8})/g, character)}"`);
  }

  const draw = { table, chart, graph };
  return {
    load,
    clear: () => place.replaceChildren(),
    /** Shows new results in the view chosen last; says where there may be more than were asked. */
    async take(fresh, query) {
      first = 0;
      current = { head: { vars: [] }, results: { bindings: [] }, ...fresh };
      const { length } = current.results.bindings;
      const most = Number(query.match(/\bLIMIT\s+(\d+)(?:\s+OFFSET\s+\d+)?\s*$/i)?.[1]);
      const rows = place.dataset[length === most ? "limited" : "rows"].replace("{0}", length);
      document.getElementById("count").textContent = "boolean" in fresh ? "" : rows;
      // yes, no or nothing has one form
      const alone = "boolean" in fresh || !length;
      for (const button of document.querySelectorAll("#views [data-view]")) button.hidden = alone;
      await name();
      await draw[alone ? "table" : view]();
    },
    show(chosen) {
      view = chosen;
      for (const button of document.querySelectorAll("#views [data-view]")) {
        button.setAttribute("aria-pressed", String(button.dataset.view === view));
      }
      return draw[view]();
    },
    /** N-Triples as rows of subject, predicate and object. */
    triples(text) {
      const term = /^(?:<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^<([^>]*)>)?)\s*/;
      const bindings = text.split("\n").filter(Boolean).map((line) => {
        let rest = line;
        const [subject, predicate, object] = [0, 1, 2].map(() => {
          const [whole, iri, blank, literal, datatype] = rest.match(term);
          rest = rest.slice(whole.length);
          if (iri !== undefined) return { type: "uri", value: iri };
          if (blank) return { type: "bnode", value: blank };
          return { type: "literal", value: unescaped(literal), datatype };
        });
        return { subject, predicate, object };
      });
      const vars = ["subject", "predicate", "object"];
      return { head: { vars }, results: { bindings }, triples: true };
    },
  };
})();
