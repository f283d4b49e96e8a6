"""Generates small .onnx files with random weights, as people export them, and what ONNX Runtime makes of them.

    python onnx_exports.py TARGET_FOLDER            # takes half an hour on two cores
    python compare_onnx.py TARGET_FOLDER ../../kumiko

Families x exporter x opset x attention x weights' type x place of the weights x token types. Each lies in a folder
of its own: model.onnx, tokenizer.json, expected.json (ids; token vectors' mean over the text, from ONNX Runtime, one
text at a time). Needs torch, transformers, onnx, onnxruntime, onnxscript, tokenizers. A file that the exporter or
ONNX Runtime refuses is counted and left out."""

import itertools
import json
import os
import shutil
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import transformers
from onnx import numpy_helper
from tokenizers import Tokenizer

warnings.filterwarnings("ignore")
onnxruntime.set_default_logger_severity(3)
torch.set_num_threads(1)

VOCABULARY, HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 60, 24, 2, 3, 40, 40
COMMON = dict(vocab_size=VOCABULARY, max_position_embeddings=POSITIONS)
SIZES = dict(COMMON, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=WIDE)
DISTIL = dict(COMMON, dim=HIDDEN, n_layers=LAYERS, n_heads=HEADS, hidden_dim=WIDE)
# Name in transformers, its settings, whether it has token types that a caller can give.
FAMILIES = {
    "bert": ("Bert", dict(SIZES, hidden_act="gelu", type_vocab_size=2), True),
    "bert-tanh": ("Bert", dict(SIZES, hidden_act="gelu_new", layer_norm_eps=1e-5, type_vocab_size=2), True),
    "bert-relu": ("Bert", dict(SIZES, hidden_act="relu", type_vocab_size=3), True),
    "distilbert": ("DistilBert", DISTIL, False),
    "roberta": ("Roberta", dict(SIZES, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5), False),
    "xlm-roberta": ("XLMRoberta", dict(SIZES, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5), False),
    "mpnet": ("MPNet", dict(SIZES, relative_attention_num_buckets=32, pad_token_id=1, layer_norm_eps=1e-5), False),
}
WORDS = "the of roof best steamed ash bends without breaking hello world a b c d e f g h i j k l m n o p q r s t".split()
TEXTS = ["the roof", "best steamed ash bends without breaking", "hello world", "", "a <pad> b", "zebra a",
         " ".join((WORDS * 3)[:POSITIONS - 5])]


def tokenizer(family):
    special = ["<pad>", "<unk>", "<s>", "</s>"] if "bert" == family[:4] or family[:4] == "dist" \
        else ["<s>", "<pad>", "</s>", "<unk>"]
    vocabulary = {token: i for i, token in enumerate(special + WORDS)}
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=vocabulary[token], content=token, **flags) for token in special],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["</s>", vocabulary["</s>"]],
                           "cls": ["<s>", vocabulary["<s>"]]},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "<unk>", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    }


class LastHidden(torch.nn.Module):
    """Gives the model one signature, and its output as a tensor or as optimum has it."""

    def __init__(self, model, types):
        super().__init__()
        self.model = model
        self.types = types

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        more = dict(token_type_ids=token_type_ids) if self.types else {}
        return self.model(input_ids, attention_mask=attention_mask, **more).last_hidden_state


def build(family, attention, half):
    name, settings, _ = FAMILIES[family]
    torch.manual_seed(sum(map(ord, family)))
    config = getattr(transformers, name + "Config")(**settings, attn_implementation=attention)
    model = getattr(transformers, name + "Model")(config)
    for parameter in model.parameters():
        # The exporters merge equal tensors, which trained models do not have.
        torch.nn.init.normal_(parameter, std=0.4)
    model = model.eval()
    return model.half() if half else model


def export(family, exporter, opset, attention, half, types, target):
    model = build(family, attention, half)
    names = ["input_ids", "attention_mask"] + (["token_type_ids"] if types else [])
    ids = torch.randint(5, 30, (2, 9))
    inputs = tuple([ids] + [torch.ones_like(ids) for _ in names[1:]])
    if types:
        inputs = (*inputs[:2], torch.zeros_like(ids))
    file = target / "model.onnx"
    axes = {0: "batch_size", 1: "sequence_length"}
    if exporter == "torchscript":
        torch.onnx.export(LastHidden(model, types), inputs, file, input_names=names, output_names=["last_hidden_state"],
                          opset_version=opset, dynamo=False, dynamic_axes={n: axes for n in [*names, "last_hidden_state"]})
    elif exporter == "optimum":
        # As optimum: the model itself, keyword inputs, all outputs, constant folding.
        class Whole(type(model)):
            def forward(self, input_ids=None, attention_mask=None, token_type_ids=None):
                more = dict(token_type_ids=token_type_ids) if types else {}
                return super().forward(input_ids=input_ids, attention_mask=attention_mask, return_dict=True, **more)
        model.__class__ = Whole
        outputs = ["last_hidden_state"]
        torch.onnx.export(model, ({n: i for n, i in zip(names, inputs)},), file, input_names=names,
                          output_names=outputs, opset_version=opset, dynamo=False, do_constant_folding=True,
                          dynamic_axes={n: axes for n in [*names, *outputs]})
    else:
        dynamic = None
        if exporter == "dynamo":
            dimensions = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", min=2, max=POSITIONS - 2)}
            dynamic = {n: dimensions for n in names}
            if not types:
                dynamic["token_type_ids"] = None
                del dynamic["token_type_ids"]
        torch.onnx.export(LastHidden(model, types), inputs, file, input_names=names, output_names=["last_hidden_state"],
                          opset_version=opset, dynamo=True, dynamic_shapes=dynamic, external_data=False, verbose=False,
                          optimize=True)
    strip(file)
    return file


