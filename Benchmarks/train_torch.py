"""The PyTorch side of train.sh: activations a second on which a TopK autoencoder is trained.

    train_torch.py WIDTH LATENTS K BATCH TOKENS THREADS

Eager mode in float32: autograd and torch.optim.Adam (fused) on the loss of Gao et al. 2024, the decoder's
gradient projected and its rows normalised after each step.
"""
import sys
import time

import torch
import torch.nn.functional as F

width, count, k, batch, tokens, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(1)
data = torch.randn(70_000, width) @ torch.randn(width, width) / width**0.5
decoder = F.normalize(torch.randn(count, width), dim=1)
parameters = [decoder.clone(), decoder, torch.zeros(count), data.mean(0)]
for parameter in parameters:
    parameter.requires_grad_()
encoder, decoder, encoder_bias, decoder_bias = parameters
adam = torch.optim.Adam(parameters, lr=1e-3, eps=6.25e-10, fused=True)
silence = torch.zeros(count, dtype=torch.long)
variance = (data - data.mean(0)).square().sum(1).mean()
patience, dead_count, order, place = max(1, tokens // 20), width // 2, torch.randperm(len(data)), 0


def made(pre, k):
    values, places = pre.topk(k, dim=1, sorted=False)
    return torch.zeros_like(pre).scatter(1, places, values.relu())


start = time.perf_counter()
for _ in range(tokens // batch):
    if place + batch > len(data):
        order, place = torch.randperm(len(data)), 0
    x = data[order[place:place + batch]]
    place += batch
    pre = F.linear(x - decoder_bias, encoder, encoder_bias)
    latents = made(pre, k)
    error = x - latents @ decoder - decoder_bias
    loss = error.square().sum() / (batch * variance)
    dead = silence >= patience
    if dead.any():
        given = error.detach()
        chosen = made(pre.masked_fill(~dead, -1e9), min(dead_count, int(dead.sum())))
        loss = loss + (chosen @ decoder - given).square().sum() / given.square().sum() / 32
    adam.zero_grad()
    loss.backward()
    with torch.no_grad():
        decoder.grad -= (decoder.grad * decoder).sum(1, keepdim=True) * decoder
        adam.step()
        decoder /= decoder.norm(dim=1, keepdim=True)
        silence = torch.where((latents > 0).any(0), 0, silence + batch)
print(tokens // batch * batch / (time.perf_counter() - start))
