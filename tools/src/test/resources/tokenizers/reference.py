"""Writes the reference data of the tokenizer's tests, beside this file. Needed only to renew it.

Made with tokenizers 0.23.2. Usage: python reference.py
"""

import gzip
import json
import pathlib
import random
import struct
import zlib

from tokenizers import Regex, Tokenizer
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P

HERE = pathlib.Path(__file__).parent
FIXTURES = ["distilbert", "labse", "roberta", "xlmr-unigram", "qwen3-lasttoken"]
TEXTS = 2000


def chars(first, last):
    return [chr(c) for c in range(first, last + 1) if not 0xD800 <= c < 0xE000]


POOLS = [
    chars(first, last)
    for first, last in [
        (32, 126), (97, 122), (97, 122), (48, 57), (0, 159), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF),
        (0x900, 0xDFF), (0xE00, 0xFFF), (0x1100, 0x11FF), (0x1AB0, 0x1AFF), (0x1D00, 0x1FFF), (0x2000, 0x2BFF),
        (0x3000, 0x30FF), (0x4E00, 0x4EFF), (0xA000, 0xABFF), (0xAC00, 0xAC80), (0xF900, 0xFFFF), (0x10000, 0x11FFF),
        (0x1D000, 0x1D7FF), (0x1E000, 0x1E95F), (0x1F000, 0x1FAFF), (0x20000, 0x2A000), (0xE0000, 0xE01EF),
    ]
]
PIECES = [
    " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\u3000", "\u2581", " \u2581a", "[CLS]", "[SEP]", "<s>", "</s>", "<mask>",
    "<unk>", "<|endoftext|>", "<x>", "<y>", "<|x|>", "foo", "foobar", "BAR", " BAR ", "\u00c9lan", "e\u0301lan", "\u00e4", "'s", "'S",
    "'\u017f", "'ll", "'RE", "don't", "a''b", "-", "--", "...", "12345", "\u00bd\u00b2", "e\u0301\u0302", "\ufb01\u0301", "A\u030a",
    "\u212b\u0327", "\u1e9b\u0323", "\u0344", "\u0f77", "\u0958", "\u2126", "\u1100\u1161\u11a8", "\uac00\u11a8\u0301",
    "\u0915\u094d\u0937\u0301", "\u0915\u094d\u0958\u0301", "\u1000\u1039\u1001\u0301", "\u2603\u200d\u2122\u0301",
    "\u0600\ufb01", "\uff76\uff9e", "\U0001f1e6\U0001f1e7", "\U0001f468\u200d\U0001f469", "a\u0898\u0316\u0301", "\u32ff",
    "the roof of the house", "La biblioth\u00e8que", "Wie alt ist das Dach?", "\u0411\u044b\u0441\u0442\u0440\u044b\u0439 \u043f\u043e\u0438\u0441\u043a", "x" * 13,
]


def random_text(rng):
    parts = []
    for _ in range(rng.choice([1, 1, 2, 3, 5, 8])):
        if rng.random() < 0.5:
            parts.append(rng.choice(PIECES))
        else:
            pool = rng.choice(POOLS)
            parts.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 6))))
        if rng.random() < 0.3:
            parts.append(" ")
    return "".join(parts)


def checksum(*lists):
    return zlib.crc32(b"".join(struct.pack(">I%dI" % len(one), len(one), *one) for one in lists))


def random_texts():
    """Texts, and for each tokenizer CRC-32 of the ids, and of ids and types of a cut pair with the text before."""
    rng = random.Random(1)
    texts = [random_text(rng) for _ in range(TEXTS)]
    limits = [rng.randint(6, 40) for _ in texts]
    with gzip.GzipFile(HERE / "random-texts.bin.gz", "wb", mtime=0) as out:
        for text, limit in zip(texts, limits):
            encoded = text.encode()
            out.write(struct.pack(">HB", len(encoded), limit) + encoded)
    paths = {name: HERE.parent / "fixtures" / name / "tokenizer.json" for name in FIXTURES}
    paths |= {path.stem: path for path in HERE.glob("*.json")}
    for name, path in sorted(paths.items()):
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        sums = [checksum(tokenizer.encode(text).ids) for text in texts]
        before = texts[-1]
        for i, text in enumerate(texts):
            tokenizer.enable_truncation(limits[i])
            pair = tokenizer.encode(before, text)
            sums.append(checksum(pair.ids, pair.type_ids))
            before = text
        (HERE / (name + ".crc")).write_bytes(struct.pack(">%dI" % len(sums), *sums))


