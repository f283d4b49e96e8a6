"""Makes the test resources cross-encoders: sequence classification models with random weights as Hugging Face
folders, and the scores that transformers and sentence-transformers compute for pairs and single texts in double
precision. Needs torch, transformers, sentence-transformers. Usage: python cross_encoders.py TARGET_FOLDER"""

import json
import shutil
import sys
from pathlib import Path

import torch
import transformers as tf
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer

target = Path(sys.argv[1])
SIZES = dict(vocab_size=24, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20)
QUERY = "the roof of a b"
DOCUMENTS = ["a roof", "Roofs.", "", "the", "é e [SEP] the", "a b c d e f g h i j a b c d e f g", "b a foor eht"]


def tokenizer(pair_type):
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = [*special, *"abcdefghij", "##a", "##b", "##c", "roof", "##s", "the", "of", ".", "é"]
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    cls = {"SpecialToken": {"id": "[CLS]", "type_id": 0}}
    sep = {"SpecialToken": {"id": "[SEP]", "type_id": 0}}
    first = {"Sequence": {"id": "A", "type_id": 0}}
    second = {"Sequence": {"id": "B", "type_id": pair_type}}
    end = {"SpecialToken": {"id": "[SEP]", "type_id": pair_type}}
    return tf.PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps({
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=i, content=token, **flags) for i, token in enumerate(special)],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": False, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing", "single": [cls, first, sep],
                           "pair": [cls, first, sep, *([] if pair_type else [sep]), second, end],
                           "special_tokens": {t: {"id": t, "ids": [i], "tokens": [t]}
                                              for i, t in ((2, "[CLS]"), (3, "[SEP]"))}},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {token: i for i, token in enumerate(words)}},
    })), unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
        model_max_length=16, model_input_names=["input_ids", "attention_mask", *["token_type_ids"] * pair_type])


def emit(name, model, pair_type=0, function=None):
    folder = target / name
    shutil.rmtree(folder, ignore_errors=True)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    model.save_pretrained(folder)
    tokens = tokenizer(pair_type)
    tokens.save_pretrained(folder)
    model = model.double().eval()

    def scores(*texts):
        # In lists: an empty second text by itself is taken for none.
        with torch.no_grad():
            logits = model(**tokens(*[[text] for text in texts], truncation=True, return_tensors="pt")).logits[0]
        return (function(logits) if function else logits).tolist()

    golden = {"query": QUERY, "documents": DOCUMENTS, "scores": [scores(QUERY, text) for text in DOCUMENTS],
              "single": [scores(text) for text in DOCUMENTS]}
    if model.config.num_labels == 1:
        encoder = CrossEncoder(str(folder), device="cpu")
        encoder.model.double()
        predicted = encoder.predict([(QUERY, text) for text in DOCUMENTS], convert_to_tensor=True)
        assert torch.allclose(predicted, torch.tensor(golden["scores"]).double()[:, 0], atol=1e-6), name
    (folder / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1))


torch.manual_seed(5)
bert = dict(SIZES, max_position_embeddings=20)
roberta = dict(SIZES, max_position_embeddings=20, pad_token_id=0, type_vocab_size=1)
labels = {0: "contradiction", 1: "entailment", 2: "neutral"}
softmax = torch.nn.Softmax(dim=0)
emit("bert-reranker", tf.BertForSequenceClassification(tf.BertConfig(**bert, num_labels=1)), 1, torch.sigmoid)
emit("roberta-reranker", tf.RobertaForSequenceClassification(tf.RobertaConfig(
    **roberta, num_labels=1, sentence_transformers={"activation_fn": "torch.nn.modules.linear.Identity"})))
emit("xlmr-classifier", tf.XLMRobertaForSequenceClassification(tf.XLMRobertaConfig(
    **roberta, num_labels=3, id2label=labels)), 0, softmax)
emit("distilbert-classifier", tf.DistilBertForSequenceClassification(tf.DistilBertConfig(
    vocab_size=24, dim=12, n_layers=2, n_heads=3, hidden_dim=20, max_position_embeddings=20, num_labels=2,
    problem_type="multi_label_classification")), 0, torch.sigmoid)
emit("mpnet-reranker", tf.MPNetForSequenceClassification(tf.MPNetConfig(
    **dict(roberta, pad_token_id=1), num_labels=1)), 0, torch.sigmoid)
emit("modernbert-reranker", tf.ModernBertForSequenceClassification(tf.ModernBertConfig(
    **bert, pad_token_id=0, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3, local_attention=4, num_labels=1,
    classifier_pooling="mean", attn_implementation="eager")), 0, torch.sigmoid)
