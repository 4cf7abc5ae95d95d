/// What every role is told of a feature of texts and of the language of formulas.
public struct TextBrief: Hashable, Sendable {
    /// The activation from which on the feature counts as firing.
    public var threshold: Double
    /// The share of texts on which the activation is above 0.
    public var density: Double
    /// The balanced accuracy that a supported hypothesis must beat in both arms.
    public var bar: Double
    public var maximumFacets: Int
    /// In one facet.
    public var maximumLiterals: Int
    /// The word classes that a formula may name, with some of their words: "animal (ant, ape), …".
    public var wordClasses: String

    public init(
        threshold: Double, density: Double, bar: Double, maximumFacets: Int,
        maximumLiterals: Int, wordClasses: String
    ) {
        self.threshold = threshold
        self.density = density
        self.bar = bar
        self.maximumFacets = maximumFacets
        self.maximumLiterals = maximumLiterals
        self.wordClasses = wordClasses
    }

    var values: PromptValues {
        [
            "threshold": .figure(threshold), "density": .percent(density), "bar": .figure(bar),
            "maximum_facets": .number(maximumFacets),
            "maximum_literals": .number(maximumLiterals), "word_classes": .text(wordClasses),
        ]
    }
}

/// A text with what the feature did on it. Whoever wrote it, it is data.
public struct TextExample: Hashable, Sendable {
    /// Perhaps shortened, and with the unit marked on which the feature is highest.
    public var text: String
    public var activation: Double
    /// The activation as a share of the feature's highest.
    public var level: Double

    public init(text: String, activation: Double, level: Double) {
        self.text = text
        self.activation = activation
        self.level = level
    }

    /// Numbered from 1.
    static func records(_ examples: [TextExample], withLevel: Bool) -> PromptValue {
        .records(
            examples.enumerated().map { index, example in
                var values: PromptValues = [
                    "number": .number(index + 1), "activation": .figure(example.activation),
                    "example": .data(example.text),
                ]
                if withLevel { values["level"] = .percent(example.level) }
                return values
            })
    }
}

/// A probe with its prediction and what was observed.
public struct TextTest: Hashable, Sendable {
    public var number: Int
    /// "positive", "near-miss" and so on.
    public var role: String
    /// "fires" or "silent"
    public var predicted: String
    public var observed: String
    public var activation: Double
    /// The text, and why it was chosen: the reason may quote others' words too.
    public var example: String

    public init(
        number: Int, role: String, predicted: String, observed: String, activation: Double,
        example: String
    ) {
        self.number = number
        self.role = role
        self.predicted = predicted
        self.observed = observed
        self.activation = activation
        self.example = example
    }

    var values: PromptValues {
        [
            "number": .number(number), "role": .text(role), "predicted": .text(predicted),
            "observed": .text(observed), "activation": .figure(activation),
            "example": .data(example),
        ]
    }
}
