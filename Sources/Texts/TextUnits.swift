/// A text cut into units by rules of our own, whatever a subject's tokenizer does.
///
/// Read first in this module: this, ``TextRule`` (a hypothesis about texts), ``TextInducer`` (finds
/// one), ``TextEdits`` (texts that put one to the test) and ``PlantedFeature`` (known truth). The
/// module must not know of models, instruments or files.
///
/// A unit is a run of letters and digits, one mark, one line break or one other character; blanks
/// separate units and belong to none. English clitics ('s, n't's 't, 'll) are units of their own, as
/// tokenizers cut them, and so is every Han or kana character.
public struct TextUnits: Hashable, Sendable {
    /// One unit, where it lies and what it says.
    public struct Unit: Hashable, Sendable {
        /// What a unit is made of.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Letters, perhaps with digits.
            case word
            /// Digits, with inner points and commas.
            case number
            /// A mark; a run of full stops or hyphens is one.
            case punctuation
            /// One line break.
            case newline
            /// Emoji and everything else.
            case symbol
        }

        public let kind: Kind
        /// Where the unit lies, in UTF-8 bytes of the text.
        public let bytes: Range<Int>
        /// Exactly as written.
        public let text: String
        /// In lower case and composed form: two units are the same word when these are equal.
        public let folded: String
        /// Whether blanks come right before it.
        public let hasSpaceBefore: Bool

        /// Whether it is a word or a number rather than a mark.
        public var isWordlike: Bool { kind == .word || kind == .number }
    }

    /// Units past this many are not cut; see ``isComplete``.
    public static let unitLimit = 8_192
    /// Characters past this many are not read.
    public static let characterLimit = 1 << 18

    public let text: String
    public let units: [Unit]
    /// False when the text passes ``unitLimit`` or ``characterLimit``: the rest belongs to no unit.
    public let isComplete: Bool
    /// What rules ask of each unit and that depends on its surroundings.
    let facts: [UnitFacts]

    /// - Complexity: O(bytes).
    public init(_ text: String) {
        var cutter = UnitCutter(text)
        self.text = text
        units = cutter.cut()
        isComplete = cutter.isAtEnd
        facts = UnitFacts.list(units)
    }

    /// The unit that contains a byte, or the next one after it; nil past the last unit.
    ///
    /// - Complexity: O(log units).
    public func unit(atByte byte: Int) -> Int? {
        var low = 0
        var high = units.count
        while low < high {
            let middle = (low + high) / 2
            if units[middle].bytes.upperBound <= byte { low = middle + 1 } else { high = middle }
        }
        return low < units.count ? low : nil
    }

    /// Two are equal when their texts have the same bytes.
    public static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
