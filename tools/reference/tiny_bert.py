"""Makes the test resources tiny-bert: one BERT with random weights as a Hugging Face folder and as ONNX
exports. Needs torch, transformers, onnx, onnxruntime. Usage: python tiny_bert.py TARGET_FOLDER"""

import json
import sys
from pathlib import Path

import torch
from onnxruntime.quantization import quantize_dynamic
from transformers import BertConfig, BertModel, RobertaConfig, RobertaModel

target = Path(sys.argv[1])
SIZES = dict(vocab_size=24, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20,
             max_position_embeddings=16, type_vocab_size=2)
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


class Bert(BertModel):
    def forward(self, input_ids, attention_mask, token_type_ids):
        result = super().forward(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return tuple(result.values())


class Roberta(RobertaModel):
    def forward(self, input_ids, attention_mask, token_type_ids):
        result = super().forward(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return tuple(result.values())


def export(model, file, opset, outputs=("last_hidden_state",)):
    ids = torch.randint(3, 24, (2, 5))
    ones = torch.ones(2, 5, dtype=torch.long)
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in [*INPUTS, "last_hidden_state"]}
    torch.onnx.export(model.eval(), (ids, ones, ones), target / file, input_names=INPUTS, output_names=list(outputs),
                      opset_version=opset, dynamic_axes=axes, dynamo=False)


def bert(weights=None, act="gelu", attention="eager", pooler=False, decoder=False):
    config = BertConfig(**SIZES, hidden_act=act, attn_implementation=attention, is_decoder=decoder, use_cache=False)
    model = Bert(config, add_pooling_layer=pooler)
    if weights is not None:
        model.load_state_dict(weights, strict=False)
    return model


def randomise(model):
    # The exporter merges equal tensors, which trained models do not have.
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return model


torch.manual_seed(7)
target.mkdir(parents=True, exist_ok=True)
model = randomise(bert(pooler=True))
model.save_pretrained(target)
weights = model.state_dict()
export(model, "tiny-bert.onnx", 11, ["last_hidden_state", "pooler_output"])
export(bert(weights, "gelu_new", "sdpa"), "gelu-tanh-opset14.onnx", 14)
export(bert(weights, "relu"), "relu-opset20.onnx", 20)
export(bert(weights, decoder=True), "causal.onnx", 11)
roberta = Roberta(RobertaConfig(**SIZES, attn_implementation="eager"), add_pooling_layer=False)
export(randomise(roberta), "roberta.onnx", 11)
quantize_dynamic(target / "tiny-bert.onnx", target / "int8.onnx")

special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
words = [*special, *"abcdefghij", "##a", "##b", "##c", "roof", "##s", "the", "of", ".", "é"]
flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
(target / "tokenizer.json").write_text(json.dumps({
    "version": "1.0", "truncation": None, "padding": None,
    "added_tokens": [dict(id=i, content=token, **flags) for i, token in enumerate(special)],
    "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                   "strip_accents": None, "lowercase": True},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
    "decoder": None,
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
              "max_input_chars_per_word": 100, "vocab": {token: i for i, token in enumerate(words)}},
}, ensure_ascii=False, indent=1))
