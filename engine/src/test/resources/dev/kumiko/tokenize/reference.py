"""Writes the reference data of the tokenizer's tests, beside this file. Needed only to renew it.

Made with tokenizers 0.23.2. Usage: python reference.py
"""

import gzip
import json
import pathlib
import random
import struct
import zlib

from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers

HERE = pathlib.Path(__file__).parent
FIXTURES = HERE.parents[2] / "fixtures"
UNCASED = Tokenizer.from_file(str(FIXTURES / "bert-mean" / "tokenizer.json"))
CASED = Tokenizer.from_file(str(FIXTURES / "labse" / "tokenizer.json"))
PRE_TOKENIZER = pre_tokenizers.BertPreTokenizer()


def words(tokenizer, text):
    """The words of a text, each followed by a line feed."""
    normalized = tokenizer.normalizer.normalize_str(text)
    found = PRE_TOKENIZER.pre_tokenize_str(normalized)
    return "".join(word + "\n" for word, _ in found).encode()


def chars(first, last):
    return [chr(c) for c in range(first, last + 1) if not 0xD800 <= c < 0xE000]


def code_points():
    """For each block of 256 code points: CRC-32 of the words of "a" + code point + "b"."""
    with open(HERE / "code-points.txt", "w") as out:
        for block in range(0, 0x110000, 256):
            texts = ["a" + c + "b" for c in chars(block, block + 255)]
            if texts:
                sums = [zlib.crc32(b"".join(words(t, x) for x in texts)) for t in (UNCASED, CASED)]
                out.write("%X %08X %08X\n" % (block, *sums))


LETTERS = chars(97, 122)
SPECIALS = ["[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]", "[cls]", "[CLS", "SEP]", "[[MASK]]", " [MASK] ", "##ing"]
POOLS = [
    chars(first, last)
    for first, last in [
        (32, 126), (97, 122), (97, 122), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
        (0x590, 0x5FF), (0x600, 0x6FF), (0x8A0, 0x8FF), (0x900, 0xDFF), (0xE00, 0xFFF), (0x1100, 0x11FF),
        (0x1800, 0x18AF), (0x1A00, 0x1BFF), (0x1D00, 0x1FFF), (0x2000, 0x2BFF), (0x2E00, 0x2FFF),
        (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7A3), (0xF900, 0xFFFF),
        (0x10000, 0x11FFF), (0x16000, 0x16FFF), (0x1D000, 0x1D2FF), (0x1E000, 0x1E95F), (0x1F000, 0x1FAFF),
        (0x20000, 0x2FA1F), (0xE0000, 0xE01EF), (0, 159),
    ]
] + [
    list(" \t\n\r\u00a0\u3000\u200b\u2028\u0085\ufffd\0"),
    # Marks that are not stripped but reordered, and such that come between them.
    [chr(c) for c in (
        0x8D4, 0x8DA, 0x8E1, 0x1B44, 0x1BAA, 0x1DFB, 0x302E, 0x302F, 0xA953, 0x11442, 0x11446, 0x1D15E,
        0x1D160, 0x1D165, 0x1D16D, 0x1D16E, 0x1D1BB, 0x1E000, 0x1E944, 0x1E94A, 0x301, 0x323, 0x34F, 0x900,
        0x94D, 0x345, 0x334, 0x61, 0x41, 0x200D, 0x20DD, 0x7FD, 0xDCA, 0xDDA)],
]


def random_text(rng, specials):
    length = rng.choice([1, 2, 3, 5, 8, 13, 20])
    parts = []
    while length > 0:
        kind = rng.random()
        count = 1
        if kind < 0.06:
            parts.append(rng.choice(specials))
        elif kind < 0.2:
            parts.append(" ")
        elif kind < 0.25:
            parts.append(rng.choice(chars(*[rng.randrange(0xE000, 0x110000)] * 2)))
        elif kind < 0.255:
            parts.append(rng.choice(LETTERS) * rng.choice([99, 100, 101]))
        else:
            count = rng.randint(1, 6)
            pool = rng.choice(POOLS)
            parts.append("".join(rng.choice(pool) for _ in range(count)))
        length -= count
    return "".join(parts)


