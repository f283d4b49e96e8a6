"""Makes the test resources sentence-modules: folders of sentence-transformers with random weights that have
every module Kumiko knows, and the vectors and similarities that the library computes in double precision.
Needs torch, transformers, sentence-transformers. Usage: python sentence_modules.py TARGET_FOLDER"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Dropout, LayerNorm, Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from tokenizers import Tokenizer

target = Path(sys.argv[1])
HIDDEN = 12
SIZES = dict(vocab_size=24, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20,
             max_position_embeddings=16, type_vocab_size=2)
MODES = ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")
TEXTS = ["the roof of a b c", "Roofs.", "", "a", "ROOF of THE roof", "é e [SEP] the", "a b c d e f g h i j a b c d e f g"]
PROMPTS = {"query": "a b ", "document": "the roof: "}


def tokenizer(lowercase):
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = [*special, *"abcdefghij", "##a", "##b", "##c", "roof", "##s", "the", "of", ".", "é"]
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps({
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=i, content=token, **flags) for i, token in enumerate(special)],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": False, "lowercase": lowercase},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {token: i for i, token in enumerate(words)}},
    })), unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
        model_max_length=16)


def randomise(module):
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return module


def encoder(lowercase=True, **settings):
    with tempfile.TemporaryDirectory() as folder:
        randomise(BertModel(BertConfig(**SIZES), add_pooling_layer=False)).save_pretrained(folder)
        tokenizer(lowercase).save_pretrained(folder)
        return Transformer(folder, max_seq_length=14, **settings)


def as_older_versions_save(folder):
    """The flag beside the encoder instead of a step of the tokenizer."""
    tokenizer(False).save_pretrained(folder)
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 14, "do_lower_case": True}))


def emit(name, modules, edit=lambda folder: None, **settings):
    folder = target / name
    shutil.rmtree(folder, ignore_errors=True)
    model = SentenceTransformer(modules=modules, device="cpu", **settings)
    model.save(str(folder), create_model_card=False)
    edit(folder)
    model = SentenceTransformer(str(folder), device="cpu").double().eval()
    assert model[0].max_seq_length == 14

    def vectors(**options):
        return model.encode(TEXTS, convert_to_tensor=True, **options)

    plain = vectors(prompt="")
    golden = {"texts": TEXTS, "vectors": vectors().tolist(), "no_prompt": plain.tolist(),
              "similarity": model.similarity(plain, plain).tolist(),
              "truncated": vectors(truncate_dim=4, normalize_embeddings=True).tolist()}
    for prompt in model.prompts:
        golden[prompt] = vectors(prompt_name=prompt).tolist()
    (folder / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1))
    assert plain.dtype == torch.float64


torch.manual_seed(11)
activation = torch.nn.modules.activation
emit("all-poolings", [encoder(), Pooling(HIDDEN, pooling_mode=MODES)], similarity_fn_name="euclidean")
emit("head", [encoder(), Pooling(HIDDEN, pooling_mode=("mean", "max")),
              randomise(Dense(2 * HIDDEN, 10, bias=False, activation_function=activation.GELU())),
              randomise(LayerNorm(10)), Dropout(0.5), Normalize(),
              randomise(Dense(10, 9, activation_function=activation.SiLU())),
              randomise(Dense(9, 8, activation_function=activation.ReLU())),
              randomise(Dense(8, 7, activation_function=activation.Tanh()))], similarity_fn_name="dot")
emit("prompts", [encoder(), Pooling(HIDDEN, pooling_mode=MODES, include_prompt=False), Normalize()],
     prompts=PROMPTS, default_prompt_name="document", similarity_fn_name="manhattan")
emit("lower-case", [encoder(lowercase=False), Pooling(HIDDEN, pooling_mode="mean"),
                    randomise(Dense(HIDDEN, 9, activation_function=activation.Sigmoid())),
                    randomise(Dense(9, 8, activation_function=torch.nn.Identity())), Normalize()],
     as_older_versions_save, prompts=PROMPTS)
