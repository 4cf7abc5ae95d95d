import JSON

/// The body of `POST /api/list/new-with-features`: the way to publish explanations at Neuronpedia.
///
/// Making it sends nothing.
public struct NeuronpediaList: Sendable, Hashable {
    public let name: String
    public let description: String
    /// What each feature is said to mean.
    public var explanations: [(feature: NeuronpediaFeature, text: String)] {
        zip(features, texts).map { ($0, $1) }
    }
    private let features: [NeuronpediaFeature]
    private let texts: [String]

    public init(
        name: String, description: String,
        explanations: [(feature: NeuronpediaFeature, text: String)]
    ) {
        self.name = name
        self.description = description
        features = explanations.map(\.feature)
        texts = explanations.map(\.text)
    }

    /// Here, unlike elsewhere, an index is a number.
    public var json: JSONValue {
        [
            "name": .string(name), "description": .string(description),
            "features": .array(
                zip(features, texts).map { feature, text in
                    [
                        "modelId": .string(feature.source.model),
                        "layer": .string(feature.source.source),
                        "index": .integer(feature.index), "description": .string(text),
                    ]
                }),
        ]
    }
}
