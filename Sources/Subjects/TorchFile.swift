import LinearAlgebra

/// A file of `torch.save`: tensors and scalars in nested dictionaries, read without executing it.
///
/// Both the zip form (since torch 1.6) and the form before it are read. A pickle may only rebuild
/// tensors; see ``PickleReader``. Tensors are read when asked for, so that a file's size bounds what
/// is allocated. The names of nested dictionaries are joined by dots.
///
/// - Source: torch/serialization.py of PyTorch 2.5.
struct TorchFile: TensorSource {
    let path: String
    let tensorNames: [String]
    /// The values that are no tensors, by name.
    let scalars: [String: PickleValue]
    private let file: MappedFile
    private let tensors: [String: PickleValue.Tensor]
    /// Where each storage's bytes lie.
    private let storages: [String: Range<Int>]

    /// How deep dictionaries may be nested.
    private static let depth = 4
    /// The longest name in bytes, with those of the dictionaries round it: each member carries them.
    private static let nameLimit = 1024

    init(path: String) throws(SubjectError) {
        file = try MappedFile(path: path)
        self.path = path
        let pickle: Pickle
        if ZipArchive.begins(file.bytes) {
            (pickle, storages) = try Self.zipped(file.bytes, path)
        } else {
            (pickle, storages) = try TorchLegacy.read(file.bytes, path)
        }
        var found = Found()
        try found.collect(pickle, pickle.root, prefix: "", depth: Self.depth, path: path)
        tensorNames = found.names
        tensors = found.tensors
        scalars = found.scalars
        for name in tensorNames { try checkStorage(of: name) }
    }

    private static func zipped(
        _ bytes: UnsafeRawBufferPointer, _ path: String
    ) throws(SubjectError) -> (Pickle, [String: Range<Int>]) {
        let archive = try ZipArchive(bytes: bytes, path: path)
        guard let name = archive.names.first(where: { $0.hasSuffix("/data.pkl") }),
            let range = try archive.stored(name, path: path)
        else {
            throw .malformedFile(
                path: path, place: "the zip file", reason: "has no data.pkl: it is not torch's")
        }
        let prefix = name.dropLast("data.pkl".count)
        if let order = try archive.stored(prefix + "byteorder", path: path) {
            guard String(decoding: bytes[order], as: UTF8.self) == "little" else {
                throw .malformedFile(
                    path: path, place: "entry \"byteorder\"", reason: "is not \"little\"")
            }
        }
        var storages: [String: Range<Int>] = [:]
        for entry in archive.names where entry.hasPrefix(prefix + "data/") {
            let key = String(entry.dropFirst(prefix.count + "data/".count))
            storages[key] = try archive.stored(entry, path: path)
        }
        var reader = PickleReader(UnsafeRawBufferPointer(rebasing: bytes[range]), path: path)
        return (try reader.read(), storages)
    }

    /// The tensors and scalars that a pickle's dictionaries hold.
    private struct Found {
        var names: [String] = []
        var tensors: [String: PickleValue.Tensor] = [:]
        var scalars: [String: PickleValue] = [:]
        /// The dictionaries read so far: none is read twice, so that sharing cannot multiply work.
        private var seen: Set<Int> = []

        mutating func collect(
            _ pickle: Pickle, _ value: PickleValue, prefix: String, depth: Int, path: String
        ) throws(SubjectError) {
            func flaw(_ reason: String) -> SubjectError {
                .malformedFile(path: path, place: "the pickle", reason: reason)
            }
            guard case .container(let index) = value, seen.insert(index).inserted else {
                throw flaw("holds no dictionary of named tensors, or one in two places")
            }
            guard let members = pickle.members(value) else {
                throw flaw("holds no dictionary of named tensors")
            }
            for member in members {
                guard prefix.utf8.count + member.name.utf8.count <= TorchFile.nameLimit else {
                    throw flaw("has a name of more than \(TorchFile.nameLimit) bytes")
                }
                let name = prefix + member.name
                guard tensors[name] == nil, scalars[name] == nil else {
                    throw flaw("has \"\(name.prefix(120))\" twice")
                }
                if case .tensor(let tensor) = member.value {
                    names.append(name)
                    tensors[name] = tensor
                } else if depth > 1, pickle.isDictionary(member.value) {
                    try collect(
                        pickle, member.value, prefix: name + ".", depth: depth - 1, path: path)
                } else {
                    scalars[name] = member.value
                }
            }
        }
    }

    private func checkStorage(of name: String) throws(SubjectError) {
        guard let storage = tensors[name]?.storage else { return }
        func flaw(_ reason: String) -> SubjectError {
            .malformedFile(path: path, place: "tensor \"\(name)\"", reason: reason)
        }
        guard let range = storages[storage.key] else {
            throw flaw("lies in the storage \"\(storage.key.prefix(80))\", which is not there")
        }
        guard range.count == storage.count * storage.type.size else {
            throw flaw(
                "lies in a storage of \(range.count) bytes where \(storage.count) elements take "
                    + "\(storage.count * storage.type.size)")
        }
    }

    func shape(of name: String) -> [Int]? { tensors[name]?.shape }

    func floats(_ name: String, shape: [Int]) throws(SubjectError) -> [Float] {
        guard let tensor = tensors[name], let range = storages[tensor.storage.key] else {
            throw .missingTensor(path: path, tensor: name, shape: shape)
        }
        guard tensor.shape == shape else {
            throw .misshapenTensor(path: path, tensor: name, expected: shape, found: tensor.shape)
        }
        guard !shape.contains(0) else { return [] }
        let size = tensor.storage.type.size
        let last = zip(shape, tensor.strides).reduce(tensor.offset) { $0 + ($1.0 - 1) * $1.1 }
        let start = range.lowerBound + tensor.offset * size
        let end = range.lowerBound + (last + 1) * size
        let stored = ElementReader.floats(
            UnsafeRawBufferPointer(rebasing: file.bytes[start..<end]), tensor.storage.type)
        let values = Self.contiguous(stored, shape, tensor.strides)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteTensor(path: path, tensor: name, index: index)
        }
        return values
    }

    /// Elements in the order of their indices, from where strides have put them.
    private static func contiguous(_ stored: [Float], _ shape: [Int], _ strides: [Int]) -> [Float] {
        let count = shape.reduce(1, *)
        var expected = 1
        var isContiguous = true
        for (extent, stride) in zip(shape, strides).reversed() {
            if extent != 1 && stride != expected { isContiguous = false }
            expected *= extent
        }
        guard !isContiguous else { return stored }
        var result: [Float] = []
        result.reserveCapacity(count)
        var index = [Int](repeating: 0, count: shape.count)
        var place = 0
        for _ in 0..<count {
            result.append(stored[place])
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                place += strides[axis]
                if index[axis] < shape[axis] { break }
                place -= shape[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return result
    }
}
