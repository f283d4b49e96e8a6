"""Makes the test resources vocabularies: folders that have vocab.txt, vocab.json and merges.txt, or
sentencepiece.bpe.model, but no tokenizer.json, with settings of every kind, and the ids that transformers gives for
texts and pairs. What transformers refuses is recorded as refused.
Needs transformers, tokenizers, sentencepiece. Usage: python vocabularies.py TARGET_FOLDER [FILE_OF_TEXTS.py]"""

import io
import json
import runpy
import shutil
import sys
from pathlib import Path

import sentencepiece
import transformers as tf
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

target = Path(sys.argv[1])
TEXTS = [
    "The roof of the house.", "THE Roof", "Café naïve Ångström", "cafe\u0301", "木組みの格子", "a b c", "", " ", "\t\n",
    "  the  roof  ", "don't we'll", "[CLS] typed [SEP] [MASK] <s> </s> <mask> <unk> [UNK]", "İstanbul straße ﬁne ｆｕｌｌ",
    "emoji 🙂👍🏽 zero\u200bwidth nbsp\u00a0and\u3000wide\u2028line\x85next", "control\u0000\u0001\u007f", "roofroof",
    "x" * 101, "the new <new> word, newword and <NEW>", "a <new>  , <extra> <own>b", "the roof <mask> the [MASK] roof",
    "<pad> [PAD] ▁the <s>NOTUSED", "Быстрый поиск", "3.14 1,000",
]
PAIRS = [("the roof", "a house"), ("", "roof"), ("a <mask>", "<mask> b")]
if len(sys.argv) > 2:
    TEXTS += runpy.run_path(sys.argv[2])["TEXTS"]
CORPUS = ["the roof of the house is made of cedar and the rafters carry it", "a purlin carries the rafters of a roof",
          "the joiner fits thin strips of cedar together without a single nail", "cafe naive angstrom don't we'll",
          "быстрый поиск по смыслу работает", "木 組 み の 格 子", "new word 3.14 1,000 emoji typed"] * 20


def word_piece(special):
    pieces = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    pieces.train_from_iterator([*CORPUS, *(line.title() for line in CORPUS), "Café Ångström é Å ü"], trainers.WordPieceTrainer(
        vocab_size=300, special_tokens=special, show_progress=False))
    return "".join(token + "\n" for token, _ in sorted(pieces.get_vocab().items(), key=lambda item: item[1]))


def byte_level():
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    model = json.loads(bpe.to_str())["model"]
    return {"vocab.json": json.dumps(model["vocab"], ensure_ascii=False),
            "merges.txt": "#version: 0.2\n" + "".join(" ".join(merge) + "\n" for merge in model["merges"])}


def sentence_piece(**options):
    rules = target / "rules.tsv"
    rules.parent.mkdir(parents=True, exist_ok=True)
    # Source and target characters in hexadecimal: a small map instead of that of all of NFKC.
    rules.write_text("FB01\t66 69\nFF46\t66\nFF55\t75\nFF4C\t6C\n3000\t20\nA0\t20\n9\t20\nA\t20\n65 301\tE9\n200B\t20\n")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=options.pop("size", 85), normalization_rule_tsv=str(rules),
        character_coverage=1.0, hard_vocab_limit=False, minloglevel=2, **options)
    rules.unlink()
    return {"sentencepiece.bpe.model": model.getvalue()}


def flags(content, typed=False, **stated):
    token = dict(content=content, lstrip=False, rstrip=False, normalized=False, single_word=False) | stated
    return token | {"__type": "AddedToken"} if typed else token


