"""Generates folders of small models with random weights - families, file variants, settings, weights -, converts each
with Kumiko (Differential.java, one JVM for all), and compares ids and vectors with what sentence-transformers gives.
Prints a table of outcomes and every disagreement. A folder's name says its recipe; recipe.json holds it.
Needs torch, transformers, sentence-transformers, and the JARs of `mvn package`.
Usage: python differential.py TARGET_FOLDER [HOW_MANY [SEED]]; with 0 the folders that are there are converted again."""

import collections
import contextlib
import io
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import torch
import transformers as tf
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent
VOCABULARIES = TOOLS / "src/test/resources/vocabularies"
TOLERANCE = 1e-5
POSITIONS = 42
WORDS = "the roof of a house carries rafters, don't! Cedar Café 木組み the NEW joiner "
TEXTS = json.loads((VOCABULARIES / "texts.json").read_text())["texts"] + [
    WORDS * 3, "the " * 70, "é" * 50, "the<new>roof", "the <new> roof", "<own>", "a\tb\r\nc", "İ ẞ Ǆ ﬀ", "ก็ हिन्दी العربية",
    "\u0301a", "👩‍👩‍👧‍👦 🇩🇪", "a" * 99 + " " + "b" * 100, "[UNK] <unk> the", "<s>the</s>", "[CLS]the[SEP] a"]

# What each family is called, where its vocabulary files lie, the class of its models.
FAMILIES = {
    "bert": ("bert-bare", tf.BertConfig, tf.BertModel, {}),
    "distilbert": ("bert-bare", tf.DistilBertConfig, tf.DistilBertModel, {}),
    "mpnet": ("mpnet-bare", tf.MPNetConfig, tf.MPNetModel, dict(pad_token_id=1)),
    "roberta": ("roberta-bare", tf.RobertaConfig, tf.RobertaModel, dict(pad_token_id=1)),
    "xlm-roberta": ("xlmr-bare", tf.XLMRobertaConfig, tf.XLMRobertaModel, dict(pad_token_id=1)),
    "camembert": ("camembert-bare", tf.CamembertConfig, tf.CamembertModel, dict(pad_token_id=1)),
}
SPECIAL = dict(lstrip=False, rstrip=False, normalized=False, single_word=False, special=True)


def token(content, **flags):
    return {"content": content, **SPECIAL, **flags}


def config(**members):
    return {"tokenizer_config.json": members}


SETTINGS = {
    "plain": {},
    "truncate-left": config(truncation_side="left"),
    "truncate-right": config(truncation_side="right"),
    "lower": config(do_lower_case=True),
    "cased": config(do_lower_case=False),
    "accents": config(strip_accents=False),
    "no-accents": config(strip_accents=True),
    "accents-null": config(strip_accents=None),
    "no-chinese": config(tokenize_chinese_chars=False),
    "space": config(add_prefix_space=True),
    "no-space": config(add_prefix_space=False),
    "max-20": config(model_max_length=20),
    "max-huge": config(model_max_length=int(1e30)),
    "split-special": config(split_special_tokens=True),
    "extra": config(additional_special_tokens=["<new>", "<own>"]),
    "extra-now": config(extra_special_tokens=["<new>"]),
    "extra-named": config(extra_special_tokens={"own_token": "<own>"}),
    "mask-lstrip": config(mask_token={"__type": "AddedToken", **token("<new>", lstrip=True)}),
    "pad-other": config(pad_token="<new>"),
    "unk-other": config(unk_token="<new>"),
    "cls-the": config(cls_token="the"),
    "sep-new": config(sep_token="<new>"),
    "bos-new": config(bos_token="<new>", eos_token="<own>"),
    "added": {"added_tokens.json": {"<new>": "NEXT"}},
    "map": {"special_tokens_map.json": {"mask_token": token("<new>", rstrip=True), "additional_special_tokens": ["<own>"]}},
    "map-cls": {"special_tokens_map.json": {"cls_token": "<new>"}},
    "fast-class": config(tokenizer_class="FAST"),
    "slow-class": config(tokenizer_class="SLOW"),
    "no-class": config(tokenizer_class=None),
    "generic-class": config(tokenizer_class="PreTrainedTokenizerFast"),
    "bert-class": config(tokenizer_class="BertTokenizer"),
    "class-in-config": {"config.json": {"tokenizer_class": "SLOW"}},
    "basic": config(do_basic_tokenize=False, never_split=["the"]),
    "trim": config(trim_offsets=False, errors="replace"),
    "pad-left": config(padding_side="left"),
    "bos-flags": config(add_bos_token=False, add_eos_token=False),
    "legacy": config(legacy=False, use_fast=False, clean_up_tokenization_spaces=True),
    "st-lower": {"sentence_bert_config.json": {"max_seq_length": 24, "do_lower_case": True}},
    "st-max": {"sentence_bert_config.json": {"max_seq_length": 12}},
    "st-null": {"sentence_bert_config.json": {"max_seq_length": None}},
    "st-old-roberta": {"sentence_roberta_config.json": {"max_seq_length": 9, "do_lower_case": True}},
    "st-old-distilbert": {"sentence_distilbert_config.json": {"max_seq_length": 9}},
    "st-old-xlm": {"sentence_xlm-roberta_config.json": {"max_seq_length": 9}},
    "pooling-cls": {"1_Pooling/config.json": {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}},
    "pooling-max": {"1_Pooling/config.json": {"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": False}},
    "pooling-last": {"1_Pooling/config.json": {"pooling_mode_lasttoken": True, "pooling_mode_mean_tokens": False}},
    "no-modules": {"modules.json": None, "1_Pooling/config.json": None},
    "act-relu": {"config.json": {"hidden_act": "relu", "activation": "relu"}},
    "eps-absent": {"config.json": {"layer_norm_eps": "ABSENT"}},
    "half": {"weights": "half"},
    "double": {"weights": "double"},
    "prefixed": {"weights": "prefixed"},
    "prompt": {"config_sentence_transformers.json": {"prompts": {"query": "the roof: "}, "default_prompt_name": "query"}},
}
VARIANTS = ("old", "json", "both")


