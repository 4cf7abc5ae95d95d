/// Texts from rows and proposers as people may be shown them: bounded, and without what would act on
/// the page, the terminal or the file that they are shown in. Escaping is left to each of these.
enum ShownText {
    /// Cut to so many characters; how much one character may hold is bounded as well.
    static func bounded(_ text: String, _ limit: Int) -> String {
        let held = text.unicodeScalars.prefix(limit * 8)
        let shown = String(String.UnicodeScalarView(held)).prefix(limit)
        return shown.utf8.count < text.utf8.count ? shown + "…" : String(shown)
    }

    /// On one line, with control characters and marks that turn the direction of writing replaced.
    static func plain(_ text: String, _ limit: Int) -> String {
        var result = ""
        for scalar in bounded(text, limit).unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t", "\u{85}", "\u{2028}", "\u{2029}": result += " "
            case _ where isControl(scalar) || turnsDirection(scalar): result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Source as whoever approves it must see it: what turns the direction of writing is spelt out.
    static func source(_ text: String, _ limit: Int) -> String {
        var result = ""
        for scalar in bounded(text, limit).unicodeScalars {
            if turnsDirection(scalar) {
                result += "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension HTML {
    /// A text from a row or a proposer within a sentence of ours: it cannot turn the words round it.
    static func data(_ text: String, _ limit: Int) -> HTML {
        "<bdi>\(ShownText.bounded(text, limit))</bdi>"
    }
}
