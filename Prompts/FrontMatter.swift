/// The lines `key: value` between two lines `---` at the top of a prompt's file.
struct FrontMatter {
    /// What follows them, and the line on which it starts.
    let body: String
    let bodyLine: Int
    private let file: String
    private var entries: [String: (value: String, line: Int)] = [:]

    /// - Parameter keys: what may be said; anything else is refused by name.
    init(_ source: PromptSource, keys: [String]) throws(PromptError) {
        let lines = source.text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        file = source.label
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            throw .form(
                PromptPlace(file: file, line: 1),
                reason: "starts with no front matter; write lines \"key: value\" between two lines "
                    + "\"---\" (keys: \(PromptError.list(keys)))")
        }
        body = lines[(end + 1)...].joined(separator: "\n")
        bodyLine = end + 2
        for (index, line) in lines[1..<end].enumerated() {
            try read(line, at: PromptPlace(file: file, line: index + 2), keys)
        }
    }

    private mutating func read(
        _ line: String, at place: PromptPlace, _ keys: [String]
    ) throws(PromptError) {
        guard let colon = line.firstRange(of: ": "), colon.lowerBound > line.startIndex else {
            throw .form(place, reason: "\"\(line)\" is no line \"key: value\"")
        }
        let key = String(line[..<colon.lowerBound])
        var value = line[colon.upperBound...].drop { $0 == " " }
        while value.last == " " { value.removeLast() }
        guard keys.contains(key) else {
            throw .form(
                place, reason: "\"\(key)\" is not known here; known are \(PromptError.list(keys))")
        }
        guard entries[key] == nil else {
            throw .form(place, reason: "\"\(key)\" is said twice; remove one")
        }
        entries[key] = (String(value), place.line)
    }

    func has(_ key: String) -> Bool { entries[key] != nil }

    /// The value of `key`, as `read` understands it.
    ///
    /// - Parameter wanted: what `read` understands, for the message when it does not.
    func value<Value>(
        _ key: String, _ wanted: String, _ read: (String) -> Value?
    ) throws(PromptError) -> Value {
        guard let entry = entries[key] else {
            throw .form(
                PromptPlace(file: file, line: 1), reason: "says no \"\(key)\"; write \(wanted)")
        }
        guard let value = read(entry.value) else {
            throw .form(
                PromptPlace(file: file, line: entry.line),
                reason: "\(key): \"\(entry.value)\" will not do; write \(wanted)")
        }
        return value
    }
}
