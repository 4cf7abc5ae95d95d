import Inquiry
import Instruments

/// A feature with texts on which somebody measured it, and what it was called.
public struct MeasuredFeature: Sendable, Hashable {
    /// "gpt2-small/6-res-jb/12", "0/816", "colors"
    public let name: String
    /// Its number among its kind, to find its explanations and to measure it; nil where it has none.
    public let index: Int?
    public var texts: [MeasuredText]
    public var explanations: [CandidateExplanation]
    /// Exemplars whose text is not known.
    public var unreadable = 0
    /// Whether the activations are those of a model that reads from left to right.
    public var isCausal = true

    public init(
        name: String, index: Int?, texts: [MeasuredText],
        explanations: [CandidateExplanation] = []
    ) {
        self.name = name
        self.index = index
        self.texts = texts
        self.explanations = explanations
    }

    public init(_ feature: ImportedFeature) {
        let texts = feature.exemplars.map(MeasuredText.init)
        self.init(
            name: "\(feature.feature)", index: feature.feature.index,
            texts: texts.compactMap { $0 },
            explanations: feature.explanations.map { explanation in
                let author = explanation.author.map { " (\($0))" } ?? ""
                return CandidateExplanation(
                    source: (explanation.method ?? "explanation") + author,
                    label: explanation.text)
            })
        unreadable = texts.count { $0 == nil }
    }

    /// SAGE's two thresholds: half of the mean of the ten strongest texts, and half of the strongest.
    public func threshold(fraction: Double = 0.5) -> FiringThreshold {
        FiringThreshold(
            fraction: fraction,
            maxima: texts.compactMap { $0.maximum?.value }.sorted(by: >))
    }
}
