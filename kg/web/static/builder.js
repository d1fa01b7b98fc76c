// A query made by choosing: a class, the properties to show, and conditions; it is written into the
// editor, where it can be read and changed.
"use strict";

const builder = (() => {
  const place = document.getElementById("builder");
  const lines = document.getElementById("conditions");
  const language = document.documentElement.lang.slice(0, 2);
  let known = { plans: [], classes: [] };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const options = (list) =>
    list.map(({ label, ...given }) => element("option", { ...given, textContent: label }));
  const field = (name) => place.querySelector(`[name="${name}"]`);
  const chosen = () => known.classes.find(({ iri }) => iri === field("class").value);
  const properties = () => chosen()?.properties ?? [];
  const capital = (label) => label.slice(0, 1).toUpperCase() + label.slice(1);
  const named = () => properties().map(({ iri, label }) => ({ value: iri, label: capital(label) }));
  const quoted = (text) => JSON.stringify(text);
  const { words } = place.dataset;
  const [contains, equal, least, most, without] = words.split("|");
  const operators = {
    text: [["contains", contains], ["equal", equal], ["without", without]],
    entity: [["equal", equal], ["contains", contains], ["without", without]],
    number: [["least", least], ["most", most], ["equal", equal], ["without", without]],
    date: [["least", least], ["most", most], ["without", without]],
  };

  function columns() {
    field("count").replaceChildren(
      element("option", { value: "", textContent: field("count").dataset.none }),
      ...options(named()),
    );
    document.getElementById("columns").replaceChildren(
      ...named().map(({ value, label }, i) =>
        element("label", {}, element("input", {
          type: "checkbox", name: "column", value, checked: i < 3,
        }), ` ${label}`)),
    );
    lines.replaceChildren();
  }

  function condition() {
    const of = element("select", { name: "of" }, ...options(named()));
    const how = element("select", { name: "how" });
    const value = element("input", { name: "value" });
    const list = element("datalist", { id: `choices-${lines.children.length}-${Date.now()}` });
    const gone = element("button", {
      type: "button", className: "aside", textContent: place.dataset.remove,
    });
    of.setAttribute("aria-label", place.dataset.property);
    how.setAttribute("aria-label", place.dataset.how);
    value.setAttribute("aria-label", place.dataset.value);
    value.setAttribute("list", list.id);
    const settle = () => {
      const { kind, choices } = properties().find(({ iri }) => iri === of.value);
      how.replaceChildren(...options(operators[kind].map(([v, label]) => ({ value: v, label }))));
      list.replaceChildren(...(choices ?? []).map((one) => element("option", { value: one })));
      value.dataset.suggest = kind === "entity" && !choices.length ? place.dataset.suggest : "";
      value.type = kind === "date" ? "date" : "text";
      value.inputMode = kind === "number" ? "decimal" : "text";
      value.disabled = false;
    };
    of.addEventListener("change", settle);
    how.addEventListener("change", () => { value.disabled = how.value === "without"; });
    const line = element("p", { className: "condition" }, of, how, value, list, gone);
    gone.addEventListener("click", () => {
      line.remove();
      document.getElementById("add-condition").focus();
    });
    settle();
    lines.append(line);
    suggests(value);
    of.focus();
  }

  /** An IRI as queries write it, by a prefix that is known. */
  function term(iri) {
    const [prefix, start] = Object.entries(known.prefixes)
      .find(([, one]) => iri.startsWith(one) && /^[\w-]+$/.test(iri.slice(one.length))) ?? [];
    return prefix ? `${prefix}:${iri.slice(start.length)}` : `<${iri}>`;
  }

  /** The patterns that lead to a property's value, as words where it is an entity. */
  function pattern(property, name, needed) {
    const path = [term(property.iri), ...(property.shown ? [property.shown] : [])].join("/");
    const tagged = property.tagged ? ` FILTER ( lang(?${name}) = "${language}" )` : "";
    const written = `?this ${path} ?${name} .${tagged}`;
    return needed ? `  ${written}` : `  OPTIONAL { ${written} }`;
  }

  function filter(how, name, kind, value) {
    const number = kind === "number" && Number.isFinite(Number(value)) ? Number(value) : null;
    const literal =
      kind === "date"
        ? `"${value}"^^xsd:date`
        : number ?? quoted(value);
    return {
      contains: `  FILTER ( CONTAINS(STR(?${name}), ${quoted(value)}) )`,
      equal: `  FILTER ( ${number === null ? `STR(?${name})` : `?${name}`} = ${literal} )`,
      least: `  FILTER ( ?${name} >= ${literal} )`,
      most: `  FILTER ( ?${name} <= ${literal} )`,
    }[how];
  }

  // Variables are named by what the columns say, where that is a name in SPARQL.
  function namer() {
    const taken = new Set(["this", "in", "none"]);
    return (label) => {
      const plain = label.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_|_$/g, "") || "x";
      let name = plain;
      for (let i = 2; taken.has(name); i += 1) name = `${plain}${i}`;
      taken.add(name);
      return name;
    };
  }

  function written() {
    const name = namer();
    const plan = field("plan").value;
    const title = name(place.dataset.plan);
    const where = [`  ?this a ${term(chosen().iri)} .`];
    where.push(`  ?this dcterms:isPartOf* ?in . ?in a plan:Plan ; dcterms:title ?${title} .`);
    where.push(`  FILTER ( lang(?${title}) = "zh" )`);
    if (plan) where.push(`  FILTER ( ?in = <${plan}> )`);
    const names = new Map();
    const counted = properties().find(({ iri }) => iri === field("count").value);
    const shown = counted
      ? [counted]
      : properties().filter(({ iri }) =>
        [...place.querySelectorAll("[name=column]:checked")].some((box) => box.value === iri));
    const asked = [...lines.children].map((line) => ({
      property: properties().find(({ iri }) => iri === line.querySelector("[name=of]").value),
      how: line.querySelector("[name=how]").value,
      value: line.querySelector("[name=value]").value.trim(),
    })).filter(({ how, value }) => value || how === "without");
    for (const property of shown) {
      const own = name(property.label);
      names.set(property.iri, own);
      const needed = counted ||
        asked.some(({ property: { iri }, how }) => iri === property.iri && how !== "without");
      where.push(pattern(property, own, needed));
    }
    for (const { property, how, value } of asked) {
      if (how === "without") {
        where.push(`  FILTER NOT EXISTS { ?this ${term(property.iri)} ?none }`);
      } else {
        if (!names.has(property.iri)) {
          names.set(property.iri, name(property.label));
          where.push(pattern(property, names.get(property.iri), true));
        }
        where.push(filter(how, names.get(property.iri), property.kind, value));
      }
    }
    const variables = shown.map(({ iri }) => `?${names.get(iri)}`).join(" ");
    const number = name(place.dataset.number);
    const head = counted
      ? `SELECT ?${title} ${variables} (COUNT(DISTINCT ?this) AS ?${number}) WHERE {`
      : `SELECT DISTINCT ?${title} ${variables || "?this"} WHERE {`;
    const most = Math.max(1, Number(field("limit").value) || 200);
    const tail = counted
      ? `} GROUP BY ?${title} ${variables} ORDER BY DESC(?${number})`
      : `} ORDER BY ?${title} ${variables} LIMIT ${most}`;
    const query = [head, ...where, tail].join("\n");
    const prefixes = Object.entries(known.prefixes)
      .filter(([prefix]) => new RegExp(`\\b${prefix}:\\w`).test(query))
      .map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>\n`);
    return prefixes.join("") + query;
  }

  async function fill() {
    place.setAttribute("aria-busy", "true");
    const [answer, terms] = await Promise.all([
      fetch(place.dataset.parts), fetch(place.dataset.terms),
    ]);
    const { prefixes } = await terms.json();
    known = { ...(await answer.json()), prefixes: Object.fromEntries(prefixes) };
    field("plan").append(...options(
      known.plans.map(({ iri, ...given }) => ({ value: iri, ...given })),
    ));
    field("class").append(...options(
      known.classes.map(({ iri, label }) => ({ value: iri, label })),
    ));
    field("class").addEventListener("change", columns);
    document.getElementById("add-condition").addEventListener("click", condition);
    columns();
    place.removeAttribute("aria-busy");
    place.dataset.ready = "true";
  }

  addEventListener("load", fill); // not once it is opened: a release's first answer takes a second
  return { written };
})();
