import Digests
import LinearAlgebra

/// A table of floats in a mapped file, read some rows at a time: an .npy file, or a tensor of two
/// dimensions in a .safetensors file.
///
/// Elements have 32 or 16 bits. What was read is let go of, so that a file may be larger than memory.
package struct MappedRows: Sendable {
    private let tensor: MappedTensor
    /// How many rows.
    package let count: Int
    /// Floats of a row.
    package let width: Int

    /// - Parameter name: the tensor's, or nil where the file has only one; an .npy file's has none.
    /// - Throws: ``SubjectError`` for anything but such a table with at least one element.
    package init(path: String, tensor name: String? = nil) throws(SubjectError) {
        tensor =
            path.hasSuffix(".npy")
            ? try NumPyFile.tensor(path: path) : try Self.tensor(name, in: Safetensors(path: path))
        guard tensor.shape.count == 2, tensor.count > 0 else {
            throw .malformedFile(
                path: path, place: tensor.name,
                reason: "has the shape \(tensor.shape), where [rows, width] is needed;")
        }
        count = tensor.shape[0]
        width = tensor.shape[1]
    }

    private static func tensor(
        _ name: String?, in file: Safetensors
    ) throws(SubjectError) -> MappedTensor {
        let entry: Safetensors.Entry
        if let name {
            guard let found = file.entry(name) else {
                throw .missingTensor(path: file.path, tensor: name, shape: [])
            }
            entry = found
        } else {
            guard file.entries.count == 1 else {
                let names = file.entries.prefix(8).map(\.name).joined(separator: ", ")
                throw .missingChoice(
                    path: file.path, choice: "which tensor holds the rows",
                    reason: "it has \(file.entries.count): \(names)")
            }
            entry = file.entries[0]
        }
        return try file.tensor(entry.name, shape: entry.shape)
    }

    /// Copies some rows, widened to 32 bits; what they hold is not looked at.
    package func read(_ rows: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(
            rows.upperBound <= count && output.count == rows.count * width,
            "rows \(rows) of \(count) × \(width) into \(output.count)")
        let elements = rows.lowerBound * width..<rows.upperBound * width
        tensor.widen(elements, into: output)
        tensor.release(elements)
    }

    /// Over shape, element type and elements.
    package func digest() -> Digest {
        var hash = SHA256()
        hash.update("conjecture.rows/1 \(count) \(width) \(tensor.element.size)\0")
        let step = 1 << 22
        for first in stride(from: 0, to: tensor.count, by: step) {
            let range = first..<min(tensor.count, first + step)
            hash.update(tensor.bytes(range))
            tensor.release(range)
        }
        return hash.finalize()
    }
}

/// An .npy file by itself, its rows one after the other.
///
/// - Source: numpy/lib/format.py, versions 1.0 to 3.0 of the format.
enum NumPyFile {
    private static let headerLimit = 0xFFFF

    /// The array where it lies.
    static func tensor(path: String) throws(SubjectError) -> MappedTensor {
        let file = try MappedFile(path: path)
        func flaw(_ reason: String) -> SubjectError {
            .malformedFile(path: path, place: "the array", reason: reason)
        }
        let bytes = file.bytes
        let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
        guard bytes.count >= 12, bytes.prefix(6).elementsEqual(magic), (1...3).contains(bytes[6])
        else { throw flaw("does not begin as an .npy file of version 1 to 3") }
        let digits = bytes[6] == 1 ? 2 : 4
        let length = bytes[8..<8 + digits].reversed().reduce(0) { $0 << 8 | Int($1) }
        let start = 8 + digits + length
        guard length <= headerLimit, start <= bytes.count else {
            throw flaw("has its header cut off, or one of more than \(headerLimit) bytes")
        }
        let text = String(
            decoding: UnsafeRawBufferPointer(rebasing: bytes[8 + digits..<start]), as: UTF8.self)
        guard let header = NumPyHeader(text) else {
            throw flaw("has a header that is not descr, fortran_order and shape")
        }
        let elements: [String: PackedMatrix.Element] = ["<f4": .float32, "<f2": .float16]
        guard let element = elements[header.descriptor] else {
            throw .unsupportedElements(path: path, tensor: "the array", type: header.descriptor)
        }
        guard !header.isFortran else {
            throw .unsupportedElements(
                path: path, tensor: "the array", type: "columns one after the other")
        }
        var size = element.size
        for extent in header.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw flaw("has the impossible shape \(header.shape)") }
            size = product
        }
        guard size == bytes.count - start else {
            throw flaw(
                "of shape \(header.shape) takes \(size) bytes and has \(bytes.count - start)")
        }
        return MappedTensor(
            file: file, path: path, name: "the array", element: element, offset: start,
            shape: header.shape)
    }
}
