import LinearAlgebra

/// Numbers of any stored type as 32-bit floats.
enum ElementReader {
    /// - Parameter bytes: little-endian elements at any alignment, a whole number of them.
    static func floats(_ bytes: UnsafeRawBufferPointer, _ type: TorchElement) -> [Float] {
        let count = bytes.count / type.size
        let whole = UnsafeRawBufferPointer(rebasing: bytes[..<(count * type.size)])
        return [Float](unsafeUninitializedCapacity: count) { buffer, used in
            let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            used = count
            switch type {
            case .float: UnsafeMutableRawBufferPointer(target).copyMemory(from: whole)
            case .half: HalfPrecision.widenFloat16(whole, into: target)
            case .bfloat16: HalfPrecision.widenBFloat16(whole, into: target)
            case .double: convert(whole, target, UInt64.self) { Float(Double(bitPattern: $0)) }
            case .long: convert(whole, target, Int64.self) { Float($0) }
            case .int: convert(whole, target, Int32.self) { Float($0) }
            case .short: convert(whole, target, Int16.self) { Float($0) }
            case .char: convert(whole, target, Int8.self) { Float($0) }
            case .byte: convert(whole, target, UInt8.self) { Float($0) }
            case .bool: convert(whole, target, UInt8.self) { $0 == 0 ? 0 : 1 }
            }
        }
    }

    private static func convert<T: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<Float>,
        _ type: T.Type, _ body: (T) -> Float
    ) {
        let size = MemoryLayout<T>.size
        for i in target.indices {
            let value = bytes.loadUnaligned(fromByteOffset: i * size, as: type)
            target[i] = body(T(littleEndian: value))
        }
    }
}
