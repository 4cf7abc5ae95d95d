/// The alphabet of patterns: a character of ASCII, or the kind of any other character.
///
/// Curly quotes, dashes, bullets, ellipses and no-break spaces are folded to their ASCII forms, so
/// that expressions need to know one spelling only.
enum Symbol {
    static let letter: UInt8 = 128
    static let capital: UInt8 = 129
    static let digit: UInt8 = 130
    static let space: UInt8 = 131
    static let punctuation: UInt8 = 132
    static let other: UInt8 = 133
    static let count = 134

    /// What a symbol is, as bits.
    struct Kind: OptionSet {
        let rawValue: UInt8
        static let letter = Kind(rawValue: 1)
        static let capital = Kind(rawValue: 2)
        static let digit = Kind(rawValue: 4)
        static let space = Kind(rawValue: 8)
        static let punctuation = Kind(rawValue: 16)
        static let other = Kind(rawValue: 32)
        static let word: Kind = [.letter, .digit]
    }

    /// The kinds by symbol.
    static let kinds: [Kind] = (0..<UInt8(count)).map { symbol in
        switch symbol {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), letter: .letter
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), capital: [.letter, .capital]
        case UInt8(ascii: "0")...UInt8(ascii: "9"), digit: .digit
        case 9...13, 32, space: .space
        case 33...126, punctuation: .punctuation
        default: .other
        }
    }

    /// The symbol of a scalar and the scalar in its plain, small form.
    static func fold(_ scalar: Unicode.Scalar) -> (symbol: UInt8, folded: UInt32) {
        if let plain = plainForms[scalar.value] { return (plain, UInt32(plain)) }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: return (capital, lower(scalar))
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark,
            .enclosingMark:
            return (letter, scalar.value)
        case .decimalNumber, .letterNumber, .otherNumber: return (digit, scalar.value)
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return (space, scalar.value)
        case .control: return (properties.isWhitespace ? space : other, scalar.value)
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return (punctuation, scalar.value)
        default: return (other, scalar.value)
        }
    }

    /// The small form where it is one scalar, else the scalar itself.
    private static func lower(_ scalar: Unicode.Scalar) -> UInt32 {
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first?.value ?? scalar.value : scalar.value
    }

    private static let plainForms: [UInt32: UInt8] = {
        var forms: [UInt32: UInt8] = [:]
        let pairs: [(String, Unicode.Scalar)] = [
            ("\u{2018}\u{2019}\u{201A}\u{201B}\u{2032}\u{02BC}\u{FF07}", "'"),
            ("\u{201C}\u{201D}\u{201E}\u{201F}\u{00AB}\u{00BB}\u{2033}", "\""),
            ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}", "-"),
            ("\u{2022}\u{00B7}\u{25CF}\u{25AA}", "*"), ("\u{2026}", "."),
            ("\u{00A0}\u{2009}\u{202F}", " "),
        ]
        for (characters, plain) in pairs {
            for scalar in characters.unicodeScalars {
                forms[scalar.value] = UInt8(ascii: plain)
            }
        }
        return forms
    }()
}
