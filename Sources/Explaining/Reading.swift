import Foundation

/// What an instrument says of one position.
public struct Reading: Hashable, Sendable {
    /// The latents above 0, by ascending index.
    public let latents: [LatentValue]
    /// The residual stream along each control direction, rounded to half precision.
    public let directions: [Float16]

    public init(latents: [LatentValue], directions: [Float16]) {
        self.latents = latents
        self.directions = directions
    }

    public struct LatentValue: Hashable, Sendable {
        public let index: Int
        public let value: Float

        public init(index: Int, value: Float) {
            self.index = index
            self.value = value
        }
    }

    func value(ofLatent latent: Int) -> Float {
        var low = 0
        var high = latents.count
        while low < high {
            let middle = (low + high) / 2
            if latents[middle].index < latent { low = middle + 1 } else { high = middle }
        }
        return low < latents.count && latents[low].index == latent ? latents[low].value : 0
    }
}

/// The stored form: for each reading the number of latents, then the gaps between their indices
/// (both as LEB128) with their values, then the directions; little-endian throughout.
enum ReadingCoding {
    static func encode(_ readings: [Reading]) -> Data {
        var data = Data()
        data.reserveCapacity(readings.count * 200)
        for reading in readings {
            append(UInt64(reading.latents.count), to: &data)
            var last = 0
            for latent in reading.latents {
                append(UInt64(latent.index - last), to: &data)
                last = latent.index
                withUnsafeBytes(of: latent.value.bitPattern.littleEndian) {
                    data.append(contentsOf: $0)
                }
            }
            for direction in reading.directions {
                withUnsafeBytes(of: direction.bitPattern.littleEndian) {
                    data.append(contentsOf: $0)
                }
            }
        }
        return data
    }

    /// - Returns: nil when `data` is not what ``encode(_:)`` writes.
    static func decode(_ data: Data, directions: Int) -> [Reading]? {
        let bytes = [UInt8](data)
        var at = 0
        var readings: [Reading] = []
        while at < bytes.count {
            guard let count = number(bytes, &at), count <= 1_000_000 else { return nil }
            var latents: [Reading.LatentValue] = []
            latents.reserveCapacity(Int(count))
            var index = 0
            for _ in 0..<count {
                guard let gap = number(bytes, &at), gap < 1 << 32, at + 4 <= bytes.count else {
                    return nil
                }
                index += Int(gap)
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * $1) }
                latents.append(.init(index: index, value: Float(bitPattern: bits)))
                at += 4
            }
            guard at + 2 * directions <= bytes.count else { return nil }
            let along = (0..<directions).map { i in
                Float16(bitPattern: UInt16(bytes[at + 2 * i]) | UInt16(bytes[at + 2 * i + 1]) << 8)
            }
            at += 2 * directions
            readings.append(Reading(latents: latents, directions: along))
        }
        return readings
    }

    private static func append(_ number: UInt64, to data: inout Data) {
        var left = number
        while left >= 0x80 {
            data.append(UInt8(left & 0x7F | 0x80))
            left >>= 7
        }
        data.append(UInt8(left))
    }

    private static func number(_ bytes: [UInt8], _ at: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}

/// Readings of a whole pool, arranged by latent.
struct PoolReadings: Sendable {
    private let starts: [Int]
    private let positions: [Int32]
    private let values: [Float]
    private let directions: [[Float16]]
    private let count: Int

    init(_ readings: [Reading], latents: Int, directions directionCount: Int) {
        count = readings.count
        var sizes = [Int](repeating: 0, count: latents + 1)
        for reading in readings {
            for latent in reading.latents { sizes[latent.index + 1] += 1 }
        }
        for index in 1...latents { sizes[index] += sizes[index - 1] }
        var next = sizes
        var positions = [Int32](repeating: 0, count: sizes[latents])
        var values = [Float](repeating: 0, count: sizes[latents])
        for (position, reading) in readings.enumerated() {
            for latent in reading.latents {
                positions[next[latent.index]] = Int32(position)
                values[next[latent.index]] = latent.value
                next[latent.index] += 1
            }
        }
        starts = sizes
        self.positions = positions
        self.values = values
        directions = (0..<directionCount).map { along in readings.map { $0.directions[along] } }
    }

    /// One value for every position of the pool.
    func activations(ofLatent latent: Int) -> [Float] {
        var result = [Float](repeating: 0, count: count)
        for entry in starts[latent]..<starts[latent + 1] {
            result[Int(positions[entry])] = values[entry]
        }
        return result
    }

    func values(along direction: Int) -> [Float] { directions[direction].map(Float.init) }

    /// On how many positions each latent is above 0.
    var liveCounts: [Int] { (0..<starts.count - 1).map { starts[$0 + 1] - starts[$0] } }
}
