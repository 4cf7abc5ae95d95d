"""Two hundred steps of dictionary_learning's own trainers, for TrainerParityTests:
trainer-parity.safetensors.

    python make_trainer_parity.py

Needs torch, safetensors and dictionary_learning 0.1.0. All trainers start from the same weights, with
decoder rows of length 1 (its own standard trainer starts with a tenth of that, which its first step ends),
and see the same batches: row r of step s is row 37 (64 s + r) mod 1021 of `rows`. What is kept is the loss
of each step, as each trainer's `loss` returns it, and the weights after the last.
"""
import torch
from dictionary_learning.trainers.gated_anneal import GatedAnnealTrainer
from dictionary_learning.trainers.gdm import GatedSAETrainer
from dictionary_learning.trainers.jumprelu import JumpReluTrainer
from dictionary_learning.trainers.p_anneal import PAnnealTrainer
from dictionary_learning.trainers.standard import StandardTrainer
from dictionary_learning.trainers.top_k import TopKTrainer, geometric_median
from safetensors.torch import save_file

torch.manual_seed(1)
torch.set_num_threads(1)
D, F, BATCH, STEPS, ROWS = 16, 64, 64, 200, 1021
directions = torch.nn.functional.normalize(torch.randn(40, D), dim=1)
chosen = (torch.rand(ROWS, 40) < 0.1).float() * (0.2 + 0.3 * torch.rand(ROWS, 40))
rows = chosen @ directions + 0.05 * torch.randn(ROWS, D) + 0.1
decoder = torch.nn.functional.normalize(torch.randn(F, D), dim=1)
encoder = 0.5 * decoder + 0.02 * torch.randn(F, D)
tensors = {"rows": rows, "encoder": encoder, "decoder": decoder}


def batch(step):
    return rows[torch.tensor([37 * (BATCH * step + r) % ROWS for r in range(BATCH)])]


same = dict(steps=STEPS, activation_dim=D, dict_size=F, layer=0, lm_name="none", device="cpu", seed=1)
slow = dict(warmup_steps=20, decay_start=150)
anneal = dict(
    sparsity_function="Lp^p", anneal_start=60, p_end=0.2, n_sparsity_updates=10,
    sparsity_warmup_steps=40)
trainers = {
    "standard": StandardTrainer(**same, **slow, lr=2e-3, l1_penalty=0.05, sparsity_warmup_steps=40),
    "panneal": PAnnealTrainer(**same, **slow, **anneal, lr=2e-3, initial_sparsity_penalty=0.05),
    "gated": GatedSAETrainer(**same, **slow, lr=1e-3, l1_penalty=0.05, sparsity_warmup_steps=40),
    "gatedanneal": GatedAnnealTrainer(**same, **slow, **anneal, lr=1e-3, initial_sparsity_penalty=0.05),
    "jumprelu": JumpReluTrainer(
        **same, **slow, lr=1e-3, bandwidth=0.05, sparsity_penalty=0.3, target_l0=6.0,
        sparsity_warmup_steps=40),
    "topk": TopKTrainer(**same, **slow, k=5, lr=2e-3),
}
for name, trainer in trainers.items():
    sae = trainer.ae
    with torch.no_grad():
        if name == "jumprelu":
            sae.W_enc.data, sae.W_dec.data = encoder.T.clone(), decoder.clone()
        else:
            sae.encoder.weight.data, sae.decoder.weight.data = encoder.clone(), decoder.T.clone()
            if name in ("standard", "panneal", "topk"):
                sae.encoder.bias.data = torch.zeros(F)
    losses, own = [], trainer.loss

    def loss(*arguments, **options):
        value = own(*arguments, **options)
        losses.append(value.item())
        return value

    trainer.loss = loss
    for step in range(STEPS):
        trainer.update(step, batch(step))
    tensors[f"{name}_losses"] = torch.tensor(losses)
    is_jump = name == "jumprelu"
    tensors[f"{name}_encoder"] = (sae.W_enc.T if is_jump else sae.encoder.weight).detach()
    tensors[f"{name}_decoder"] = (sae.W_dec if is_jump else sae.decoder.weight.T).detach()
    if is_jump:
        tensors["jumprelu_threshold"] = sae.threshold.detach()
    last = sae.encode(rows)
    print(name, losses[0], losses[60], losses[-1], "L0", (last != 0).float().sum(1).mean().item())
tensors["topk_start"] = geometric_median(batch(0))
save_file(
    {name: value.float().contiguous().clone() for name, value in tensors.items()},
    "trainer-parity.safetensors")