def emit(name, files, config, model_type="bert", **more):
    folder = target / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = files | {"config.json": {"model_type": model_type} | more}
    if config is not None:
        files["tokenizer_config.json"] = config
    for file, content in files.items():
        if isinstance(content, dict):
            content = json.dumps(content, ensure_ascii=False)
        (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        tokenizer = tf.AutoTokenizer.from_pretrained(folder)
        golden = {"ids": [tokenizer(text)["input_ids"] for text in TEXTS],
                  "pairs": [tokenizer(*[[text] for text in pair])["input_ids"][0] for pair in PAIRS]}
    except Exception as refusal:
        golden = {"refused": f"{type(refusal).__name__}: {refusal}".split("\n")[0][:200]}
    (folder / "golden.json").write_text(json.dumps(golden))
    print(name, golden.get("refused", "built"))


BERT = {"vocab.txt": word_piece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])}
MPNET = {"vocab.txt": word_piece(["<s>", "<pad>", "</s>", "[UNK]", "<mask>"])}
ROBERTA = byte_level()
FAIRSEQ = sentence_piece()
OWN = sentence_piece(control_symbols=["<ctrl>"], user_defined_symbols=["<new>"])
target.mkdir(parents=True, exist_ok=True)
(target / "texts.json").write_text(json.dumps({"texts": TEXTS, "pairs": PAIRS}, ensure_ascii=False))
fields = dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>", sep_token="</s>", pad_token="<pad>", cls_token="<s>")

emit("bert-bare", BERT, None)
emit("bert-cased", BERT, {"do_lower_case": False, "tokenizer_class": "BertTokenizer", "model_max_length": 512})
emit("bert-accents", BERT, {"strip_accents": False, "tokenize_chinese_chars": False, "do_basic_tokenize": True,
                            "tokenizer_class": "BertTokenizerFast"})
emit("bert-cased-stripped", BERT, {"strip_accents": True, "do_lower_case": False, "never_split": ["the"]})
emit("bert-lines", {"vocab.txt": BERT["vocab.txt"].replace("\n", " \r\n") + "\n\u3000\nroof\nlast\u2028"}, {})
emit("bert-added", BERT | {"added_tokens.json": {"<own>": 400, "<new>": 390, "[MASK]": 4}},
     {"additional_special_tokens": ["<extra>"]})
emit("bert-map", BERT | {"special_tokens_map.json": {
    "cls_token": flags("<new>", lstrip=True), "mask_token": "the", "additional_special_tokens": ["<own>", "<extra>"]}},
    {"cls_token": "[SEP]", "sep_token": flags("[PAD]", True, normalized=True, lstrip=True)})
emit("bert-decoder", BERT | {"special_tokens_map.json": {"cls_token": "the"}, "added_tokens.json": {"roof": 9}}, {
    "added_tokens_decoder": {"300": flags("<new>", rstrip=True, special=True), "9": flags("the", single_word=True),
                             "298": flags("<own>", normalized=True, lstrip=True), "4": flags("[MASK]", lstrip=True)},
    "mask_token": "[MASK]"})
emit("bert-named", BERT, {"own_token": "<own>", "extra_special_tokens": {"extra_token": "<extra>"}, "bos_token": "<new>"})
emit("bert-named-and-former", BERT, {"additional_special_tokens": ["<new>", "<own>"], "extra_special_tokens": {"a_token": "<own>"}})
emit("bert-no-mask", BERT, {"mask_token": None, "pad_token": None})
emit("bert-no-cls", BERT, {"cls_token": None})
emit("bert-untyped", BERT, {"mask_token": flags("[MASK]")})
emit("bert-case-null", BERT, {"do_lower_case": None})
emit("bert-unknown-class", BERT, {"tokenizer_class": "BertJapaneseTokenizer"})
emit("bert-fast-class", BERT, {"tokenizer_class": "PreTrainedTokenizerFast"})
emit("bert-class-in-config", ROBERTA, None, tokenizer_class="RobertaTokenizer")
emit("modernbert", BERT, {}, "modernbert")
emit("distilbert", BERT, {"do_lower_case": True, "tokenizer_class": "DistilBertTokenizer"}, "distilbert")
emit("distilbert-bare", BERT, None, "distilbert")
emit("mpnet-bare", MPNET, None, "mpnet")
emit("mpnet-config", MPNET, {"do_lower_case": False, "mask_token": "<new>", "tokenizer_class": "MPNetTokenizer"}, "mpnet")
emit("mpnet-map", MPNET | {"special_tokens_map.json": {
    **fields, "unk_token": "[UNK]", "mask_token": flags("<mask>", rstrip=True)}}, {"do_lower_case": True}, "mpnet")
