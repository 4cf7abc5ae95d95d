import Digests
import Dispatch
import Foundation
import Games
import Memory

/// Measures a subject on a batch of inputs.
///
/// The contract: a reading depends on the input alone, bit for bit, not on what else is in the batch.
public protocol Instrument: Sendable {
    /// Names everything that decides a reading: weights, hook point, engine version.
    var identity: Digest { get }
    var latentCount: Int { get }
    var directionCount: Int { get }
    /// Moves that the subject can read.
    var context: Int { get }
    /// For each game of tokens the readings after each move, or only after the last.
    func readings(of games: [[Int]], lastOnly: Bool) throws -> [[Reading]]
}

/// An instrument that only knows what the memory holds; to check a run without its subject.
public struct RecordedInstrument: Instrument {
    public let identity: Digest
    public let latentCount: Int
    public let directionCount: Int
    public let context: Int

    public init(identity: Digest, latentCount: Int, directionCount: Int, context: Int) {
        self.identity = identity
        self.latentCount = latentCount
        self.directionCount = directionCount
        self.context = context
    }

    public func readings(of games: [[Int]], lastOnly: Bool) throws -> [[Reading]] {
        throw ExplainError.notRecorded(count: games.count)
    }
}

/// The one place where inputs are measured: looks into the memory first, measures what is not there,
/// stores it before anyone sees it, and lets inquiries that want the same input at the same time share
/// one measurement.
actor MeasurementBench {
    private let instrument: any Instrument
    private let store: Store
    private let run: String
    private let rules: Othello
    private var inFlight: [Data: Task<[Data: Data], any Error>] = [:]
    private var pools: [Digest: Task<PoolReadings, any Error>] = [:]
    /// BLAS blocks its thread, so it runs here and never on the cooperative pool.
    private let queue = DispatchQueue(label: "conjecture.instrument", attributes: .concurrent)

    init(instrument: any Instrument, store: Store, run: String, rules: Othello) {
        self.instrument = instrument
        self.store = store
        self.run = run
        self.rules = rules
    }

    /// The readings after the last move of each game.
    func readings(after games: [[Square]]) async throws -> [Reading] {
        try await readings(of: games, lastOnly: true).map { all in
            guard let last = all.last else { throw ExplainError.emptyGame }
            return last
        }
    }

    /// The readings of all positions of a pool, measured game by game.
    func readings(of pool: GamePool) async throws -> PoolReadings {
        let name = pool.digest
        if let task = pools[name] { return try await task.value }
        let task = Task { try await self.measure(pool) }
        pools[name] = task
        return try await task.value
    }

    private func measure(_ pool: GamePool) async throws -> PoolReadings {
        var all: [Reading] = []
        all.reserveCapacity(pool.count)
        let batch = 128
        for start in stride(from: 0, to: pool.games.count, by: batch) {
            let games = pool.games[start..<min(start + batch, pool.games.count)]
            let prefixes = games.map { Array($0.prefix(instrument.context)) }
            all += try await readings(of: prefixes, lastOnly: false).joined()
        }
        return PoolReadings(
            all, latents: instrument.latentCount, directions: instrument.directionCount)
    }

    private func readings(of games: [[Square]], lastOnly: Bool) async throws -> [[Reading]] {
        let keys = games.map { key(of: $0, lastOnly: lastOnly) }
        var wanted: [(key: Data, game: [Square])] = []
        var waits: [Task<[Data: Data], any Error>] = []
        var claimed: Set<Data> = []
        for (key, game) in zip(keys, games) where !claimed.contains(key) {
            claimed.insert(key)
            if let task = inFlight[key] { waits.append(task) } else { wanted.append((key, game)) }
        }
        if !wanted.isEmpty {
            let mine = wanted
            let task = Task { try await self.fetch(mine, lastOnly: lastOnly) }
            for (key, _) in mine { inFlight[key] = task }
            waits.append(task)
        }
        defer { for (key, _) in wanted { inFlight[key] = nil } }
        var bodies: [Data: Data] = [:]
        for task in waits { bodies.merge(try await task.value) { first, _ in first } }
        return try keys.map { key in
            guard let body = bodies[key],
                let readings = ReadingCoding.decode(body, directions: instrument.directionCount)
            else { throw ExplainError.damagedMeasurement(path: store.path) }
            return readings
        }
    }

    private func fetch(
        _ wanted: [(key: Data, game: [Square])], lastOnly: Bool
    ) async throws -> [Data: Data] {
        var bodies = try await store.measurements(keys: wanted.map(\.key))
        let missing = wanted.filter { bodies[$0.key] == nil }
        guard !missing.isEmpty else { return bodies }
        let tokens = missing.map { rules.tokens($0.game) }
        let instrument = instrument
        let readings = try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result { try instrument.readings(of: tokens, lastOnly: lastOnly) })
            }
        }
        let new = zip(missing, readings).map { (key: $0.key, body: ReadingCoding.encode($1)) }
        try await store.record(new, run: run)
        for (key, body) in new { bodies[key] = body }
        return bodies
    }

    private func key(of game: [Square], lastOnly: Bool) -> Data {
        var hash = SHA256()
        hash.update(instrument.identity.hex)
        hash.update(lastOnly ? " last " : " all ")
        hash.update(rules.transcript(game))
        return Data(hash.finalize().bytes)
    }
}
