/// How the properties of a chess position are defined.
public enum ChessDefinitions: String, CaseIterable, Sendable {
    /// As their names say.
    case clean
    /// As the program of Karvonen et al. 2024 computes them, whose figures are to be compared with:
    ///
    /// - A piece that stands where the start position has the same piece is not seen.
    /// - `threatened` is by Black and `legal` for White, whoever is to move.
    /// - `canCaptureQueen` looks only at the opponent's queen on the highest square.
    /// - `bishopPair` counts bishops without looking at the color of their squares.
    /// - `fork` adds up, per kind of attacker and kind of target, the attacks of all unpinned
    ///   attackers: two knights on one queen are a fork, a knight on queen and king is none.
    /// - `ambiguousMoves` counts pawns that may capture on the same square.
    ///
    /// - Source: `circuits/chess_utils.py` of adamkarvonen/SAE_BoardGameEval, commit 7187d4a.
    case reference
}
