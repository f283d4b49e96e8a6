// The page at /: asks the same routes that everybody else asks.
import {embed, info, metrics, needsKey} from "/page/api.js";
import {figures} from "/page/figures.js";

const $ = id => document.getElementById(id);

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

function lines(id) {
  return $(id).value.split("\n").map(line => line.trim()).filter(line => line !== "");
}

function say(text, error = false) {
  $("status").textContent = text;
  $("status").classList.toggle("error", error);
}

// Runs what a button asks for, and says what went wrong.
async function run(button, work) {
  button.disabled = true;
  say("");
  try {
    await work();
  } catch (e) {
    if (needsKey(e)) {
      $("key-field").hidden = false;
      $("key").focus();
    }
    say(e.message, true);
  } finally {
    button.disabled = false;
  }
}

function shell(text) {
  return "'" + text.replaceAll("'", "'\\''") + "'";
}

function showCurl(body) {
  const key = $("key").value === "" ? "" : " \\\n  -H \"Authorization: Bearer $API_KEY\"";
  $("curl").textContent = `curl ${location.origin}/v1/embeddings \\\n`
    + `  -H 'Content-Type: application/json'${key} \\\n  -d ${shell(JSON.stringify(body))}`;
  $("curl-section").hidden = false;
}

async function vectors(texts) {
  const body = {model: $("model").value, input: texts};
  showCurl(body);
  const begun = performance.now();
  const answer = await embed(body, $("key").value);
  const millis = Math.round(performance.now() - begun);
  say(`${texts.length} texts, ${answer.tokens} tokens, ${millis} ms`);
  return answer.vectors;
}

function cosine(a, b) {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function channels(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim().split(" ").map(Number);
}

// Shades from --low at 0 to --high at 1, and ink that stands out.
function shade(cell, similarity) {
  const share = Math.min(Math.max(similarity, 0), 1);
  const low = channels("--low");
  const high = channels("--high");
  const mixed = low.map((from, i) => Math.round(from + share * (high[i] - from)));
  const light = 0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2];
  cell.style.background = `rgb(${mixed.join(" ")})`;
  cell.style.color = light > 140 ? "#1b1714" : "#fff";
}

function shadeAll() {
  for (const cell of $("heat-map").querySelectorAll("td")) {
    shade(cell, Number(cell.dataset.similarity));
  }
}

async function compare() {
  const texts = lines("sentences");
  if (texts.length < 2) {
    throw new Error("Write two sentences at least, each on a line of its own.");
  }
  const found = await vectors(texts);
  const table = $("heat-map");
  table.replaceChildren(table.caption);
  const head = element("tr", "");
  head.append(element("td", ""));
  head.firstChild.style.minWidth = "0";
  head.firstChild.dataset.similarity = "0";
  texts.forEach((text, i) => head.append(element("th", String(i + 1), {scope: "col", title: text})));
  table.append(head);
  texts.forEach((text, i) => {
    const row = element("tr", "");
    row.append(element("th", `${i + 1}  ${text}`, {scope: "row"}));
    texts.forEach((other, j) => {
      const similarity = cosine(found[i], found[j]);
      const cell = element("td", similarity.toFixed(2), {"data-similarity": similarity, title: `${text}\n${other}`});
      row.append(cell);
    });
    table.append(row);
  });
  shadeAll();
  head.firstChild.style.background = "none";
  table.hidden = false;
}

async function search() {
  const texts = lines("lines");
  const query = $("query").value.trim();
  if (texts.length === 0 || query === "") {
    throw new Error("Write texts to search in, and what to look for.");
  }
  const [wanted, ...found] = await vectors([query, ...texts]);
  const ranked = texts.map((text, i) => ({text, score: cosine(wanted, found[i])}))
    .sort((a, b) => b.score - a.score);
  $("found").replaceChildren(...ranked.slice(0, 50).map(({text, score}) => {
    const item = element("li", "", {"data-score": score});
    item.append(element("span", score.toFixed(3), {class: "score"}), element("span", text),
      element("meter", "", {min: 0, max: 1, value: Math.max(score, 0), "aria-label": "similarity"}));
    return item;
  }));
}

function facts(list, entries) {
  list.replaceChildren(...entries.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
}

let known = [];

async function loadModels() {
  known = (await info($("key").value)).models;
  const embedders = known.filter(model => model.model_type.embedding);
  $("model").replaceChildren(...embedders.map(model => element("option", model.served_model_name)));
  showCard();
}

function kind(model) {
  const type = model.model_type;
  if (type.embedding) {
    return `embeddings of ${type.embedding.dimension} components, pooling ${type.embedding.pooling}`;
  }
  const labels = Object.values((type.reranker ?? type.classifier).id2label);
  return type.reranker ? "scores for reranking" : `scores for ${labels.join(", ")}`;
}

function showCard() {
  facts($("facts"), known.flatMap(model => [
    ["Name", model.served_model_name],
    ["Model", model.model_id],
    ["Gives", kind(model)],
    ["Longest text", `${model.max_input_length} tokens`],
    ["Computed in", model.model_dtype],
  ]));
}

function select(tab) {
  for (const each of document.querySelectorAll("[role=tab]")) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", chosen);
    each.tabIndex = chosen ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = !chosen;
  }
}

function keys(event) {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const at = tabs.indexOf(event.target);
  const next = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
  if (next !== undefined) {
    const tab = tabs[(next + tabs.length) % tabs.length];
    select(tab);
    tab.focus();
    event.preventDefault();
  }
}

async function refresh() {
  if (!$("figures").hidden && !document.hidden) {
    try {
      facts($("live"), figures(await metrics($("key").value), performance.now()));
    } catch (e) {
      say(e.message, true);
    }
  }
}

function changeTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  shadeAll();
}

for (const tab of document.querySelectorAll("[role=tab]")) {
  tab.addEventListener("click", () => {
    select(tab);
    refresh();
  });
  tab.addEventListener("keydown", keys);
}
$("compare-form").addEventListener("submit", event => {
  event.preventDefault();
  run(event.submitter ?? event.target.querySelector("button"), compare);
});
$("search-form").addEventListener("submit", event => {
  event.preventDefault();
  run(event.submitter ?? event.target.querySelector("button"), search);
});
$("theme").addEventListener("click", changeTheme);
$("key").addEventListener("change", () => run($("theme"), loadModels));
$("copy").addEventListener("click", () => navigator.clipboard?.writeText($("curl").textContent));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", shadeAll);
run($("theme"), loadModels);
setInterval(refresh, 2000);
