"""Makes the .onnx files of OnnxPooledTest: small models with random weights whose graphs end in one vector for each text,
as exports of a whole sentence-transformers model do, and what ONNX Runtime makes of them.

    python onnx_pooled.py ../src/test/resources/onnx

Needs torch, transformers, onnx, onnxruntime, onnxscript, tokenizers."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import transformers
from tokenizers import Tokenizer

WORDS = "the of roof best steamed ash bends without breaking hello world a b c d e f".split()
TEXTS = ["the roof", "best steamed ash bends without breaking", "hello world", "", "zebra a"]
HIDDEN = 16


class Pooled(torch.nn.Module):
    def __init__(self, model, pooling, normalises, head=None, tokens=True):
        super().__init__()
        self.model, self.pooling, self.normalises, self.head, self.tokens = model, pooling, normalises, head, tokens

    def forward(self, input_ids, attention_mask):
        hidden = self.model(input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).expand(hidden.size()).float()
        if self.pooling == "mean":
            vector = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        elif self.pooling == "mean-sqrt-len":
            vector = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9).sqrt()
        elif self.pooling == "max":
            vector = hidden.masked_fill(mask == 0, -1e9).max(1).values
        elif self.pooling == "mean-of-all":
            vector = hidden.mean(1)
        else:
            vector = hidden[:, 0]
        if self.head is not None:
            vector = torch.tanh(self.head(vector))
        if self.normalises:
            vector = torch.nn.functional.normalize(vector, p=2, dim=1)
        return (hidden, vector) if self.tokens else vector


def tokenizer():
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {token: i for i, token in enumerate(special + WORDS)}
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=vocabulary[token], content=token, **flags) for token in special],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    }


def make(root, name, dynamo, *pooling, **more):
    torch.manual_seed(len(name))
    config = transformers.DistilBertConfig(vocab_size=4 + len(WORDS), max_position_embeddings=24, dim=HIDDEN, n_layers=1,
                                           n_heads=2, hidden_dim=24, attn_implementation="eager")
    model = Pooled(transformers.DistilBertModel(config), *pooling, **more).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.onnx"
    ids = torch.randint(5, 20, (2, 9))
    names = ["input_ids", "attention_mask"]
    outputs = ["token_embeddings", "sentence_embedding"] if model.tokens else ["sentence_embedding"]
    if dynamo:
        axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", min=2, max=24)}
        torch.onnx.export(model, (ids, torch.ones_like(ids)), file, input_names=names, output_names=outputs, opset_version=18,
                          dynamo=True, dynamic_shapes={n: axes for n in names}, external_data=False, verbose=False)
    else:
        axes = {0: "batch_size", 1: "sequence_length"}
        torch.onnx.export(model, (ids, torch.ones_like(ids)), file, input_names=names, output_names=outputs, opset_version=14,
                          dynamo=False, dynamic_axes={n: axes for n in names})
    graph = onnx.load(file)
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(graph, file)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()))
    own = Tokenizer.from_file(str(folder / "tokenizer.json"))
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    vectors = []
    for text in TEXTS:
        ids = np.array([own.encode(text).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vectors.append(session.run(["sentence_embedding"], given)[0][0].astype(float).tolist())
    (folder / "expected.json").write_text(json.dumps(dict(texts=TEXTS, vectors=vectors)))


def main():
    root = Path(sys.argv[1])
    make(root, "pooled-mean", False, "mean", True)
    make(root, "pooled-cls", True, "cls", False, tokens=False)
    make(root, "pooled-max", False, "max", False)
    make(root, "pooled-sqrt", True, "mean-sqrt-len", False)
    make(root, "pooled-padding", False, "mean-of-all", True)
    make(root, "pooled-dense", True, "mean", True, head=torch.nn.Linear(HIDDEN, HIDDEN))


main()
