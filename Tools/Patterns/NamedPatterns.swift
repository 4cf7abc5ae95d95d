/// The patterns with a name that every expression may use: `pattern(url)`.
struct NamedPatterns: Sendable {
    struct Entry: Sendable {
        let name: String
        let source: String
        /// What it finds, in plain words.
        let title: String
    }

    let entries: [Entry]

    static let file = "Standard/patterns.txt"
    static let shipped = NamedPatterns(
        String(decoding: PackageResources.patterns_txt, as: UTF8.self))

    /// Lines of a name, a pattern between slashes, and what it finds.
    private init(_ text: String) {
        entries = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            guard let open = line.firstIndex(of: "/"), let close = line.lastIndex(of: "/"),
                open < close
            else { preconditionFailure("\(Self.file): no pattern between slashes in: \(line)") }
            return Entry(
                name: line[..<open].trimmed,
                source: String(line[line.index(after: open)..<close]),
                title: line[line.index(after: close)...].trimmed)
        }
    }

    func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}

extension Substring {
    var trimmed: String {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
