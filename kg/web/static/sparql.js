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

let editor; // of CodeMirror, where it is in place of the plain field

// Chinese words outside quotation marks are a name that somebody looks for: offer the entities and
// terms that have it.
const names = {
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
};
const declared = ({ prefixes }) => prefixes.map(([name, iri]) => `${name}: <${iri}>`);

function edit() {
  Yasqe.registerAutocompleter(names, false);
  for (const [kind, name, ours] of [
    ["class", "ourClasses", ({ classes }) => classes],
    ["property", "ourProperties", ({ properties }) => properties],
    ["prefixes", "ourPrefixes", declared],
  ]) {
    const get = async () => ours(await terms);
    Yasqe.forkAutocompleter(kind, { name, persistenceId: null, bulk: true, get }, false);
  }
  const focused = document.activeElement === plain;
  editor = new Yasqe(document.getElementById("editor"), {
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
  // Tab leaves the editor, as it leaves every other field; the library's own run asks elsewhere
  const run = () => form.requestSubmit(document.getElementById("run"));
  const own = { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run };
  const keys = { ...editor.getOption("extraKeys"), ...own };
  editor.setOption("extraKeys", keys);
  editor.on("change", () => {
    plain.value = editor.getValue();
    changed();
  });
  form.editor_ = editor;
  if (!focused) return;
  editor.focus();
  editor.getDoc().setCursor(editor.getDoc().posFromIndex(plain.selectionStart));
}

// The editor weighs more than all else here: a narrow page has it when the field is entered.
let brought;
const bring = () => (brought ??= results.load(form.dataset.editor).then(edit));

function changed() {
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
plain.addEventListener("input", changed);
changed();

function write(text) {
  plain.value = text;
  if (editor) editor.setValue(text);
  else changed();
}

// What was written by hand is kept when something else is put into the editor.
const back = document.getElementById("back");
let untouched = plain.value; // the text that was put in last
let kept = [];

function put(text) {
  const now = plain.value;
  if (now.trim() && now !== untouched && now !== text) kept.push(now);
  untouched = text;
  write(text);
  back.hidden = !kept.length;
}

back.addEventListener("click", () => {
  untouched = kept.pop();
  write(untouched);
  untouched = ""; // it is the visitor's own: to be kept again
  back.hidden = !kept.length;
  (editor ?? plain).focus();
});
document.getElementById("example").addEventListener("change", ({ target }) => {
  if (target.value) put(target.value);
});
document.getElementById("write").addEventListener("click", () => put(builder.written()));
document.getElementById("write-and-run").addEventListener("click", () => {
  put(builder.written());
  form.requestSubmit(document.getElementById("run"));
});
for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.parentElement.nextElementSibling.textContent);
    button.nextElementSibling.textContent = button.dataset.done;
  });
}

// What mends a fault at a click, beside what is said of it.
function offer(textContent, mend) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "aside", textContent });
  button.addEventListener("click", mend);
  problem.append(" ", button);
}

// A declaration that the answer says is missing, put in at a click.
function offerPrefix(declaration) {
  if (!declaration) return;
  offer(problem.dataset.add, () => {
    write(`${declaration}\n${plain.value}`);
    problem.hidden = true;
    (editor ?? plain).focus();
  });
}

// The place that an answer names is marked, and a click leads there.
let marked;
async function markPlace(text) {
  const [, line, column] = text.match(problem.dataset.place) ?? [];
  if (!line) return;
  await bring();
  const from = { line: line - 1, ch: Math.max(column - 1, 0) };
  const end = editor.getDoc().getLine(from.line)?.length ?? 0;
  if (from.ch >= end) from.ch = Math.max(end - 1, 0);
  const to = { line: from.line, ch: from.ch + 1 };
  marked = editor.getDoc().markText(from, to, { className: "at-fault" });
  offer(problem.dataset.go, () => {
    editor.focus();
    editor.getDoc().setCursor(from);
    editor.scrollIntoView(from, 80);
  });
}

// What a run leads to stands below the query: it is brought into the window.
const show = (part) => part.scrollIntoView({ block: "nearest" });

function fail(text) {
  results.clear();
  views.hidden = true;
  problem.textContent = text;
  problem.hidden = false;
  explain();
}

// A query may come back with the page: one that was to be saved, or was sent without scripts.
function explain() {
  const text = problem.textContent;
  show(problem);
  markPlace(text);
  offerPrefix(text.match(/PREFIX \S*: <[^>]+>/)?.[0]);
}
if (!problem.hidden) explain();

const busy = document.getElementById("busy");
let running;
document.getElementById("cancel").addEventListener("click", () => running?.abort());

form.addEventListener("submit", async (event) => {
  if (event.submitter?.id === "save" || form.format.value !== "json") return;
  event.preventDefault();
  running?.abort();
  const asking = new AbortController();
  running = asking;
  problem.hidden = true;
  marked?.clear();
  busy.hidden = false;
  show(busy);
  document.getElementById("result").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      signal: asking.signal,
      headers: {
        "Content-Type": "application/sparql-query",
        "Accept-Language": document.documentElement.lang,
        Accept: "application/sparql-results+json, application/n-triples;q=0.9",
      },
      body: plain.value,
    });
    const text = await answer.text();
    if (answer.ok) {
      const type = answer.headers.get("Content-Type");
      const bindings = type.startsWith("application/sparql-results+json");
      views.hidden = false;
      await results.take(bindings ? JSON.parse(text) : results.triples(text), plain.value);
      show(document.getElementById("result"));
    } else fail(text.trim() || problem.dataset.unanswered);
  } catch (error) {
    if (running !== asking) return; // another query has taken its place
    fail(error.name === "AbortError" ? problem.dataset.cancelled : problem.dataset.unanswered);
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
  } finally {
    if (running === asking) {
      busy.hidden = true;
      document.getElementById("result").removeAttribute("aria-busy");
    }
  }
});
views.addEventListener("click", ({ target }) => {
  if (target.dataset.view) results.show(target.dataset.view);
});

const ready = () => (document.body.dataset.ready = "true");
if (matchMedia("(min-width: 40em)").matches) bring().then(ready);
else {
  plain.addEventListener("focus", bring, { once: true });
  ready();
}
