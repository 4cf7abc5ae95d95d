"""The dictionary_learning side of training.sh: its own trainers on the CPU.

    training_reference.py ARCHITECTURE FILE WIDTH LATENTS K BATCH STEPS THREADS

Prints the seconds of a step by the clock and of the processors, what is left unexplained, and how many
latents are active. The first step, which seeks the geometric median, is not counted. The standard trainer
begins with biases at which about 2 % of the latents are active, as ours does.
"""
import sys
import time

import numpy
import torch
from dictionary_learning.trainers.standard import StandardTrainer
from dictionary_learning.trainers.top_k import TopKTrainer

name, file = sys.argv[1:3]
width, latents, k, batch, steps, threads = map(int, sys.argv[3:])
torch.set_num_threads(threads)
rows = torch.from_numpy(numpy.fromfile(file, dtype=numpy.float32).reshape(-1, width))
common = dict(steps=2_000, activation_dim=width, dict_size=latents, layer=0, lm_name="none", seed=1,
              device="cpu", warmup_steps=100, decay_start=1_600)
if name == "standard":
    trainer = StandardTrainer(l1_penalty=0.1, sparsity_warmup_steps=None, **common)
    with torch.no_grad():
        deviation = (rows[:batch] @ trainer.ae.encoder.weight.T).std()
        trainer.ae.encoder.bias.fill_(-2 * deviation)
else:
    trainer = TopKTrainer(k=k, **common)


def step(number):
    first = number % (len(rows) // batch) * batch
    trainer.update(number, rows[first:first + batch])


step(0)
start, processors = time.perf_counter(), time.process_time()
for number in range(1, steps + 1):
    step(number)
seconds = (time.perf_counter() - start) / steps, (time.process_time() - processors) / steps
with torch.no_grad():
    x = rows[:batch]
    latents = trainer.ae.encode(x, use_threshold=False) if name != "standard" else trainer.ae.encode(x)
    left = (x - trainer.ae.decode(latents)).square().sum(1).mean()
    variance = (x - x.mean(0)).square().sum(1).mean()
print(*seconds, (left / variance).item(), (latents > 0).sum(1).float().mean().item())
