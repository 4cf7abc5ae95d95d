/// What rules ask of a unit beside its text, worked out once for each text.
struct UnitFacts: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        static let sentenceStart = Flags(rawValue: 1)
        static let lineStart = Flags(rawValue: 2)
        static let insideQuotes = Flags(rawValue: 4)
        static let capitalised = Flags(rawValue: 8)
        static let allCaps = Flags(rawValue: 16)
        static let containsDigit = Flags(rawValue: 32)
    }

    var flags: Flags = []
    /// Characters in the unit.
    let length: Int
    let classes: WordClasses

    private init(_ unit: TextUnits.Unit) {
        // Small letters from a to z: nothing more to say about most words.
        let isPlain = unit.text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A }
        length = isPlain || unit.bytes.count == 1 ? unit.bytes.count : unit.text.count
        classes = unit.kind == .word ? WordClasses(containing: unit.folded) : []
        guard unit.isWordlike, !isPlain else { return }
        if unit.text.first?.isUppercase == true { flags.insert(.capitalised) }
        if unit.text.contains(where: \.isUppercase), !unit.text.contains(where: \.isLowercase) {
            flags.insert(.allCaps)
        }
        if unit.text.contains(where: \.isNumber) { flags.insert(.containsDigit) }
    }

    static func list(_ units: [TextUnits.Unit]) -> [UnitFacts] {
        var result: [UnitFacts] = []
        result.reserveCapacity(units.count)
        var startsSentence = true
        var quoted = false
        for (index, unit) in units.enumerated() {
            var facts = UnitFacts(unit)
            if unit.kind == .newline { quoted = false }
            let mark = unit.isWordlike ? nil : quotation(unit)
            if mark == .closes || (mark == .either && quoted) {
                quoted = false
            } else if quoted {
                facts.flags.insert(.insideQuotes)
            } else if mark != nil {
                quoted = true
            }
            if unit.kind != .newline, index == 0 || units[index - 1].kind == .newline {
                facts.flags.insert(.lineStart)
            }
            if unit.isWordlike {
                if startsSentence { facts.flags.insert(.sentenceStart) }
                startsSentence = false
            } else if unit.kind == .newline || endsSentence(unit) {
                startsSentence = true
            } else if mark == nil, !isBracket(unit) {
                startsSentence = false
            }
            result.append(facts)
        }
        return result
    }

    private enum Quotation { case opens, closes, either }

    private static func quotation(_ unit: TextUnits.Unit) -> Quotation? {
        switch unit.text {
        case "\"": .either
        case "“", "«", "„": .opens
        case "”", "»": .closes
        default: nil
        }
    }

    private static func endsSentence(_ unit: TextUnits.Unit) -> Bool {
        guard unit.kind == .punctuation, let first = unit.text.first else { return false }
        return ".!?…。！？؟".contains(first)
    }

    private static func isBracket(_ unit: TextUnits.Unit) -> Bool {
        unit.text.count == 1 && "()[]{}'‘’*-—".contains(unit.text)
    }
}
