import Foundation

/// Term weights of texts, fitted on some of them: tf · idf with idf = ln((1 + n)/(1 + df)) + 1, each
/// row scaled to length 1 (Salton and Buckley 1988, as scikit-learn's `TfidfVectorizer` has it).
/// Terms are words of at least two letters or digits, and pairs of neighbouring ones.
struct TermWeights: Sendable {
    private let places: [String: Int32]
    private let weights: [Double]

    /// Terms that occur in at least this many of the texts that were fitted on.
    static let leastTexts = 2
    static let mostTerms = 50_000

    init(fittedOn texts: some Collection<String>) {
        var frequency: [String: Int] = [:]
        for text in texts {
            for term in Set(Self.terms(of: text)) { frequency[term, default: 0] += 1 }
        }
        let kept = frequency.filter { $0.value >= Self.leastTexts }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(Self.mostTerms)
        let count = Double(texts.count)
        var places: [String: Int32] = [:]
        var weights: [Double] = []
        for (term, texts) in kept {
            places[term] = Int32(weights.count)
            weights.append(log((1 + count) / (1 + Double(texts))) + 1)
        }
        self.places = places
        self.weights = weights
    }

    func rows(of texts: some Collection<String>) -> SparseRows {
        var rows = SparseRows(columnCount: weights.count)
        for text in texts {
            var counts: [Int32: Double] = [:]
            for term in Self.terms(of: text) {
                if let place = places[term] { counts[place, default: 0] += 1 }
            }
            let entries = counts.sorted { $0.key < $1.key }
                .map { (column: $0.key, value: $0.value * weights[Int($0.key)]) }
            let length = entries.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
            rows.append(entries.map { ($0.column, length > 0 ? $0.value / length : 0) })
        }
        return rows
    }

    static func terms(of text: String) -> [String] {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }
            .filter { $0.count > 1 }.map(String.init)
        return words + zip(words, words.dropFirst()).map { "\($0) \($1)" }
    }
}
