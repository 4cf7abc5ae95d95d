"""The PyTorch side of activations.sh: positions a second that reach blocks.3.hook_resid_post.

    activations_torch.py MODEL GAMES SECONDS THREADS

Eager mode in float32, as one would write it for speed on a CPU: inference_mode, fused causal
attention, no block after the hook.
"""
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

folder, games, seconds, threads = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
config = json.load(open(f"{folder}/config.json"))
tensors = {
    name.removeprefix("transformer."): tensor.float()
    for name, tensor in load_file(f"{folder}/model.safetensors").items()
}
width, heads = config["n_embd"], config["n_head"]
epsilon = config.get("layer_norm_epsilon", 1e-5)
ACTIVATIONS = {
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"), "gelu": F.gelu, "relu": F.relu,
}


class Block(torch.nn.Module):
    def __init__(self, n):
        super().__init__()
        inner = config.get("n_inner") or 4 * width
        self.ln_1 = torch.nn.LayerNorm(width, epsilon)
        self.ln_2 = torch.nn.LayerNorm(width, epsilon)
        self.c_attn = torch.nn.Linear(width, 3 * width)
        self.c_proj = torch.nn.Linear(width, width)
        self.c_fc = torch.nn.Linear(width, inner)
        self.m_proj = torch.nn.Linear(inner, width)
        self.activation = ACTIVATIONS[config.get("activation_function", "gelu_new")]
        names = {
            "ln_1": "ln_1", "ln_2": "ln_2", "c_attn": "attn.c_attn", "c_proj": "attn.c_proj",
            "c_fc": "mlp.c_fc", "m_proj": "mlp.c_proj",
        }
        own = {}
        for mine, theirs in names.items():
            weight = tensors[f"h.{n}.{theirs}.weight"]
            own[f"{mine}.weight"] = weight if mine.startswith("ln") else weight.T.contiguous()
            own[f"{mine}.bias"] = tensors[f"h.{n}.{theirs}.bias"]
        self.load_state_dict(own)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.c_attn(self.ln_1(x)).view(b, t, 3, heads, c // heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.c_proj(y.transpose(1, 2).reshape(b, t, c))
        return x + self.m_proj(self.activation(self.c_fc(self.ln_2(x))))


blocks = torch.nn.ModuleList(Block(n) for n in range(min(4, config["n_layer"]))).eval()
tokens = torch.tensor([[int(t) for t in line.split()] for line in open(games)])
positions = torch.arange(tokens.shape[1])


@torch.inference_mode()
def forward():
    x = F.embedding(tokens, tensors["wte.weight"]) + tensors["wpe.weight"][positions]
    for block in blocks:
        x = block(x)
    return x


times, start = [], time.perf_counter()
while time.perf_counter() - start < seconds or len(times) < 10:
    begin = time.perf_counter()
    forward()
    times.append(time.perf_counter() - begin)
print(tokens.numel() / statistics.median(times[len(times) // 10:]))
