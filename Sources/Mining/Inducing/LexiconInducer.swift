import Foundation
import LinearAlgebra
import Statistics
import Tools

/// Proposes word lists from texts that a proposer may read: the offline counterpart of a language
/// model's contrastive reading.
///
/// Three kinds, all of words whose presence goes with the target when the length of the text is taken
/// out: the words of texts that lie high and of those that lie low, as in a naive Bayes contrast;
/// *themes*, words of one sign that occur in the same texts (average linkage); pairs of neighbouring
/// words. With a few hundred texts most single words are noise; lists of them are less so, and
/// selection and the confirm rows decide on other data. Deterministic.
struct LexiconInducer: Sendable {
    private let terms: DocumentTerms
    private let lengths: [Double]

    struct Settings: Sendable {
        /// Words in the list of each direction.
        var listed = 40
        /// Words of each direction in the contrast of both.
        var contrasted = 240
        /// The least score of a word in the contrast.
        var leastContrast = 1.0
        /// Words that may form themes, the most telling first.
        var themed = 160
        var themes = 12
        var themeSize = 3...14
        /// The least score of a word in a list or theme.
        var leastScore = 1.5
        /// The least likeness at which two groups of words become one theme.
        var leastSimilarity = 0.08
    }

    private let settings: Settings

    init(texts: [String], settings: Settings = Settings()) {
        terms = DocumentTerms(texts)
        lengths = texts.map { log(1 + Double(DocumentTerms.words(of: $0).count)) }
        self.settings = settings
    }

    /// - Parameters:
    ///   - target: of the texts, in their order; or what is left of it after the features so far.
    ///   - round: goes into the names. Lists of a direction come in later rounds only, for what
    ///     features of one meaning leave: in the first they would take these features' place.
    func propose(target: [Double], round: Int) -> [FeatureTool] {
        let association = TermAssociation(terms, target: target, lengths: lengths)
        var tools: [FeatureTool] = []
        for isHigh in [true, false] where round > 0 {
            for isPair in [false, true] {
                let telling = self.telling(association, isHigh: isHigh, isPair: isPair)
                let words = telling.prefix(isPair ? settings.listed / 2 : settings.listed)
                if let tool = Self.tool(
                    name: "\(isPair ? "pairs" : "words")-of-\(isHigh ? "high" : "low")-\(round)",
                    title: "\(isPair ? "Word pairs" : "Words") of \(isHigh ? "high" : "low") rows",
                    words: words.map { terms.terms[$0].text })
                {
                    tools.append(tool)
                }
            }
        }
        for theme in themes(association) {
            let words = theme.map { terms.terms[$0].text }
            let head = words.prefix(3).map(Self.plain)
            if let tool = Self.tool(
                name: "theme-\(head.joined(separator: "-"))-\(round)",
                title: "Theme of " + words.prefix(4).map { "“\($0)”" }.joined(separator: ", "),
                words: words)
            {
                tools.append(tool)
            }
        }
        return tools
    }

    /// The words whose presence goes most with being of a kind, whatever the target.
    ///
    /// - Parameters:
    ///   - activations: of the texts, in their order; 0 for texts that are not of it.
    ///   - number: names it.
    /// - Returns: nil where too few words are telling.
    func words(ofKind number: Int, _ activations: [Double]) -> FeatureTool? {
        let association = TermAssociation(
            terms, target: MiningStudy.standardisedRanks(activations), lengths: lengths)
        let words = telling(association, isHigh: true, isPair: false).prefix(settings.listed)
            .map { terms.terms[$0].text }
        return Self.tool(
            name: "words-of-kind-\(number)",
            title: "Words of texts that embedding latent \(number) sees: "
                + words.prefix(4).map { "“\($0)”" }.joined(separator: ", "),
            words: words)
    }

