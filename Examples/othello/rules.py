"""Othello's rules on bitboards of 64-bit words, many games at a time, with numpy.

The environment's BOARD chooses 8x8 or 6x6. The 6x6 board is the inside of the 8x8 one (b2..g7),
named a1..f6 to people. Tokens: 0 = none, then the playable squares in row-major order without the
four in the centre: 60 of 8x8 (61 tokens in all), 32 of 6x6 (33). A player who cannot move is
skipped silently; a game that ended early is filled up with zeros.
"""
import os

import numpy as np

FULL = 0xFFFFFFFFFFFFFFFF
NOT_A = 0xFEFEFEFEFEFEFEFE
NOT_H = 0x7F7F7F7F7F7F7F7F
# How far a step goes, and the squares on which it can end.
DIRECTIONS = [
    (1, NOT_A), (-1, NOT_H), (8, FULL), (-8, FULL), (9, NOT_A), (-9, NOT_H), (7, NOT_H), (-7, NOT_A)
]
BLACK, WHITE = (1 << 28) | (1 << 35), (1 << 27) | (1 << 36)
CENTRE = {27, 28, 35, 36}


class Board:
    """Which squares of the 64 are in play, and their tokens."""

    def __init__(self, size):
        edge = (8 - size) // 2
        inside = [q for q in range(64) if edge <= q // 8 < 8 - edge and edge <= q % 8 < 8 - edge]
        self.size = size
        self.squares = np.array([q for q in inside if q not in CENTRE])
        self.mask = sum(1 << q for q in inside)
        self.moves, self.vocab = len(self.squares), len(self.squares) + 1
        self.token = np.zeros(64, np.int64)
        self.token[self.squares] = np.arange(1, self.vocab)


BOARD = Board(int(os.environ.get("BOARD", 8)))


def shift(b, d, mask):
    moved = (b << np.uint64(d)) if d > 0 else (b >> np.uint64(-d))
    return moved & np.uint64(mask)


def run(start, opponent, d, mask):
    """The opponent's discs in a line from `start`, at most six."""
    t = shift(start, d, mask) & opponent
    for _ in range(5):
        t |= shift(t, d, mask) & opponent
    return t


def legal(me, opponent):
    empty = ~(me | opponent) & np.uint64(BOARD.mask)
    out = np.zeros_like(me)
    for d, mask in DIRECTIONS:
        out |= shift(run(me, opponent, d, mask), d, mask) & empty
    return out


def flips(me, opponent, move):
    out = np.zeros_like(me)
    for d, mask in DIRECTIONS:
        t = run(move, opponent, d, mask)
        out |= np.where(shift(t, d, mask) & me, t, np.uint64(0))
    return out


def pick(moves, rng):
    """A uniformly random set bit of each word."""
    bits = np.unpackbits(moves.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    return (rng.random(bits.shape, dtype=np.float32) * bits).argmax(1)


class Position:
    """`count` games: words of discs of the player to move and of the other, and of legal moves."""

    def __init__(self, count):
        self.me = np.full(count, BLACK, np.uint64)
        self.opponent = np.full(count, WHITE, np.uint64)
        self.legal = legal(self.me, self.opponent)

    def play(self, tokens):
        """`place`, then `skip`."""
        self.place(tokens)
        self.skip()

    def place(self, tokens):
        """Make one move in each game, except where the token is 0."""
        live = tokens > 0
        square = BOARD.squares[np.maximum(tokens, 1) - 1].astype(np.uint64)
        move = np.where(live, np.uint64(1) << square, np.uint64(0))
        flipped = flips(self.me, self.opponent, move)
        mine, theirs = self.me | flipped | move, self.opponent & ~flipped
        self.me, self.opponent = np.where(live, theirs, mine), np.where(live, mine, theirs)

    def skip(self):
        """Let the other player move where one cannot."""
        self.legal = legal(self.me, self.opponent)
        none = self.legal == 0
        self.me[none], self.opponent[none] = self.opponent[none], self.me[none].copy()
        self.legal = legal(self.me, self.opponent)


def games(n, rng):
    """n uniformly random games as an [n, moves] array of tokens."""
    tokens = np.zeros((n, BOARD.moves), np.int64)
    position = Position(n)
    for ply in range(BOARD.moves):
        square = pick(position.legal, rng)
        tokens[:, ply] = np.where(position.legal == 0, 0, BOARD.token[square])
        position.play(tokens[:, ply])
    return tokens