emit("mpnet-of-bert", BERT, {}, "mpnet")
emit("roberta-bare", ROBERTA, None, "roberta")
emit("roberta-space", ROBERTA, {"add_prefix_space": True, "tokenizer_class": "RobertaTokenizerFast"}, "roberta")
emit("roberta-map", ROBERTA | {"special_tokens_map.json": {
    **{name: flags(token, normalized=True) for name, token in fields.items()}, "mask_token": flags("<mask>", lstrip=True)},
    "added_tokens.json": {"<own>": 400, "newword": 401}}, {"trim_offsets": False}, "roberta")
emit("roberta-specials", ROBERTA, {"cls_token": "<new>", "sep_token": "<own>", "unk_token": None}, "roberta")
emit("roberta-crlf", {**ROBERTA, "merges.txt": ROBERTA["merges.txt"].replace("\n", "\r\n")}, None, "roberta")
emit("roberta-blank-line", {**ROBERTA, "merges.txt": ROBERTA["merges.txt"] + "\n"}, None, "roberta")
emit("roberta-without-merges", {"vocab.json": ROBERTA["vocab.json"]}, None, "roberta")
emit("xlmr-bare", FAIRSEQ, None, "xlm-roberta")
emit("xlmr-no-space", FAIRSEQ, {"add_prefix_space": False, "tokenizer_class": "XLMRobertaTokenizer"}, "xlm-roberta")
emit("xlmr-of-bert", FAIRSEQ | {"special_tokens_map.json": {**fields, "mask_token": flags("<mask>", lstrip=True)}},
     {"tokenizer_class": "XLMRobertaTokenizer", "do_lower_case": True})
emit("xlmr-symbols", OWN, {"mask_token": flags("<own>", True, lstrip=True)}, "xlm-roberta")
emit("xlmr-symbols-hidden", OWN, {"additional_special_tokens": ["<extra>"], "pad_token": "<new>"}, "xlm-roberta")
emit("xlmr-former-extra", OWN | {"special_tokens_map.json": {"additional_special_tokens": ["<extra>"]}}, {}, "xlm-roberta")
emit("xlmr-empty-file", {"sentencepiece.bpe.model": b""}, None, "xlm-roberta")
emit("camembert-bare", FAIRSEQ, None, "camembert")
emit("camembert-config", OWN, {"mask_token": "<own>", "add_prefix_space": False,
                               "additional_special_tokens": ["<s>NOTUSED", "</s>NOTUSED"]}, "camembert")
emit("camembert-bpe", sentence_piece(model_type="bpe"), None, "camembert")

ALBERT = sentence_piece(pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, control_symbols=["[CLS]", "[SEP]"],
                        user_defined_symbols=["(", ")"])
ALBERT = {"spiece.model": ALBERT["sentencepiece.bpe.model"]}
albert = {"tokenizer_class": "AlbertTokenizer"}
emit("albert", ALBERT, albert)
emit("albert-cased", ALBERT, albert | {"do_lower_case": False, "keep_accents": True, "mask_token": flags("[MASK]", True, lstrip=True)})
emit("albert-no-space", ALBERT, albert | {"add_prefix_space": False, "keep_accents": True}, "xlm-roberta")
emit("bart", ROBERTA, {"tokenizer_class": "BartTokenizerFast"}, "roberta")
emit("convbert", BERT, {"tokenizer_class": "ConvBertTokenizer"})
emit("bert-tekken", BERT | {"tekken.json": "{}"}, None)
