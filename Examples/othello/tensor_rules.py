"""The rules of `rules.py` on tensors of any device: games as fast as a GPU can learn from them.

    BOARD=6 python tensor_rules.py [GAMES]

compares games made here with the other module's rules, move by move, and tells how many a second
are made.
"""
import sys
import time

import torch

from rules import BLACK, BOARD, DIRECTIONS, WHITE, Position


def signed(word):
    """The same 64 bits as a number that a tensor of int64 can hold."""
    return word - (1 << 64) if word >= 1 << 63 else word


def kept(d, mask):
    """The squares on which a step can end; after a right shift, without copies of the sign."""
    return signed(mask if d > 0 else mask & ((1 << (64 + d)) - 1))


STEPS = [(d, kept(d, mask)) for d, mask in DIRECTIONS]
MASK = signed(BOARD.mask)


def shift(b, d, mask):
    return ((b << d) if d > 0 else (b >> -d)) & mask


def run(start, opponent, d, mask):
    t = shift(start, d, mask) & opponent
    for _ in range(5):
        t = t | (shift(t, d, mask) & opponent)
    return t


def legal(me, opponent):
    empty = ~(me | opponent) & MASK
    out = torch.zeros_like(me)
    for d, mask in STEPS:
        out = out | (shift(run(me, opponent, d, mask), d, mask) & empty)
    return out


def flips(me, opponent, move):
    out = torch.zeros_like(me)
    for d, mask in STEPS:
        t = run(move, opponent, d, mask)
        out = out | torch.where((shift(t, d, mask) & me) != 0, t, 0)
    return out


def bits(words, squares):
    """[..., squares]: 1 where a word has the bit of a square."""
    return (words[..., None] >> squares) & 1


def move(me, opponent, could, keys, squares):
    """Play in each game the legal move of the greatest key.

    Words me, opponent and could [n] (the player's discs, the other's, the legal moves); keys
    [n, moves]. Returns the three after the move and the token that was played, 0 where over.
    """
    best = (keys * bits(could, squares)).argmax(1)
    over = could == 0
    played = torch.where(over, 0, torch.ones_like(me) << squares[best])
    flipped = flips(me, opponent, played)
    mine, theirs = me | flipped | played, opponent & ~flipped
    me, opponent = torch.where(over, mine, theirs), torch.where(over, theirs, mine)
    none = legal(me, opponent) == 0
    me, opponent = torch.where(none, opponent, me), torch.where(none, me, opponent)
    return me, opponent, legal(me, opponent), torch.where(over, 0, best + 1)


class GameMaker:
    """Uniformly random games on a device, seeded; `compiled` makes one kernel of each move."""

    def __init__(self, device, seed, compiled=False):
        self.device = device
        self.generator = torch.Generator(device).manual_seed(seed)
        self.squares = torch.from_numpy(BOARD.squares).to(device)
        self.move = torch.compile(move, dynamic=False) if compiled else move

    @torch.no_grad()
    def games(self, n):
        """Tokens [n, moves] and, as words, what was legal at each move [n, moves]."""
        me = torch.full((n,), BLACK, dtype=torch.int64, device=self.device)
        opponent = torch.full_like(me, WHITE)
        could = legal(me, opponent)
        tokens, words = [], []
        for _ in range(BOARD.moves):
            # Above 0, so that a legal move beats all others whatever is drawn.
            draws = torch.rand(n, BOARD.moves, generator=self.generator, device=self.device)
            words.append(could)
            me, opponent, could, token = self.move(me, opponent, could, 1 + draws, self.squares)
            tokens.append(token)
        return torch.stack(tokens, 1), torch.stack(words, 1)


def check(tokens, words):
    """Fail unless the games and their legal moves are those of the other module's rules."""
    tokens, words = tokens.cpu().numpy(), words.cpu().numpy().view("uint64")
    position = Position(len(tokens))
    for ply in range(BOARD.moves):
        assert (words[:, ply] == position.legal).all(), f"legal moves differ at ply {ply}"
        token = tokens[:, ply]
        assert ((token == 0) == (position.legal == 0)).all(), f"a game ends wrongly at ply {ply}"
        square = BOARD.squares[(token - 1).clip(0)].astype("uint64")
        allowed = position.legal >> square & 1
        assert (allowed | (token == 0)).all(), f"a move is illegal at ply {ply}"
        position.play(token)


if __name__ == "__main__":
    device = "cuda" if torch.cuda.is_available() else "cpu"
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    maker = GameMaker(device, seed=0, compiled=device == "cuda")
    check(*maker.games(count))
    start = time.time()
    maker.games(count)[0].cpu()
    rate = count / (time.time() - start)
    print(f"{count} games as the rules say; {rate:,.0f} a second on {device}")
