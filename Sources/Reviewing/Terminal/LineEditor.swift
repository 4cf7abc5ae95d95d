/// A text that is being typed, and where in it.
struct LineEditor: Hashable, Sendable {
    /// What is before the cursor.
    private(set) var before: String
    /// What is after it.
    private(set) var after = ""
    /// How many characters it takes at most.
    let limit: Int

    /// The cursor stands at the end.
    init(_ text: String = "", limit: Int = 10_000) {
        before = String(text.prefix(limit))
        self.limit = limit
    }

    var text: String { before + after }

    /// Changes the text or moves within it.
    ///
    /// Line ends come from control-J, or alt-Enter where a terminal has it: Enter is for who asked.
    /// - Returns: whether the key was one of an editor's.
    mutating func apply(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .control("j"), .alternate("\r"): insert("\n")
        case .paste(let text): insert(text)
        case .backspace, .control("h"): _ = before.popLast()
        case .delete, .control("d"): if !after.isEmpty { after.removeFirst() }
        case .left, .control("b"):
            if let last = before.popLast() { after.insert(last, at: after.startIndex) }
        case .right, .control("f"): if !after.isEmpty { before.append(after.removeFirst()) }
        case .home, .control("a"): (before, after) = ("", text)
        case .end, .control("e"): (before, after) = (text, "")
        case .control("u"): before = ""
        case .control("k"): after = ""
        case .control("w"): removeWord()
        default: return false
        }
        return true
    }

    private mutating func insert(_ text: String) {
        before += text.prefix(max(0, limit - before.count - after.count))
    }

    private mutating func removeWord() {
        while before.last?.isWhitespace == true { before.removeLast() }
        while let last = before.last, !last.isWhitespace { before.removeLast() }
    }
}