    /// One feature of many words: those of high rows less those of low rows, in three grades by how
    /// telling they are. What a linear model of words would find, as far as a person can read it.
    ///
    /// - Returns: nil where too few words are telling.
    func contrast(target: [Double], round: Int) -> FeatureTool? {
        let association = TermAssociation(terms, target: target, lengths: lengths)
        var parts: [String] = []
        for isHigh in [true, false] {
            let words = Array(
                telling(
                    association, isHigh: isHigh, isPair: false, least: settings.leastContrast
                ).prefix(settings.contrasted))
            guard words.count >= 3 * settings.themeSize.lowerBound else { return nil }
            for (place, grade) in [3, 2, 1].enumerated() {
                let range = words.count * place / 3..<words.count * (place + 1) / 3
                let list = words[range].map { "\"\(terms.terms[$0].text)\"" }
                parts.append(
                    (isHigh ? "+ " : "- ") + "\(grade) * words(\(list.joined(separator: ", ")))")
            }
        }
        return try? FeatureTool(
            name: "contrast-of-words-\(round)",
            title: "Words of high rows less words of low rows, the more telling counted more",
            kind: .expression("share(\(parts.joined(separator: " ").dropFirst(2)))"))
    }

    /// Terms of one direction, the most telling first.
    private func telling(
        _ association: TermAssociation, isHigh: Bool, isPair: Bool, least: Double? = nil
    ) -> [Int] {
        let sign = isHigh ? 1.0 : -1.0
        return terms.terms.indices
            .filter {
                terms.terms[$0].isPair == isPair
                    && sign * association.scores[$0] >= least ?? settings.leastScore
            }
            .sorted {
                (-sign * association.scores[$0], $0) < (-sign * association.scores[$1], $1)
            }
    }

    /// Groups of words of one direction that occur together, the most telling group first.
    private func themes(_ association: TermAssociation) -> [[Int]] {
        var found: [(words: [Int], score: Double)] = []
        for isHigh in [true, false] {
            let words = Array(
                telling(association, isHigh: isHigh, isPair: false).prefix(settings.themed / 2))
            for group in clusters(words, association)
            where settings.themeSize.contains(group.count) {
                let score = group.reduce(0) { $0 + abs(association.scores[$1]) }
                found.append((group, score / Double(group.count).squareRoot()))
            }
        }
        return found.sorted { ($1.score, $0.words[0]) < ($0.score, $1.words[0]) }
            .prefix(settings.themes).map(\.words)
    }

    /// Average linkage until no two groups are alike enough, or a group would be too large.
    private func clusters(_ words: [Int], _ association: TermAssociation) -> [[Int]] {
        var groups = words.map { [$0] }
        var sums = words.map { a in words.map { association.similarity(a, $0) } }
        while groups.count > 1 {
            var best: (first: Int, second: Int, likeness: Double)?
            for first in groups.indices {
                for second in groups.indices where second > first {
                    let size = groups[first].count * groups[second].count
                    guard
                        groups[first].count + groups[second].count <= settings.themeSize.upperBound
                    else { continue }
                    let likeness = sums[first][second] / Double(size)
                    if likeness > (best?.likeness ?? settings.leastSimilarity) {
                        best = (first, second, likeness)
                    }
                }
            }
            guard let (first, second, _) = best else { break }
            groups[first] += groups[second]
            for other in groups.indices where other != first && other != second {
                sums[first][other] += sums[second][other]
                sums[other][first] = sums[first][other]
            }
            groups.remove(at: second)
            sums.remove(at: second)
            for row in sums.indices { sums[row].remove(at: second) }
        }
        return groups
    }

    private static func tool(name: String, title: String, words: [String]) -> FeatureTool? {
        guard words.count >= 3 else { return nil }
        let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
        let hits = words.contains { $0.contains(" ") } ? "bigrams" : "words"
        return try? FeatureTool(
            name: String(name.prefix(60)), title: title,
            kind: .expression("share(\(hits)(\(list)))"))
    }

    /// A word as a tool's name may hold it.
    private static func plain(_ word: String) -> String {
        let letters = word.unicodeScalars.filter { ("a"..."z").contains($0) }.prefix(16)
        return letters.isEmpty ? "x" : String(String.UnicodeScalarView(letters))
    }
}
