import JSON
import LinearAlgebra

/// Puts named arrays of 32-bit floats into the bytes of a safetensors file.
///
/// Equal arrays in equal order give equal bytes.
public struct SafetensorsWriter: Sendable {
    private var header: [JSONValue.Member] = []
    private var data: [UInt8] = []

    public init() {}

    /// Adds a table, [rows × columns].
    public mutating func add(_ name: String, _ matrix: Matrix) {
        add(name, matrix.storage, shape: [matrix.rows, matrix.columns])
    }

    /// Adds a vector.
    public mutating func add(_ name: String, _ values: [Float]) {
        add(name, values, shape: [values.count])
    }

    private mutating func add(_ name: String, _ values: [Float], shape: [Int]) {
        precondition(!header.contains { $0.name == name }, "two tensors named \(name)")
        let start = data.count
        data.reserveCapacity(start + 4 * values.count)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 }
        }
        header.append(
            .init(
                name: name,
                value: [
                    "dtype": "F32", "shape": .array(shape.map { .integer($0) }),
                    "data_offsets": [.integer(start), .integer(data.count)],
                ]))
    }

    /// The whole file.
    public var bytes: [UInt8] {
        var text = JSONValue.object(header).utf8
        // The data begins at a multiple of 8, for readers that map the file.
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        var result: [UInt8] = []
        result.reserveCapacity(8 + text.count + data.count)
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { result += $0 }
        return result + text + data
    }
}
