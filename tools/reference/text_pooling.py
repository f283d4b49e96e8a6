"""Makes the test resource text-pooling: vectors of the fixture llama-layers pooled as LLM2Vec does, in double precision.
Only the tokens of the text count, neither the begin token nor an instruction before it; their weights are 1, 2, 3, ...
How many they are is that of the text tokenised alone; they are taken from the end. Needs torch, transformers.
Usage: python text_pooling.py FIXTURES_FOLDER TARGET_FOLDER"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

source, target = Path(sys.argv[1]) / "llama-layers", Path(sys.argv[2])
INSTRUCTION = "Given a question, retrieve a passage that answers it:"
TEXTS = ["Which wood bends best?", "How long does cedar last outdoors?", "A purlin is the beam that carries the rafters.",
         "1897", "Grün ist die Tür.", "屋根", "x"]

tokenizer = AutoTokenizer.from_pretrained(source)
model = AutoModel.from_pretrained(source, dtype=torch.float64).eval()


def exact(norm):
    """transformers casts to float32 inside."""
    return lambda x: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + norm.variance_epsilon) * norm.weight


for module in model.modules():
    if type(module).__name__ == "LlamaRMSNorm":
        module.forward = exact(module)


def vector(instruction, text):
    ids = tokenizer(instruction + text)["input_ids"]
    own = len(tokenizer(text, add_special_tokens=False)["input_ids"])
    with torch.no_grad():
        hidden = model(input_ids=torch.tensor([ids])).last_hidden_state[0][-own:]
    weights = torch.arange(1, own + 1, dtype=torch.float64)
    return torch.nn.functional.normalize((hidden * weights[:, None]).sum(0) / weights.sum(), dim=0).tolist()


target.mkdir(parents=True, exist_ok=True)
(target / "golden.json").write_text(json.dumps({
    "instruction": INSTRUCTION, "texts": TEXTS,
    "instructed": [vector(INSTRUCTION, text) for text in TEXTS],
    "bare": [vector("", text) for text in TEXTS],
}, ensure_ascii=False))
