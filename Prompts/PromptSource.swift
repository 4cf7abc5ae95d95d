/// One file of a prompt set.
struct PromptSource: Hashable, Sendable {
    /// Relative to the set's folder: "explain-othello/proposer.md".
    let path: String
    /// How messages name it: `path`, with the user's folder before it when it lies there.
    let label: String
    /// With "\n" as its line end.
    let text: String
    let isUsers: Bool

    init(path: String, label: String, text: String, isUsers: Bool) {
        self.path = path
        self.label = label
        self.text = String(decoding: Self.plainLines(text.utf8), as: UTF8.self)
        self.isUsers = isUsers
    }

    /// CR LF as LF, so that a file means the same whatever editor saved it.
    private static func plainLines(_ bytes: String.UTF8View) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == 0x0A, result.last == 0x0D { result.removeLast() }
            result.append(byte)
        }
        return result
    }

    /// The first line with a character that an editor would not show, or nil.
    var hiddenCharacter: PromptError? {
        var line = 1
        for scalar in text.unicodeScalars {
            if scalar == "\n" { line += 1 }
            guard scalar.properties.generalCategory == .control || scalar == "\u{FEFF}",
                scalar != "\n", scalar != "\t"
            else { continue }
            let code = String(scalar.value, radix: 16, uppercase: true)
            return .form(
                PromptPlace(file: label, line: line),
                reason: "has the hidden character U+\(code); remove it")
        }
        return nil
    }
}