def quiet(action):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return action()


def base(family, variant, folder):
    """The folder before any setting."""
    vocabulary, config_class, model_class, more = FAMILIES[family]
    for file in (VOCABULARIES / vocabulary).iterdir():
        if file.name not in ("golden.json", "config.json"):
            shutil.copy(file, folder / file.name)
    (folder / "config.json").write_text(json.dumps({"model_type": family}))
    tokenizer = tf.AutoTokenizer.from_pretrained(folder)
    names = config_class().attribute_map
    sizes = dict(vocab_size=len(tokenizer) + 6, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                 intermediate_size=24, max_position_embeddings=POSITIONS, type_vocab_size=2 if family == "bert" else 1)
    if family == "distilbert":
        sizes |= dict(hidden_dim=sizes.pop("intermediate_size"))
    own = config_class(**{names.get(name, name): value for name, value in sizes.items()
                          if hasattr(config_class(), name)}, **more)
    model = model_class(own)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    files = {path.name for path in folder.iterdir()} - {"config.json"}
    model.save_pretrained(folder)
    if variant != "old":
        tokenizer.save_pretrained(folder)
        if variant == "json":
            for file in files:
                (folder / file).unlink()
    write(folder, "modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])
    write(folder, "1_Pooling/config.json", {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True})
    return type(tokenizer).__name__, len(tokenizer)


def write(folder, name, content):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content, ensure_ascii=False))


def apply(folder, setting, class_name, size):
    for name, change in setting.items():
        path = folder / name
        if name == "weights":
            weights(folder, change)
        elif change is None:
            path.unlink()
            if path.parent != folder:
                path.parent.rmdir()
        else:
            content = json.loads(path.read_text()) if path.exists() else {}
            for key, value in change.items():
                value = {"FAST": class_name + "Fast", "SLOW": class_name, "NEXT": size}.get(value, value) \
                    if isinstance(value, str) else value
                if value == "ABSENT":
                    content.pop(key, None)
                else:
                    content[key] = value
            write(folder, name, content)


def weights(folder, kind):
    file = folder / "model.safetensors"
    tensors = load_file(file)
    if kind == "prefixed":
        family = json.loads((folder / "config.json").read_text())["model_type"]
        prefix = FAMILIES[family][2].base_model_prefix
        tensors = {f"{prefix}.{name}": value for name, value in tensors.items()}
    else:
        tensors = {name: value.to(torch.float16 if kind == "half" else torch.float64) for name, value in tensors.items()}
    save_file(tensors, file, metadata={"format": "pt"})


def reference(folder):
    try:
        model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"torch_dtype": torch.float64}).double()
        # Texts longer than the table of positions are an error in torch; Kumiko cuts them to the table.
        model.max_seq_length = min(model.max_seq_length or POSITIONS, positions(folder))
        ids = [model.preprocess([prompted(model, text)])["input_ids"][0].tolist() for text in TEXTS]
        vectors = model.encode(TEXTS, batch_size=1, convert_to_numpy=True, show_progress_bar=False).tolist()
        return {"class": type(model.tokenizer).__name__, "ids": ids, "vectors": vectors}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}".split("\n")[0][:200]}


