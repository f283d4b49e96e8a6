"""Trains the small tokenizers beside this file; between them they have every component.

Needed only to renew them. Made with tokenizers 0.23.2. Usage: python make_tokenizers.py LINES_FILE
LINES_FILE has sentences of several languages, one a line.
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, models, processors, trainers
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P

HERE = pathlib.Path(__file__).parent
LINES = open(sys.argv[1], encoding="utf8").read().split("\n")
EUROPEAN = [line for line in LINES if line and max(map(ord, line)) < 0x460]
BYTES = ["<0x%02X>" % b for b in range(256)]
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
SPELL = P.ByteLevel(add_prefix_space=False, use_regex=False)
ALPHABET = P.ByteLevel.alphabet()


def save(name, tokenizer, *added):
    tokenizer.add_tokens(list(added))
    tokenizer.save(str(HERE / (name + ".json")), pretty=False)


def edited(tokenizer, edit):
    content = json.loads(tokenizer.to_str())
    edit(content)
    return Tokenizer.from_str(json.dumps(content))


def train(model, trainer, normalizer, *splits, lines=LINES, **options):
    tokenizer = Tokenizer(model)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splits[0] if len(splits) == 1 else P.Sequence(list(splits))
    tokenizer.train_from_iterator(lines, trainer(show_progress=False, **options))
    return tokenizer


def bpe(size, specials, normalizer, *splits, model=None, **options):
    return train(
        model or models.BPE(), trainers.BpeTrainer, normalizer, *splits, vocab_size=size, special_tokens=specials, **options)


def sentencepiece_bpe(normalizer, split, byte_fallback, fuse_unk=True):
    model = models.BPE(unk_token="<unk>", fuse_unk=True)
    tokenizer = bpe(700, ["<pad>", "<eos>", "<bos>", "<unk>"], normalizer, split, model=model, limit_alphabet=160)

    def edit(content):
        vocabulary = content["model"]["vocab"]
        for token in BYTES if byte_fallback else []:
            vocabulary[token] = len(vocabulary)
        content["model"].update(byte_fallback=byte_fallback, fuse_unk=fuse_unk)

    return edited(tokenizer, edit)


def wordpiece(normalizer, *splits, longest=100):
    model = models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=longest)
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = train(
        model, trainers.WordPieceTrainer, normalizer, *splits, vocab_size=900, special_tokens=specials, limit_alphabet=300)
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def unigram(normalizer, split, size, more=()):
    specials = ["<s>", "<unk>", "</s>", *more]
    return train(
        models.Unigram(), trainers.UnigramTrainer, normalizer, split, lines=EUROPEAN[:2500],
        vocab_size=size, special_tokens=specials, unk_token="<unk>")


def byte_level():
    tokenizer = bpe(700, ["<s>", "</s>"], None, P.Split(Regex(LLAMA3), "isolated"), SPELL, initial_alphabet=ALPHABET)
    tokenizer = edited(tokenizer, lambda content: content["model"].update(ignore_merges=True))
    template = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 0)])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    save(
        "llama3", tokenizer, AddedToken("<|x|>", special=True), AddedToken("foo", single_word=True),
        AddedToken("BAR", lstrip=True, rstrip=True, normalized=False))
    save("o200k", bpe(
        700, ["<s>", "</s>"], N.NFKD(), P.Split(Regex(O200K), "isolated"), SPELL, initial_alphabet=ALPHABET))
    tokenizer = bpe(
        600, ["<s>", "</s>"], N.Sequence([N.NFD(), N.StripAccents(), N.Lowercase()]), P.ByteLevel(add_prefix_space=True),
        initial_alphabet=ALPHABET[:200] + ["\u0120"], limit_alphabet=150)
    save(
        "bytes-partial", tokenizer, AddedToken("\u00c9lan", normalized=True),
        AddedToken("\u00e4", normalized=True, single_word=True))
    tokenizer = bpe(
        800, ["<|startoftext|>", "<|endoftext|>"], N.Sequence([N.NFC(), N.Replace(Regex(r"\s+"), " "), N.Lowercase()]),
        P.Split(Regex(CLIP), "removed", invert=True), SPELL,
        model=models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"),
        end_of_word_suffix="</w>", initial_alphabet=ALPHABET)
    tokenizer.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), True, False)
    save("clip", tokenizer)


def character_level():
    visible = N.Replace(" ", "\u2581")
    save("gemma", sentencepiece_bpe(visible, P.Split(" ", "merged_with_previous"), True))
    raw, normalized = AddedToken("<y>", normalized=False), AddedToken("<x>", normalized=True)
    first = P.Metaspace(prepend_scheme="first", split=False)
    save("llama2-first", sentencepiece_bpe(None, first, True), normalized)
    first = P.Metaspace(prepend_scheme="first", split=True)
    save("metaspace-first", sentencepiece_bpe(N.NFC(), first, False, fuse_unk=False), normalized, raw)
    save("metaspace-never", sentencepiece_bpe(N.NFKC(), P.Metaspace(prepend_scheme="never"), False))

    def edit(content):
        content["pre_tokenizer"] = None
        content["normalizer"] = json.loads(N.Sequence([N.Prepend("\u2581"), visible]).__getstate__())

    save("llama2-legacy", edited(sentencepiece_bpe(None, P.Metaspace(), True), edit), normalized, raw)
    model = models.BPE(unk_token="<unk>", continuing_subword_prefix="##")
    save("bpe-prefix", bpe(
        800, ["<unk>"], N.NFKC(), P.Whitespace(), model=model, continuing_subword_prefix="##", limit_alphabet=200))


def wordpieces():
    save("wordpiece-whitespace", wordpiece(
        N.Sequence([N.NFD(), N.Lowercase(), N.StripAccents()]), P.Whitespace(), longest=12))
    save("wordpiece-digits", wordpiece(
        N.Sequence([N.NFKC(), N.Strip(True, True)]), P.WhitespaceSplit(), P.Digits(True), P.Punctuation("contiguous")))
    save("wordpiece-punctuation", wordpiece(
        N.Sequence([N.Strip(False, True), N.Replace(Regex(" {2,}"), " "), N.Replace("''", '"')]),
        P.Punctuation("merged_with_next"), P.Digits(False), P.Split(Regex(r"\s"), "removed")))
    save("wordpiece-behaviors", wordpiece(
        N.Lowercase(), P.Split("a", "merged_with_previous"), P.Split(Regex(r"[^\w\s]+"), "contiguous", invert=True),
        P.Punctuation("removed"), P.Split(Regex(r"\d"), "merged_with_next", invert=True), P.BertPreTokenizer()))


def unigrams():
    def edit(content):
        content["model"]["byte_fallback"] = True
        content["added_tokens"] = [t for t in content["added_tokens"] if t["content"] not in BYTES]

    save("unigram-bytes", edited(unigram(N.Sequence([N.NFKC(), N.Lowercase()]), P.Metaspace(), 1200, BYTES), edit))
    tokenizer = unigram(N.NFKD(), P.Metaspace(split=False), 900)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 2)])
    save("unigram-whole", tokenizer)


if __name__ == "__main__":
    byte_level()
    character_level()
    wordpieces()
    unigrams()
