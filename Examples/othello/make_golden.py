"""Record what PyTorch computes with the example, for the tests of our own forward pass.

    make_golden.py MODEL_FOLDER SAE_FOLDER OUTPUT.safetensors

Weights are widened to float32 first. The output holds token sequences of several lengths, the
residual stream at two places, and the latents that are not zero, sorted by index:

    tokens [n], lengths [sequences]                 as floats, sequences one after another
    blocks.3.hook_resid_post [n, d]
    blocks.1.hook_resid_mid [rows, d]               of the first rows only
    latent_counts [n], latent_indices, latent_values [all]

Run it again whenever the example's weights change:

    python3 Examples/othello/make_golden.py Examples/othello Examples/othello/sae \\
        Tests/SubjectsTests/Fixtures/othello-golden.safetensors
"""
import json
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

HOOK, OTHER, OTHER_ROWS = 3, 1, 40
LENGTHS = [31, 17, 31, 1, 2, 29]


def widened(path):
    return {k.removeprefix("transformer."): v.float() for k, v in load_file(path).items()}


def residuals(tokens, config, w):
    """The stream after HOOK and in the middle of OTHER, each [tokens, d]."""
    d, heads = config["n_embd"], config["n_head"]
    epsilon = config.get("layer_norm_epsilon", 1e-5)
    approximate = {"gelu_new": "tanh", "gelu": "none"}[config.get("activation_function", "gelu_new")]

    def norm(x, name):
        return F.layer_norm(x, (d,), w[name + ".weight"], w[name + ".bias"], epsilon)

    def affine(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    t = len(tokens)
    x = w["wte.weight"][tokens] + w["wpe.weight"][:t]
    middle = None
    for n in range(HOOK + 1):
        h = f"h.{n}."
        q, k, v = (
            part.view(t, heads, d // heads).transpose(0, 1)
            for part in affine(norm(x, h + "ln_1"), h + "attn.c_attn").split(d, dim=1)
        )
        scores = q @ k.transpose(1, 2) / (d // heads) ** 0.5
        scores = scores.masked_fill(~torch.ones(t, t, dtype=torch.bool).tril(), -torch.inf)
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(t, d)
        x = x + affine(mixed, h + "attn.c_proj")
        if n == OTHER:
            middle = x
        inner = F.gelu(affine(norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate=approximate)
        x = x + affine(inner, h + "mlp.c_proj")
    return x, middle


def latents(x, config, w):
    """Dense latents, [rows, F]."""
    centre = w["b_dec"] if config.get("apply_b_dec_to_input", True) else 0
    pre = (x - centre) @ w["W_enc"] + w["b_enc"]
    if config.get("rescale_acts_by_decoder_norm", False):
        pre = pre * w["W_dec"].norm(dim=1)
    if config["architecture"] == "topk":
        values, indices = pre.topk(config["k"], dim=1)
        return torch.zeros_like(pre).scatter_(1, indices, values.relu())
    if config["architecture"] == "jumprelu":
        return pre.relu() * (pre > w["threshold"])
    assert config["architecture"] == "standard", config["architecture"]
    return pre.relu()


@torch.inference_mode()
def main(model_folder, sae_folder, output):
    torch.manual_seed(0)
    config = json.load(open(f"{model_folder}/config.json"))
    w = widened(f"{model_folder}/model.safetensors")
    sae_config = json.load(open(f"{sae_folder}/cfg.json"))
    sae = widened(f"{sae_folder}/sae_weights.safetensors")
    assert sae_config["metadata"]["hook_name"] == f"blocks.{HOOK}.hook_resid_post"

    lengths = [min(length, config["n_positions"]) for length in LENGTHS]
    sequences = [torch.randint(1, config["vocab_size"], (length,)) for length in lengths]
    streams = [residuals(tokens, config, w) for tokens in sequences]
    post = torch.cat([s[0] for s in streams])
    middle = torch.cat([s[1] for s in streams])[:OTHER_ROWS]
    f = latents(post, sae_config, sae)
    rows, columns = f.nonzero(as_tuple=True)
    save_file(
        {
            "tokens": torch.cat(sequences).float(),
            "lengths": torch.tensor(lengths).float(),
            f"blocks.{HOOK}.hook_resid_post": post.contiguous(),
            f"blocks.{OTHER}.hook_resid_mid": middle.contiguous(),
            "latent_counts": (f > 0).sum(1).float(),
            "latent_indices": columns.float(),
            "latent_values": f[rows, columns].contiguous(),
        },
        output,
        metadata={"torch": torch.__version__, "made_by": "Examples/othello/make_golden.py"},
    )
    print(f"{output}: {len(post)} positions, {len(rows)} latents that are not zero")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
