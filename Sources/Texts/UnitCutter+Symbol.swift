extension UnitCutter {
    /// What cutting asks of a character.
    struct Symbol {
        struct Traits: OptionSet {
            let rawValue: UInt8
            static let letter = Traits(rawValue: 1)
            static let number = Traits(rawValue: 2)
            static let punctuation = Traits(rawValue: 4)
            static let newline = Traits(rawValue: 8)
            static let blank = Traits(rawValue: 16)
            /// Of a script that is written without blanks.
            static let alone = Traits(rawValue: 32)
        }

        /// Marks that can be more than one mark by itself.
        enum Mark { case apostrophe, point, comma, hyphen }

        let traits: Traits
        let mark: Mark?

        var isAlphanumeric: Bool { !traits.isDisjoint(with: [.letter, .number]) }

        init(_ character: Character) {
            var traits: Traits = []
            if character.isLetter { traits.insert(.letter) }
            if character.isNumber { traits.insert(.number) }
            if character.isPunctuation { traits.insert(.punctuation) }
            if character.isNewline {
                traits.insert(.newline)
            } else if character.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) {
                traits.insert(.blank)
            }
            if Self.standsAlone(character) { traits.insert(.alone) }
            self.traits = traits
            mark =
                switch character {
                case "'", "’": .apostrophe
                case ".": .point
                case ",": .comma
                case "-": .hyphen
                default: nil
                }
        }

        /// By code, from the same rules.
        static let ascii: [Symbol] = (UInt8(0)..<0x80).map {
            Symbol(Character(Unicode.Scalar($0)))
        }

        private static func standsAlone(_ character: Character) -> Bool {
            guard let value = character.unicodeScalars.first?.value, value >= 0x3040 else {
                return false
            }
            return (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
                || (0xF900...0xFAFF).contains(value) || (0x20000...0x3FFFF).contains(value)
        }
    }
}
