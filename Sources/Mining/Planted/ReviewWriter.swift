import LinearAlgebra

/// Writes texts whose features are set by dials: how many hedges, digits, questions and so on stand
/// among words that mean nothing to any feature.
struct ReviewWriter: Sendable {
    /// Something that a text has more or less of, by the built-in statistic that measures it.
    enum Dial: String, Sendable, CaseIterable {
        case firstPerson = "first-person"
        case secondPerson = "second-person"
        case hedges, certainty, negation
        case positive = "positive-words"
        case negative = "negative-words"
        case causes, conditions, quantities
        case technical = "technical-terms"
        case story = "story-words"
        case time = "time-words"
        case purchase, numbers, commas, exclamations, questions, parentheses
        case allCaps = "all-caps-words"

        /// Words of which one is put in, where the dial is one of words.
        fileprivate var words: [String] {
            switch self {
            case .firstPerson: ["I", "me", "my", "mine"]
            case .secondPerson: ["you", "your", "yours"]
            case .hedges: ["maybe", "perhaps", "possibly", "probably"]
            case .certainty: ["definitely", "certainly", "absolutely", "clearly"]
            case .negation: ["not", "never", "nothing", "nobody"]
            case .positive: ["excellent", "wonderful", "great", "lovely"]
            case .negative: ["terrible", "awful", "horrible", "poor"]
            case .causes: ["because", "therefore", "since"]
            case .conditions: ["if", "unless", "whether"]
            case .quantities: ["several", "many", "few"]
            case .technical: ["battery", "software", "cable", "screen"]
            case .story: ["plot", "character", "chapter", "author"]
            case .time: ["yesterday", "week", "month", "year"]
            case .purchase: ["bought", "ordered", "purchased"]
            default: []
            }
        }
    }

    /// Words that no built-in list holds.
    private static let fillers = [
        "the", "window", "table", "garden", "river", "walks", "carries", "stone", "lamp", "green",
        "paper", "bridge", "under", "beside", "a", "basket", "holds", "corner", "of", "street",
        "cloud", "mountain", "and", "turns", "glass", "yellow", "door", "near", "with", "candle",
        "wooden", "shelf", "leans", "toward", "harbour", "boat", "drifts", "past", "meadow",
        "fence",
    ]

    /// A text of about `length` words with each dial at a rate per word, or per sentence for what ends
    /// or encloses sentences.
    func text(
        length: Int, rates: [Dial: Double], using generator: inout SeededGenerator
    ) -> String {
        var sentences: [String] = []
        var written = 0
        while written < length {
            let count = Int.random(in: 6...16, using: &generator)
            sentences.append(sentence(words: count, rates: rates, using: &generator))
            written += count
        }
        return sentences.joined(separator: " ")
    }

    private func sentence(
        words count: Int, rates: [Dial: Double], using generator: inout SeededGenerator
    ) -> String {
        func happens(_ dial: Dial, _ generator: inout SeededGenerator) -> Bool {
            Double.random(in: 0..<1, using: &generator) < rates[dial, default: 0]
        }
        var words: [String] = []
        for _ in 0..<count {
            var word = Self.fillers[Int.random(in: 0..<Self.fillers.count, using: &generator)]
            for dial in Dial.allCases where !dial.words.isEmpty && happens(dial, &generator) {
                word = dial.words[Int.random(in: 0..<dial.words.count, using: &generator)]
            }
            if happens(.numbers, &generator) {
                word = String(Int.random(in: 100...999, using: &generator))
            }
            if happens(.allCaps, &generator) { word = word.uppercased() }
            if happens(.commas, &generator) { word += "," }
            words.append(word)
        }
        if happens(.parentheses, &generator) {
            words[count / 2] = "(" + words[count / 2]
            words[count - 1] += ")"
        }
        let end =
            happens(.exclamations, &generator) ? "!" : happens(.questions, &generator) ? "?" : "."
        let text = words.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst() + end
    }
}
