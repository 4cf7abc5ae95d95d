"""Copy a model folder and its dictionary's, with the tensors in 16 bits.

    to_half.py MODEL_FOLDER SAE_FOLDER OUTPUT_FOLDER

Writes OUTPUT/config.json, OUTPUT/model.safetensors, OUTPUT/sae/cfg.json and
OUTPUT/sae/sae_weights.safetensors, and prints sizes and the greatest relative error of each file.
"""
import os
import shutil
import sys

import torch
from safetensors.torch import load_file, save_file


def convert(source, target):
    tensors = load_file(source)
    halves = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
    worst, where = 0.0, None
    for name, tensor in tensors.items():
        if not torch.isfinite(halves[name]).all():
            sys.exit(f"{source}: tensor {name} does not fit into 16 bits; keep it in 32")
        # Relative to the tensor's greatest element: what matters to a product.
        scale = tensor.abs().max().clamp_min(1e-30)
        error = ((halves[name].float() - tensor.float()).abs().max() / scale).item()
        if error > worst:
            worst, where = error, name
    save_file(halves, target)
    print(
        f"{target}: {os.path.getsize(source)} -> {os.path.getsize(target)} bytes, "
        f"relative error at most {worst:.2e} ({where})"
    )


def main(model, sae, output):
    os.makedirs(f"{output}/sae", exist_ok=True)
    shutil.copyfile(f"{model}/config.json", f"{output}/config.json")
    shutil.copyfile(f"{sae}/cfg.json", f"{output}/sae/cfg.json")
    convert(f"{model}/model.safetensors", f"{output}/model.safetensors")
    convert(f"{sae}/sae_weights.safetensors", f"{output}/sae/sae_weights.safetensors")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
