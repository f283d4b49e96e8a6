#!/usr/bin/env python3
"""Training tokens per second of Kumiko and PyTorch, side by side: the same model, texts, batches of
16 pairs, loss (CoSENT, scale 20) and optimiser (AdamW, clip 1), fp32, no dropout.

    training_speed.py EXPORTED_FOLDER KUMIKO_MODEL STS_CSV KUMIKO [--threads 1] [--steps 40]
                      [--tokens 64]

EXPORTED_FOLDER is what `kumiko export KUMIKO_MODEL FOLDER` writes; KUMIKO is the launcher. PyTorch is
measured in padded batches, as sentence-transformers makes them, and in one row of tokens without
padding, with a block-diagonal mask. Every engine runs alone, one after another, for three rounds; the
best round of each counts. Needs torch and transformers.
"""

import argparse
import csv
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time


def batches(path, size, steps, tokens):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row][: size * steps]
    if tokens:
        rows = [[" ".join([text] * tokens) for text in row[:2]] + row[2:] for row in rows]
    return [rows[i : i + size] for i in range(0, len(rows), size)]


def cosent(a, b, labels, torch):
    s = 20 * torch.nn.functional.cosine_similarity(a, b)
    differences = s[:, None] - s[None, :]
    kept = (labels[:, None] < labels[None, :]).float()
    differences = (differences - (1 - kept) * 1e12).view(-1)
    return torch.logsumexp(torch.cat([torch.zeros(1), differences]), 0)


def padded(model, tokenizer, texts, most, torch):
    e = tokenizer(texts, padding=True, truncation=True, max_length=most, return_tensors="pt")
    hidden = model(**e).last_hidden_state
    mask = e["attention_mask"].unsqueeze(-1).float()
    return (hidden * mask).sum(1) / mask.sum(1), int(e["attention_mask"].sum())


def packed(model, tokenizer, texts, most, torch):
    ids = tokenizer(texts, truncation=True, max_length=most)["input_ids"]
    lengths = [len(i) for i in ids]
    owner = torch.repeat_interleave(torch.arange(len(ids)), torch.tensor(lengths))
    same = owner[:, None] == owner[None, :]
    mask = torch.zeros(same.shape).masked_fill(~same, torch.finfo(torch.float32).min)
    hidden = model(
        input_ids=torch.tensor([sum(ids, [])]),
        position_ids=torch.tensor([[p for n in lengths for p in range(n)]]),
        attention_mask=mask[None, None],
    ).last_hidden_state[0]
    sums = torch.zeros(len(ids), hidden.shape[1]).index_add(0, owner, hidden)
    return sums / torch.tensor(lengths)[:, None], sum(lengths)


def pytorch(kind, folder, data, threads, most):
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.set_num_threads(threads)
    model = AutoModel.from_pretrained(folder).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    tokenizer = AutoTokenizer.from_pretrained(folder)
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01)
    vectors = padded if kind == "padded" else packed
    tokens, begin = 0, None
    for step, rows in enumerate(data):
        if step == len(data) // 4:  # warmed up
            tokens, begin = 0, time.perf_counter()
        texts = [r[0] for r in rows] + [r[1] for r in rows]
        out, count = vectors(model, tokenizer, texts, most, torch)
        labels = torch.tensor([float(r[2]) for r in rows])
        loss = cosent(out[: len(rows)], out[len(rows) :], labels, torch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        tokens += count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"rate": tokens / (time.perf_counter() - begin), "peak": peak}))


def kumiko(launcher, model, data, threads, most):
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder, "data.csv")
        with open(table, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(row for rows in data for row in rows)
        target = pathlib.Path(folder, "trained.safetensors")
        command = [launcher, "train", model, str(target), "--data", str(table), "--loss", "cosent",
                   "--steps", str(len(data)), "--threads", str(threads), "--save-every", "0", "--max-tokens", str(most)]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)  # of this process alone, not of PyTorch's
        if status != 0:
            sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
        peak = usage.ru_maxrss // 1024
        log = pathlib.Path(folder, "trained.safetensors-training", "log.jsonl").read_text()
        steps = [json.loads(line) for line in log.splitlines()]
        # From the mean since the start to the rate after the first quarter.
        first, last = steps[len(steps) // 4 - 1], steps[-1]
        seconds = last["seconds"] - first["seconds"]
        return {"rate": (last["tokens"] - first["tokens"]) / seconds, "peak": peak}


def main():
    p = argparse.ArgumentParser()
    for name in ("folder", "model", "sts", "kumiko"):
        p.add_argument(name)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--steps", type=int, default=40)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--tokens", type=int, help="repeat every text and cut it to so many tokens")
    p.add_argument("--only", help=argparse.SUPPRESS)
    a = p.parse_args()
    data = batches(a.sts, 16, a.steps, a.tokens)
    most = a.tokens or 256
    if a.only:
        return pytorch(a.only, a.folder, data, a.threads, most)
    best = {}
    for _ in range(a.rounds):
        for kind in ("padded", "packed"):
            again = [sys.executable, *sys.argv, "--only", kind]
            out = subprocess.run(again, check=True, capture_output=True, text=True).stdout
            best.setdefault(kind, []).append(json.loads(out.splitlines()[-1]))
        best.setdefault("kumiko", []).append(kumiko(a.kumiko, a.model, data, a.threads, most))
    rates = {kind: max(r["rate"] for r in rounds) for kind, rounds in best.items()}
    for kind, rate in rates.items():
        peak = min(r["peak"] for r in best[kind])
        print(f"{kind:8} {rate:8.0f} tokens/s   Kumiko / it {rates['kumiko'] / rate:5.2f}   peak {peak} MB")


if __name__ == "__main__":
    main()
