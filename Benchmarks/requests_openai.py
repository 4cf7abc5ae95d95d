"""The official openai client doing what requests-benchmark does: python3 requests_openai.py URL N WIDTH."""
import asyncio
import math
import resource
import sys
import time

from openai import AsyncOpenAI

URL, COUNT, WIDTH = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
TEXT = "A position of a game, drawn in lines. " * 50


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident():
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024


async def round_of(client, count, first):
    """Keeps WIDTH questions under way."""
    numbers = iter(range(first, first + count))

    async def worker():
        for number in numbers:
            reply = await client.chat.completions.create(
                model="m", max_tokens=1000,
                messages=[{"role": "system", "content": TEXT},
                          {"role": "user", "content": f"Question {number}"}])
            assert reply.choices[0].message.content

    await asyncio.gather(*(worker() for _ in range(WIDTH)))


async def main():
    client = AsyncOpenAI(base_url=URL, api_key="none", max_retries=2)
    await round_of(client, WIDTH, 0)
    before, start, memory = cpu(), time.monotonic(), resident()
    await round_of(client, COUNT, WIDTH)
    wall, used = time.monotonic() - start, cpu() - before
    ideal = math.ceil(COUNT / WIDTH) * 0.2
    print(f"openai: {used / COUNT * 1000:.3f} ms CPU per request, wall {wall:.3f} s = "
          f"{wall / ideal:.2f} of the ideal, resident {memory:.1f} -> {resident():.1f} MB")


asyncio.run(main())
