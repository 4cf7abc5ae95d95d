"""Writes chess.json: what python-chess says of some 200 positions and games, for the Swift tests.

    python3 make_chess.py

Needs python-chess (made with 1.11.2). The positions are drawn from random games that take captures,
checks, castlings, promotions and captures en passant first more often than not, so that rare moves
are met. `sets` and `flags` are the properties of Karvonen et al. 2024 written out here from the definitions of
their program (adamkarvonen/SAE_BoardGameEval, circuits/chess_utils.py, commit 7187d4a): the sets of
squares as hexadecimal numbers with a1 as the lowest bit, then the flags.
"""

import json
import pathlib
import random

import chess

PIECES = [(color, kind) for color in (chess.WHITE, chess.BLACK) for kind in chess.PIECE_TYPES]
FORKS = {chess.PAWN: [chess.KNIGHT, chess.BISHOP, chess.ROOK, chess.QUEEN, chess.KING],
         chess.KNIGHT: [chess.ROOK, chess.QUEEN, chess.KING],
         chess.BISHOP: [chess.ROOK, chess.QUEEN, chess.KING],
         chess.ROOK: [chess.QUEEN, chess.KING]}


def seen(board, color, kind):
    """The squares of a piece that did not hold it at the start."""
    return int(board.pieces(kind, color)) & ~int(chess.Board().pieces(kind, color))


def threatened(board):
    return sum(1 << s for s in chess.SQUARES if board.is_attacked_by(chess.BLACK, s))


def legal(board):
    if board.turn == chess.BLACK:
        return 0
    return sum(1 << s for s in {move.to_square for move in board.legal_moves})


def can_check(board):
    return any(board.gives_check(move) for move in board.legal_moves)


def can_capture_queen(board):
    for square, piece in board.piece_map().items():
        if piece.piece_type == chess.QUEEN and piece.color != board.turn:
            return any(m.to_square == square and board.is_capture(m) for m in board.legal_moves)
    return False


def fork(board):
    for attacker, targets in FORKS.items():
        for target in targets:
            count = 0
            for square in board.pieces(attacker, board.turn):
                if board.is_pinned(board.turn, square):
                    continue
                count += len(board.attacks(square) & board.pieces(target, not board.turn))
            if count >= 2:
                return True
    return False


def pin(board):
    return any(board.color_at(s) is not None and board.is_pinned(board.color_at(s), s)
               for s in chess.SQUARES)


def ambiguous(board):
    origins = {}
    for move in board.legal_moves:
        key = board.piece_type_at(move.from_square), move.to_square
        origins.setdefault(key, set()).add(move.from_square)
    return any(len(squares) > 1 for squares in origins.values())


def flags(board):
    turn = board.turn
    return [board.is_check(), can_check(board), len(board.pieces(chess.QUEEN, turn)) >= 1,
            can_capture_queen(board), len(board.pieces(chess.BISHOP, turn)) >= 2,
            board.has_castling_rights(turn), board.has_kingside_castling_rights(turn),
            board.has_queenside_castling_rights(turn), fork(board), pin(board),
            board.has_legal_en_passant(), ambiguous(board)]


def described(board):
    moves = sorted(board.legal_moves, key=lambda move: move.uci())
    return {"fen": board.fen(en_passant="fen"),
            "moves": [f"{move.uci()} {board.san(move)}" for move in moves],
            "sets": [f"{value:x}" for value in
                     [seen(board, *piece) for piece in PIECES] + [threatened(board), legal(board)]],
            "flags": "".join("01"[flag] for flag in flags(board))}


def is_rare(board, move):
    return (move.promotion is not None or board.is_en_passant(move) or board.is_castling(move)
            or board.is_capture(move) and random.random() < 0.3 or board.gives_check(move))


def game(plies):
    board = chess.Board()
    for _ in range(plies):
        moves = list(board.legal_moves)
        if not moves or board.is_insufficient_material():
            break
        rare = [move for move in moves if is_rare(board, move)]
        board.push(random.choice(rare if rare and random.random() < 0.5 else moves))
    return board


def shuffled_game():
    """Pieces going to and fro, for the rules of repetition and of 50 moves."""
    board = chess.Board("4k2r/8/8/8/8/8/P7/R3K3 w Qk - 0 1")
    for _ in range(random.choice([4, 8, 9, 12, 99, 100, 101])):
        moves = [m for m in board.legal_moves if not board.is_zeroing(m)]
        back = [m for m in moves if len(board.move_stack) > 1
                and (m.from_square, m.to_square)
                == (board.move_stack[-2].to_square, board.move_stack[-2].from_square)]
        board.push(random.choice(back if back and random.random() < 0.8 else moves))
    return board


def positions():
    """The ends of random games: the first 140, then those that show what was met in under 15."""
    counts, kept = [0] * 12, 0
    while kept < 140 or min(counts) < 15:
        board = game(random.randrange(0, 120))
        met = flags(board)
        if kept < 140 or any(flag and count < 15 for flag, count in zip(met, counts)):
            kept += 1
            counts = [count + flag for count, flag in zip(counts, met)]
            yield described(board)


def drawn(board):
    return {"start": board.root().fen(), "line": [move.uci() for move in board.move_stack],
            "claim": board.can_claim_draw(),
            "repetitions": max(n for n in range(1, 9) if board.is_repetition(n))}


MATERIAL = ["k7/8/8/8/8/8/8/K7", "k7/8/8/8/8/8/8/KN6", "k7/8/8/8/8/8/8/KB6", "kn6/8/8/8/8/8/8/KN6",
            "k7/8/8/8/8/8/8/KNN5", "kb6/8/8/8/8/8/8/KB6", "k1b5/8/8/8/8/8/8/KB6",
            "kn6/8/8/8/8/8/8/KB6", "k7/p7/8/8/8/8/8/K7", "k7/8/8/8/8/8/8/KR6", "k7/8/8/8/8/8/8/KQ6",
            "k1b1b3/8/8/8/8/8/8/KB1B4", "k1bb4/8/8/8/8/8/8/K7", "knb5/8/8/8/8/8/8/K7"]

random.seed(2024)
result = {"positions": list(positions()), "games": [drawn(shuffled_game()) for _ in range(40)],
          "material": [{"fen": f"{board} w - - 0 1",
                        "insufficient": chess.Board(f"{board} w - - 0 1").is_insufficient_material()}
                       for board in MATERIAL]}
parts = [f'"{name}":[\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]"
         for name, cases in result.items()]
(pathlib.Path(__file__).parent / "chess.json").write_text("{" + ",\n".join(parts) + "}\n")
