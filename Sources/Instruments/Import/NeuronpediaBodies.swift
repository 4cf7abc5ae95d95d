import JSON

extension ImportedFeature {
    /// Reads a body of `POST /api/feature/upload-batch`.
    ///
    /// - Parameter path: for messages.
    public static func read(
        uploadBatch value: JSONValue, path: String
    ) throws(InstrumentError) -> [ImportedFeature] {
        let source = try source(value, path)
        let entries = try ImportFile.list(
            value["features"], path, "features", limit: NeuronpediaUpload.featureLimit)
        var features: [ImportedFeature] = []
        for (number, entry) in entries.enumerated() {
            features.append(
                try feature(entry, of: source, path: path, place: "feature \(number)"))
        }
        return features
    }

    private static func source(
        _ value: JSONValue, _ path: String
    ) throws(InstrumentError) -> NeuronpediaSource {
        guard let model = value["modelId"]?.string, let source = value["source"]?.string else {
            throw .badFile(path: path, place: "modelId and source", reason: "must be texts")
        }
        return try NeuronpediaSource(model: model, source: source)
    }

    private static func feature(
        _ value: JSONValue, of source: NeuronpediaSource, path: String, place: String
    ) throws(InstrumentError) -> ImportedFeature {
        let fields = FeatureFields(path: path, place: place, value: value)
        guard let index = value["index"]?.integer else {
            throw fields.bad("index", "must be a whole number")
        }
        var feature = ImportedFeature(try NeuronpediaFeature(source: source, index: index))
        feature.density = value["density"]?.number
        feature.promoted = try logits(fields, "topLogits")
        feature.suppressed = try logits(fields, "bottomLogits")
        for (number, entry) in try fields.list("explanations").enumerated() {
            let here = "\(place), explanation \(number)"
            feature.explanations.append(
                Explanation(
                    text: try ImportFile.text(entry["text"], path, here),
                    author: entry["modelName"]?.string, method: entry["methodName"]?.string))
        }
        for (number, entry) in try fields.list("activations").enumerated() {
            let inner = FeatureFields(
                path: path, place: "\(place), activation \(number)", value: entry)
            let exemplar = try inner.exemplar()
            var bin: Exemplar.Bin?
            if let least = entry["quantileMin"]?.number, let most = entry["quantileMax"]?.number {
                bin = Exemplar.Bin(
                    minimum: Float(least), maximum: Float(most),
                    share: Float(entry["quantileFraction"]?.number ?? 0))
            }
            feature.exemplars.append(
                Exemplar(spellings: exemplar.spellings, values: exemplar.values, bin: bin))
        }
        return feature
    }

    private static func logits(
        _ fields: FeatureFields, _ name: String
    ) throws(InstrumentError) -> [Logit] {
        var logits: [Logit] = []
        for entry in try fields.list(name, limit: NeuronpediaUpload.logitLimit) {
            guard let token = entry["token"]?.string, let value = entry["value"]?.number,
                Float(value).isFinite
            else { throw fields.bad(name, "must hold tokens with finite values") }
            logits.append(Logit(token: token, value: Float(value)))
        }
        return logits
    }
}

extension NeuronpediaList {
    static let featureLimit = 100_000

    /// Reads a body of `POST /api/list/new-with-features`.
    ///
    /// - Parameter path: for messages.
    public init(_ value: JSONValue, path: String) throws(InstrumentError) {
        let entries = try ImportFile.list(
            value["features"], path, "features", limit: Self.featureLimit)
        var explanations: [(feature: NeuronpediaFeature, text: String)] = []
        for (number, entry) in entries.enumerated() {
            let place = "feature \(number)"
            guard let model = entry["modelId"]?.string, let source = entry["layer"]?.string,
                let index = entry["index"]?.integer
            else {
                throw .badFile(
                    path: path, place: place, reason: "must have modelId, layer and index")
            }
            explanations.append(
                (
                    try NeuronpediaFeature(
                        source: NeuronpediaSource(model: model, source: source), index: index),
                    try ImportFile.text(entry["description"], path, "\(place), description")
                ))
        }
        self.init(
            name: try ImportFile.text(value["name"], path, "name"),
            description: try ImportFile.text(value["description"], path, "description"),
            explanations: explanations)
    }
}
