import Foundation

/// Cuts a text into units, character by character.
struct UnitCutter {
    private let characters: [Character]
    /// Where each character starts, in bytes; one more for the end.
    private let offsets: [Int]
    private var position = 0
    private static let clitics: Set<String> = ["s", "t", "re", "ll", "ve", "d", "m"]

    /// Whether the text has more characters than are read.
    private let isShortened: Bool

    init(_ text: String) {
        let read = text.prefix(TextUnits.characterLimit)
        characters = Array(read)
        isShortened = read.endIndex != text.endIndex
        var offsets = [0]
        offsets.reserveCapacity(characters.count + 1)
        var offset = 0
        for character in characters {
            offset += character.utf8.count
            offsets.append(offset)
        }
        self.offsets = offsets
    }

    /// Whether nothing but blanks is left.
    var isAtEnd: Bool { !isShortened && characters[position...].allSatisfy(Self.isBlank) }

    mutating func cut() -> [TextUnits.Unit] {
        var units: [TextUnits.Unit] = []
        while units.count < TextUnits.unitLimit {
            let before = position
            while position < characters.count, Self.isBlank(characters[position]) { position += 1 }
            guard position < characters.count else { break }
            let start = position
            let kind = advance()
            let text = String(characters[start..<position])
            units.append(
                TextUnits.Unit(
                    kind: kind, bytes: offsets[start]..<offsets[position], text: text,
                    folded: Self.fold(text), hasSpaceBefore: start > before))
        }
        return units
    }

    /// Lower case in composed form.
    static func fold(_ text: String) -> String {
        let lower = text.lowercased()
        return lower.utf8.allSatisfy { $0 < 0x80 }
            ? lower : lower.precomposedStringWithCanonicalMapping
    }

    /// Moves past one unit and says what it is.
    private mutating func advance() -> TextUnits.Unit.Kind {
        let first = characters[position]
        if first.isNewline {
            position += 1
            return .newline
        }
        if isClitic(at: position) {
            position += 1
            while position < characters.count, characters[position].isLetter { position += 1 }
            return .word
        }
        if Self.standsAlone(first) {
            position += 1
            return .word
        }
        if first.isLetter || first.isNumber { return advanceOverWord() }
        guard first.isPunctuation else {
            position += 1
            return .symbol
        }
        position += 1
        if first == "." || first == "-" {
            while position < characters.count, characters[position] == first { position += 1 }
        }
        return .punctuation
    }

    private mutating func advanceOverWord() -> TextUnits.Unit.Kind {
        var hasLetter = false
        while position < characters.count {
            let next = characters[position]
            if Self.standsAlone(next) { break }
            if next.isLetter {
                hasLetter = true
            } else if !next.isNumber, !joins(at: position, afterLetter: hasLetter) {
                break
            }
            position += 1
        }
        return hasLetter ? .word : .number
    }

    /// Whether the mark at `index` belongs to the word or number round it: O'Brien, 3.14, 1,000.
    private func joins(at index: Int, afterLetter: Bool) -> Bool {
        guard index > 0, index + 1 < characters.count else { return false }
        let mark = characters[index]
        let (before, after) = (characters[index - 1], characters[index + 1])
        if mark == "'" || mark == "’" {
            return before.isLetter && after.isLetter && !isClitic(at: index)
        }
        return (mark == "." || mark == ",") && !afterLetter && before.isNumber && after.isNumber
    }

    /// Whether an apostrophe at `index` starts a clitic: it follows a letter, and one of the endings
    /// follows it and ends the word.
    private func isClitic(at index: Int) -> Bool {
        guard index > 0, characters[index] == "'" || characters[index] == "’",
            characters[index - 1].isLetter
        else { return false }
        var end = index + 1
        while end < characters.count, end < index + 4,
            characters[end].isLetter || characters[end].isNumber
        { end += 1 }
        return Self.clitics.contains(String(characters[(index + 1)..<end]).lowercased())
    }

    private static func isBlank(_ character: Character) -> Bool {
        !character.isNewline
            && character.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
    }

    /// Characters of scripts that are written without blanks.
    private static func standsAlone(_ character: Character) -> Bool {
        guard let value = character.unicodeScalars.first?.value, value >= 0x3040 else {
            return false
        }
        return (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
            || (0xF900...0xFAFF).contains(value) || (0x20000...0x3FFFF).contains(value)
    }
}
