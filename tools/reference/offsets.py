"""Makes the test resources offsets.json.gz of tools and engine: where in a text each token lies by tokenizers 0.23.2, for the
tokenizers of the fixtures and the small ones, and for variations of them: every normaliser with words of one character,
trimmed offsets, texts cut at either end. Offsets count UTF-16 units; a token of the template has -1, -1.
Needs tokenizers. Usage: python offsets.py TEST_RESOURCES_OF_TOOLS TEST_RESOURCES_OF_ENGINE"""

import gzip
import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer

TOOLS, ENGINE = map(Path, sys.argv[1:])
NASTY = [
    "", " ", "   ", "\t\n", "a", " a", "a ", "  the  roof  of\tthe\n\nhouse  ", "The Roof of the house.", "don't WE'LL, isn't it?",
    "Café naïve Ångström", "cafe\u0301 nai\u0308ve A\u030angstro\u0308m", "e\u0323\u0301 \u1e69 s\u0307\u0323 q\u0307\u0323", "\u0301a",
    "ﬁne ﬂoor ﬀ ﬃ ﬁ", "ﬁ\u0301 ſt", "ｆｕｌｌ　ｗｉｄｔｈ １２３，！", "½ ² ㍿ ℃ ™ …", "İstanbul straße ĳ Ǆ ŉ", "\u1e9b\u0323 \u212b\u0327 \u2126 \u0344",
    "각 각 한국어 한국어 \u1100\u1161\u11a8\u0301", "木組みの格子", "屋根a屋根 b屋", "か\u3099き\u3099 ﾊﾟｶﾞ", "ภาษาไทยไม่มีช่องว่าง กำ", "हिन्दी क्षत्रिय \u0958\u0915\u093c",
    "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd العَرَبِيَّة", "Быстрый поиск Йод и\u0306", "🙂", "emoji 🙂👍🏽 end", "👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠀀𠀁 \U0001d15e\U0001d165\U0001d16d",
    "\0", "\0\0a\0b\0", "\u0001\u0002the\u0007 roof\u007f", "\u200bzero\u200bwidth\u200d \ufeffbom", "nbsp\u00a0and\u3000wide\u2028line\x85next",
    "a\ufffdb \ue000 \U000e0001 \U0010fffd", "[CLS] typed [SEP] [MASK] [UNK][PAD]", "[MASK][MASK] [mask] [MASK", "<s> typed </s><mask>  <mask> <unk> <pad>",
    "  <|endoftext|> x<|im_start|>y <bos><eos>", "a<x> <y>b <|x|> foo foobar BAR  <mask>  ", "x" * 101, "the roof " * 40, "a\u0300" * 30, "12345.67 3,14 0x1F",
    "...---!!! (a)[b]{c}", "a''b \"c\" `d`", "\r\n\r\na\r\n b\n", "▁a ▁ ▁▁b", "snake_case camelCase UPPER", "\u0f77 \u0fb2\u0f71\u0f80", "\u0898\u0316\u0301a",
    "\u302ea\u302f\u0301 \u1b44\u0301 \ua953\u0334", "Ġ Ċ Ã©", "\U0001f600[SEP]\U0001f600", " \U0001f600 ", "s\u0323\u0307s", "中 国[CLS]中",
]
MARKS = "\u0301\u0316\u0323\u0345\u0334\u0327\u0344\u1dc0\u0f77\u302e\u1b44eA\u00e9\u1e69\u1d15e\uac00\u11a8\u1100\u1161\ufb01\u212b\u00af\u3099\u304b\u0958\u093c\u09c7\u09be\u0000 \u4e2d\U0001d15e\U0001d165"
FIXTURES = ["distilbert", "eurobert", "gemma2", "gemma3-bidirectional", "gte", "jina2", "labse", "llama-lasttoken", "llama-layers",
            "mistral-lasttoken", "modernbert", "phi3", "qwen2-bidirectional", "qwen3-lasttoken", "roberta", "xlmr-unigram"]
