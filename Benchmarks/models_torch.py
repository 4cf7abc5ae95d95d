"""The PyTorch side of forward.sh, encode.sh, generate.sh and memory.sh.

    models_torch.py make KIND FOLDER TOKENS [DTYPE]    a random model and a batch of 8 x 128 tokens
    models_torch.py dictionary FOLDER WIDTH LATENTS K  a random TopK autoencoder in SAELens's layout
    models_torch.py encode FOLDER ROWS SECONDS THREADS               rows encoded a second
    models_torch.py forward FOLDER TOKENS LAYERS SECONDS THREADS     tokens a second after LAYERS
    models_torch.py generate CHECKPOINT COUNT SECONDS THREADS        greedy tokens a second
    models_torch.py text CHECKPOINT COUNT                            the greedy tokens

Hugging Face models in float32, inference mode, fused attention; no block after the place that is
read; generation with a static loop over a key-value cache.
"""
import json
import os
import statistics
import sys
import time

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoModelForCausalLM, DynamicCache, GPT2Config
from transformers import GPTNeoXConfig, LlamaConfig, LlamaForCausalLM


def median_seconds(seconds, body):
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(times) < 5:
        begin = time.perf_counter()
        body()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[len(times) // 10:])


def make(kind, folder, tokens, dtype="float32"):
    torch.manual_seed(0)
    config = GPT2Config() if kind == "gpt2" else GPTNeoXConfig(
        vocab_size=50304, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=3072, max_position_embeddings=2048)
    model = AutoModelForCausalLM.from_config(config)
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    with open(tokens, "w") as file:
        for row in torch.randint(0, 50257, (8, 128)).tolist():
            print(*row, file=file)


def dictionary(folder, width, latents, k):
    torch.manual_seed(0)
    os.makedirs(folder)
    encoder = torch.randn(width, latents) / width ** 0.5
    save_file({"W_enc": encoder, "b_enc": 0.1 * torch.randn(latents), "b_dec": torch.zeros(width),
               "W_dec": encoder.T.contiguous()}, os.path.join(folder, "sae_weights.safetensors"))
    with open(os.path.join(folder, "cfg.json"), "w") as file:
        json.dump(dict(
            architecture="topk", k=k, d_in=width, d_sae=latents, dtype="float32", device="cpu",
            apply_b_dec_to_input=True, normalize_activations="none", reshape_activations="none",
            rescale_acts_by_decoder_norm=False,
            metadata=dict(sae_lens_version="6.54.12", model_name="random", prepend_bos=False,
                          hook_name="blocks.5.hook_resid_post", context_size=128)), file)


def encode(folder, rows, seconds, threads):
    """The greatest k pre-activations of each row with their places, the rest being zero."""
    torch.set_num_threads(threads)
    tensors = load_file(os.path.join(folder, "sae_weights.safetensors"))
    k = json.load(open(os.path.join(folder, "cfg.json")))["k"]
    batch = torch.randn(rows, tensors["W_enc"].shape[0])

    def run():
        before = torch.addmm(tensors["b_enc"], batch - tensors["b_dec"], tensors["W_enc"])
        values, places = before.topk(k, dim=-1, sorted=False)
        return values.relu(), places

    with torch.inference_mode():
        print(rows / median_seconds(seconds, run))


def forward(folder, tokens, layers, seconds, threads):
    torch.set_num_threads(threads)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32, num_hidden_layers=layers)
    model.eval()
    batch = torch.tensor([[int(t) for t in line.split()] for line in open(tokens)])
    with torch.inference_mode():
        print(batch.numel() / median_seconds(seconds, lambda: model(batch, use_cache=False)))


def llama(path):
    data = open(path, "rb").read()
    d, inner, n, heads, groups, vocabulary, context = np.frombuffer(data[:28], "<i4").tolist()
    rest, used = torch.tensor(np.frombuffer(data[28:], "<f4").copy()), 0

    def take(*shape):
        nonlocal used
        count = int(np.prod(shape))
        used += count
        return rest[used - count:used].reshape(shape)

    size = d // heads
    config = LlamaConfig(
        vocab_size=abs(vocabulary), hidden_size=d, intermediate_size=inner, num_hidden_layers=n,
        num_attention_heads=heads, num_key_value_heads=groups, max_position_embeddings=context,
        rms_norm_eps=1e-5, tie_word_embeddings=vocabulary > 0)
    names = [("input_layernorm", (d,)), ("self_attn.q_proj", (d, d)),
             ("self_attn.k_proj", (groups * size, d)), ("self_attn.v_proj", (groups * size, d)),
             ("self_attn.o_proj", (d, d)), ("post_attention_layernorm", (d,)),
             ("mlp.gate_proj", (inner, d)), ("mlp.down_proj", (d, inner)),
             ("mlp.up_proj", (inner, d))]
    state = {"model.embed_tokens.weight": take(abs(vocabulary), d)}
    for name, shape in names:
        stack = take(n, *shape)
        if name.endswith(("q_proj", "k_proj")):
            pairs = stack.reshape(n, -1, size // 2, 2, d)
            stack = pairs.transpose(2, 3).reshape(n, *shape)
        for layer in range(n):
            state[f"model.layers.{layer}.{name}.weight"] = stack[layer]
    state["model.norm.weight"] = take(d)
    model = LlamaForCausalLM(config)
    model.load_state_dict(state, strict=False)
    return model.eval()


@torch.inference_mode()
def greedy(model, count):
    cache, token, tokens = DynamicCache(), torch.tensor([[1]]), []
    for _ in range(count):
        output = model(token, past_key_values=cache, use_cache=True, logits_to_keep=1)
        token = output.logits[:, -1].argmax(-1, keepdim=True)
        tokens.append(token.item())
    return tokens


def generate(path, count, seconds, threads):
    torch.set_num_threads(threads)
    model = llama(path)
    print(count / median_seconds(seconds, lambda: greedy(model, count)))


if __name__ == "__main__":
    mode, *rest = sys.argv[1:]
    rest = [int(r) if r.isdigit() else r for r in rest]
    if mode == "text":
        print(greedy(llama(rest[0]), rest[1]))
    else:
        {"make": make, "dictionary": dictionary, "encode": encode, "forward": forward,
         "generate": generate}[mode](*rest)
