/// Widening of 16-bit floats, exact for every bit pattern (a NaN stays some NaN).
public enum HalfPrecision {
    /// IEEE 754 binary16 to binary32.
    ///
    /// - Parameters:
    ///   - bytes: little-endian halves, 2 bytes each, at any alignment.
    ///   - output: half as many floats as there are bytes.
    /// - Precondition: the counts agree.
    public static func widenFloat16(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
    ) {
        widen(bytes, into: output) { half in
            let magnitude = (half & 0x7FFF) &<< 13
            // As a number, the shifted bits are 2⁻¹¹² of the half's value, subnormals included.
            let scaled =
                unsafeBitCast(magnitude, to: SIMD16<Float>.self) * SIMD16(repeating: 0x1p112)
            // All ones where the exponent is, by arithmetic: infinity and NaN keep it.
            let special = SIMD16<UInt32>.zero &- (((half & 0x7C00) &+ 0x0400) &>> 15)
            let bits = unsafeBitCast(scaled, to: SIMD16<UInt32>.self) | (special & 0x7F80_0000)
            return bits | ((half & 0x8000) &<< 16)
        }
    }

    /// bfloat16 to binary32.
    ///
    /// - Parameters: as of ``widenFloat16(_:into:)``.
    public static func widenBFloat16(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
    ) {
        widen(bytes, into: output) { $0 &<< 16 }
    }

    @inline(__always)
    private static func widen(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>,
        _ body: (SIMD16<UInt32>) -> SIMD16<UInt32>
    ) {
        precondition(
            bytes.count == 2 * output.count,
            "widening \(bytes.count) bytes into \(output.count) floats")
        guard let source = bytes.baseAddress, let target = output.baseAddress else { return }
        var i = 0
        while i + 16 <= output.count {
            let halves = (source + 2 * i).loadUnaligned(as: SIMD16<UInt16>.self)
            let wide = body(SIMD16<UInt32>(truncatingIfNeeded: halves))
            store(unsafeBitCast(wide, to: SIMD16<Float>.self), target + i)
            i += 16
        }
        while i < output.count {
            let half = UInt32((source + 2 * i).loadUnaligned(as: UInt16.self))
            target[i] = Float(bitPattern: body(SIMD16(repeating: half))[0])
            i += 1
        }
    }
}
