// Fills in example queries, and shows SELECT results as a table without leaving the page.
"use strict";

const form = document.getElementById("query-form");
const query = document.getElementById("query");
const result = document.getElementById("result");
const problem = document.getElementById("error");

document.getElementById("example").addEventListener("change", (event) => { query.value = event.target.value; });

function cell(binding) {
  const td = document.createElement("td");
  if (!binding) return td;
  if (binding.type === "uri" && /^https?:/.test(binding.value)) {
    const a = document.createElement("a");
    a.href = binding.value;
    a.textContent = decodeURI(binding.value.replace(/%(?![0-9A-Fa-f]{2})/g, "%25")).split(/[/#]/).slice(-2).join("/");
    td.append(a);
  } else {
    td.textContent = binding.value;
  }
  return td;
}

function table({ head, results }) {
  const t = document.createElement("table");
  const top = t.createTHead().insertRow();
  for (const name of head.vars) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = name;
    top.append(th);
  }
  const body = t.createTBody();
  for (const row of results.bindings) {
    const tr = body.insertRow();
    for (const name of head.vars) tr.append(cell(row[name]));
  }
  return t;
}

form.addEventListener("submit", async (event) => {
  if (form.format.value !== "json") return;
  event.preventDefault();
  problem.hidden = true;
  result.replaceChildren();
  const answer = await fetch("/sparql", {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, text/turtle;q=0.9" },
    body: query.value,
  });
  const text = await answer.text();
  if (!answer.ok) {
    problem.textContent = text;
    problem.hidden = false;
  } else if (answer.headers.get("Content-Type").startsWith("application/sparql-results+json")) {
    const json = JSON.parse(text);
    result.append("boolean" in json ? String(json.boolean) : table(json));
  } else {
    const pre = document.createElement("pre");
    pre.textContent = text;
    result.append(pre);
  }
});
