import Digests
import Games
import LinearAlgebra

/// Random games with every position in them: what the mover sees after each move that the subject's
/// context has room for.
struct GamePool: Sendable {
    let rules: Othello
    let games: [[Square]]
    /// Number of the first position of each game, and one more at the end.
    let starts: [Int]
    let observations: [Observation]
    let table: PropertyTable
    /// Positions that may be used: those whose prefix does not occur in an earlier split.
    let usable: BitSet
    private let byContent: [UInt64: Int32]

    /// - Parameters:
    ///   - context: moves that the subject can read.
    ///   - taken: contents of positions that belong to earlier splits; this pool's are added.
    init(
        rules: Othello, games: [[Square]], context: Int, catalogue: [BoardProperty],
        taken: inout Set<UInt64>
    ) throws {
        self.rules = rules
        self.games = games
        var starts = [0]
        var observations: [Observation] = []
        var contents: [UInt64] = []
        for game in games {
            var position = rules.start
            var content: UInt64 = 0
            for move in game.prefix(context) {
                guard let next = position.playing(move, on: rules) else {
                    throw ExplainError.illegalGame(rules.transcript(game))
                }
                position = next
                content = Self.extend(content, by: move)
                observations.append(Observation(position, on: rules))
                contents.append(content)
            }
            starts.append(observations.count)
        }
        self.starts = starts
        self.observations = observations
        table = PropertyTable(observations, properties: catalogue)
        var usable = BitSet(count: observations.count)
        var byContent: [UInt64: Int32] = [:]
        for (index, content) in contents.enumerated() where !taken.contains(content) {
            if byContent[content] == nil {
                byContent[content] = Int32(index)
                usable[index] = true
            }
        }
        self.usable = usable
        self.byContent = byContent
        taken.formUnion(contents)
    }

    /// A 64-bit name of a game prefix. Prefixes are told apart by it; with fewer than a million of
    /// them the chance of any clash is below 1 in 10⁷, and a clash only drops a position.
    private static func extend(_ content: UInt64, by move: Square) -> UInt64 {
        var mix = (content ^ UInt64(move.bit + 1)) &* 0x9E37_79B9_7F4A_7C15
        mix = (mix ^ (mix >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return mix ^ (mix >> 32)
    }

    var count: Int { observations.count }

    /// The game that position number `position` belongs to.
    func game(of position: Int) -> Int {
        var low = 0
        var high = games.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }

    /// The moves up to and with the one after which the position is measured.
    func moves(to position: Int) -> [Square] {
        let game = game(of: position)
        return Array(games[game].prefix(position - starts[game] + 1))
    }

    func transcript(of position: Int) -> String {
        rules.transcript(moves(to: position))
    }

    /// The number of the usable position that `moves` lead to, if the pool has it.
    func position(after moves: [Square]) -> Int? {
        let content = moves.reduce(UInt64(0)) { Self.extend($0, by: $1) }
        return byContent[content].map(Int.init)
    }

    /// SHA-256 over all games, in order.
    var digest: Digest {
        var hash = SHA256()
        for game in games {
            hash.update(rules.transcript(game))
            hash.update("\n")
        }
        return hash.finalize()
    }
}
