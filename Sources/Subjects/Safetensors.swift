import LinearAlgebra

/// A safetensors file, mapped and checked: named arrays of numbers.
///
/// Everything its header says is checked when it is opened: shapes against offsets, offsets against
/// the file, and that the tensors fill the file without overlap or hole. After that no access can
/// leave the file.
///
/// - Source: github.com/huggingface/safetensors, README "Format".
public struct Safetensors: Sendable {
    /// One tensor's entry in the header.
    public struct Entry: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its element type as the file calls it, for instance "F32".
        public let type: String
        /// Its shape; [] is a single number.
        public let shape: [Int]
        /// Where its bytes lie in the file.
        public let byteRange: Range<Int>
    }

    /// The file.
    public let path: String
    /// The tensors, in the order of their bytes.
    public let entries: [Entry]
    /// The free-form notes under `__metadata__`.
    public let metadata: [String: String]
    private let file: MappedFile
    private let places: [String: Int]

    /// Maps a file and checks its header.
    ///
    /// - Throws: ``SubjectError/unreadableFile(path:reason:)`` or
    ///   ``SubjectError/malformedFile(path:place:reason:)``.
    public init(path: String) throws(SubjectError) {
        file = try MappedFile(path: path)
        let header = try SafetensorsHeader(bytes: file.bytes, path: path)
        self.path = path
        entries = header.entries
        metadata = header.metadata
        var places: [String: Int] = [:]
        for (place, entry) in entries.enumerated() { places[entry.name] = place }
        self.places = places
    }

    /// The entry of a tensor, or nil if there is none of that name.
    public func entry(_ name: String) -> Entry? { places[name].map { entries[$0] } }

    /// A tensor where it lies, for reading it in pieces.
    ///
    /// - Throws: if the tensor is absent, has another shape, or is not F32, F16 or BF16.
    func tensor(_ name: String, shape: [Int]) throws(SubjectError) -> MappedTensor {
        guard let entry = entry(name) else {
            throw .missingTensor(path: path, tensor: name, shape: shape)
        }
        guard entry.shape == shape else {
            throw .misshapenTensor(path: path, tensor: name, expected: shape, found: entry.shape)
        }
        guard let element = Self.elements[entry.type] else {
            throw .unsupportedElements(path: path, tensor: name, type: entry.type)
        }
        return MappedTensor(
            file: file, path: path, name: name, element: element,
            offset: entry.byteRange.lowerBound, shape: shape)
    }

    /// A tensor's elements, row after row, widened to 32 bits.
    ///
    /// - Parameter shape: what the shape must be.
    /// - Throws: if the tensor is absent, has another shape, is not F32, F16 or BF16, or holds an
    ///   infinity or NaN.
    public func floats(_ name: String, shape: [Int]) throws(SubjectError) -> [Float] {
        try tensor(name, shape: shape).floats()
    }

    /// A tensor of two dimensions as a matrix.
    ///
    /// - Throws: as ``floats(_:shape:)``.
    public func matrix(_ name: String, rows: Int, columns: Int) throws(SubjectError) -> Matrix {
        let storage = try floats(name, shape: [rows, columns])
        return Matrix(rows: rows, columns: columns, storage: storage)
    }

    private static let elements: [String: PackedMatrix.Element] = [
        "F32": .float32, "F16": .float16, "BF16": .bfloat16,
    ]
}
