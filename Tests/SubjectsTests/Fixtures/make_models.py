"""Writes small random models of every architecture and what PyTorch computes with them.

    python3 make_models.py FOLDER [NAME …]        (the folder this file lies in, for the committed ones)

Each model becomes FOLDER/models/NAME with config.json and model.safetensors as save_pretrained
writes them (16-bit weights) and expected.safetensors: for the token sequences in it (tokens,
lengths) the residual stream at every layer, one layer's attention mixture and MLP neurons, and the
logits, all computed in 32 bits from the rounded weights, sequence by sequence.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoModelForCausalLM
from transformers import BertConfig, BertModel, Gemma2Config, Gemma3TextConfig, GPT2Config
from transformers import GPTNeoXConfig
from transformers import LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

LENGTHS = [13, 1, 37, 20]
VOCABULARY = 61
BASE = dict(vocab_size=VOCABULARY, max_position_embeddings=64, hidden_size=24,
            intermediate_size=44, num_hidden_layers=2, bos_token_id=0, eos_token_id=1,
            pad_token_id=None)


def rope(kind="default", theta=1e4, **more):
    return dict(rope_type=kind, rope_theta=theta, **more)


MODELS = {
    "neox-parallel": (torch.float16, GPTNeoXConfig(**BASE | dict(
        hidden_size=36, num_attention_heads=3, hidden_act="gelu", tie_word_embeddings=False,
        rope_parameters=rope(partial_rotary_factor=0.5)))),
    "neox-sequential": (torch.bfloat16, GPTNeoXConfig(**BASE | dict(
        hidden_size=40, num_attention_heads=5, use_parallel_residual=False,
        tie_word_embeddings=True, rope_parameters=rope(partial_rotary_factor=0.25)))),
    "llama-scaled": (torch.bfloat16, LlamaConfig(**BASE | dict(
        hidden_size=48, num_attention_heads=6, num_key_value_heads=2,
        rope_parameters=rope("llama3", 5e5, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                             original_max_position_embeddings=16)))),
    "llama-biased": (torch.float16, LlamaConfig(**BASE | dict(
        num_attention_heads=3, num_key_value_heads=1, head_dim=10, attention_bias=True,
        mlp_bias=True, tie_word_embeddings=True, rope_parameters=rope("linear", factor=4.0)))),
    "mistral": (torch.bfloat16, MistralConfig(**BASE | dict(
        num_attention_heads=6, num_key_value_heads=3, sliding_window=5,
        rope_parameters=rope()))),
    "qwen2": (torch.bfloat16, Qwen2Config(**BASE | dict(
        num_attention_heads=3, num_key_value_heads=1, use_sliding_window=True, sliding_window=7,
        num_hidden_layers=3, max_window_layers=1, rope_parameters=rope(theta=1e6),
        tie_word_embeddings=True))),
    "qwen3": (torch.bfloat16, Qwen3Config(**BASE | dict(
        num_attention_heads=5, num_key_value_heads=5, head_dim=14,
        rope_parameters=rope(theta=1e6)))),
    "gemma2": (torch.bfloat16, Gemma2Config(**BASE | dict(
        num_attention_heads=4, num_key_value_heads=2, head_dim=12, sliding_window=18,
        query_pre_attn_scalar=20, attn_logit_softcapping=4.0, final_logit_softcapping=6.0,
        rope_parameters=rope()))),
    "gemma3": (torch.bfloat16, Gemma3TextConfig(**BASE | dict(
        num_hidden_layers=7, num_attention_heads=3, num_key_value_heads=1, head_dim=16,
        sliding_window=6, query_pre_attn_scalar=24,
        rope_parameters=dict(sliding_attention=rope(),
                             full_attention=rope("linear", 1e6, factor=8.0))))),
    "llama-yarn": (torch.bfloat16, LlamaConfig(**BASE | dict(
        num_attention_heads=3, num_key_value_heads=1, head_dim=16,
        rope_parameters=rope("yarn", factor=8.0, original_max_position_embeddings=8,
                             beta_fast=4.0, beta_slow=0.5)))),
    "qwen2-yarn": (torch.bfloat16, Qwen2Config(**BASE | dict(
        num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=True,
        rope_parameters=rope("yarn", 1e6, factor=4.0, original_max_position_embeddings=16,
                             mscale=0.7, mscale_all_dim=0.3, truncate=False)))),
    "llama-longrope": (torch.bfloat16, LlamaConfig(**BASE | dict(
        num_attention_heads=3, num_key_value_heads=3, max_position_embeddings=128,
        rope_parameters=rope("longrope", original_max_position_embeddings=40, factor=4.0,
                             short_factor=[1.0, 1.5, 2.25, 3.0],
                             long_factor=[2.0, 5.0, 9.0, 16.0])))),
    "llama-dynamic": (torch.bfloat16, LlamaConfig(**BASE | dict(
        num_attention_heads=3, num_key_value_heads=1, tie_word_embeddings=True,
        rope_parameters=rope("dynamic", factor=4.0)))),
    "minilm": (torch.float16, BertConfig(
        vocab_size=VOCABULARY, hidden_size=36, num_hidden_layers=2, num_attention_heads=3,
        intermediate_size=70, max_position_embeddings=40)),
    "gpt2": (torch.float16, GPT2Config(
        vocab_size=VOCABULARY, n_positions=64, n_embd=36, n_layer=2, n_head=3, bos_token_id=0,
        eos_token_id=1)),
    "gpt2-untied": (torch.bfloat16, GPT2Config(
        vocab_size=VOCABULARY, n_positions=64, n_embd=40, n_layer=2, n_head=5, n_inner=52,
        activation_function="gelu", tie_word_embeddings=False, bos_token_id=0, eos_token_id=1)),
}


def randomise(model, generator):
    """Weights of the size trained ones have: the initial ones leave attention all but uniform."""
    offset_norms = type(model.config).__name__.startswith("Gemma")
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=generator)
            if ("norm" in name.lower() or "ln_" in name) and value.dim() == 1 and not name.endswith("bias"):
                value.copy_(0.2 * noise + (0 if offset_norms else 1))
            elif value.dim() == 1:
                value.copy_(0.2 * noise)
            elif "embed" in name or "wte" in name or "wpe" in name:
                value.copy_(noise * (0.3 if offset_norms else 1))
            else:
                inputs = value.shape[0 if "c_" in name else 1]
                value.copy_(1.3 * noise / inputs ** 0.5)


def parts(model):
    """Per layer: the module that writes attention out, its MLP's last map, the attention block."""
    kind = model.config.model_type
    if kind == "bert":
        return [(l.attention.output.dense, l.output.dense) for l in model.encoder.layer]
    if kind == "gpt_neox":
        return [(l.attention.dense, l.mlp.dense_4h_to_h) for l in model.gpt_neox.layers]
    if kind == "gpt2":
        return [(l.attn.c_proj, l.mlp.c_proj) for l in model.transformer.h]
    return [(l.self_attn.o_proj, l.mlp.down_proj) for l in model.model.layers]