def strip(file):
    """Removes where nodes came from: paths of the machine."""
    model = onnx.load(file)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(model, file)


def run(file, ids, types):
    """Token vectors of one text."""
    session = run.sessions.setdefault(file, None) or onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    run.sessions[file] = session
    given = {}
    for one in session.get_inputs():
        static = one.shape[1] if isinstance(one.shape[1], int) else None
        rows = one.shape[0] if isinstance(one.shape[0], int) else 1
        length = static or len(ids)
        row = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": types}[one.name]
        pad = run.padding if one.name == "input_ids" else 0
        given[one.name] = np.array([list(row) + [pad] * (length - len(ids))] * rows, dtype=np.int64)
    return session.run(None, given)[0][0][:len(ids)].astype(np.float64)


def expected(folder, family):
    own = Tokenizer.from_file(str(folder / "tokenizer.json"))
    run.sessions = {}
    run.padding = own.token_to_id("<pad>")
    file = str(folder / "model.onnx")
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    run.sessions[file] = session
    length = session.get_inputs()[0].shape[1]
    texts = [t for t in TEXTS if not isinstance(length, int) or len(own.encode(t).ids) <= length]
    encodings = [own.encode(t) for t in texts]
    vectors = [run(file, e.ids, e.type_ids).mean(0).tolist() for e in encodings]
    assert np.isfinite(vectors).all()
    (folder / "expected.json").write_text(json.dumps(dict(
        texts=texts, ids=[e.ids for e in encodings], vectors=vectors)))


def external(source, target, one_file):
    model = onnx.load(source)
    onnx.save(model, target / "model.onnx", save_as_external_data=True, all_tensors_to_one_file=one_file,
              location="model.onnx.data" if one_file else None, size_threshold=0)


def optimised(source, target, level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.optimized_model_filepath = str(target / "model.onnx")
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def half_weights(source, target):
    """Weights in fp16 behind a Cast each, computed in fp32, as to halve a file."""
    model = onnx.load(source)
    casts, kept = [], []
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or len(tensor.dims) == 0:
            kept.append(tensor)
            continue
        small = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name + "_half")
        kept.append(small)
        casts.append(onnx.helper.make_node("Cast", [small.name], [tensor.name], to=onnx.TensorProto.FLOAT))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, target / "model.onnx")


def variants(file, base, root, family, made):
    """What people do to a file after the export."""
    levels = onnxruntime.GraphOptimizationLevel
    changes = {
        "external": lambda target: external(file, target, True),
        "external-each": lambda target: external(file, target, False),
        "cast-fp16": lambda target: half_weights(file, target),
        "ort-basic": lambda target: optimised(str(file), target, levels.ORT_ENABLE_BASIC),
        "ort-extended": lambda target: optimised(str(file), target, levels.ORT_ENABLE_EXTENDED),
    }
    for name, change in changes.items():
        attempt(f"{base}-{name}", root, family, made, change)


def attempt(name, root, family, made, action):
    target = root / name
    if (target / "expected.json").exists():
        made["made"] += 1
        return True
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        (target / "tokenizer.json").write_text(json.dumps(tokenizer(family), ensure_ascii=False))
        action(target)
        expected(target, family)
        made["made"] += 1
        return True
    except Exception as e:
        made.setdefault("failed", []).append(f"{name}: {type(e).__name__}: {str(e).splitlines()[0][:150] if str(e) else ''}")
        if os.environ.get("VERBOSE"):
            traceback.print_exc()
        shutil.rmtree(target, ignore_errors=True)
        return False


def combinations():
    for family, attention in itertools.product(FAMILIES, ("eager", "sdpa")):
        typed = FAMILIES[family][2]
        for types in ([True, False] if typed and family == "bert" else [typed]):
            opsets = {"torchscript": (11, 14, 17, 20), "optimum": (11, 14, 18), "dynamo": (18, 20, 21), "dynamo-static": (18,)}
            for exporter, versions in opsets.items():
                for opset in versions:
                    if attention == "sdpa" and opset < 14:
                        continue
                    yield family, exporter, opset, attention, False, types
            for exporter, opset in (("torchscript", 17), ("dynamo", 18)):
                yield family, exporter, opset, attention, True, types


def main():
    root = Path(sys.argv[1])
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    made = dict(made=0)
    for family, exporter, opset, attention, half, types in combinations():
        base = "-".join([family, exporter, f"opset{opset}", attention, *(["fp16"] if half else []),
                         *(["types"] if types else [])])
        if wanted not in base:
            continue
        ok = attempt(base, root, family, made,
                     lambda target: export(family, exporter, opset, attention, half, types, target))
        if ok and not half and (exporter, opset) in (("torchscript", 14), ("dynamo", 18), ("optimum", 11)):
            variants(root / base / "model.onnx", base, root, family, made)
        print(base, "made" if ok else "FAILED", flush=True)
    print(json.dumps(made, indent=1))


main()