SMALL = sorted(path.stem for path in (TOOLS / "tokenizers").glob("*.json"))
EVERY_CHARACTER = {"type": "Split", "pattern": {"Regex": "[\\s\\S]"}, "behavior": "Isolated", "invert": False}
NORMALIZERS = [
    *[{"type": form} for form in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"]],
    *[{"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": clean, "strip_accents": strip, "lowercase": lower}
      for clean, strip, lower in [(True, True, True), (True, False, True), (False, True, False)]],
    {"type": "Strip", "strip_left": True, "strip_right": True},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁ü▁"},
    {"type": "Replace", "pattern": {"Regex": "[e\u0301]+"}, "content": ""},
    {"type": "Prepend", "prepend": "▁x"},
    {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}, {"type": "NFD"}, {"type": "StripAccents"}, {"type": "NFC"}]},
]
TRIMMING = [
    {"type": "Sequence", "processors": [
        {"type": "ByteLevel", "add_prefix_space": first, "trim_offsets": trim, "use_regex": True},
        {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}], "special_tokens": {},
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}]}]}
    for first, trim in [(False, True), (True, True), (True, False)]
]


def place(name):
    return "fixtures/%s/tokenizer.json" % name if name in FIXTURES else "tokenizers/%s.json" % name


def offsets(tokenizer, text):
    units = [0]
    for c in text:
        units.append(units[-1] + (2 if c > "\uffff" else 1))
    encoding = tokenizer.encode(text)
    spans = zip(encoding.offsets, encoding.special_tokens_mask)
    return [place for (start, end), special in spans for place in ((-1, -1) if special else (units[start], units[end]))]


def case(name, texts, sections=None, most=None):
    """`sections` take the place of those of the tokenizer; `most` are the tokens that are allowed."""
    document = json.loads((TOOLS / place(name)).read_text())
    document.update(truncation=None, padding=None)
    document.update(sections or {})
    tokenizer = Tokenizer.from_str(json.dumps(document))
    if most:
        side = document["truncation"]["direction"].lower() if document["truncation"] else "right"
        tokenizer.enable_truncation(most, direction=side)
    return {"tokenizer": place(name), "sections": sections or {}, "most": most, "texts": texts,
            "offsets": [offsets(tokenizer, text) for text in lists[texts]]}


def write(path, value):
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        out.write(json.dumps(value, separators=(",", ":")).encode())


def golden(name):
    return json.loads((TOOLS / "fixtures" / name / "golden.json").read_text())["texts"]


rng = random.Random(1)
lists = {"nasty": NASTY, "marks": ["".join(rng.choice(MARKS) for _ in range(rng.randint(2, 9))) for _ in range(60)]}
lists |= {name: golden(name) for name in FIXTURES}
left = {"truncation": {"direction": "Left", "max_length": 9, "strategy": "LongestFirst", "stride": 0}}
spaced = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
masks = json.loads((TOOLS / place("roberta")).read_text())["added_tokens"]
masks[4].update(lstrip=True)

cases = [case(name, "nasty") for name in FIXTURES + SMALL] + [case(name, name) for name in FIXTURES]
cases += [case("distilbert", "marks", {"normalizer": normalizer, "pre_tokenizer": EVERY_CHARACTER}) for normalizer in NORMALIZERS]
cases += [case("xlmr-unigram", texts, {"pre_tokenizer": EVERY_CHARACTER}) for texts in ["marks", "nasty"]]
cases += [case("roberta", "nasty", {"post_processor": trimming, "added_tokens": masks, **more}, most)
          for trimming in TRIMMING for more, most in [({}, None), ({"pre_tokenizer": spaced}, None), (left, 9)]]
cases += [case(name, "nasty", cut, 9) for name in ["distilbert", "xlmr-unigram", "qwen3-lasttoken"] for cut in [{}, left]]
write(TOOLS / "tokenizers" / "offsets.json.gz", {"lists": lists, "cases": cases})

bert = {}
for fixture in ["bert-mean", "labse"]:
    tokenizer = Tokenizer.from_file(str(ENGINE / "fixtures" / fixture / "tokenizer.json"))
    texts = NASTY + lists["marks"] + golden(fixture)
    bert[fixture] = [{"text": text, "offsets": offsets(tokenizer, text)} for text in texts]
write(ENGINE / "dev" / "kumiko" / "tokenize" / "offsets.json.gz", bert)
