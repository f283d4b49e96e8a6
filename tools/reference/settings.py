"""Makes the test resource settings: tokenizer.json files and, for each of many sets of settings beside them, the ids
that transformers gives for texts and pairs, whole and cut. What transformers refuses is recorded as refused.
Needs transformers, tokenizers. Usage: python settings.py VOCABULARIES TARGET_FOLDER
(VOCABULARIES is the folder that vocabularies.py makes.)"""

import copy
import json
import sys
import tempfile
from pathlib import Path

import transformers as tf

tf.logging.set_verbosity_error()
source, target = Path(sys.argv[1]), Path(sys.argv[2])
TEXTS = [
    "a purlin carries the rafters of a roof, new word, the joiner fits thin strips of cedar together",
    "The Roof of the house.", "Café naïve é", "木組みの格子 roof", "  the  roof  ", "don't we'll newword <new>,<own> <extra>",
    "[CLS] the [MASK] roof [SEP] <s> the <mask> roof </s> [UNK] <unk> [PAD] <pad>", "", "roofroof purlin",
    "the roof of the house is made of cedar and the rafters carry it", "x\ty\n z", "ﬁne ｆｕｌｌ 🙂",
]
PAIRS = [("the roof", "a house"), ("the roof of the house is made of cedar", "a purlin carries it"), ("a <mask>", "<mask> b"),
         ("the joiner fits thin strips", "the roof of the house is made of cedar and the rafters carry it"), ("3.14 1,000", "xyz " * 9)]
CUT = 9


def flags(content, typed=False, **stated):
    token = dict(content=content, lstrip=False, rstrip=False, normalized=False, single_word=False) | stated
    return token | {"__type": "AddedToken"} if typed else token


def stored(folder, name):
    tokenizer = tf.AutoTokenizer.from_pretrained(source / folder)
    with tempfile.TemporaryDirectory() as saved:
        tokenizer.save_pretrained(saved)
        document = json.loads((Path(saved) / "tokenizer.json").read_text())
    (target / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False))
    return document


target.mkdir(parents=True, exist_ok=True)
BASES = {"bert": stored("bert-bare", "bert"), "mpnet": stored("mpnet-bare", "mpnet"), "roberta": stored("roberta-bare", "roberta"),
         "xlm-roberta": stored("xlmr-bare", "xlm-roberta"), "camembert": stored("camembert-bare", "camembert")}
BASES["distilbert"] = BASES["modernbert"] = BASES["bert"]
NAMED = {"bert": "[MASK]", "distilbert": "[MASK]", "modernbert": "[MASK]"}
cases = []


def emit(family, what, config=None, edits=None, model=None, **files):
    """edits: members of tokenizer.json by path; files: further files by name, with _ for a point."""
    document = copy.deepcopy(BASES[family])
    for path, value in (edits or {}).items():
        *before, last = path.split("/")
        place = document
        for step in before:
            place = place[int(step) if isinstance(place, list) else step]
        if isinstance(place, list):
            place.append(value)
        else:
            place[last] = value
    beside = {name.replace("_json", ".json"): content for name, content in files.items()}
    beside["config.json"] = {"model_type": family} | (model or {})
    if config is not None:
        beside["tokenizer_config.json"] = config
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (beside | {"tokenizer.json": document}).items():
            (Path(folder) / name).write_text(json.dumps(content, ensure_ascii=False))
        try:
            tokenizer = tf.AutoTokenizer.from_pretrained(folder)
            golden = {
                "class": type(tokenizer).__name__,
                "ids": [tokenizer(text)["input_ids"] for text in TEXTS],
                "cut": [tokenizer(text, truncation=True, max_length=CUT)["input_ids"] for text in TEXTS],
                "pairs": [tokenizer(*pair, truncation="longest_first", max_length=CUT)["input_ids"] for pair in PAIRS],
            }
        except Exception as refusal:
            golden = {"refused": f"{type(refusal).__name__}: {refusal}".split("\n")[0][:200]}
    name = f"{family}: {what}"
    cases.append({"name": name, "base": "bert" if family in NAMED else family, "edits": edits or {}, "beside": beside} | golden)
    if "refused" in golden:
        print(name, golden["refused"])


