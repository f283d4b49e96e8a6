"""Makes the test resources of the original LEALLA's tokenizer, with TensorFlow's own ops as far as they are to be had.

tensorflow-characters.txt.gz: what unicode_script (ICU) and regular expressions (RE2) take every code point for, in runs:
first code point, script, and 1 for a control or format character, 2 for punctuation or a symbol, 4 for an emoji.
golden.json.gz: ids of texts with the vocabulary of a tokenizer.json. Two steps are written down anew here, after what
TensorFlow Text 2.x does, which could not be had: its UnicodeScriptTokenizer, which goes by unicode_script, and its
WordpieceTokenizer.
Needs tensorflow (2.21 was used). Usage: python reference.py TOKENIZER_JSON GOLDEN_JSON TARGET_FOLDER
GOLDEN_JSON is one of a fixture; its texts come first, random ones follow."""

import gzip
import json
import random
import sys
from pathlib import Path

import tensorflow as tf

CONTROL = r"\p{Cc}|\p{Cf}"
# TensorFlow Text's WordShape.IS_PUNCT_OR_SYMBOL and HAS_EMOJI.
PUNCTUATION = r"[\p{P}|\p{S}]+"
EMOJI = r".*[\x{2600}-\x{26FF}\x{1F300}-\x{1F6FF}\x{1F900}-\x{1F9FF}].*"
HAN = 17  # USCRIPT_HAN
WHITE_SPACE = {*range(0x9, 0xE), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
LONGEST_WORD, MAX_TOKENS = 100, 128


def write(path, text):
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def characters():
    code_points = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    texts = tf.constant([chr(c) for c in code_points])
    scripts = tf.strings.unicode_script(code_points).numpy()
    control = tf.strings.length(tf.strings.regex_replace(texts, CONTROL, "")).numpy() == 0
    punctuation = tf.strings.regex_full_match(texts, PUNCTUATION).numpy()
    emoji = tf.strings.regex_full_match(texts, EMOJI).numpy()
    lines, last = [], None
    for i, c in enumerate(code_points):
        entry = f"{scripts[i]} {control[i] + 2 * punctuation[i] + 4 * emoji[i]}"
        if entry != last:
            lines.append(f"{c:X} {entry}\n")
        last = entry
    return "".join(lines)


def script_words(text):
    """Runs of one script without the white space in them."""
    code_points = [ord(c) for c in text]
    scripts = tf.strings.unicode_script(code_points).numpy() if code_points else []
    words, last = [], None
    for c, script in zip(code_points, scripts):
        if script != last:
            words.append((script, []))
        last = script
        if c not in WHITE_SPACE:
            words[-1][1].append(chr(c))
    return [(script, "".join(word)) for script, word in words if word]


def words(text):
    for script, word in script_words(tf.strings.regex_replace(text, CONTROL, "").numpy().decode()):
        emoji = tf.strings.regex_full_match(word, EMOJI).numpy()
        punctuation = tf.strings.regex_full_match(word, PUNCTUATION).numpy()
        if script == HAN or emoji or punctuation:
            yield from (c.decode() for c in tf.strings.unicode_split(word, "UTF-8").numpy())
        else:
            yield word


def pieces(word, vocabulary):
    if len(word.encode()) > LONGEST_WORD:
        return ["[UNK]"]
    found, start = [], 0
    while start < len(word):
        mark = "##" if start else ""
        end = next((e for e in range(len(word), start, -1) if mark + word[start:e] in vocabulary), None)
        if end is None:
            return ["[UNK]"]
        found.append(mark + word[start:end])
        start = end
    return found


def ids(text, vocabulary):
    content = [piece for word in words(text) for piece in pieces(word, vocabulary)]
    return [vocabulary[t] for t in ["[CLS]", *content[: MAX_TOKENS - 2], "[SEP]"]]


def random_texts(vocabulary, count, seed):
    chance = random.Random(seed)
    letters = sorted({c for token in vocabulary for c in token.removeprefix("##")})
    tokens = [token.removeprefix("##") for token in vocabulary]
    odd = ["\t", "\n", "\r\n", "\0", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u1680", "\u3000", "\u00a0", "\u0301", "\ufe0f",
           "👍🏽", "👨\u200d👩\u200d👧", "☃", "⚡5", "🇯🇵", "🫠", "[CLS]", "[SEP]", "[UNK]", "[MASK]", "1 2", "! ?", "3.5", ", 7", "カ", "ひ", "ー", "한", "ก็",
           "é", "e\u0301", "क्षि", "。", "、", "\ue000", "\u0378", "\U000e0001", "𠀀", "〇", "々", "ß", "Ⅷ", "½", "x" * 99, "x" * 100, "x" * 101, "ü" * 50, "ü" * 51]
    texts = []
    for _ in range(count):
        parts = []
        for _ in range(chance.choice([1, 2, 5, 10, 20, 60])):
            kind = chance.random()
            if kind < 0.3:
                parts.append(chance.choice(tokens))
            elif kind < 0.55:
                parts.append("".join(chance.choices(letters, k=chance.randint(1, 4))))
            elif kind < 0.75:
                parts.append(" ")
            elif kind < 0.95:
                parts.append(chance.choice(odd))
            else:
                c = chance.randrange(0x110000 - 0x800)
                parts.append(chr(c if c < 0xD800 else c + 0x800))
        texts.append("".join(parts))
    return texts


def main(tokenizer, golden, target):
    vocabulary = json.loads(Path(tokenizer).read_text())["model"]["vocab"]
    texts = json.loads(Path(golden).read_text())["texts"] + random_texts(vocabulary, 1500, 7)
    write(target / "tensorflow-characters.txt.gz", characters())
    document = {"texts": texts, "ids": [ids(text, vocabulary) for text in texts]}
    write(target / "golden.json.gz", json.dumps(document, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
