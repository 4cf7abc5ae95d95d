import LinearAlgebra
import Testing

@Suite struct HalfPrecisionTests {
    private typealias Widening =
        (UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Float>) -> Void

    private func widened(_ halves: [UInt16], by widening: Widening) -> [Float] {
        var output = [Float](repeating: 0, count: halves.count)
        // One byte off, as in a file whose header has an odd length.
        var bytes: [UInt8] = [0]
        for half in halves { bytes += [UInt8(half & 0xFF), UInt8(half >> 8)] }
        bytes.withUnsafeBytes { bytes in
            output.withUnsafeMutableBufferPointer {
                widening(UnsafeRawBufferPointer(rebasing: bytes[1...]), $0)
            }
        }
        return output
    }

    private let all = (0..<65_541).map { UInt16(truncatingIfNeeded: $0) }

    @Test func widensEveryFloat16Exactly() {
        for (half, value) in zip(all, widened(all, by: HalfPrecision.widenFloat16)) {
            let expected = Float(Float16(bitPattern: half))
            if expected.isNaN {
                #expect(value.isNaN)
            } else if value.bitPattern != expected.bitPattern {
                Issue.record("\(half) became \(value), not \(expected)")
            }
        }
    }

    @Test func widensEveryBFloat16Exactly() {
        let values = widened(all, by: HalfPrecision.widenBFloat16)
        #expect(bits(values) == all.map { UInt32($0) << 16 })
    }
}
