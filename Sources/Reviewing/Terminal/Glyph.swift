/// What a terminal shows as one: a character with its marks, or a stand-in for something that must
/// not reach a terminal.
struct Glyph: Hashable, Sendable {
    /// Free of control characters, never empty.
    let text: String
    /// The columns it takes, at least 1.
    let width: Int
    /// Whether it is part of a stand-in such as `<U+202E>`; shown in reverse, so that nobody can
    /// write one themselves.
    let isStandIn: Bool
    /// How it looks; nil where that of its line is right.
    var style: Style?

    /// - Precondition: the character has been through ``SafeText``.
    init(_ character: Character, isStandIn: Bool = false, style: Style? = nil) {
        text = String(character)
        width = max(1, CellWidth.of(character))
        self.isStandIn = isStandIn
        self.style = style
    }
}

/// How many columns of a terminal a character takes.
///
/// Terminals disagree about some sequences of emoji and about the scripts of India; the
/// ``Painter`` therefore moves the cursor by itself after whatever is not ASCII.
/// - Source: Unicode Standard Annex 11, East Asian Width, Unicode 16.
enum CellWidth {
    static func of(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.count == 1 { return of(first) }
        if isEmojiSequence(scalars) { return 2 }
        return scalars.reduce(0) { $0 + of($1) }
    }

    /// Marks 0, wide East Asian characters and emoji 2, all others 1.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The vowels and ends of Hangul syllables join what comes before.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        let isWide =
            scalar.properties.isEmojiPresentation
            || wide.contains { $0.contains(scalar.value) }
        return isWide ? 2 : 1
    }

    private static func isEmojiSequence(_ scalars: Character.UnicodeScalarView) -> Bool {
        guard let first = scalars.first, first.properties.isEmoji else { return false }
        return scalars.dropFirst().contains {
            $0 == "\u{FE0F}" || $0 == "\u{200D}" || $0.properties.isEmojiModifier
                || (0x1F1E6...0x1F1FF).contains($0.value)
        }
    }

    /// Wide and fullwidth ranges beside the emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x2E80...0x303E, 0x3041...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376,
        0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]
}
