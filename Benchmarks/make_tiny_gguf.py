"""Writes a language model with random weights for llama.cpp: a few hundred kilobytes that talk nonsense.

    make_tiny_gguf.py FILE [SEED]

Llama's architecture, 2 layers of width 64; a vocabulary of all bytes in GPT-2's way of writing them,
some pairs of letters, and ChatML's marks, with ChatML's template. Whatever such a model says that makes
sense, the server made it say. Needs the packages gguf and numpy.
"""
import sys

import gguf
import numpy

WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 8192
MERGES = ["t h", "th e", "i n", "e r", "o n", "a n", "r e", "Ġ a", "Ġ t"]
MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content']"
    " + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def letters_of_bytes():
    """GPT-2's letter for each byte: itself where it can be seen, else one from 256 on."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), 256)]
    hidden = iter(range(256, 512))
    return [chr(byte if byte in seen else next(hidden)) for byte in range(256)]


def main(path, seed=1):
    tokens = letters_of_bytes() + [pair.replace(" ", "") for pair in MERGES]
    words = len(tokens)
    tokens += MARKS
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random weights")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [gguf.TokenType.NORMAL] * words + [gguf.TokenType.CONTROL] * len(MARKS))
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(words)
    writer.add_eos_token_id(words + 2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)

    random = numpy.random.default_rng(seed)

    def add(name, *shape):
        values = random.standard_normal(shape) / numpy.sqrt(shape[-1])
        writer.add_tensor(name + ".weight", values.astype(numpy.float32))

    def add_ones(name):
        writer.add_tensor(name + ".weight", numpy.ones(WIDTH, numpy.float32))

    add("token_embd", len(tokens), WIDTH)
    add("output", len(tokens), WIDTH)
    add_ones("output_norm")
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        add_ones(block + "attn_norm")
        add_ones(block + "ffn_norm")
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(block + name, WIDTH, WIDTH)
        add(block + "ffn_gate", INNER, WIDTH)
        add(block + "ffn_up", INNER, WIDTH)
        add(block + "ffn_down", WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main(sys.argv[1], *map(int, sys.argv[2:]))