def run(model, sequence):
    found = {}
    handles = []
    layer = model.config.num_hidden_layers - 1

    def keep(key, of_input):
        def hook(module, inputs, output):
            value = inputs[0] if of_input else output
            found[key] = (value[0] if isinstance(value, tuple) else value)[0].clone()
        return hook

    dense, down = parts(model)[layer]
    handles.append(dense.register_forward_hook(keep("z", True)))
    handles.append(down.register_forward_hook(keep("neurons", True)))
    kind = model.config.model_type
    if kind == "bert":
        blocks = model.encoder.layer
    elif kind == "gpt_neox":
        blocks = model.gpt_neox.layers
    elif kind == "gpt2":
        blocks = model.transformer.h
        handles.append(model.transformer.wte.register_forward_hook(keep("embed", False)))
        for n, block in enumerate(blocks):
            handles.append(block.ln_2.register_forward_hook(keep(f"mid.{n}", True)))
    else:
        blocks = model.model.layers
        for n, block in enumerate(blocks):
            gemma = hasattr(block, "pre_feedforward_layernorm")
            norm = block.pre_feedforward_layernorm if gemma else block.post_attention_layernorm
            handles.append(norm.register_forward_hook(keep(f"mid.{n}", True)))
    for n, block in enumerate(blocks):
        handles.append(block.register_forward_hook(keep(f"post.{n}", False)))
    tokens = torch.tensor([sequence])
    with torch.no_grad():
        output = model(tokens, output_hidden_states=True)
    for handle in handles:
        handle.remove()
    if kind != "gpt2":
        found["embed"] = output.hidden_states[0][0]
    if kind == "bert":
        mean = found[f"post.{layer}"].mean(0, keepdim=True)
        found["pooled"] = torch.nn.functional.normalize(mean, dim=1)
    else:
        found["final"] = output.hidden_states[-1][0]
        found["logits"] = output.logits[0]
    return found


# Those that came later have seeds of their own, so that the older files stay as they are.
SEEDS = {"minilm": 9, "llama-yarn": 20, "qwen2-yarn": 21, "llama-longrope": 22,
         "llama-dynamic": 23, "gpt2": 10, "gpt2-untied": 11}


def main(folder, names):
    for number, (name, (dtype, config)) in enumerate(MODELS.items()):
        if names and name not in names:
            continue
        seed = SEEDS.get(name, number)
        generator = torch.Generator().manual_seed(seed)
        bert = config.model_type == "bert"
        auto = AutoModel if bert else AutoModelForCausalLM
        model = BertModel(config, add_pooling_layer=False) if bert else auto.from_config(config)
        randomise(model, generator)
        target = os.path.join(folder, "models", name)
        model.to(dtype).save_pretrained(target)
        model = auto.from_pretrained(target, dtype=torch.float32, attn_implementation="eager",
                                     **(dict(add_pooling_layer=False) if bert else {}))
        model.eval()
        sequences = [torch.randint(0, VOCABULARY, (n,), generator=generator).tolist()
                     for n in LENGTHS]
        runs = [run(model, sequence) for sequence in sequences]
        expected = {key: torch.cat([r[key] for r in runs]).float().contiguous() for key in runs[0]}
        expected["tokens"] = torch.tensor(sum(sequences, [])).float()
        expected["lengths"] = torch.tensor(LENGTHS).float()
        save_file(expected, os.path.join(target, "expected.safetensors"))
        for other in os.listdir(target):
            if other not in ("config.json", "model.safetensors", "expected.safetensors"):
                os.remove(os.path.join(target, other))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
