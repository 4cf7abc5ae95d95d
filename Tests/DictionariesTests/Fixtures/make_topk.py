"""Twelve steps of a TopK autoencoder in PyTorch, for ReferenceParityTests: topk-steps.safetensors.

    python make_topk.py

Needs torch and safetensors. Plain autograd and torch.optim.Adam on the loss in TopKTrainer's comment; the
decoder's gradient is projected and its rows are normalised by hand.
"""
import torch
from safetensors.torch import save_file

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
D, F, K, DEAD, BATCH, STEPS, RATE, WEIGHT, PATIENCE = 10, 24, 3, 5, 16, 12, 0.01, 0.25, 32
decoder = torch.nn.functional.normalize(torch.randn(F, D), dim=1)
encoder = decoder + 0.1 * torch.randn(F, D)
encoder[::4] *= 0.05  # too weak to be chosen, so dead after two steps
rows = 2 * torch.randn(STEPS, BATCH, D)
tensors = {"encoder": encoder, "decoder": decoder, "rows": rows.reshape(STEPS * BATCH, D)}
tensors = {name: value.clone().float().double() for name, value in tensors.items()}
encoder, decoder = tensors["encoder"].clone(), tensors["decoder"].clone()
rows = tensors["rows"].reshape(STEPS, BATCH, D)
parameters = [encoder, decoder, torch.zeros(F), torch.zeros(D)]
for parameter in parameters:
    parameter.requires_grad_()
encoder, decoder, encoder_bias, decoder_bias = parameters
adam = torch.optim.Adam(parameters, lr=RATE, eps=6.25e-10)
silence, losses = torch.zeros(F), []


def made(pre, k):
    values, places = pre.topk(k, dim=1)
    return torch.zeros_like(pre).scatter(1, places, values.relu())


for x in rows:
    pre = (x - decoder_bias) @ encoder.T + encoder_bias
    latents = made(pre, K)
    error = x - latents @ decoder - decoder_bias
    loss = error.square().sum() / (BATCH * D)
    dead = silence >= PATIENCE
    if dead.any():
        given = error.detach()
        k = min(DEAD, int(dead.sum()))
        estimate = made(pre.masked_fill(~dead, -1e9), k) @ decoder
        loss = loss + WEIGHT * (estimate - given).square().sum() / given.square().sum()
    adam.zero_grad()
    loss.backward()
    with torch.no_grad():
        decoder.grad -= (decoder.grad * decoder).sum(1, keepdim=True) * decoder
        adam.step()
        decoder /= decoder.norm(dim=1, keepdim=True)
    silence = torch.where((latents > 0).any(0), 0, silence + BATCH)
    losses.append([loss.item(), int(dead.sum())])
tensors |= {
    "encoder_after": encoder.detach(), "decoder_after": decoder.detach(),
    "encoder_bias_after": encoder_bias.detach(), "decoder_bias_after": decoder_bias.detach(),
    "losses": torch.tensor(losses),
}
print(losses)
save_file({name: value.float().contiguous() for name, value in tensors.items()}, "topk-steps.safetensors")