def components():
    """Normalisers and pre-tokenisers to be tried on every code point, and pre-tokenisers that are not."""
    pattern = Regex(r"\w+|[^\w\s]+")
    behaviors = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
    normalizers = [
        N.BertNormalizer(lowercase=False), N.BertNormalizer(), N.BertNormalizer(False, False, True, False),
        N.NFC(), N.NFD(), N.NFKC(), N.NFKD(), N.Lowercase(), N.StripAccents(), N.Strip(), N.Strip(True, False),
        N.Strip(False, True), N.Replace("a", "bc"), N.Replace(Regex(" {2,}"), " "), N.Replace(Regex(r"[^\w\s]"), "$0"),
        N.Replace(Regex("[\u0300-\u036f]+"), ""), N.Prepend("\u2581"), N.Sequence([N.NFD(), N.StripAccents(), N.Lowercase()]),
    ]
    splits = [
        P.Digits(False), P.ByteLevel(True), P.ByteLevel(True, False), P.ByteLevel(False, False),
        *[P.Metaspace(prepend_scheme=scheme, split=split) for scheme in ["always", "first", "never"] for split in [True, False]],
        P.Metaspace(replacement="_"), P.Sequence([P.WhitespaceSplit(), P.Metaspace(prepend_scheme="first")]),
        *[P.Punctuation(behavior) for behavior in behaviors[1:]],
        *[P.Split(pattern, behavior, invert) for behavior in behaviors for invert in [False, True]],
        *[P.Split("a", behavior, invert) for behavior in behaviors for invert in [False, True]],
    ]
    exhaustive = [
        P.BertPreTokenizer(), P.Whitespace(), P.WhitespaceSplit(), P.Digits(True), P.ByteLevel(False), P.Punctuation("removed"),
        P.Split(Regex(r"\p{N}{1,3}|\p{P}"), "isolated"), P.Split(Regex(r"[\p{Lu}\p{M}]+|\S(?=\s)"), "isolated"),
        P.Split(Regex(r"(?i:'s|'re|k)|\d{2,}|[^\S\n]{,2}\n"), "isolated"), P.Split(Regex(r"\w++\s?+|\W"), "isolated"),
        P.Split(Regex(r"[^\p{^L}a-e\-]+|(?:x|xx)y?"), "isolated"),
    ]
    return normalizers, exhaustive, splits


def apply(component, text):
    if hasattr(component, "normalize_str"):
        return [component.normalize_str(text)]
    return [word for word, _ in component.pre_tokenize_str(text)]


def words(results):
    return zlib.crc32("".join(word + "\n" for word in results).encode())


def component_results():
    """For each component: its JSON; CRC-32 of its results on random texts, and, for some, on each block of code points."""
    rng = random.Random(2)
    texts = [random_text(rng) for _ in range(400)]
    blocks = []
    for first in range(0, 0x110000, 4096):
        blocks.append(["a" + c + "B " + c + "1" + c + c for c in chars(first, first + 4095)])
    found = {"texts": texts}
    for kind, parts in zip(["normalizer", "exhaustive_pre_tokenizer", "pre_tokenizer"], components()):
        found[kind] = [
            {
                "json": json.loads(part.__getstate__()),
                "texts": [words(apply(part, text)) for text in texts],
                "blocks": [words(w for text in block for w in apply(part, text)) for block in blocks if kind != "pre_tokenizer"],
            }
            for part in parts
        ]
    with gzip.GzipFile(HERE / "components.json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(found, separators=(",", ":")).encode())


if __name__ == "__main__":
    random_texts()
    component_results()
