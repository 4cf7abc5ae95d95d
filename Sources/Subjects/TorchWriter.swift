import CZlib
import LinearAlgebra

/// Puts named arrays into the bytes of a file as `torch.save` writes a state dictionary: a zip file of a
/// pickle that rebuilds tensors, and their elements.
///
/// Equal arrays in equal order give equal bytes. Numbers are little-endian.
///
/// - Source: torch/serialization.py of PyTorch 2.5; PKWARE APPNOTE 6.3.10.
public struct TorchWriter: Sendable {
    private struct Tensor {
        let name: String
        let storage: String
        let count: Int
        let shape: [Int]
    }

    private var tensors: [Tensor] = []
    private var elements: [[UInt8]] = []

    public init() {}

    /// Adds a table, [rows × columns].
    public mutating func add(_ name: String, _ matrix: Matrix) {
        add(name, matrix.storage, "FloatStorage", shape: [matrix.rows, matrix.columns])
    }

    /// Adds a vector.
    public mutating func add(_ name: String, _ values: [Float]) {
        add(name, values, "FloatStorage", shape: [values.count])
    }

    /// Adds a vector of whole numbers.
    public mutating func add(_ name: String, _ values: [Int64]) {
        add(name, values, "LongStorage", shape: [values.count])
    }

    /// Adds a tensor without dimensions.
    public mutating func add(_ name: String, number: Float) {
        add(name, [number], "FloatStorage", shape: [])
    }

    /// Adds a tensor without dimensions.
    public mutating func add(_ name: String, number: Int32) {
        add(name, [number], "IntStorage", shape: [])
    }

    private mutating func add<Element: BitwiseCopyable>(
        _ name: String, _ values: [Element], _ storage: String, shape: [Int]
    ) {
        precondition(!tensors.contains { $0.name == name }, "two tensors named \(name)")
        tensors.append(Tensor(name: name, storage: storage, count: values.count, shape: shape))
        elements.append(values.withUnsafeBytes { Array($0) })
    }

    /// About how many bytes the file has; the form of 64 bits, for 4 GB and more, is not written.
    public var byteCount: Int { elements.reduce(1 << 16) { $0 + $1.count + 512 } }

    /// The whole file.
    ///
    /// - Precondition: ``byteCount`` is below 2³².
    public var bytes: [UInt8] {
        precondition(byteCount < 1 << 32, "a file of \(byteCount) bytes")
        var zip = StoredZip()
        zip.add("archive/data.pkl", pickle)
        zip.add("archive/byteorder", Array("little".utf8))
        for (index, bytes) in elements.enumerated() { zip.add("archive/data/\(index)", bytes) }
        zip.add("archive/version", Array("3\n".utf8))
        return zip.finished()
    }

    /// OrderedDict of name: _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict()).
    private var pickle: [UInt8] {
        var out = PickleBytes()
        out.emptyOrderedDictionary()
        out.put("(")
        for (index, tensor) in tensors.enumerated() {
            out.put(text: tensor.name)
            out.put("ctorch._utils\n_rebuild_tensor_v2\n((")
            out.put(text: "storage")
            out.put("ctorch\n\(tensor.storage)\n")
            out.put(text: String(index))
            out.put(text: "cpu")
            out.put(number: tensor.count)
            out.put("tQ")
            out.put(number: 0)
            out.put(tuple: tensor.shape)
            out.put(tuple: tensor.shape.indices.map { tensor.shape[($0 + 1)...].reduce(1, *) })
            out.bytes.append(0x89)
            out.emptyOrderedDictionary()
            out.put("tR")
        }
        out.put("u.")
        return out.bytes
    }
}

/// The opcodes of protocol 2 that a state dictionary takes.
private struct PickleBytes {
    var bytes: [UInt8] = [0x80, 2]

    mutating func put(_ opcodes: String) { bytes += Array(opcodes.utf8) }

    mutating func put(text: String) {
        put("X")
        put(word: UInt32(text.utf8.count))
        bytes += Array(text.utf8)
    }

    mutating func put(number: Int) {
        put("J")
        put(word: UInt32(number))
    }

    mutating func put(tuple: [Int]) {
        put("(")
        for number in tuple { put(number: number) }
        put("t")
    }

    mutating func emptyOrderedDictionary() { put("ccollections\nOrderedDict\n)R") }

    private mutating func put(word: UInt32) {
        withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
    }
}

/// A zip file of entries that are not compressed, their bytes at multiples of 64 as torch wants them.
private struct StoredZip {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// 1 January 1980, the earliest day.
    private static let date: UInt16 = 0x21
    private static let alignment = 64

    mutating func add(_ name: String, _ content: [UInt8]) {
        let sum = content.withUnsafeBytes { content in
            UInt32(
                truncatingIfNeeded: crc32_z(
                    0, content.bindMemory(to: UInt8.self).baseAddress, content.count))
        }
        let start = UInt32(bytes.count)
        let nameBytes = Array(name.utf8)
        let end = bytes.count + 30 + nameBytes.count + 4
        let padding = (Self.alignment - end % Self.alignment) % Self.alignment
        var common: [UInt8] = []
        // Version needed, flags, method, time, date, checksum, both sizes, length of the name.
        for word: UInt16 in [20, 0, 0, 0, Self.date] { Self.put(word, &common) }
        for word in [sum, UInt32(content.count), UInt32(content.count)] { Self.put(word, &common) }
        Self.put(UInt16(nameBytes.count), &common)
        Self.put(UInt32(0x0403_4B50), &bytes)
        bytes += common
        Self.put(UInt16(4 + padding), &bytes)
        bytes += nameBytes
        // An extra field of torch's own, "FB", that only fills.
        bytes += Array("FB".utf8)
        Self.put(UInt16(padding), &bytes)
        bytes += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
        bytes += content
        Self.put(UInt32(0x0201_4B50), &directory)
        Self.put(UInt16(20), &directory)
        directory += common
        // Lengths of extra field and comment, disk, two kinds of attributes, place.
        for word: UInt16 in [0, 0, 0, 0] { Self.put(word, &directory) }
        Self.put(UInt32(0), &directory)
        Self.put(start, &directory)
        directory += nameBytes
        count += 1
    }

    func finished() -> [UInt8] {
        var end: [UInt8] = []
        Self.put(UInt32(0x0605_4B50), &end)
        for word in [0, 0, count, count] { Self.put(word, &end) }
        Self.put(UInt32(directory.count), &end)
        Self.put(UInt32(bytes.count), &end)
        Self.put(UInt16(0), &end)
        return bytes + directory + end
    }

    private static func put<Word: FixedWidthInteger>(_ word: Word, _ target: inout [UInt8]) {
        withUnsafeBytes(of: word.littleEndian) { target += $0 }
    }
}
