import JSON

/// Bodies of `POST /api/feature/upload-batch`: the way to publish features of a source of one's own at
/// Neuronpedia, with what they were called.
///
/// Making them sends nothing. What Neuronpedia would refuse (a text too long, too many tokens) is cut
/// here, and ``cuts`` says how often.
public struct NeuronpediaUpload: Sendable, Hashable {
    public let source: NeuronpediaSource
    /// At most ``featureLimit`` each.
    public let bodies: [JSONValue]
    /// What was cut or left out, and how often.
    public let cuts: [String: Int]

    /// Features of one body.
    public static let featureLimit = 128
    static let tokenLimit = 1_024
    static let explanationLimit = 512
    static let logitLimit = 20

    /// - Parameter author: stands for an explanation's model where none is named; it must be known at
    ///   Neuronpedia.
    /// - Throws: ``InstrumentError/badName(_:reason:)`` when the features are not of one source.
    public init(_ features: [ImportedFeature], author: String) throws(InstrumentError) {
        guard let source = features.first?.feature.source else {
            throw .badName("", reason: "there is no feature to upload")
        }
        if let other = features.first(where: { $0.feature.source != source }) {
            throw .badName(
                "\(other.feature)", reason: "is not of \(source); an upload has one source")
        }
        var writer = UploadWriter(author: author)
        let all = features.map { writer.feature($0) }
        self.source = source
        bodies = stride(from: 0, to: all.count, by: Self.featureLimit).map { start in
            [
                "modelId": .string(source.model), "source": .string(source.source),
                "features": .array(
                    Array(all[start..<min(start + Self.featureLimit, all.count)])),
            ]
        }
        cuts = writer.cuts
    }
}

private struct UploadWriter {
    let author: String
    var cuts: [String: Int] = [:]

    mutating func feature(_ feature: ImportedFeature) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "index", value: .integer(feature.feature.index))
        ]
        if let density = feature.density {
            members.append(.init(name: "density", value: .number(density)))
        }
        members.append(.init(name: "topLogits", value: logits(feature.promoted)))
        members.append(.init(name: "bottomLogits", value: logits(feature.suppressed)))
        let explanations = feature.explanations.compactMap { explanation($0) }
        members.append(.init(name: "explanations", value: .array(explanations)))
        let activations = feature.exemplars.map { activation($0) }
        members.append(.init(name: "activations", value: .array(activations)))
        return .object(members)
    }

    private mutating func note(_ cut: String) { cuts[cut, default: 0] += 1 }

    private mutating func logits(_ logits: [ImportedFeature.Logit]) -> JSONValue {
        if logits.count > NeuronpediaUpload.logitLimit {
            note("logits beyond \(NeuronpediaUpload.logitLimit)")
        }
        return .array(
            logits.prefix(NeuronpediaUpload.logitLimit).map {
                ["token": .string($0.token), "value": .number(Double($0.value))]
            })
    }

    private mutating func explanation(_ explanation: ImportedFeature.Explanation) -> JSONValue? {
        guard !explanation.text.isEmpty else {
            note("explanations without words")
            return nil
        }
        let limit = NeuronpediaUpload.explanationLimit
        if explanation.text.unicodeScalars.count > limit { note("explanations cut at \(limit)") }
        let text = String(String.UnicodeScalarView(explanation.text.unicodeScalars.prefix(limit)))
        return [
            "text": .string(text), "methodName": .string(explanation.method ?? "conjecture"),
            "modelName": .string(explanation.author ?? author),
        ]
    }

    /// A text that is too long keeps the tokens round its greatest activation.
    private mutating func activation(_ exemplar: ImportedFeature.Exemplar) -> JSONValue {
        var range = exemplar.values.indices
        let limit = NeuronpediaUpload.tokenLimit
        if range.count > limit {
            note("texts cut at \(limit) tokens")
            let peak = range.max { exemplar.values[$0] < exemplar.values[$1] } ?? 0
            let start = min(max(0, peak - limit / 2), range.count - limit)
            range = start..<start + limit
        }
        var members: [JSONValue.Member] = [
            .init(name: "tokens", value: .array(exemplar.spellings[range].map { .string($0) })),
            .init(
                name: "values", value: .array(exemplar.values[range].map { .number(Double($0)) })),
        ]
        if let bin = exemplar.bin {
            for (name, value) in [
                ("quantileMin", bin.minimum), ("quantileMax", bin.maximum),
                ("quantileFraction", bin.share),
            ] {
                members.append(.init(name: name, value: .number(Double(value))))
            }
        }
        return .object(members)
    }
}
