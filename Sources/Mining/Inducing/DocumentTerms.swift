import LinearAlgebra

/// In which texts each word and pair of neighbouring words occurs.
struct DocumentTerms: Sendable {
    struct Term: Sendable {
        /// One word, or two with a space between.
        let text: String
        let isPair: Bool
        let documents: BitSet
    }

    let terms: [Term]
    let documentCount: Int

    /// Terms rarer than this share of the texts say too little, and more common ones nothing.
    static let frequencies = 0.012...0.6
    static let fewestDocuments = 6

    init(_ texts: [String]) {
        documentCount = texts.count
        var occurrences: [String: [Int]] = [:]
        for (document, text) in texts.enumerated() {
            let words = Self.words(of: text)
            let pairs = zip(words, words.dropFirst()).map { "\($0) \($1)" }
            for term in Set(words.filter { $0.utf8.count > 2 }).union(pairs) {
                occurrences[term, default: []].append(document)
            }
        }
        let least = max(
            Self.fewestDocuments, Int(Self.frequencies.lowerBound * Double(texts.count)))
        let most = Int(Self.frequencies.upperBound * Double(texts.count))
        terms = occurrences.filter { (least...max(least, most)).contains($0.value.count) }
            .sorted { $0.key < $1.key }
            .map { text, places in
                var documents = BitSet(count: texts.count)
                for place in places { documents[place] = true }
                return Term(text: text, isPair: text.contains(" "), documents: documents)
            }
    }

    /// Small letters, with the apostrophes within, as an expression's word lists match them.
    static func words(of text: String) -> [String] {
        text.lowercased().replacing("\u{2019}", with: "'").split { !$0.isLetter && $0 != "'" }
            .map { $0.drop { $0 == "'" } }
            .map { word in
                String(word.reversed().drop { $0 == "'" }.reversed())
            }
            .filter { !$0.isEmpty }
    }
}
