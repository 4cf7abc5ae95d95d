import Foundation
import LinearAlgebra

/// A tensor in a mapped file, read in pieces when its numbers are needed.
struct MappedTensor: Sendable {
    let file: MappedFile
    /// What messages call the file.
    let path: String
    /// What messages call the tensor.
    let name: String
    let element: PackedMatrix.Element
    /// Of its first byte in the file.
    let offset: Int
    let shape: [Int]

    /// How many elements it has.
    var count: Int { shape.reduce(1, *) }
    var byteCount: Int { count * element.size }
    /// The length of a row: everything but the first dimension.
    var rowLength: Int { shape.dropFirst().reduce(1, *) }

    /// The bytes of some elements.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        let size = element.size
        return UnsafeRawBufferPointer(
            rebasing: file.bytes[
                offset + range.lowerBound * size..<offset + range.upperBound * size])
    }

    /// Where an element lies.
    ///
    /// - Precondition: the tensor is not empty and has that element.
    func pointer(_ index: Int) -> UnsafeRawPointer {
        precondition(index >= 0 && index < count, "element \(index) of \(count)")
        guard let base = file.bytes.baseAddress else { preconditionFailure("an empty file") }
        return base + offset + index * element.size
    }

    /// Gives the memory of some elements back; they can be read again.
    func release(_ range: Range<Int>) {
        let size = element.size
        file.release(offset + range.lowerBound * size..<offset + range.upperBound * size)
    }

    /// Lets go of a large table once in a while, as the system maps the neighbours of every row that
    /// is looked up along with it: soon that would be all.
    ///
    /// - Parameter lookups: counts the rows that were looked up, from 0.
    func noteLookup(_ lookups: inout Int) {
        lookups += 1
        if lookups % 8 == 0, byteCount > 1 << 24 { release(0..<count) }
    }

    /// All elements, widened to 32 bits.
    ///
    /// - Throws: ``SubjectError/nonFiniteTensor(path:tensor:index:)``.
    func floats() throws(SubjectError) -> [Float] {
        let count = count
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, used in
            widen(0..<count, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            used = count
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteTensor(path: path, tensor: name, index: index)
        }
        release(0..<count)
        return values
    }

    /// Some elements, widened to 32 bits.
    func widen(_ range: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) {
        let bytes = bytes(range)
        switch element {
        case .float32: UnsafeMutableRawBufferPointer(output).copyMemory(from: bytes)
        case .float16: HalfPrecision.widenFloat16(bytes, into: output)
        case .bfloat16: HalfPrecision.widenBFloat16(bytes, into: output)
        }
    }

    /// - Throws: ``SubjectError/nonFiniteTensor(path:tensor:index:)`` if an element of the range is an
    ///   infinity or a NaN.
    func checkFinite(_ range: Range<Int>) throws(SubjectError) {
        let bytes = bytes(range)
        let found =
            switch element {
            case .float32: Self.firstFull(bytes, UInt32.self, exponent: 0x7F80_0000)
            case .bfloat16: Self.firstFull(bytes, UInt16.self, exponent: 0x7F80)
            case .float16: Self.firstFull(bytes, UInt16.self, exponent: 0x7C00)
            }
        if let found {
            throw .nonFiniteTensor(path: path, tensor: name, index: range.lowerBound + found)
        }
    }

    /// The first element whose exponent is all ones, or nil.
    private static func firstFull<Word: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, exponent: Word
    ) -> Int? {
        let size = MemoryLayout<Word>.size
        let count = bytes.count / size
        for block in stride(from: 0, to: count, by: 256) {
            let end = min(count, block + 256)
            // Without a branch in the loop, so that it is done many elements at a time.
            var found: Word = 0
            for i in block..<end {
                let word = bytes.loadUnaligned(fromByteOffset: i * size, as: type)
                found |= word & exponent == exponent ? 1 : 0
            }
            guard found != 0 else { continue }
            return (block..<end).first {
                bytes.loadUnaligned(fromByteOffset: $0 * size, as: type) & exponent == exponent
            }
        }
        return nil
    }

    /// Whether another tensor has the same numbers.
    func equals(_ other: MappedTensor) throws(SubjectError) -> Bool {
        guard shape == other.shape else { return false }
        guard element == other.element else { return try floats() == other.floats() }
        let step = 1 << 22
        for first in stride(from: 0, to: count, by: step) {
            let range = first..<min(count, first + step)
            let (mine, theirs) = (bytes(range), other.bytes(range))
            defer {
                release(range)
                other.release(range)
            }
            if let a = mine.baseAddress, let b = theirs.baseAddress, memcmp(a, b, mine.count) != 0 {
                return false
            }
        }
        return true
    }
}
