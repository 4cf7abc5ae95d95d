/// Reads a pickle without executing any: a machine with a stack, a memo, and no way to call anything
/// but the three names of ``PickleGlobal``.
///
/// Memory stays within the pickle's size times a constant, as every opcode pushes at most one value.
///
/// - Source: Python's Lib/pickletools.py; torch/serialization.py for persistent ids.
struct PickleReader {
    private let bytes: UnsafeRawBufferPointer
    private let path: String
    /// Where the next opcode is, and after ``read()`` the end of the pickle.
    private(set) var place: Int
    /// The storages the pickle has named.
    private(set) var storages: Set<PickleValue.Storage> = []
    private var pickle = Pickle()
    private var stack: [PickleValue] = []
    /// How high the stack was at each mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    /// The longest key of a storage in bytes, so that naming one many times stays cheap. torch's are
    /// numbers.
    private static let keyLimit = 100

    init(_ bytes: UnsafeRawBufferPointer, from place: Int = 0, path: String) {
        self.bytes = bytes
        self.place = place
        self.path = path
    }

    /// Reads up to the pickle's end.
    ///
    /// - Throws: ``SubjectError/forbiddenPickle(path:request:)`` or
    ///   ``SubjectError/malformedFile(path:place:reason:)``.
    mutating func read() throws(SubjectError) -> Pickle {
        while true {
            let byte = try take(1)[0]
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw .forbiddenPickle(
                    path: path, request: "the opcode \(PickleOpcode.name(of: byte))")
            }
            if opcode == .stop { break }
            try perform(opcode)
        }
        pickle.root = try pop()
        guard stack.isEmpty, marks.isEmpty else { throw flaw("leaves values on its stack") }
        return pickle
    }

    func flaw(_ reason: String) -> SubjectError {
        .malformedFile(path: path, place: "the pickle at byte \(place)", reason: reason)
    }

    private mutating func perform(_ opcode: PickleOpcode) throws(SubjectError) {
        switch opcode {
        case .stop: break
        case .mark: marks.append(stack.count)
        case .protocolVersion:
            let version = try number(1)
            guard version == 2 else { throw flaw("has protocol \(version), only 2 is read") }
        case .none, .newTrue, .newFalse, .binaryInteger, .binaryInteger1, .binaryInteger2, .long1,
            .binaryFloat, .binaryText:
            stack.append(try scalar(opcode))
        case .emptyTuple: push(.tuple, [])
        case .emptyList: push(.list, [])
        case .emptyDictionary: push(.dictionary, [])
        case .tuple: push(.tuple, try popToMark())
        case .tuple1: push(.tuple, try pop(1))
        case .tuple2: push(.tuple, try pop(2))
        case .tuple3: push(.tuple, try pop(3))
        case .put: memo[try number(1)] = try top()
        case .longPut: memo[try number(4)] = try top()
        case .get: stack.append(try recall(try number(1)))
        case .longGet: stack.append(try recall(try number(4)))
        case .append: try extend([.list], by: try pop(1))
        case .appends: try extend([.list], by: try popToMark())
        case .setItem: try extend([.dictionary, .orderedDictionary], by: try pop(2))
        case .setItems: try extend([.dictionary, .orderedDictionary], by: try popToMark())
        case .global: stack.append(.global(try global()))
        case .binaryPersistentID:
            let storage = try storage(try pop())
            storages.insert(storage)
            stack.append(.storage(storage))
        case .reduce: try reduce()
        case .build: try build()
        }
    }

    private mutating func scalar(_ opcode: PickleOpcode) throws(SubjectError) -> PickleValue {
        switch opcode {
        case .newTrue: return .bool(true)
        case .newFalse: return .bool(false)
        case .binaryInteger:
            return .integer(Int(Int32(truncatingIfNeeded: try number(4))))
        case .binaryInteger1: return .integer(try number(1))
        case .binaryInteger2: return .integer(try number(2))
        case .long1:
            let length = try number(1)
            let digits = try take(length)
            guard length <= 8 else { return .largeInteger }
            var value: Int64 = (digits.last ?? 0) & 0x80 == 0 ? 0 : -1
            for digit in digits.reversed() { value = value << 8 | Int64(digit) }
            return .integer(Int(value))
        case .binaryFloat:
            let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return .number(Double(bitPattern: bits))
        case .binaryText:
            let length = try number(4)
            return .text(String(decoding: try take(length), as: UTF8.self))
        default: return .none
        }
    }

    // MARK: Bytes

    private mutating func take(_ count: Int) throws(SubjectError) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - place else { throw flaw("is cut off") }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    }

    /// An unsigned number of up to 4 bytes, little-endian.
    private mutating func number(_ count: Int) throws(SubjectError) -> Int {
        try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func line() throws(SubjectError) -> String {
        let start = place
        while try take(1)[0] != 0x0A {}
        return String(
            decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<place - 1]), as: UTF8.self)
    }

    private mutating func global() throws(SubjectError) -> PickleGlobal {
        let name = "\(try line()).\(try line())"
        guard let global = PickleGlobal(name) else {
            throw .forbiddenPickle(path: path, request: "the global \(name.prefix(120))")
        }
        return global
    }

    // MARK: Stack

    private func top() throws(SubjectError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else {
            throw flaw("uses a value that is not there")
        }
        return value
    }

    private mutating func pop() throws(SubjectError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(SubjectError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw flaw("uses a value that is not there")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(SubjectError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw flaw("uses a mark that is not there") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func recall(_ key: Int) throws(SubjectError) -> PickleValue {
        guard let value = memo[key] else { throw flaw("recalls the unknown value \(key)") }
        return value
    }

    private mutating func push(_ kind: Pickle.Kind, _ items: [PickleValue]) {
        stack.append(.container(pickle.containers.count))
        pickle.containers.append(Pickle.Container(kind: kind, items: items))
    }

    /// Adds to the container on top of the stack.
    private mutating func extend(
        _ kinds: [Pickle.Kind], by items: [PickleValue]
    ) throws(SubjectError) {
        guard case .container(let index) = try top(), kinds.contains(pickle.containers[index].kind)
        else { throw flaw("adds to something that is no \(kinds[0])") }
        guard kinds == [.list] || items.count % 2 == 0 else { throw flaw("has a key and no value") }
        pickle.containers[index].items += items
    }

    // MARK: What may be called

    private mutating func reduce() throws(SubjectError) {
        let arguments = try pop()
        guard case .global(let global) = try pop(), let items = pickle.elements(arguments) else {
            throw flaw("calls something that is no function")
        }
        switch global {
        case .orderedDictionary:
            guard items.isEmpty else {
                throw .forbiddenPickle(path: path, request: "an OrderedDict made from arguments")
            }
            push(.orderedDictionary, [])
        case .rebuildTensor: stack.append(.tensor(try tensor(items)))
        case .storageType(let type):
            throw .forbiddenPickle(path: path, request: "a call of torch.\(type.rawValue)Storage")
        }
    }

    /// torch gives an OrderedDict an attribute `_metadata` of versions; it is read past.
    private mutating func build() throws(SubjectError) {
        let state = try pop()
        guard case .container(let index) = try top(),
            pickle.containers[index].kind == .orderedDictionary,
            case .container(let attributes) = state,
            pickle.containers[attributes].items.count <= 2,
            pickle.members(state)?.allSatisfy({ $0.name == "_metadata" }) == true
        else {
            throw .forbiddenPickle(path: path, request: "attributes of an object")
        }
    }

    private func storage(_ identity: PickleValue) throws(SubjectError) -> PickleValue.Storage {
        guard let parts = pickle.elements(identity), parts.count == 5 || parts.count == 6,
            parts[0] == .text("storage"), case .global(.storageType(let type)) = parts[1],
            case .text(let key) = parts[2], key.utf8.count <= Self.keyLimit,
            case .text = parts[3], case .integer(let count) = parts[4], count >= 0, count < 1 << 48
        else { throw flaw("has a persistent id that is no storage") }
        guard parts.count == 5 || parts[5] == .none else {
            throw .forbiddenPickle(path: path, request: "a view of a storage")
        }
        return PickleValue.Storage(type: type, key: key, count: count)
    }

    private func tensor(_ items: [PickleValue]) throws(SubjectError) -> PickleValue.Tensor {
        guard items.count == 6 || items.count == 7, case .storage(let storage) = items[0],
            case .integer(let offset) = items[1], let shape = sizes(items[2]),
            let strides = sizes(items[3]), shape.count == strides.count, case .bool = items[4],
            offset >= 0
        else { throw flaw("builds a tensor from something else than storage, shape and strides") }
        var last = offset
        var count = 1
        for (extent, stride) in zip(shape, strides) {
            let (product, far) = count.multipliedReportingOverflow(by: extent)
            let (reach, wide) = max(0, extent - 1).multipliedReportingOverflow(by: stride)
            let (sum, beyond) = last.addingReportingOverflow(reach)
            guard !far, !wide, !beyond else { throw flaw("has a tensor of shape \(shape)") }
            (count, last) = (product, sum)
        }
        guard count == 0 || (last < storage.count && count <= storage.count) else {
            throw flaw("has a tensor of shape \(shape) that leaves its storage")
        }
        return PickleValue.Tensor(
            storage: storage, offset: offset, shape: shape, strides: strides)
    }

    private func sizes(_ value: PickleValue) -> [Int]? {
        guard let items = pickle.elements(value), items.count <= 16 else { return nil }
        var result: [Int] = []
        for item in items {
            guard case .integer(let size) = item, size >= 0 else { return nil }
            result.append(size)
        }
        return result
    }
}
