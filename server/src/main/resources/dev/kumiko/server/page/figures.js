// What the server counts, for people.

// Routes that compute nothing, most of them asked by this page itself.
const OTHERS = /route="(\/|\/page\/[^"]*|\/health[^"]*|\/metrics|\/info|\/v1\/models|\/openapi\.json|none)"/;

// Rates are those of the last seconds.
const WINDOW_MILLIS = 10_000;

function parse(text) {
  const samples = [];
  for (const line of text.split("\n")) {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line);
    if (found) {
      samples.push({name: found[1], labels: found[2] ?? "", value: Number(found[3])});
    }
  }
  return samples;
}

function sum(samples, name, counts = () => true) {
  return samples.filter(each => each.name === name && counts(each.labels)).reduce((total, each) => total + each.value, 0);
}

function computes(labels) {
  return !OTHERS.test(labels);
}

function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) {
    return seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) {
    return `${minutes} min ${whole % 60} s`;
  }
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

function number(value, digits = 0) {
  return value.toLocaleString("en", {maximumFractionDigits: digits});
}

// The bound within which a share of the good answers was given.
function quantile(samples, share) {
  const buckets = new Map();
  for (const each of samples) {
    if (each.name === "kumiko_http_requests_seconds_bucket" && computes(each.labels) && each.labels.includes('status="2')) {
      const bound = /le="([^"]*)"/.exec(each.labels)[1];
      const seconds = bound === "+Inf" ? Infinity : Number(bound);
      buckets.set(seconds, (buckets.get(seconds) ?? 0) + each.value);
    }
  }
  const total = buckets.get(Infinity) ?? 0;
  if (total === 0) {
    return "none yet";
  }
  const bounds = [...buckets.keys()].sort((a, b) => a - b);
  const bound = bounds.find(each => buckets.get(each) >= share * total);
  return bound === Infinity ? `longer than ${duration(bounds.at(-2))}` : `at most ${duration(bound)}`;
}

let history = [];

function remember(counts) {
  if (history.length > 0 && counts.up < history.at(-1).up) { // Another process counts from 0.
    history = [];
  }
  history = [...history.filter(each => counts.now - each.now <= WINDOW_MILLIS), counts];
}

function rate(name) {
  const last = history.at(-1);
  const seconds = (last.now - history[0].now) / 1000;
  const all = `${number(last[name])} since the start`;
  if (seconds === 0) {
    return all;
  }
  const each = (last[name] - history[0][name]) / seconds;
  return `${number(each, each < 10 ? 1 : 0)} a second, ${all}`;
}

// Names and values, from the text of /metrics at a time in milliseconds.
export function figures(text, now) {
  const samples = parse(text);
  const requests = "kumiko_http_requests_seconds_count";
  const batches = sum(samples, "kumiko_batch_inputs_count");
  const up = sum(samples, "process_uptime_seconds");
  remember({
    now,
    up,
    requests: sum(samples, requests, computes),
    texts: sum(samples, "kumiko_texts_total"),
    tokens: sum(samples, "kumiko_tokens_total"),
  });
  return [
    ["Requests", rate("requests")],
    ["Refused or failed", number(sum(samples, requests, labels => computes(labels) && /status="[45]/.test(labels)))],
    ["Texts", rate("texts")],
    ["Tokens", rate("tokens")],
    ["Texts that wait", number(sum(samples, "kumiko_queue_inputs"))],
    ["Computed together", batches === 0 ? "none yet" : `${number(sum(samples, "kumiko_batch_inputs_sum") / batches, 1)} texts on average`],
    ["Threads at work", `${number(sum(samples, "kumiko_pool_busy"))} of ${number(sum(samples, "kumiko_pool_threads"))}`],
    ["Half of the answers took", quantile(samples, 0.5)],
    ["99 of 100 answers took", quantile(samples, 0.99)],
    ["Heap in use", `${number(sum(samples, "jvm_memory_used_bytes", labels => labels.includes('area="heap"')) / 1e6)} MB`],
    ["Running for", duration(up)],
  ];
}