def positions(folder):
    settings = json.loads((folder / "config.json").read_text())
    counts_from_padding = settings["model_type"] not in ("bert", "distilbert")
    return POSITIONS - (settings["pad_token_id"] + 1 if counts_from_padding else 0)


def prompted(model, text):
    name = model.default_prompt_name
    return (model.prompts[name] if name else "") + text


def recipes(count, seed):
    """All families and variants with each setting alone, then with two settings, as many as asked for."""
    chance = random.Random(seed)
    singles = [(family, variant, (name,)) for family in FAMILIES for variant in VARIANTS for name in SETTINGS]
    chance.shuffle(singles)
    count_of_pairs = count // 3
    pairs = [(chance.choice(list(FAMILIES)), chance.choice(VARIANTS), tuple(chance.sample(list(SETTINGS)[1:], 2)))
             for _ in range(count_of_pairs)]
    return singles[:count - count_of_pairs] + pairs


def make(target, count, seed):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    write(target, "texts.json", TEXTS)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    bases = {}
    for family, variant, names in recipes(count, seed):
        folder = target / "+".join((family, variant, *names))
        if folder.exists():
            continue
        if (family, variant) not in bases:
            model = target.with_name(target.name + ".bases") / f"{family}-{variant}"
            shutil.rmtree(model, ignore_errors=True)
            model.mkdir(parents=True)
            bases[family, variant] = (model, *base(family, variant, model))
        model, class_name, size = bases[family, variant]
        shutil.copytree(model, folder)
        for name in names:
            apply(folder, SETTINGS[name], class_name, size)
        result = reference(folder)
        write(folder, "recipe.json", dict(family=family, variant=variant, settings=names))
        write(folder, "reference.json", result)


def outcome(folder):
    expected = json.loads((folder / "reference.json").read_text())
    got = json.loads((folder / "kumiko.json").read_text().replace("NaN", "null"))
    if "crashed" in got:
        return "CRASHED", got["crashed"]
    if "refused" in got:
        both = "refused" in expected
        return ("refused by both" if both else "refused by Kumiko alone"), got["refused"]
    if "refused" in expected:
        return "refused by the reference alone", expected["refused"]
    for text, mine, theirs in zip(TEXTS, got["ids"], expected["ids"]):
        if mine != theirs:
            return "OTHER IDS", f"{text[:40]!r}: {mine[:14]} for {theirs[:14]} ({len(mine)}, {len(theirs)} ids)"
    worst = max(abs(a - b) if a is not None else float("inf") for mine, theirs in zip(got["vectors"], expected["vectors"])
                for a, b in zip(mine, theirs))
    largest = max(abs(value) for vector in expected["vectors"] for value in vector)
    if worst > TOLERANCE * max(1, largest):
        return "OTHER VECTORS", f"off by {worst:.2g} of {largest:.2g}"
    return "the same", ""


def report(target):
    table, lines = collections.defaultdict(collections.Counter), collections.defaultdict(list)
    for folder in sorted(path for path in target.iterdir() if path.is_dir()):
        kind, detail = outcome(folder)
        table[folder.name.split("+")[0]][kind] += 1
        if kind not in ("the same", "refused by both"):
            lines[kind].append(f"{folder.name}: {detail[:300].replace(str(folder), '.')}")
    kinds = sorted({kind for counts in table.values() for kind in counts}, key=lambda kind: (kind.isupper(), kind))
    print("| family | " + " | ".join(kinds) + " | all |\n" + "|---" * (len(kinds) + 2) + "|")
    for family, counts in table.items():
        print(f"| {family} | " + " | ".join(str(counts[kind]) for kind in kinds) + f" | {counts.total()} |")
    total = sum(table.values(), collections.Counter())
    print("| all | " + " | ".join(str(total[kind]) for kind in kinds) + f" | {total.total()} |")
    for kind in kinds:
        for line in lines[kind]:
            print(f"{kind}: {line}")
    return not any(kind.isupper() for kind in kinds)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    target = Path(sys.argv[1])
    count, seed = (int(sys.argv[2]) if len(sys.argv) > 2 else 360), (int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    if count:
        quiet(lambda: make(target, count, seed))
    java = Path(os.environ["JAVA_HOME"]) / "bin/java" if "JAVA_HOME" in os.environ else "java"
    jars = f"{TOOLS}/target/*:{TOOLS}/target/lib/*"
    subprocess.run([java, "--add-modules", "jdk.incubator.vector", "-cp", jars, HERE / "Differential.java", target], check=True)
    sys.exit(0 if report(target) else 1)
