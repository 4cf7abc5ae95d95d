/// A general category of Unicode, numbered so that sets of them fit a word.
enum Category: UInt8, Sendable {
    case unassigned, uppercaseLetter, lowercaseLetter, titlecaseLetter, modifierLetter, otherLetter
    case nonspacingMark, spacingMark, enclosingMark
    case decimalNumber, letterNumber, otherNumber
    case connectorPunctuation, dashPunctuation, openPunctuation, closePunctuation
    case initialPunctuation, finalPunctuation, otherPunctuation
    case mathSymbol, currencySymbol, modifierSymbol, otherSymbol
    case spaceSeparator, lineSeparator, paragraphSeparator
    case control, format, surrogate, privateUse

    init(_ category: Unicode.GeneralCategory) {
        self =
            switch category {
            case .unassigned: .unassigned
            case .uppercaseLetter: .uppercaseLetter
            case .lowercaseLetter: .lowercaseLetter
            case .titlecaseLetter: .titlecaseLetter
            case .modifierLetter: .modifierLetter
            case .otherLetter: .otherLetter
            case .nonspacingMark: .nonspacingMark
            case .spacingMark: .spacingMark
            case .enclosingMark: .enclosingMark
            case .decimalNumber: .decimalNumber
            case .letterNumber: .letterNumber
            case .otherNumber: .otherNumber
            case .connectorPunctuation: .connectorPunctuation
            case .dashPunctuation: .dashPunctuation
            case .openPunctuation: .openPunctuation
            case .closePunctuation: .closePunctuation
            case .initialPunctuation: .initialPunctuation
            case .finalPunctuation: .finalPunctuation
            case .otherPunctuation: .otherPunctuation
            case .mathSymbol: .mathSymbol
            case .currencySymbol: .currencySymbol
            case .modifierSymbol: .modifierSymbol
            case .otherSymbol: .otherSymbol
            case .spaceSeparator: .spaceSeparator
            case .lineSeparator: .lineSeparator
            case .paragraphSeparator: .paragraphSeparator
            case .control: .control
            case .format: .format
            case .surrogate: .surrogate
            case .privateUse: .privateUse
            @unknown default: .unassigned
            }
    }

    var bit: UInt32 { 1 << UInt32(rawValue) }

    var isLetter: Bool { bit & Self.letters != 0 }
    var isMark: Bool { bit & Self.marks != 0 }
    var isNumber: Bool { bit & Self.numbers != 0 }
    var isPunctuation: Bool { bit & Self.punctuation != 0 }
    var isSymbol: Bool { bit & Self.symbols != 0 }

    private static func bits(_ first: Self, _ last: Self) -> UInt32 {
        (last.bit << 1) - first.bit
    }

    static let letters = bits(.uppercaseLetter, .otherLetter)
    static let marks = bits(.nonspacingMark, .enclosingMark)
    static let numbers = bits(.decimalNumber, .otherNumber)
    static let punctuation = bits(.connectorPunctuation, .otherPunctuation)
    static let symbols = bits(.mathSymbol, .otherSymbol)
    static let separators = bits(.spaceSeparator, .paragraphSeparator)

    /// The categories that `\p{name}` means, or nil for a name that is not known here.
    static func named(_ name: String) -> UInt32? {
        groups[name] ?? singles[name]?.bit
    }

    private static let groups: [String: UInt32] = [
        "L": letters, "M": marks, "N": numbers, "P": punctuation, "S": symbols, "Z": separators,
    ]

    private static let singles: [String: Category] = [
        "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter,
        "Lm": .modifierLetter, "Lo": .otherLetter, "Mn": .nonspacingMark, "Mc": .spacingMark,
        "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber, "No": .otherNumber,
        "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
        "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation,
        "Po": .otherPunctuation, "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol,
        "So": .otherSymbol, "Zs": .spaceSeparator, "Zl": .lineSeparator,
        "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format,
    ]
}
