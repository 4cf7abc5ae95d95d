import Foundation
import Instruments

/// What came of measuring one latent on one text: the greatest activation and the byte at which its
/// token begins, or why there is none.
enum TextMeasurement: Sendable, Hashable {
    case reading(value: Float, byte: Int?)
    case failed(reason: String)

    /// - Parameter latent: its place among those that were measured.
    init(_ outcome: TextOutcome, latent: Int) {
        switch outcome {
        case .failed(let reason): self = .failed(reason: reason)
        case .reading(let reading):
            guard let greatest = reading.maximum(latent) else {
                self = .failed(reason: "the text has no tokens")
                return
            }
            guard greatest.value.isFinite else {
                self = .failed(reason: "the activation is not finite")
                return
            }
            self = .reading(
                value: greatest.value, byte: Self.firstByte(of: reading.tokens[greatest.token]))
        }
    }

    /// Where a token's own text begins, after the space that many tokenizers put before it.
    private static func firstByte(of token: TextReading.Token) -> Int? {
        guard let bytes = token.bytes else { return nil }
        let space = token.text.prefix { $0.isWhitespace }.utf8.count
        return bytes.lowerBound + (space < bytes.count ? space : 0)
    }

    private static let size = 8

    /// The value's bits, then the byte or −1, low bytes first; for a failure not a number and −2, without
    /// the reason.
    var data: Data {
        let (value, place): (Float, Int32) =
            switch self {
            case .reading(let value, let byte): (value, Int32(clamping: byte ?? -1))
            case .failed: (.nan, -2)
            }
        var body = Data()
        withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) }
        withUnsafeBytes(of: place.littleEndian) { body.append(contentsOf: $0) }
        return body
    }

    /// The same with the reason of a failure after it.
    var dataWithReason: Data {
        guard case .failed(let reason) = self else { return data }
        return data + Data(reason.utf8)
    }

    /// Reads what ``dataWithReason`` writes; nil when it is something else.
    init?(dataWithReason data: Data) {
        guard let found = Self.list(data.prefix(Self.size))?.first else { return nil }
        guard case .failed = found else {
            self = found
            return
        }
        self = .failed(reason: String(decoding: data.dropFirst(Self.size), as: UTF8.self))
    }

    /// Reads what ``data`` writes, one after the other; nil when it is something else.
    static func list(_ data: Data) -> [TextMeasurement]? {
        guard data.count % size == 0 else { return nil }
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: size).map { start in
                let value = Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: start, as: UInt32.self)))
                let place = Int32(
                    littleEndian: bytes.loadUnaligned(
                        fromByteOffset: start + 4, as: Int32.self))
                guard place > -2 else { return .failed(reason: "it could not be measured") }
                return .reading(value: value, byte: place < 0 ? nil : Int(place))
            }
        }
    }
}
