import Digests
import Foundation
import Inquiry
import Instruments
import LinearAlgebra
import Memory
import Texts

/// The one place where texts are measured: looks into the memory first, measures what is not there, and
/// stores it before anyone sees it.
actor TextBench {
    private let instrument: any TextInstrument
    private let store: Store
    private let run: String
    /// Pools that were read lately: an inquiry asks for its own again and again.
    private var pools: [PoolName: TextPoolReadings] = [:]
    /// Pools are measured one after the other, so that nothing is measured twice.
    private var measuring: Task<Void, any Error>?

    private struct PoolName: Hashable {
        let latent: Int
        let digest: Digest
    }

    /// Latents that are measured in one call.
    private static let latentsAtOnce = 256

    init(instrument: any TextInstrument, store: Store, run: String) {
        self.instrument = instrument
        self.store = store
        self.run = run
    }

    /// Measures what is not yet known of some latents on a pool, all latents together.
    func prepare(_ pool: TextPool, latents: [Int]) async throws {
        let before = measuring
        let task = Task {
            _ = await before?.result
            for start in stride(from: 0, to: latents.count, by: Self.latentsAtOnce) {
                let some = latents[start..<min(start + Self.latentsAtOnce, latents.count)]
                try await fill(pool, Array(some))
            }
        }
        measuring = task
        try await task.value
    }

    private func fill(_ pool: TextPool, _ latents: [Int]) async throws {
        for block in pool.blocks {
            let keys = latents.map { key(of: block, $0) }
            let known = try await store.measurements(keys: keys)
            let missing = zip(latents, keys).filter { known[$0.1] == nil }
            guard !missing.isEmpty else { continue }
            let outcomes = try await instrument.readings(
                of: pool.texts[block.range].map(\.text), latents: missing.map(\.0))
            let bodies = missing.enumerated().map { place, latent in
                var body = Data()
                for outcome in outcomes {
                    body.append(TextMeasurement(outcome, latent: place).data)
                }
                return (latent.1, body)
            }
            try await store.record(bodies, run: run)
        }
    }

    /// One latent on every text of a pool.
    func readings(of pool: TextPool, latent: Int) async throws -> TextPoolReadings {
        let name = PoolName(latent: latent, digest: pool.digest)
        if let known = pools[name] { return known }
        let keys = pool.blocks.map { key(of: $0, latent) }
        var bodies = try await store.measurements(keys: keys)
        if bodies.count < Set(keys).count {
            try await prepare(pool, latents: [latent])
            bodies = try await store.measurements(keys: keys)
        }
        var values: [Float] = []
        var places: [Int?] = []
        var usable = BitSet(count: pool.texts.count)
        for (block, key) in zip(pool.blocks, keys) {
            guard let all = bodies[key].flatMap(TextMeasurement.list),
                all.count == block.range.count
            else { throw ExplainError.damagedMeasurement(path: store.path) }
            for (index, found) in zip(block.range, all) {
                guard case .reading(let value, let byte) = found else {
                    values.append(0)
                    places.append(nil)
                    continue
                }
                usable[index] = true
                values.append(value)
                places.append(byte.flatMap(pool.texts[index].unit(atByte:)))
            }
        }
        if pools.count >= 64 { pools.removeAll() }
        let readings = TextPoolReadings(values: values, places: places, usable: usable)
        pools[name] = readings
        return readings
    }

    /// One latent on some texts, one outcome for each in the same order.
    func readings(of texts: [TextUnits], latent: Int) async throws -> [TextMeasurement] {
        let keys = texts.map { key(of: $0.text, latent) }
        var bodies = try await store.measurements(keys: keys)
        var missing: [(key: Data, text: String)] = []
        for (key, text) in zip(keys, texts) where bodies[key] == nil {
            missing.append((key, text.text))
            bodies[key] = Data()
        }
        if !missing.isEmpty {
            let outcomes = try await instrument.readings(
                of: missing.map(\.text), latents: [latent])
            let new = zip(missing, outcomes).map { missing, outcome in
                (key: missing.key, body: TextMeasurement(outcome, latent: 0).dataWithReason)
            }
            try await store.record(new, run: run)
            for (key, body) in new { bodies[key] = body }
        }
        return try keys.map { key in
            guard let found = bodies[key].flatMap(TextMeasurement.init(dataWithReason:)) else {
                throw ExplainError.damagedMeasurement(path: store.path)
            }
            return found
        }
    }

    /// One latent on every token of some texts, first tokens left out; nil for a text that could not be
    /// measured.
    func tokens(of texts: [TextUnits], latent: Int) async throws -> [[ShadedToken]?] {
        let keys = texts.map { key(of: $0.text, latent, "tokens") }
        var bodies = try await store.measurements(keys: keys)
        let missing = zip(keys, texts).filter { bodies[$0.0] == nil }
        if !missing.isEmpty {
            let outcomes = try await instrument.readings(
                of: missing.map(\.1.text), latents: [latent])
            var new: [(key: Data, body: Data)] = []
            for ((key, _), outcome) in zip(missing, outcomes) {
                let tokens = outcome.reading.map { reading in
                    zip(reading.tokens, reading.values[0]).filter { !$0.0.isSpecial }
                        .map { ShadedToken(text: $0.text, activation: Double($1)) }
                }
                new.append((key, Data(try CanonicalJSON.encode(tokens).utf8)))
            }
            try await store.record(new, run: run)
            for (key, body) in new { bodies[key] = body }
        }
        return try keys.map { key in
            guard let body = bodies[key],
                let tokens = try? CanonicalJSON.decode(
                    [ShadedToken]?.self, from: String(decoding: body, as: UTF8.self))
            else { throw ExplainError.damagedMeasurement(path: store.path) }
            return tokens
        }
    }

    /// Something else that is measured once: kept under a name that says all that decides it.
    ///
    /// - Returns: nil when it is not known and cannot be had.
    func kept<Value: Codable & Sendable>(
        _ name: String, _ measure: @Sendable () async throws -> Value?
    ) async throws -> Value? {
        let key = Data(SHA256.digest(of: "\(instrument.identity.hex) \(name)").bytes)
        if let body = try await store.measurements(keys: [key])[key] {
            do {
                return try CanonicalJSON.decode(
                    Value.self, from: String(decoding: body, as: UTF8.self))
            } catch {
                throw ExplainError.damagedMeasurement(path: store.path)
            }
        }
        guard let value = try await measure() else { return nil }
        try await store.record([(key, Data(try CanonicalJSON.encode(value).utf8))], run: run)
        return value
    }

    private func key(of text: String, _ latent: Int, _ kind: String = "text") -> Data {
        var hash = SHA256()
        hash.update("\(instrument.identity.hex) \(kind) \(latent) ")
        hash.update(text)
        return Data(hash.finalize().bytes)
    }

    private func key(of block: TextPool.Block, _ latent: Int) -> Data {
        Data(
            SHA256.digest(of: "\(instrument.identity.hex) texts \(latent) \(block.digest.hex)")
                .bytes)
    }
}