def random_texts():
    """Texts with ids and CRC-32 of the words, by the uncased and by the cased tokenizer."""
    rng = random.Random(1)
    data = bytearray()
    for _ in range(2000):
        text = random_text(rng, SPECIALS)
        encoded = text.encode()
        data += struct.pack(">H", len(encoded)) + encoded
        for tokenizer in (UNCASED, CASED):
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            data += struct.pack(">H%dHI" % len(ids), len(ids), *ids, zlib.crc32(words(tokenizer, text)))
    with gzip.GzipFile(HERE / "random-texts.bin.gz", "wb", mtime=0) as out:
        out.write(data)


def truncation():
    """Texts and pairs, cut to all lengths around their own."""
    tokenizer = Tokenizer.from_str(UNCASED.to_str())
    texts = ["", "a", "ab c", "a joiner, a roof", "[MASK] of [SEP]", "purlins carry"]
    cases = []
    for first in texts:
        for second in [None] + texts:
            for most in [2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 20, 21, 64]:
                if second is not None and most < 3:
                    continue
                cases.append(cut(tokenizer, first, second, most))
    rng = random.Random(3)
    parts = ["a", "roof", "rafters", "purlin", "[MASK]", "b.c,d", "xx", "...", "[SEP][SEP]"]
    for _ in range(400):
        first, second = (" ".join(rng.choices(parts, k=rng.randint(0, 9))) for _ in range(2))
        cases.append(cut(tokenizer, first, second, rng.randint(3, 40)))
    write_json("truncation.json", cases)


def cut(tokenizer, first, second, most):
    tokenizer.enable_truncation(most)
    e = tokenizer.encode(first, second)
    return {"first": first, "second": second, "max": most, "ids": e.ids, "types": e.type_ids}


def added_tokens():
    """Added tokens of all kinds, on top of the cased vocabulary, lower-casing."""
    tokenizer = Tokenizer.from_str(CASED.to_str())
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    added = [
        AddedToken("foo", single_word=True, normalized=False),
        AddedToken("foobar", normalized=False),
        AddedToken("Bar", normalized=True),
        AddedToken("<m>", lstrip=True, rstrip=True, normalized=False),
        AddedToken("<n>", lstrip=True, normalized=True),
        AddedToken("<q>", rstrip=True, single_word=True, normalized=True),
        AddedToken("na\u00efve", single_word=True, normalized=True),
        AddedToken("<m><m>", single_word=True, normalized=False),
        AddedToken(" x", rstrip=True, normalized=False),
        AddedToken("\U0001F600", single_word=True, normalized=False),
        AddedToken("\u5b57", normalized=True),
    ]
    tokenizer.add_tokens(added)
    parts = SPECIALS + [a.content for a in added] + [
        "BAR", "bar", " <m> ", "  <n>", "<q>  ", "NAI\u0308VE", "  x  ", "a", "_", "\u0301", "\u3000", "\n", "\u4e2d", "."]
    rng = random.Random(2)
    cases = []
    for _ in range(600):
        text = "".join(rng.choice(parts) for _ in range(rng.randint(1, 6)))
        cases.append({"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids})
    write_json("added-tokens.json", {"added_tokens": json.loads(tokenizer.to_str())["added_tokens"], "cases": cases})


def write_json(name, value):
    with open(HERE / name, "w") as out:
        if isinstance(value, dict):
            out.write(json.dumps(value, separators=(",", ":")))
        else:
            out.write('{"cases":[\n' + ",\n".join(json.dumps(v) for v in value) + "\n]}")
        out.write("\n")


if __name__ == "__main__":
    code_points()
    random_texts()
    truncation()
    added_tokens()
