import Foundation
import LinearAlgebra
import Testing

@testable import Explaining

@Suite struct ReadingTests {
    private static func readings(_ generator: inout SeededGenerator) -> [Reading] {
        var readings: [Reading] = []
        for _ in 0..<generator.below(20) {
            var indices: Set<Int> = []
            for _ in 0..<generator.below(30) { indices.insert(generator.below(70_000)) }
            var latents: [Reading.LatentValue] = []
            for index in indices.sorted() {
                latents.append(.init(index: index, value: Float(generator.normal())))
            }
            var directions: [Float16] = []
            for _ in 0..<3 { directions.append(Float16(generator.normal())) }
            readings.append(Reading(latents: latents, directions: directions))
        }
        return readings
    }

    @Test(arguments: UInt64(0)..<50) func roundTrips(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let readings = Self.readings(&generator)
        #expect(ReadingCoding.decode(ReadingCoding.encode(readings), directions: 3) == readings)
    }

    @Test(arguments: UInt64(0)..<200) func neverCrashesOnDamagedBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var data = ReadingCoding.encode(Self.readings(&generator))
        for _ in 0..<1 + generator.below(4) where !data.isEmpty {
            data[generator.below(data.count)] = UInt8(generator.below(256))
        }
        _ = ReadingCoding.decode(data.prefix(generator.below(data.count + 1)), directions: 3)
        var noise = Data()
        for _ in 0..<generator.below(200) { noise.append(UInt8(generator.below(256))) }
        _ = ReadingCoding.decode(noise, directions: 3)
    }

    @Test func poolReadingsAreTheReadingsByLatent() {
        var generator = SeededGenerator(seed: 9)
        var readings: [Reading] = []
        for _ in 0..<50 {
            let indices = Set(generator.sample(6, of: 20)).sorted()
            readings.append(
                Reading(
                    latents: indices.map { .init(index: $0, value: Float(1 + $0 % 4)) },
                    directions: [Float16(generator.below(7))]))
        }
        let pool = PoolReadings(readings, latents: 20, directions: 1)
        for latent in 0..<20 {
            #expect(
                pool.activations(ofLatent: latent) == readings.map { $0.value(ofLatent: latent) })
        }
        #expect(pool.values(along: 0) == readings.map { Float($0.directions[0]) })
    }
}
