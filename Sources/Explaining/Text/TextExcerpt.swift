import Texts

/// A text as a language model is shown it: shortened round the unit on which the feature is highest,
/// which stands between ⟦ and ⟧. Brackets of the text's own are spelt out, so that none passes for ours.
enum TextExcerpt {
    private static let before = 900
    private static let within = 200
    private static let after = 500
    private static let omission = "⟨…⟩"

    /// - Parameter peak: a unit of the text.
    static func show(_ text: TextUnits, peak: Int?) -> String {
        guard let peak, text.units.indices.contains(peak) else {
            return head(spelt(text.text[...]), before + after)
        }
        let bytes = text.text.utf8
        let range = text.units[peak].bytes
        let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        let end = bytes.index(bytes.startIndex, offsetBy: range.upperBound)
        return tail(spelt(text.text[..<start]), before)
            + "⟦" + head(spelt(text.text[start..<end]), within) + "⟧"
            + head(spelt(text.text[end...]), after)
    }

    /// The first so many characters.
    static func head(_ text: String, _ limit: Int) -> String {
        text.count > limit ? text.prefix(limit) + omission : text
    }

    private static func tail(_ text: String, _ limit: Int) -> String {
        text.count > limit ? omission + text.suffix(limit) : text
    }

    private static func spelt(_ text: Substring) -> String {
        String(text).replacing("⟦", with: "⟨U+27E6⟩").replacing("⟧", with: "⟨U+27E7⟩")
    }
}
