/// Entries of a list, sorted by how they are looked up.
struct WordList {
    var words: [String] = []
    /// Each at least two words.
    var phrases: [[String]] = []
    /// Beginnings of words.
    var stems: [String] = []

    init(_ entries: [String]) {
        for entry in entries {
            if entry.hasSuffix("*") {
                stems.append(String(entry.dropLast()))
            } else {
                let parts = Self.words(of: entry)
                if parts.count == 1 { words.append(parts[0]) } else { phrases.append(parts) }
            }
        }
    }

    /// The words of a short text as the reader of texts sees them, folded.
    static func words(of text: String) -> [String] {
        let scalars = TextScalars(text)
        var reading = TextReading()
        var none: Vocabulary?
        reading.read(scalars, in: 0..<scalars.count, countsSyllables: false, vocabulary: &none)
        return reading.words.map { word in
            var view = String.UnicodeScalarView()
            for value in scalars.folded[word.start..<word.end] {
                if let scalar = Unicode.Scalar(value) { view.append(scalar) }
            }
            return String(view)
        }
    }

    static func folded(_ text: String) -> [UInt32] { TextScalars(text).folded }
}
