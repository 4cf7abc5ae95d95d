/// What the components of a tokenizer call a letter, a number, a space, a sign.
///
/// The reference is built from parts that know different editions of Unicode: its regular
/// expressions (Oniguruma) know 16.0, the properties of Rust 17.0 and 16.0, the classes of BERT's
/// normaliser 8.0, those of `StripAccents` 9.0. A later edition never takes a character away, so
/// each is had from the properties of today by the age of the character; the few whose category
/// was corrected since are listed here.
///
/// - Source: tokenizers 0.23 (`onig`, `regex`, `unicode_categories`,
///   `unicode-normalization-alignments`). Parity: every scalar of every class, by test.
struct ScalarClasses: Sendable {
    static let standard = ScalarClasses()

    /// Bits 0–7 hold the general category as a number, the others these.
    struct Flags {
        static let letter: UInt32 = 1 << 8
        static let number: UInt32 = 1 << 9
        static let space: UInt32 = 1 << 10
        /// `\w` of Oniguruma.
        static let word: UInt32 = 1 << 11
        /// `\w` of Rust's `regex`.
        static let plainWord: UInt32 = 1 << 12
        /// `char::is_numeric` of Rust.
        static let numeric: UInt32 = 1 << 13
        static let punctuation: UInt32 = 1 << 14
        /// What `BertNormalizer` drops when it cleans a text.
        static let control: UInt32 = 1 << 15
        /// What `StripAccents` drops.
        static let mark: UInt32 = 1 << 16
        /// What `BertNormalizer` drops with accents.
        static let nonspacing: UInt32 = 1 << 17
    }

    private let table: ScalarTable

    private init() { table = ScalarTable(Self.flags) }

    /// The flags and, in the low byte, the category (as in ``Category``) by Unicode 16.0.
    subscript(scalar: UInt32) -> UInt32 { table[scalar] }

    func has(_ flag: UInt32, _ scalar: UInt32) -> Bool { table[scalar] & flag != 0 }

    private static func flags(_ scalar: Unicode.Scalar) -> UInt32 {
        let properties = scalar.properties
        let age = properties.age.map { $0.major * 100 + $0.minor } ?? .max
        let category = Category(properties.generalCategory)
        var flags: UInt32 = 0
        func set(_ flag: UInt32, _ condition: Bool) { if condition { flags |= flag } }
        let isIn16 = age <= 1600
        // U+0295 became an "other letter" in 17.0.
        let categoryIn16 = scalar.value == 0x295 ? .lowercaseLetter : category
        if isIn16 { flags = UInt32(categoryIn16.rawValue) }
        set(Flags.letter, isIn16 && category.isLetter)
        set(Flags.number, isIn16 && category.isNumber)
        set(Flags.space, properties.isWhitespace)
        let isWord =
            properties.isAlphabetic || category.isMark || category == .decimalNumber
            || category == .connectorPunctuation
        let isLatin1Number = [0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE].contains(scalar.value)
        set(Flags.word, isIn16 && (isWord || isLatin1Number))
        set(Flags.plainWord, isIn16 && (isWord || properties.isJoinControl))
        set(Flags.numeric, age <= 1700 && category.isNumber)
        set(Flags.punctuation, isPunctuation(scalar, category, age))
        set(Flags.control, isControl(scalar, category, age))
        set(Flags.mark, age <= 900 && category.isMark && scalar.value != 0x111C9)
        set(Flags.nonspacing, age <= 800 && category == .nonspacingMark)
        switch scalar.value {
        case 0x1CF2, 0x1CF3: flags |= Flags.mark
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: flags &= ~Flags.nonspacing
        case 0x1734, 0x1171E: flags |= Flags.nonspacing
        default: break
        }
        return flags
    }

    private static func isPunctuation(
        _ scalar: Unicode.Scalar, _ category: Category, _ age: Int
    ) -> Bool {
        if scalar.isASCII { return category.isPunctuation || category.isSymbol }
        return age <= 800 && category.isPunctuation || scalar.value == 0x166D
            || scalar.value == 0x111C9
    }

    private static func isControl(
        _ scalar: Unicode.Scalar, _ category: Category, _ age: Int
    ) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0, 0xFFFD: true
        default:
            age <= 800 && (category == .control || category == .format || category == .privateUse)
        }
    }
}