SETTINGS = {
    "nothing": {}, "cased": {"do_lower_case": False}, "uncased": {"do_lower_case": True},
    "accents kept": {"strip_accents": False}, "accents stripped": {"strip_accents": True, "do_lower_case": False},
    "accents null": {"strip_accents": None, "do_lower_case": False}, "chinese": {"tokenize_chinese_chars": False},
    "left": {"truncation_side": "left"}, "right": {"truncation_side": "right"}, "padding left": {"padding_side": "left"},
    "space": {"add_prefix_space": True}, "no space": {"add_prefix_space": False},
    "basic": {"do_basic_tokenize": False, "never_split": ["the"]}, "split specials": {"split_special_tokens": True},
    "extra list": {"extra_special_tokens": ["<extra>", "<own>"]}, "extra object": {"extra_special_tokens": {"own_token": "<own>"}},
    "extra typed": {"extra_special_tokens": [flags("<extra>", True, lstrip=True)]},
    "additional": {"additional_special_tokens": ["<new>"]}, "own": {"image_token": "<own>"},
    "additional typed": {"additional_special_tokens": [flags("<new>", True, rstrip=True, normalized=True)]},
    "bos": {"bos_token": "<own>", "add_bos_token": True}, "eos": {"eos_token": "<new>", "add_eos_token": True},
    "cls": {"cls_token": "<own>"}, "sep": {"sep_token": "<new>"}, "unk": {"unk_token": "[MASK]"}, "mask": {"mask_token": "<new>"},
    "pad": {"pad_token": "<own>"}, "pad null": {"pad_token": None},
    "mask typed": {"mask_token": flags("<new>", True, lstrip=True, normalized=True)},
    "decoder": {"added_tokens_decoder": {"4": flags("<new>", rstrip=True, special=True), "900": flags("roof", single_word=True)}},
    "decoder empty": {"added_tokens_decoder": {}},
    "decoder mask": {"mask_token": "<mask>", "added_tokens_decoder": {"1": flags("<mask>", lstrip=True, rstrip=True, special=True)}},
    "decoder and specials split": {"split_special_tokens": True,
                                   "added_tokens_decoder": {"901": flags("<new>", special=True), "902": flags("<own>")}},
    "clean up": {"clean_up_tokenization_spaces": True, "errors": "ignore", "trim_offsets": False, "model_max_length": 7},
    "inputs": {"model_input_names": ["input_ids", "attention_mask"]}, "long": {"max_len": 8},
    "generic": {"tokenizer_class": "PreTrainedTokenizerFast"},
    "generic with all": {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": False, "add_prefix_space": True,
                         "strip_accents": False, "cls_token": "<own>", "mask_token": "<new>", "truncation_side": "left"},
    "generic decoder": {"tokenizer_class": "TokenizersBackend",
                        "added_tokens_decoder": {"900": flags("<new>", lstrip=True), "3": flags("<own>", special=True)}},
    "generic split": {"tokenizer_class": "PreTrainedTokenizerFast", "split_special_tokens": True},
    "generic bos": {"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": True, "bos_token": "<own>"},
}
WORD = {"id": 800, "special": False} | flags("roof", single_word=True)
EDITS = {
    "cased": {"normalizer/lowercase": False}, "accents": {"normalizer/strip_accents": False},
    "chinese": {"normalizer/handle_chinese_chars": False}, "dirty": {"normalizer/clean_text": False},
    "no normalizer": {"normalizer": None}, "lowercase": {"normalizer": {"type": "Lowercase"}},
    "no post processor": {"post_processor": None}, "white space": {"pre_tokenizer": {"type": "WhitespaceSplit"}},
    "left": {"truncation": {"direction": "Left", "max_length": 6, "strategy": "LongestFirst", "stride": 0}},
    "padding": {"padding": {"strategy": "BatchLongest", "direction": "Left", "pad_to_multiple_of": None, "pad_id": 0,
                            "pad_type_id": 0, "pad_token": "<own>"}},
    "short words": {"model/max_input_chars_per_word": 5}, "word": {"added_tokens/-": WORD},
    "space": {"pre_tokenizer/add_prefix_space": True}, "merges ignored": {"model/ignore_merges": True},
}
ONLY = {"short words": NAMED.keys() | {"mpnet"}, "space": {"roberta"}, "merges ignored": {"roberta"},
        "cased": NAMED.keys() | {"mpnet"}, "accents": NAMED.keys() | {"mpnet"}, "chinese": NAMED.keys() | {"mpnet"},
        "dirty": NAMED.keys() | {"mpnet"}}
for family in BASES:
    emit(family, "no files")
    for what, config in SETTINGS.items():
        emit(family, what, config)
    for what, edits in EDITS.items():
        if family in ONLY.get(what, BASES.keys()):
            emit(family, f"stored {what}", {}, edits)
            emit(family, f"stored {what}, generic", {"tokenizer_class": "PreTrainedTokenizerFast"}, edits)
    emit(family, "stored left, stated right", {"truncation_side": "right"}, EDITS["left"])
    emit(family, "added", {}, added_tokens_json={"<new>": 700, "roof": 701})
    emit(family, "added and decoder", {"added_tokens_decoder": {"800": flags("<own>")}}, added_tokens_json={"<new>": 700})
    emit(family, "map", {"mask_token": "<own>"}, special_tokens_map_json={
        "mask_token": flags("<new>", lstrip=True), "additional_special_tokens": ["<extra>"]})
    emit(family, "map of text", {}, special_tokens_map_json={"cls_token": "<own>", "sep_token": "<new>"})
    emit(family, "map and decoder", {"added_tokens_decoder": {}}, special_tokens_map_json={"cls_token": "<own>"})
    emit(family, "generic map", {"tokenizer_class": "PreTrainedTokenizerFast"}, special_tokens_map_json={"cls_token": "<own>"},
         added_tokens_json={"<new>": 700})
    emit(family, "class in config.json", {}, model={"tokenizer_class": "PreTrainedTokenizerFast"}, edits={"normalizer": None})
    emit(family, "unknown class", {"tokenizer_class": "MyOwnTokenizer"})
    emit(family, "python class", {"tokenizer_class": "BertJapaneseTokenizer"})
for family, other in (("bert", "DistilBertTokenizerFast"), ("bert", "MPNetTokenizer"), ("bert", "RobertaTokenizer"),
                      ("roberta", "BertTokenizer"), ("xlm-roberta", "CamembertTokenizer"), ("camembert", "XLMRobertaTokenizer"),
                      ("mpnet", "BertTokenizer"), ("distilbert", "ElectraTokenizer"), ("bert", "MobileBertTokenizer"),
                      ("roberta", "GPT2Tokenizer"), ("bert", "XLMRobertaTokenizerFast")):
    emit(family, f"class {other}", {"tokenizer_class": other})
golden = {"texts": TEXTS, "pairs": PAIRS, "cut": CUT, "cases": cases}
(target / "golden.json").write_text(json.dumps(golden, ensure_ascii=False))
print(len(cases), "sets of settings")
