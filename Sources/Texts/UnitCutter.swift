import Foundation

/// Cuts a text into units, character by character.
struct UnitCutter {
    /// What each character is. Plain ASCII is looked up, as edits cut thousands of texts a second.
    private let symbols: [Symbol]
    /// Where each character starts, in bytes; one more for the end.
    private let offsets: [Int]
    private let bytes: [UInt8]
    private var position = 0
    private static let clitics: Set<String> = ["s", "t", "re", "ll", "ve", "d", "m"]

    /// Whether the text has more characters than are read.
    private let isShortened: Bool

    init(_ text: String) {
        bytes = Array(text.utf8)
        // A carriage return and the line feed after it are one character.
        if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x0D }) {
            let count = min(bytes.count, TextUnits.characterLimit)
            isShortened = count < bytes.count
            symbols = bytes[..<count].map { Symbol.ascii[Int($0)] }
            offsets = Array(0...count)
            return
        }
        let read = text.prefix(TextUnits.characterLimit)
        isShortened = read.endIndex != text.endIndex
        symbols = read.map(Symbol.init)
        var offsets = [0]
        offsets.reserveCapacity(symbols.count + 1)
        for character in read { offsets.append(offsets[offsets.count - 1] + character.utf8.count) }
        self.offsets = offsets
    }

    /// Whether nothing but blanks is left.
    var isAtEnd: Bool {
        !isShortened && symbols[position...].allSatisfy { $0.traits.contains(.blank) }
    }

    mutating func cut() -> [TextUnits.Unit] {
        var units: [TextUnits.Unit] = []
        while units.count < TextUnits.unitLimit {
            let before = position
            while position < symbols.count, symbols[position].traits.contains(.blank) {
                position += 1
            }
            guard position < symbols.count else { break }
            let start = position
            let kind = advance()
            let text = self.text(start..<position)
            units.append(
                TextUnits.Unit(
                    kind: kind, bytes: offsets[start]..<offsets[position], text: text,
                    folded: Self.fold(text), hasSpaceBefore: start > before))
        }
        return units
    }

    private func text(_ range: Range<Int>) -> String {
        String(
            decoding: bytes[offsets[range.lowerBound]..<offsets[range.upperBound]], as: UTF8.self)
    }

    /// Lower case in composed form.
    static func fold(_ text: String) -> String {
        var isPlain = true
        for byte in text.utf8 {
            if byte >= 0x80 { return text.lowercased().precomposedStringWithCanonicalMapping }
            if byte >= 0x41, byte <= 0x5A { isPlain = false }
        }
        return isPlain ? text : text.lowercased()
    }

    /// Moves past one unit and says what it is.
    private mutating func advance() -> TextUnits.Unit.Kind {
        let first = symbols[position]
        if first.traits.contains(.newline) {
            position += 1
            return .newline
        }
        if isClitic(at: position) {
            position += 1
            while position < symbols.count, symbols[position].traits.contains(.letter) {
                position += 1
            }
            return .word
        }
        if first.traits.contains(.alone) {
            position += 1
            return .word
        }
        if first.isAlphanumeric { return advanceOverWord() }
        position += 1
        guard first.traits.contains(.punctuation) else { return .symbol }
        if first.mark == .point || first.mark == .hyphen {
            while position < symbols.count, symbols[position].mark == first.mark { position += 1 }
        }
        return .punctuation
    }

    private mutating func advanceOverWord() -> TextUnits.Unit.Kind {
        var hasLetter = false
        while position < symbols.count {
            let next = symbols[position]
            if next.traits.contains(.alone) { break }
            if next.traits.contains(.letter) {
                hasLetter = true
            } else if !next.isAlphanumeric, !joins(at: position, afterLetter: hasLetter) {
                break
            }
            position += 1
        }
        return hasLetter ? .word : .number
    }

    /// Whether the mark at `index` belongs to the word or number round it: O'Brien, 3.14, 1,000.
    private func joins(at index: Int, afterLetter: Bool) -> Bool {
        guard index > 0, index + 1 < symbols.count else { return false }
        let (before, after) = (symbols[index - 1].traits, symbols[index + 1].traits)
        switch symbols[index].mark {
        case .apostrophe:
            return before.contains(.letter) && after.contains(.letter) && !isClitic(at: index)
        case .point, .comma:
            return !afterLetter && before.contains(.number) && after.contains(.number)
        case .hyphen, nil: return false
        }
    }

    /// Whether an apostrophe at `index` starts a clitic: it follows a letter, and one of the endings
    /// follows it and ends the word.
    private func isClitic(at index: Int) -> Bool {
        guard index > 0, symbols[index].mark == .apostrophe,
            symbols[index - 1].traits.contains(.letter)
        else { return false }
        var end = index + 1
        while end < symbols.count, end < index + 4, symbols[end].isAlphanumeric { end += 1 }
        return Self.clitics.contains(text(index + 1..<end).lowercased())
    }
}
