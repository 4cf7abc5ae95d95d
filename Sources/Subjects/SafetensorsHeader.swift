import JSON

/// The header of a safetensors file, checked against the file's length.
struct SafetensorsHeader {
    let entries: [Safetensors.Entry]
    let metadata: [String: String]

    /// The longest header that is read, as in the reference implementation.
    static let limit = 100_000_000

    /// Bytes per element of the types that may occur.
    static let sizes = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2,
        "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
    ]

    init(bytes: UnsafeRawBufferPointer, path: String) throws(SubjectError) {
        func flaw(_ place: String, _ reason: String) -> SubjectError {
            .malformedFile(path: path, place: place, reason: reason)
        }
        guard bytes.count >= 8 else {
            throw flaw("the file", "has \(bytes.count) bytes, fewer than a header's length takes")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(min(Self.limit, bytes.count - 8)) else {
            throw flaw(
                "the header",
                "should be \(length) bytes long, the file has \(bytes.count) and the limit is "
                    + "\(Self.limit): it is cut off or no safetensors file")
        }
        let start = 8 + Int(length)
        let document: JSONValue
        do {
            document = try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[8..<start]))
        } catch {
            throw flaw("the header", "at byte \(8 + error.offset) \(error.reason)")
        }
        guard case .object(let members) = document else {
            throw flaw("the header", "is not a JSON object")
        }
        var metadata: [String: String] = [:]
        var entries: [Safetensors.Entry] = []
        for member in members {
            if member.name == "__metadata__" {
                metadata = try Self.metadata(member.value, path)
            } else {
                entries.append(try Self.entry(member, start, bytes.count - start, path))
            }
        }
        entries.sort {
            ($0.byteRange.lowerBound, $0.byteRange.upperBound, $0.name)
                < ($1.byteRange.lowerBound, $1.byteRange.upperBound, $1.name)
        }
        try Self.checkCover(entries, from: start, to: bytes.count, path)
        self.entries = entries
        self.metadata = metadata
    }

    private static func metadata(
        _ value: JSONValue, _ path: String
    ) throws(SubjectError) -> [String: String] {
        var result: [String: String] = [:]
        guard case .object(let members) = value else {
            throw .malformedFile(path: path, place: "__metadata__", reason: "is not an object")
        }
        for member in members {
            guard case .string(let text) = member.value else {
                throw .malformedFile(
                    path: path, place: "__metadata__.\(member.name)", reason: "is not a string")
            }
            result[member.name] = text
        }
        return result
    }

    private static func entry(
        _ member: JSONValue.Member, _ start: Int, _ available: Int, _ path: String
    ) throws(SubjectError) -> Safetensors.Entry {
        func flaw(_ reason: String) -> SubjectError {
            .malformedFile(path: path, place: "tensor \"\(member.name)\"", reason: reason)
        }
        guard case .object(let fields) = member.value, fields.count == 3 else {
            throw flaw("does not have exactly dtype, shape and data_offsets")
        }
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        for field in fields {
            switch (field.name, field.value) {
            case ("dtype", .string(let text)): type = text
            case ("shape", .array(let values)): shape = naturals(values)
            case ("data_offsets", .array(let values)): offsets = naturals(values)
            default: throw flaw("has a field \"\(field.name)\" that is \(field.value.summary)")
            }
        }
        guard let type, let size = sizes[type] else {
            throw flaw("has the unknown element type \(type.map { "\"\($0)\"" } ?? "(none)")")
        }
        guard let shape else { throw flaw("has a shape that is not a list of sizes ≥ 0") }
        guard let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw flaw("has data_offsets that are not two ascending numbers ≥ 0")
        }
        guard offsets[1] <= available else {
            throw flaw("ends at byte \(offsets[1]) of \(available) bytes of data: it is cut off")
        }
        var bytes = size
        for extent in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw flaw("has the impossible shape \(shape)") }
            bytes = product
        }
        guard bytes == offsets[1] - offsets[0] else {
            throw flaw(
                "of shape \(shape) takes \(bytes) bytes, its offsets span "
                    + "\(offsets[1] - offsets[0])")
        }
        return Safetensors.Entry(
            name: member.name, type: type, shape: shape,
            byteRange: start + offsets[0]..<start + offsets[1])
    }

    private static func naturals(_ values: [JSONValue]) -> [Int]? {
        var result: [Int] = []
        for value in values {
            guard case .integer(let number) = value, number >= 0 else { return nil }
            result.append(number)
        }
        return result
    }

    /// The tensors must follow one another from the header's end to the file's.
    private static func checkCover(
        _ entries: [Safetensors.Entry], from start: Int, to end: Int, _ path: String
    ) throws(SubjectError) {
        var reached = start
        for entry in entries {
            guard entry.byteRange.lowerBound == reached else {
                let overlaps = entry.byteRange.lowerBound < reached
                throw .malformedFile(
                    path: path, place: "tensor \"\(entry.name)\"",
                    reason: overlaps ? "overlaps the one before it" : "leaves a hole before it")
            }
            reached = entry.byteRange.upperBound
        }
        guard reached == end else {
            throw .malformedFile(
                path: path, place: "the file",
                reason: "has \(end - reached) bytes that belong to no tensor")
        }
    }
}
