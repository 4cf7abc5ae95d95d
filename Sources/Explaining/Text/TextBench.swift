import Digests
import Foundation
import Instruments
import LinearAlgebra
import Memory
import Texts

/// The one place where texts are measured: looks into the memory first, measures what is not there, and
/// stores it before anyone sees it.
actor TextBench {
    /// The greatest activation on a text and the byte at which its token begins, or why there is none.
    enum Found: Sendable {
        case reading(value: Float, byte: Int?)
        case failed(reason: String)
    }

    private let instrument: any TextInstrument
    private let store: Store
    private let run: String
    /// Pools that were read lately: an inquiry asks for its own again and again.
    private var pools: [PoolName: TextPoolReadings] = [:]

    private struct PoolName: Hashable {
        let latent: Int
        let digest: Digest
    }

    init(instrument: any TextInstrument, store: Store, run: String) {
        self.instrument = instrument
        self.store = store
        self.run = run
    }

    /// One latent on every text of a pool.
    func readings(of pool: TextPool, latent: Int) async throws -> TextPoolReadings {
        let name = PoolName(latent: latent, digest: pool.digest)
        if let known = pools[name] { return known }
        let found = try await readings(of: pool.texts, latent: latent)
        var values: [Float] = []
        var places: [Int?] = []
        var usable = BitSet(count: pool.texts.count)
        for (index, (text, found)) in zip(pool.texts, found).enumerated() {
            guard case .reading(let value, let byte) = found else {
                values.append(0)
                places.append(nil)
                continue
            }
            usable[index] = true
            values.append(value)
            places.append(byte.flatMap(text.unit(atByte:)))
        }
        if pools.count >= 64 { pools.removeAll() }
        let readings = TextPoolReadings(values: values, places: places, usable: usable)
        pools[name] = readings
        return readings
    }

    /// One latent on some texts, one outcome for each in the same order.
    func readings(of texts: [TextUnits], latent: Int) async throws -> [Found] {
        let keys = texts.map { key(of: $0.text, latent) }
        var bodies = try await store.measurements(keys: keys)
        var missing: [(key: Data, text: String)] = []
        for (key, text) in zip(keys, texts) where bodies[key] == nil {
            missing.append((key, text.text))
            bodies[key] = Data()
        }
        var failures: [Data: String] = [:]
        if !missing.isEmpty {
            let outcomes = try await instrument.readings(
                of: missing.map(\.text), latents: [latent])
            var new: [(key: Data, body: Data)] = []
            for ((key, _), outcome) in zip(missing, outcomes) {
                switch Self.found(outcome) {
                case .failed(let reason): failures[key] = reason
                case .reading(let value, let byte): new.append((key, Self.encode(value, byte)))
                }
            }
            try await store.record(new, run: run)
            for (key, body) in new { bodies[key] = body }
        }
        return try keys.map { key in
            if let reason = failures[key] { return .failed(reason: reason) }
            guard let body = bodies[key], let found = Self.decode(body) else {
                throw ExplainError.damagedMeasurement(path: store.path)
            }
            return found
        }
    }

    private static func found(_ outcome: TextOutcome) -> Found {
        switch outcome {
        case .failed(let reason): return .failed(reason: reason)
        case .reading(let reading):
            guard let greatest = reading.maximum(0) else {
                return .failed(reason: "the text has no tokens")
            }
            guard greatest.value.isFinite else {
                return .failed(reason: "the activation is not finite")
            }
            return .reading(
                value: greatest.value, byte: firstByte(of: reading.tokens[greatest.token]))
        }
    }

    /// Where a token's own text begins, after the space that many tokenizers put before it.
    private static func firstByte(of token: TextReading.Token) -> Int? {
        guard let bytes = token.bytes else { return nil }
        let space = token.text.prefix { $0.isWhitespace }.utf8.count
        return bytes.lowerBound + (space < bytes.count ? space : 0)
    }

    /// The value's bits, then the byte or −1, low bytes first.
    private static func encode(_ value: Float, _ byte: Int?) -> Data {
        var body = Data()
        withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) }
        withUnsafeBytes(of: Int32(clamping: byte ?? -1).littleEndian) {
            body.append(contentsOf: $0)
        }
        return body
    }

    private static func decode(_ body: Data) -> Found? {
        guard body.count == 8 else { return nil }
        let words = body.withUnsafeBytes { bytes in
            (
                UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)),
                Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self))
            )
        }
        return .reading(
            value: Float(bitPattern: words.0), byte: words.1 < 0 ? nil : Int(words.1))
    }

    private func key(of text: String, _ latent: Int) -> Data {
        var hash = SHA256()
        hash.update("\(instrument.identity.hex) text \(latent) ")
        hash.update(text)
        return Data(hash.finalize().bytes)
    }
}
