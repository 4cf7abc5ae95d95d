import LinearAlgebra

/// An .npz file: a zip file of .npy arrays, stored (`numpy.savez`) or deflated (`savez_compressed`).
///
/// A deflated array is taken apart when it is asked for; it can hold up to 1032 times its bytes.
///
/// Arrays are named as in the file, without ".npy". Read are little-endian floats of 16, 32 and 64
/// bits and whole numbers, in rows or (Fortran's order) columns; object arrays are refused, as they
/// are pickles.
///
/// - Source: numpy/lib/format.py, versions 1.0 to 3.0 of the format.
struct NumPyArchive: TensorSource {
    private struct Entry {
        let type: TorchElement
        let shape: [Int]
        let isFortran: Bool
        let packed: ZipArchive.Entry
        /// Where the elements begin, behind the header.
        let start: Int
    }

    let path: String
    let tensorNames: [String]
    private let file: MappedFile
    private let entries: [String: Entry]

    init(path: String) throws(SubjectError) {
        file = try MappedFile(path: path)
        self.path = path
        let archive = try ZipArchive(bytes: file.bytes, path: path)
        var names: [String] = []
        var entries: [String: Entry] = [:]
        for file in archive.names {
            guard file.hasSuffix(".npy"), let packed = archive.entries[file] else {
                throw .malformedFile(
                    path: path, place: "entry \"\(file.prefix(80))\"", reason: "is no .npy array")
            }
            let name = String(file.dropLast(4))
            names.append(name)
            entries[name] = try Self.entry(name, self.file.bytes, packed, path)
        }
        tensorNames = names
        self.entries = entries
    }

    func shape(of name: String) -> [Int]? { entries[name]?.shape }

    func floats(_ name: String, shape: [Int]) throws(SubjectError) -> [Float] {
        guard let entry = entries[name] else {
            throw .missingTensor(path: path, tensor: name, shape: shape)
        }
        guard entry.shape == shape else {
            throw .misshapenTensor(path: path, tensor: name, expected: shape, found: entry.shape)
        }
        var values = try elements(entry, name)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteTensor(path: path, tensor: name, index: index)
        }
        if entry.isFortran, shape.count > 1 {
            guard shape.count == 2 else {
                throw .unsupportedElements(
                    path: path, tensor: name, type: "columns of more than two dimensions")
            }
            let columns = Matrix(rows: shape[1], columns: shape[0], storage: values)
            values = columns.transposed().storage
        }
        return values
    }

    private func elements(_ entry: Entry, _ name: String) throws(SubjectError) -> [Float] {
        let packed = UnsafeRawBufferPointer(rebasing: file.bytes[entry.packed.bytes])
        guard entry.packed.isDeflated else {
            return ElementReader.floats(
                UnsafeRawBufferPointer(rebasing: packed[entry.start...]), entry.type)
        }
        guard
            let bytes = Inflater.all(
                of: packed, count: entry.packed.size, checksum: entry.packed.checksum)
        else {
            throw .malformedFile(
                path: path, place: "array \"\(name.prefix(80))\"",
                reason: "is deflated and damaged: its length or checksum is another")
        }
        return bytes.withUnsafeBytes {
            ElementReader.floats(UnsafeRawBufferPointer(rebasing: $0[entry.start...]), entry.type)
        }
    }

    /// The longest header that is read, that of version 1 at most.
    private static let headerLimit = 0xFFFF

    private static func entry(
        _ name: String, _ bytes: UnsafeRawBufferPointer, _ packed: ZipArchive.Entry, _ path: String
    ) throws(SubjectError) -> Entry {
        func flaw(_ reason: String) -> SubjectError {
            .malformedFile(path: path, place: "array \"\(name.prefix(80))\"", reason: reason)
        }
        let content = UnsafeRawBufferPointer(rebasing: bytes[packed.bytes])
        func head(_ count: Int) -> [UInt8] {
            packed.isDeflated
                ? Inflater.prefix(min(count, packed.size), of: content) ?? []
                : Array(content.prefix(count))
        }
        let begin = head(12)
        let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
        guard begin.count == 12, begin.prefix(6).elementsEqual(magic), (1...3).contains(begin[6])
        else { throw flaw("does not begin as an .npy file of version 1 to 3") }
        let width = begin[6] == 1 ? 2 : 4
        let length = begin[8..<8 + width].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= packed.size - 8 - width else { throw flaw("has its header cut off") }
        guard length <= headerLimit else {
            throw flaw("has a header of more than \(headerLimit) bytes")
        }
        let start = 8 + width + length
        let text = String(decoding: head(start).dropFirst(8 + width), as: UTF8.self)
        guard let header = NumPyHeader(text) else {
            throw flaw("has a header that is not descr, fortran_order and shape")
        }
        guard let type = header.type else {
            throw .unsupportedElements(path: path, tensor: name, type: header.descriptor)
        }
        var size = type.size
        for extent in header.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw flaw("has the impossible shape \(header.shape)") }
            size = product
        }
        guard size == packed.size - start else {
            throw flaw(
                "of shape \(header.shape) takes \(size) bytes and has \(packed.size - start)")
        }
        return Entry(
            type: type, shape: header.shape, isFortran: header.isFortran, packed: packed,
            start: start)
    }
}

/// The dictionary at the head of an .npy file, as `numpy.save` writes it.
struct NumPyHeader {
    let descriptor: String
    let isFortran: Bool
    let shape: [Int]

    /// The element type, or nil for one that is not read.
    var type: TorchElement? {
        switch descriptor {
        case "<f4": .float
        case "<f2": .half
        case "<f8": .double
        case "<i8": .long
        case "<i4": .int
        case "<i2": .short
        case "|i1": .char
        case "|u1": .byte
        case "|b1": .bool
        default: nil
        }
    }

    /// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }` and padding.
    init?(_ text: String) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined()
        var rest = parts[...]
        func skip(_ prefix: String) -> Bool {
            guard rest.hasPrefix(prefix) else { return false }
            rest = rest.dropFirst(prefix.count)
            return true
        }
        guard skip("{'descr':'"), let quote = rest.firstIndex(of: "'") else { return nil }
        descriptor = String(rest[..<quote].prefix(40))
        rest = rest[quote...]
        guard skip("','fortran_order':") else { return nil }
        isFortran = rest.hasPrefix("True")
        guard skip(isFortran ? "True" : "False"), skip(",'shape':("),
            let end = rest.firstIndex(of: ")")
        else { return nil }
        let sizes = rest[..<end].split(separator: ",")
        rest = rest[end...]
        guard rest == ")}" || rest == "),}", sizes.count <= 16 else { return nil }
        var shape: [Int] = []
        for size in sizes {
            guard let value = Int(size), value >= 0 else { return nil }
            shape.append(value)
        }
        self.shape = shape
    }
}
