// The SPARQL page: an editor that completes from this endpoint alone, results as table, chart or
// graph, code to copy.
"use strict";

const form = document.getElementById("query-form");
const plain = document.getElementById("query");
const problem = document.getElementById("error");
const views = document.getElementById("views");
const labels = new Map(); // labels of completions, by what they insert
const chinese = /[\u3400-\u9fff]+$/;
const terms = fetch(form.dataset.terms).then((answer) => answer.json());

const beforeCursor = (editor) => {
  const { line, ch } = editor.getDoc().getCursor();
  return { line, ch, text: editor.getDoc().getLine(line).slice(0, ch) };
};

// Chinese words outside quotation marks are a name that somebody looks for: offer the entities and
// terms that have it.
Yasqe.registerAutocompleter({
  name: "names",
  bulk: false,
  autoShow: true,
  isValidCompletionPosition: (editor) => {
    const { text } = beforeCursor(editor);
    return chinese.test(text) && (text.match(/"/g) ?? []).length % 2 === 0;
  },
  preProcessToken: (editor, token) => {
    const { ch, text } = beforeCursor(editor);
    const word = text.match(chinese)[0];
    const from = { ch: ch - word.length };
    return { ...token, string: word, autocompletionString: word, from, to: { ch } };
  },
  get: async (editor, token) => {
    const typed = encodeURIComponent(token.autocompletionString);
    const found = await (await fetch(form.dataset.complete + typed)).json();
    for (const { insert, label, type } of found) labels.set(insert, `${label} · ${type}`);
    return found.map(({ insert }) => insert);
  },
  postprocessHints: (editor, hints) =>
    hints.map((hint) => ({ ...hint, displayText: labels.get(hint.text) ?? hint.text })),
}, false);
const declared = ({ prefixes }) => prefixes.map(([name, iri]) => `${name}: <${iri}>`);
for (const [kind, name, ours] of [
  ["class", "ourClasses", ({ classes }) => classes],
  ["property", "ourProperties", ({ properties }) => properties],
  ["prefixes", "ourPrefixes", declared],
]) {
  const get = async () => ours(await terms);
  Yasqe.forkAutocompleter(kind, { name, persistenceId: null, bulk: true, get }, false);
}

const editor = new Yasqe(document.getElementById("editor"), {
  value: plain.value,
  autocompleters: ["names", "ourPrefixes", "ourProperties", "ourClasses", "variables"],
  prefixCcApi: null,
  persistenceId: null,
  consumeShareLink: null,
  createShareableLink: null,
  showQueryButton: false,
  resizeable: false,
  editorHeight: "22em",
});
plain.hidden = true;
plain.labels[0].addEventListener("click", () => editor.focus());
editor.getInputField().setAttribute("aria-label", plain.labels[0].textContent);
editor.getInputField().setAttribute("aria-describedby", "editor-help");
// Tab leaves the editor, as it leaves every other field
editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
form.editor_ = editor;

function changed() {
  plain.value = editor.getValue();
  document.getElementById("share").href = form.dataset.edit + encodeURIComponent(plain.value);
  const quotes = { json: JSON.stringify, shell: (text) => `'${text.replaceAll("'", "'\\''")}'` };
  for (const pre of document.querySelectorAll("#code pre")) {
    const { quote, template } = pre.dataset;
    pre.textContent = template
      .trim()
      .replace("{query}", () => quotes[quote](plain.value))
      .replace("{endpoint}", () => form.action);
  }
}
editor.on("change", changed);
changed();

document.getElementById("example").addEventListener("change", ({ target }) => {
  if (target.value) editor.setValue(target.value);
});
for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(button.parentElement.nextElementSibling.textContent);
  });
}

// A declaration that the answer says is missing, put in at a click.
function offerPrefix(declaration) {
  if (!declaration) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = problem.dataset.add;
  button.addEventListener("click", () => {
    editor.setValue(`${declaration}\n${editor.getValue()}`);
    problem.hidden = true;
    editor.focus();
  });
  problem.append(" ", button);
}

form.addEventListener("submit", async (event) => {
  if (event.submitter?.id === "save" || form.format.value !== "json") return;
  event.preventDefault();
  problem.hidden = true;
  const answer = await fetch(form.action, {
    method: "POST",
    headers: {
      "Content-Type": "application/sparql-query",
      "Accept-Language": document.documentElement.lang,
      Accept: "application/sparql-results+json, application/n-triples;q=0.9",
    },
    body: plain.value,
  });
  const text = await answer.text();
  views.hidden = !answer.ok;
  if (answer.ok) {
    const type = answer.headers.get("Content-Type");
    const bindings = type.startsWith("application/sparql-results+json");
    results.take(bindings ? JSON.parse(text) : results.triples(text));
  } else {
    results.clear();
    problem.textContent = text;
    problem.hidden = false;
    offerPrefix(text.match(/PREFIX \S*: <[^>]+>/)?.[0]);
  }
});
views.addEventListener("click", ({ target }) => {
  if (target.dataset.view) results.show(target.dataset.view);
});
document.body.dataset.ready = "true";
