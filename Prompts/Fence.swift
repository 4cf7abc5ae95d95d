import Digests

/// How much data a hole takes.
struct FenceLimit: Hashable, Sendable {
    /// In Unicode scalars of what is shown.
    let count: Int
    /// Whether longer data is cut, and marked so, rather than refused.
    let cuts: Bool

    static let standard = FenceLimit(count: 20_000, cuts: false)
    static let allowed = 1...1_000_000
}

/// Puts data between two lines that it cannot contain, so that a model can tell where it ends.
///
/// The lines carry a token from the hash of what stands between them. Whoever writes the data would
/// have to find a text that holds its own hash; should one ever do, the next token of the sequence is
/// taken, so the closing line never occurs in the data. The same data gives the same fence, which
/// keeps rendering reproducible and calls cacheable.
enum Fence {
    /// A fenced text of whole lines.
    ///
    /// - Returns: nil when the data is longer than a limit that does not cut.
    static func render(_ data: String, limit: FenceLimit) -> String? {
        let (body, shown, total) = visible(data, limit: limit.count)
        guard shown == total || limit.cuts else { return nil }
        let token = token(for: body)
        let end = body.isEmpty || body.utf8.last == UInt8(ascii: "\n") ? "" : "\n"
        var text = "<data-\(token)>\n\(body)\(end)</data-\(token)>\n"
        // Outside the fence, where the data cannot forge it.
        if shown < total {
            text += "(The data above was cut here: \(shown) of \(total) characters are shown.)\n"
        }
        return text
    }

    /// The length that counts against a limit.
    static func length(_ data: String) -> Int { visible(data, limit: 0).total }

    /// The data with everything that a reader cannot see spelt out as ⟨U+200B⟩: control characters
    /// but tab and line end, format and bidirectional marks, zero-width and ignorable characters,
    /// private and unassigned ones. CR LF is one line end.
    ///
    /// - Returns: whole spelt-out characters up to `limit`, and the length before and after.
    static func visible(_ data: String, limit: Int) -> (body: String, shown: Int, total: Int) {
        var body = String.UnicodeScalarView()
        var shown = 0
        var total = 0
        var afterReturn = false
        func add(_ scalars: some Collection<Unicode.Scalar>) {
            if shown == total, total + scalars.count <= limit {
                body.append(contentsOf: scalars)
                shown += scalars.count
            }
            total += scalars.count
        }
        for scalar in data.unicodeScalars {
            if afterReturn, scalar != "\n" { add(spelling(of: "\r").unicodeScalars) }
            afterReturn = scalar == "\r"
            if afterReturn { continue }
            if isVisible(scalar) {
                add(CollectionOfOne(scalar))
            } else {
                add(spelling(of: scalar).unicodeScalars)
            }
        }
        if afterReturn { add(spelling(of: "\r").unicodeScalars) }
        return (String(body), shown, total)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\n" || scalar == "\t" { return true }
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
            .surrogate:
            return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func spelling(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "⟩"
    }

    /// The first of the candidates that does not occur in `body`, whatever its letter case.
    ///
    /// - Parameter candidate: the token of an attempt, in small letters and digits.
    static func token(
        for body: String, candidate: (Int) -> String
    ) -> String {
        let bytes = body.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        var attempt = 0
        while true {
            let token = candidate(attempt)
            if bytes.firstRange(of: Array(token.utf8)) == nil { return token }
            attempt += 1
        }
    }

    static func token(for body: String) -> String {
        token(for: body) { attempt in
            var hasher = SHA256()
            hasher.update("conjecture data fence \(attempt)\n")
            hasher.update(body)
            return String(hasher.finalize().hex.prefix(16))
        }
    }
}
