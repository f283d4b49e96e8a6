// What the server counts, for people.

function parse(text) {
  const samples = [];
  for (const line of text.split("\n")) {
    const found = /^([a-z_]+)(?:\{(.*)\})? (\S+)/.exec(line);
    if (found) {
      samples.push({name: found[1], labels: found[2] ?? "", value: Number(found[3])});
    }
  }
  return samples;
}

function sum(samples, name, labels = "") {
  return samples.filter(each => each.name === name && each.labels.includes(labels))
    .reduce((total, each) => total + each.value, 0);
}

// The bound below which a share of the requests to routes that compute were answered.
function quantile(samples, share) {
  const buckets = new Map();
  for (const each of samples) {
    if (each.name === "kumiko_http_requests_seconds_bucket" && !/route="\/(health|metrics|page|info|")/.test(each.labels)) {
      const bound = /le="([^"]*)"/.exec(each.labels)[1];
      const number = bound === "+Inf" ? Infinity : Number(bound);
      buckets.set(number, (buckets.get(number) ?? 0) + each.value);
    }
  }
  const total = buckets.get(Infinity) ?? 0;
  const bounds = [...buckets.keys()].sort((a, b) => a - b);
  const bound = bounds.find(each => buckets.get(each) >= share * total);
  if (total === 0) {
    return "-";
  }
  return bound === Infinity ? "longer" : `below ${Math.round(1000 * bound)} ms`;
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

let last;

export function figures(text, now) {
  const samples = parse(text);
  const counts = {
    now,
    requests: sum(samples, "kumiko_http_requests_seconds_count"),
    texts: sum(samples, "kumiko_texts_total"),
    tokens: sum(samples, "kumiko_tokens_total"),
  };
  const seconds = last ? (now - last.now) / 1000 : 0;
  const rate = name => seconds > 0 ? `${Math.round((counts[name] - last[name]) / seconds)} a second, ` : "";
  const entries = ["requests", "texts", "tokens"]
    .map(name => [name[0].toUpperCase() + name.slice(1), `${rate(name)}${Math.round(counts[name])} in all`]);
  last = counts;
  return [
    ...entries,
    ["Waiting texts", String(sum(samples, "kumiko_queue_inputs"))],
    ["Computing threads", `${sum(samples, "kumiko_pool_busy")} of ${sum(samples, "kumiko_pool_threads")}`],
    ["Half of the answers", quantile(samples, 0.5)],
    ["99 of 100 answers", quantile(samples, 0.99)],
    ["Heap", megabytes(sum(samples, "jvm_memory_used_bytes", 'area="heap"'))],
    ["Up", `${Math.round(sum(samples, "process_uptime_seconds"))} s`],
  ];
}
