/// Text that others wrote, as glyphs that a terminal may be given.
///
/// Items are read by people who decide on them, so a text must neither take hold of the terminal
/// nor look like another text. Control characters (with them all escape sequences), marks that turn
/// the direction of writing, invisible characters, private and unassigned ones are shown as their
/// number, `<U+202E>`; marks that pile up are too, and a mark without a letter stands on a circle.
public enum SafeText {
    /// How many marks one letter may carry.
    static let markLimit = 4

    /// The lines of a text, of which `limit` characters at most are shown.
    static func lines(_ text: String, limit: Int = 20_000) -> [[Glyph]] {
        var builder = Builder()
        var left = limit
        for scalar in text.unicodeScalars {
            guard left > 0 else {
                builder.standIn("<\(text.unicodeScalars.count - limit) more>")
                break
            }
            left -= 1
            builder.add(scalar)
        }
        return builder.finish()
    }

    /// A text in one line: what begins a new one is shown as its number.
    static func line(_ text: String, limit: Int = 1000) -> [Glyph] {
        let lines = lines(text, limit: limit)
        return Array(lines.joined(separator: standIn("<U+000A>")))
    }

    /// A text for output that is not painted, with the same stand-ins; lines stay lines.
    public static func plain(_ text: String, limit: Int = 20_000) -> String {
        lines(text, limit: limit).map { $0.map(\.text).joined() }.joined(separator: "\n")
    }

    static func standIn(_ text: String) -> [Glyph] {
        text.map { Glyph($0, isStandIn: true) }
    }

    /// Whether a scalar may be shown as itself.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        // Letters that draw nothing: Hangul fillers and the braille blank.
        default: !(invisible.contains(scalar.value))
        }
    }

    private static let invisible: Set<UInt32> = [0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F]

    /// Turns scalars into lines of glyphs.
    private struct Builder {
        private var lines: [[Glyph]] = []
        private var line: [Glyph] = []
        /// What is shown as itself and not yet cut into characters.
        private var run = String.UnicodeScalarView()
        private var marks = 0
        private var endedWithReturn = false

        mutating func add(_ scalar: Unicode.Scalar) {
            defer { endedWithReturn = scalar == "\r" }
            if scalar == "\n" {
                if endedWithReturn { line.removeLast(Self.carriageReturn.count) }
                return endLine()
            }
            switch scalar {
            case "\t":
                cut()
                let width = line.reduce(0) { $0 + $1.width }
                line += Array(repeating: Glyph(" "), count: 4 - width % 4)
            case "\r": standIn(Self.carriageReturn)
            case _ where isMark(scalar): addMark(scalar)
            case _ where SafeText.isPlain(scalar) || joinsEmoji(scalar):
                run.append(scalar)
                marks = 0
            default: standIn(number(scalar))
            }
        }

        mutating func standIn(_ text: String) {
            cut()
            line += SafeText.standIn(text)
        }

        mutating func finish() -> [[Glyph]] {
            endLine()
            return lines
        }

        private static let carriageReturn = "<U+000D>"

        private func isMark(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: SafeText.isPlain(scalar)
            default: false
            }
        }

        private mutating func addMark(_ scalar: Unicode.Scalar) {
            guard marks < SafeText.markLimit else {
                standIn(number(scalar))
                marks = SafeText.markLimit
                return
            }
            if run.isEmpty { run.append("\u{25CC}") }
            run.append(scalar)
            marks += 1
        }

        /// A joiner after an emoji, as in the emoji of families.
        private func joinsEmoji(_ scalar: Unicode.Scalar) -> Bool {
            guard scalar == "\u{200D}", let last = run.last else { return false }
            return last.properties.isEmojiPresentation || last.properties.isEmojiModifier
                || last == "\u{FE0F}"
        }

        private func number(_ scalar: Unicode.Scalar) -> String {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
        }

        private mutating func cut() {
            line += String(run).map { Glyph($0) }
            run = String.UnicodeScalarView()
            marks = 0
        }

        private mutating func endLine() {
            cut()
            lines.append(line)
            line = []
        }
    }
}
