// The page at /: asks the same routes that everybody else asks.
import {info, metrics, needsKey} from "/page/api.js";
import {showCurl} from "/page/curl.js";
import {$, count, element, facts, lines, say} from "/page/dom.js";
import {figures} from "/page/figures.js";
import {MOST_SENTENCES, shadeAll, showHeatMap} from "/page/heat-map.js";
import {cosine, vectorsOf} from "/page/vectors.js";

const MOST_TEXTS = 2048;
const MOST_FOUND = 50;

const tabs = [...document.querySelectorAll("[role=tab]")];
const busy = new Set();
let server; // What /info says; nothing as long as it says nothing.
let kept = {model: "", vectors: new Map()}; // Of the lines of the last search.

function shownPanel() {
  return document.querySelector("[role=tabpanel]:not([hidden])");
}

function complain(panel, error) {
  if (needsKey(error)) {
    $("key-form").hidden = false;
  }
  const message = needsKey(error) && $("key").value === "" ? "this server wants an API key" : error.message;
  say(panel, message[0].toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? "" : "."), true);
}

// Says what went wrong, and returns whether nothing did.
async function attempt(panel, work) {
  say(panel, "");
  try {
    await work(panel);
    return true;
  } catch (e) {
    complain(panel, e);
    if (needsKey(e)) {
      $("key").focus();
    }
    return false;
  }
}

// Does what a panel is for, once at a time. The button stays enabled: it keeps the focus.
async function run(panel, work) {
  if (!busy.has(panel)) {
    busy.add(panel);
    panel.setAttribute("aria-busy", "true");
    panel.querySelector(".result").hidden = !await attempt(panel, work);
    busy.delete(panel);
    panel.removeAttribute("aria-busy");
  }
}

// Asks for vectors, shows how, and says how it went.
async function vectors(panel, texts, model, known = new Map()) {
  const begun = performance.now();
  const answer = await vectorsOf(texts, {
    model,
    known,
    key: $("key").value,
    most: Math.min(MOST_TEXTS, server.max_client_batch_size, server.max_concurrent_requests),
    asking(bodies, done, all) {
      if (done === 0) {
        showCurl(panel, bodies, $("key").value);
      }
      say(panel, bodies.length === 1 ? "Computing…" : `Computing: ${count(done, "text")} of ${all.toLocaleString("en")}…`);
    },
  });
  const millis = Math.round(performance.now() - begun).toLocaleString("en");
  const before = answer.vectors.size - answer.computed;
  say(panel, `${count(answer.computed, "text")} with ${count(answer.tokens, "token")} computed by ${model} in ${millis} ms`
    + (before > 0 ? `; ${count(before, "text")} known already.` : "."));
  return answer.vectors;
}

async function chosenModel() {
  if (!server) {
    await loadModels();
  }
  if ($("model").value === "") {
    throw new Error("No model of this server gives embeddings.");
  }
  return $("model").value;
}

async function compare(panel) {
  const texts = lines("sentences");
  if (texts.length < 2) {
    throw new Error("Write at least two sentences, each on a line of its own.");
  }
  if (texts.length > MOST_SENTENCES) {
    throw new Error(`${count(texts.length, "sentence")} are too many to show: ${MOST_SENTENCES} at most. Search takes more.`);
  }
  showHeatMap(texts, await vectors(panel, texts, await chosenModel()));
}

async function search(panel) {
  const texts = lines("lines");
  const query = $("query").value.trim();
  if (texts.length === 0) {
    throw new Error("Write texts to search in, each on a line of its own.");
  }
  if (query === "") {
    throw new Error("Write what to look for.");
  }
  const model = await chosenModel();
  const known = kept.model === model ? kept.vectors : new Map();
  known.delete(query); // Every search asks for this at least, so that curl shows it.
  const found = await vectors(panel, [query, ...texts], model, known);
  kept = {model, vectors: found};
  const ranked = texts.map((text, i) => ({text, line: i + 1, score: cosine(found.get(query), found.get(text))}))
    .sort((a, b) => b.score - a.score);
  $("found").replaceChildren(...ranked.slice(0, MOST_FOUND).map(result));
  $("more").textContent = ranked.length > MOST_FOUND ? `The best ${MOST_FOUND} of ${count(ranked.length, "line")}.` : "";
}

function result({text, line, score}) {
  const item = element("li", "", {"data-score": score, "data-line": line});
  item.append(element("span", score.toFixed(3), {class: "score"}), element("span", text, {class: "text", dir: "auto"}),
    element("div", "", {class: "bar"}));
  item.lastChild.style.setProperty("--share", Math.min(Math.max(score, 0), 1));
  return item;
}

async function loadModels() {
  server = await info($("key").value);
  const chosen = $("model").value;
  const names = server.models.filter(each => each.model_type.embedding).map(each => each.served_model_name);
  $("model").replaceChildren(...names.map(name => element("option", name)));
  if (names.includes(chosen)) {
    $("model").value = chosen;
  }
  $("model-field").hidden = names.length === 0;
  kept = {model: "", vectors: new Map()};
  $("models").replaceChildren(...server.models.map(card));
}

function card(model) {
  const made = element("article", "");
  const list = element("dl", "");
  const type = model.model_type;
  facts(list, [
    ["Name in requests", model.served_model_name],
    ["Model", model.model_id],
    ...(type.embedding ? [["Gives", "embeddings"], ["Dimension", String(type.embedding.dimension)], ["Pooling", type.embedding.pooling || "-"]] : []),
    ...(type.reranker ? [["Gives", "scores of documents for a query"]] : []),
    ...(type.classifier ? [["Gives", "labels"], ["Labels", Object.values(type.classifier.id2label).join(", ")]] : []),
    ["Longest text", count(model.max_input_length, "token")],
    ["Computed in", model.model_dtype],
  ]);
  made.append(element("h2", model.served_model_name), list);
  return made;
}

function select(tab) {
  for (const each of tabs) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", chosen);
    each.tabIndex = chosen ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = !chosen;
  }
  refresh();
}

function moveAmongTabs(event) {
  const at = tabs.indexOf(event.target);
  const next = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
  if (next !== undefined) {
    const tab = tabs[(next + tabs.length) % tabs.length];
    select(tab);
    tab.focus();
    event.preventDefault();
  }
}

let refreshing = false;

async function refresh() {
  const panel = $("figures");
  if (panel.hidden || document.hidden || refreshing) {
    return;
  }
  refreshing = true;
  try {
    facts($("live"), figures(await metrics($("key").value), performance.now()));
    say(panel, "");
  } catch (e) {
    complain(panel, e);
  } finally {
    refreshing = false;
  }
}

function changeTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  shadeAll();
}

function onSubmit(form, work) {
  form.addEventListener("submit", event => {
    event.preventDefault();
    work();
  });
  for (const area of form.querySelectorAll("textarea")) {
    area.addEventListener("keydown", event => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        form.requestSubmit();
      }
    });
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", moveAmongTabs);
}
onSubmit($("compare-form"), () => run($("compare"), compare));
onSubmit($("search-form"), () => run($("search"), search));
onSubmit($("key-form"), () => attempt(shownPanel(), async panel => {
  await loadModels();
  say(panel, "The server knows the key.");
  refresh();
}));
$("theme").addEventListener("click", changeTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", shadeAll);
attempt(shownPanel(), loadModels);
setInterval(refresh, 2000);
