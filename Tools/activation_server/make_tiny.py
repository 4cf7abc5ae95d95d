"""Writes small models of random weights with a tokenizer, and autoencoders on them, for the test.

    python make_tiny.py FOLDER FAMILY=TOKENIZER.json ...

FOLDER/FAMILY/model is what save_pretrained writes; FOLDER/FAMILY/saes/SOURCE what SAELens writes.
"""

import os
import sys

import torch
from sae_lens.registry import SAE_CLASS_REGISTRY
from sae_lens.saes.sae import SAEMetadata
from transformers import (
    Gemma2Config, Gemma2ForCausalLM, GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig,
    LlamaForCausalLM, PreTrainedTokenizerFast,
)

LAYERS, LATENTS = 3, 96
FAMILIES = {
    "llama": (LlamaForCausalLM, LlamaConfig, dict(
        hidden_size=48, num_attention_heads=6, num_key_value_heads=2), "<|begin_of_text|>"),
    "neox": (GPTNeoXForCausalLM, GPTNeoXConfig, dict(
        hidden_size=48, num_attention_heads=3), "<|endoftext|>"),
    "gemma2": (Gemma2ForCausalLM, Gemma2Config, dict(
        hidden_size=48, num_attention_heads=4, num_key_value_heads=2, head_dim=12,
        query_pre_attn_scalar=12, sliding_window=24), "<s>"),
}
CASES = [  # source, hook, architecture, fields
    ("0-res-pre", "blocks.0.hook_resid_pre", "jumprelu", {}),
    ("1-res", "blocks.1.hook_resid_post", "standard", {}),
    ("2-res", "blocks.2.hook_resid_post", "topk", {"k": 12}),
]


def randomise(module, generator, norms_are_offsets=False):
    with torch.no_grad():
        for name, value in list(module.named_parameters()) + list(module.named_buffers()):
            if not value.dtype.is_floating_point or value.ndim == 0 or "inv_freq" in name:
                continue
            noise = torch.randn(value.shape, generator=generator)
            if "threshold" in name:
                value.copy_(0.3 * noise.abs())
            elif "norm" in name and name.endswith("weight"):
                value.copy_(0.2 * noise + (0 if norms_are_offsets else 1))
            elif value.ndim == 1:
                value.copy_(0.1 * noise)
            else:
                value.copy_(noise * (1 if "embed" in name else value.shape[-1] ** -0.5))


def write(family, tokenizer_file, folder):
    kind, config, fields, bos = FAMILIES[family]
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_file, bos_token=bos)
    generator = torch.Generator().manual_seed(7)
    bos_id = tokenizer.convert_tokens_to_ids(bos)
    model = kind(config(
        vocab_size=len(tokenizer), intermediate_size=80, num_hidden_layers=LAYERS,
        max_position_embeddings=128, bos_token_id=bos_id, eos_token_id=bos_id, pad_token_id=None,
        **fields))
    randomise(model, generator, norms_are_offsets=family == "gemma2")
    model.save_pretrained(f"{folder}/model")
    tokenizer.save_pretrained(f"{folder}/model")
    for source, hook, architecture, more in CASES:
        sae_kind, sae_config = SAE_CLASS_REGISTRY[architecture]
        metadata = SAEMetadata(
            model_name=family, hook_name=hook, prepend_bos=True, context_size=128)
        sae = sae_kind(sae_config(d_in=48, d_sae=LATENTS, metadata=metadata, **more))
        randomise(sae, generator)
        os.makedirs(f"{folder}/saes", exist_ok=True)
        sae.save_model(f"{folder}/saes/{source}")


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        family, _, tokenizer_file = argument.partition("=")
        write(family, tokenizer_file, f"{sys.argv[1]}/{family}")
