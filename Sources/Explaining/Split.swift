import Digests
import Games
import Inquiry
import LinearAlgebra

/// Data have roles, and the roles are types: what takes a ``Split`` of one role cannot be handed one
/// of another.
protocol DataRole: Sendable {}
/// A proposer may read it.
enum Propose: DataRole {}
/// Tests and rescores hypotheses; a proposer sees of it only what was measured as a probe.
enum Tune: DataRole {}

struct Split<Role: DataRole>: Sendable {
    let pool: GamePool
    let readings: PoolReadings
}

/// Held-out games. Nothing about them can be read except through ``open(_:)``, which asks for the
/// record that the opening was journaled.
struct SealedHeldOut: Sendable {
    private let pool: GamePool
    private let bench: MeasurementBench

    init(pool: GamePool, bench: MeasurementBench) {
        self.pool = pool
        self.bench = bench
    }

    /// What the seal says of its content: nothing that depends on the subject.
    var opening: HeldOutOpening {
        HeldOutOpening(
            groups: pool.games.count, inputs: pool.usable.population, digest: pool.digest.hex)
    }

    /// Measures the held-out games (once per run) and hands them over.
    ///
    /// - Throws: ``ExplainError/sealBroken`` when `opening` is not the journaled record of this split.
    func open(_ opening: HeldOutOpening?) async throws -> (pool: GamePool, readings: PoolReadings) {
        guard opening == self.opening else { throw ExplainError.sealBroken }
        return (pool, try await bench.readings(of: pool))
    }
}

/// The games of a study, dealt to three splits by the hash of their content, and a fourth pool of
/// games that are measured only where a probe is made of them.
struct GameCorpus: Sendable {
    let propose: GamePool
    let tune: GamePool
    let heldOut: GamePool
    let probes: GamePool

    /// - Parameter count: games in the three splits together; as many again are kept for probes.
    init(rules: Othello, count: Int, context: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 0xC0_7905)
        var dealt: [[[Square]]] = [[], [], [], []]
        var seen: Set<[Square]> = []
        var left = 2 * count
        while left > 0 {
            let game = rules.randomGame(using: &generator)
            left -= 1
            guard seen.insert(game).inserted else { continue }
            if left >= count {
                let content = SHA256.digest(of: "\(seed) " + rules.transcript(game))
                dealt[Int(content.prefix64 % 3)].append(game)
            } else {
                dealt[3].append(game)
            }
        }
        let catalogue = BoardProperty.catalogue(for: rules)
        var taken: Set<UInt64> = []
        var pools: [GamePool] = []
        for games in dealt {
            pools.append(
                try GamePool(
                    rules: rules, games: games, context: context, catalogue: catalogue,
                    taken: &taken))
        }
        propose = pools[0]
        tune = pools[1]
        heldOut = pools[2]
        probes = pools[3]
    }
}
