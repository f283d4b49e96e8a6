"""Exports models and asks transformers and sentence-transformers whether the folders are what Kumiko says: ids of
every text equal, the largest difference of a vector's component (or a pair's score; with several labels, of its logits from
those of the folder that was converted). Needs torch, transformers, sentence-transformers. Usage: python check_export.py KUMIKO TEXTS SOURCE[=VARIANT]...
KUMIKO is the command line, TEXTS a file with a text a line, SOURCE a folder to convert first or a Kumiko model."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers import AutoTokenizer

BOUND = 1e-5
kumiko, texts_file, sources = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
texts = texts_file.read_text(encoding="utf-8").split("\n")[:-1]


def run(*arguments):
    return subprocess.run([kumiko, *map(str, arguments)], check=True, capture_output=True, encoding="utf-8").stdout


def check_ids(model, folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    lines = run("tokenize", "--no-prompt", "-m", model, "-i", texts_file).splitlines()
    ids = [json.loads(line)["ids"] for line in lines]
    assert len(ids) == len(texts), (len(ids), len(texts))
    wrong = [text for text, expected in zip(texts, ids)
             if tokenizer(text, truncation=True)["input_ids"] != expected]
    assert not wrong, f"other ids: {wrong[:3]}"


def check_vectors(model, folder, work):
    target = work / "vectors.npy"
    run("embed", "--no-prompt", "-m", model, "-i", texts_file, "-o", target, "--format", "npy")
    reference = SentenceTransformer(str(folder), device="cpu")
    reference.default_prompt_name = None
    return float(np.abs(np.load(target) - reference.encode(texts, prompt="")).max())


def check_scores(model, folder, labels, source):
    reference = CrossEncoder(str(folder), device="cpu")
    if labels > 1:
        if not source.is_dir():
            return "not compared: several labels, and no folder that it was converted from"
        pairs = [(texts[0], text) for text in texts]
        logits, expected = (encoder.predict(pairs, activation_fn=torch.nn.Identity())
                            for encoder in (reference, CrossEncoder(str(source), device="cpu")))
        return float(np.abs(logits - expected).max())
    lines = run("rerank", "--json", "-m", model, "-i", texts_file, texts[0]).splitlines()
    scores = {entry["index"]: entry["score"] for entry in map(json.loads, lines)}
    expected = reference.predict([(texts[0], text) for text in texts])
    first = min(scores)
    return max(abs(scores[i + first] - float(expected[i])) for i in range(len(texts)))


failed = 0
for source in sources:
    path, _, variant = source.partition("=")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        model, folder = Path(path), work / Path(path).stem
        if model.is_dir():
            model = work / "model-kumiko.safetensors"
            run("convert", path, model, *(["--variant", variant] if variant else []))
        run("export", model, folder)
        config = json.loads((folder / "config.json").read_text())
        try:
            classifies = config["architectures"][0].endswith("ForSequenceClassification")
            if classifies:
                difference = check_scores(model, folder, len(config["id2label"]), Path(path))
            else:
                check_ids(model, folder)
                difference = check_vectors(model, folder, work)
            good = isinstance(difference, str) or difference < BOUND
        except Exception as e:
            difference, good = f"{type(e).__name__}: {e}", False
        failed += not good
        shown = difference if isinstance(difference, str) else f"{difference:.1e}"
        print(f"{'ok' if good else 'FAILED':6} {Path(path).name:32} {len(texts)} texts, difference {shown}",
              flush=True)
sys.exit(failed > 0)
