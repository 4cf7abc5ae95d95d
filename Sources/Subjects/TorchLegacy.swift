/// The form of `torch.save` before torch 1.6: five pickles in a row (a magic number, a version, the
/// machine, the object, the storages' keys), then each storage as a count and its elements.
///
/// - Source: torch/serialization.py, `_legacy_save`.
enum TorchLegacy {
    private static let version = 1001

    static func read(
        _ bytes: UnsafeRawBufferPointer, _ path: String
    ) throws(SubjectError) -> (Pickle, [String: Range<Int>]) {
        func flaw(_ reason: String) -> SubjectError {
            .malformedFile(path: path, place: "the file", reason: reason)
        }
        guard bytes.count > 2, bytes[0] == 0x80, bytes[1] == 2 else {
            throw flaw("is neither a zip file nor a pickle of protocol 2: it is not torch's")
        }
        var place = 0
        func next() throws(SubjectError) -> (Pickle, Set<PickleValue.Storage>) {
            var reader = PickleReader(bytes, from: place, path: path)
            let pickle = try reader.read()
            place = reader.place
            return (pickle, reader.storages)
        }
        guard try next().0.root == .largeInteger, try next().0.root == .integer(version) else {
            throw flaw("does not begin with torch's magic number and version \(version)")
        }
        let (machine, _) = try next()
        for member in machine.members(machine.root) ?? [] where member.name == "little_endian" {
            guard member.value == .bool(true) else { throw flaw("is not little-endian") }
        }
        let (pickle, known) = try next()
        let (list, _) = try next()
        return (pickle, try storages(bytes, from: place, list, known, flaw))
    }

    /// Where the storages lie that follow the pickles.
    private static func storages(
        _ bytes: UnsafeRawBufferPointer, from start: Int, _ list: Pickle,
        _ known: Set<PickleValue.Storage>, _ flaw: (String) -> SubjectError
    ) throws(SubjectError) -> [String: Range<Int>] {
        var place = start
        var types: [String: TorchElement] = [:]
        for storage in known { types[storage.key] = storage.type }
        var storages: [String: Range<Int>] = [:]
        for key in list.elements(list.root) ?? [] {
            guard case .text(let name) = key, let type = types[name], storages[name] == nil else {
                throw flaw("lists a storage that no tensor has, or one twice")
            }
            guard bytes.count - place >= 8 else { throw flaw("is cut off") }
            let count = Int64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
            place += 8
            guard count >= 0, count <= (bytes.count - place) / type.size else {
                throw flaw("is cut off in storage \"\(name.prefix(80))\"")
            }
            storages[name] = place..<place + Int(count) * type.size
            place += Int(count) * type.size
        }
        return storages
    }
}
