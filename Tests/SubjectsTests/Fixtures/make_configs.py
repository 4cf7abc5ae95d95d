"""Writes the configurations of every family as transformers serialises them, all defaults included.

    python3 make_configs.py FOLDER        (configs/ beside this file, for the committed ones)

The other files of that folder are written by hand after the configurations that published models
carry.
"""
import json
import sys

from transformers import BertConfig, Gemma2Config, Gemma3TextConfig, GPT2Config, GPTNeoXConfig
from transformers import LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

for kind in [BertConfig, Gemma2Config, Gemma3TextConfig, GPT2Config, GPTNeoXConfig, LlamaConfig,
             MistralConfig, Qwen2Config, Qwen3Config]:
    config = kind(num_hidden_layers=6).to_dict()
    path = f"{sys.argv[1]}/transformers-5-{config['model_type']}.json"
    with open(path, "w") as file:
        json.dump(config, file, indent=2)
        file.write("\n")
