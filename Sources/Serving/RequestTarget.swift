/// The target of a request: "/path?query", decoded once.
struct RequestTarget: Equatable {
    let segments: [String]
    let query: [String: String]

    /// - Throws: 400 for anything but the origin form, and for a path that some reader could take
    ///   for another: with empty segments, dots, encoded slashes, control characters or text that
    ///   is not UTF-8.
    init(_ bytes: ArraySlice<UInt8>, fieldLimit: Int) throws(RequestFault) {
        guard bytes.first == UInt8(ascii: "/"),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else { throw .badRequest("The request's target is not a path.") }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        segments = try Self.segments(of: bytes[..<mark].dropFirst())
        query = try FormFields.decode(bytes[mark...].dropFirst(), limit: fieldLimit)
    }

    private static func segments(of path: ArraySlice<UInt8>) throws(RequestFault) -> [String] {
        guard !path.isEmpty else { return [] }
        var segments: [String] = []
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for part in parts {
            guard let segment = FormFields.percentDecoded(part), isPlain(segment) else {
                throw .badRequest("The path holds an empty or a forbidden segment.")
            }
            segments.append(segment)
        }
        return segments
    }

    private static func isPlain(_ segment: String) -> Bool {
        !segment.isEmpty && segment != "." && segment != ".."
            && segment.utf8.allSatisfy {
                $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
            }
    }
}
