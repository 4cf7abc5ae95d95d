import JSON

/// Reads Neuronpedia's objects: features, activations and explanations. Fields that are not used here
/// may hold anything, for there are many and they change.
struct FeatureFields {
    let path: String
    /// A line or a field, for messages.
    let place: String
    let value: JSONValue

    /// The most exemplars or explanations of one feature.
    static let listLimit = 10_000
    static let textLimit = 65_536

    func bad(_ field: String, _ reason: String) -> InstrumentError {
        .badFile(
            path: path, place: place.isEmpty ? field : "\(place), \(field)", reason: reason)
    }

    /// Model, source and index: by these things belong together, never by a file's number.
    func feature() throws(InstrumentError) -> NeuronpediaFeature {
        let source = value.present("layer") ?? value.present("source")
        guard let model = value["modelId"]?.string, let source = source?.string else {
            throw bad("modelId and layer", "must be texts")
        }
        guard let index = value["index"]?.string, let number = Int(index), String(number) == index
        else { throw bad("index", "must be a whole number written as a text") }
        return try NeuronpediaFeature(
            source: NeuronpediaSource(model: model, source: source), index: number)
    }

    /// - Parameter name: what the field of the activations is called.
    func exemplar(values name: String = "values") throws(InstrumentError)
        -> ImportedFeature.Exemplar
    {
        let spellings = try texts("tokens", limit: ReplyFields.tokenLimit)
        let values = try numbers(name, limit: ReplyFields.tokenLimit)
        guard spellings.count == values.count, !spellings.isEmpty else {
            throw bad(name, "are \(values.count) for \(spellings.count) tokens")
        }
        var bin: ImportedFeature.Exemplar.Bin?
        if let minimum = try number("binMin"), let maximum = try number("binMax") {
            bin = .init(
                minimum: minimum, maximum: maximum, share: try number("binContains") ?? 0)
        }
        return .init(spellings: spellings, values: values, bin: bin)
    }

    func explanation() throws(InstrumentError) -> ImportedFeature.Explanation {
        guard let text = value["description"]?.string, text.utf8.count <= Self.textLimit else {
            throw bad("description", "must be a text of at most \(Self.textLimit) bytes")
        }
        return .init(
            text: text, author: try self.text("explanationModelName"),
            method: try self.text("typeName"))
    }

    /// What a feature's own object says, without exemplars and explanations.
    func describe(_ feature: inout ImportedFeature) throws(InstrumentError) {
        feature.promoted = try logits("pos_str", "pos_values")
        feature.suppressed = try logits("neg_str", "neg_values")
        feature.density = try number("frac_nonzero").map(Double.init)
        if let density = feature.density, !(0...1).contains(density) {
            throw bad("frac_nonzero", "is \(density), which is no share")
        }
        feature.greatest = try number("maxActApprox")
        feature.hookName = try text("hookName")
    }

    private func logits(
        _ names: String, _ values: String
    ) throws(InstrumentError) -> [ImportedFeature.Logit] {
        guard value.present(names) != nil || value.present(values) != nil else { return [] }
        let tokens = try texts(names, limit: 1_000)
        let numbers = try numbers(values, limit: 1_000)
        guard tokens.count == numbers.count else {
            throw bad(values, "are \(numbers.count) for \(tokens.count) tokens")
        }
        let spelling = TokenPieces.Spelling.guess(tokens)
        return zip(tokens, numbers).map {
            .init(token: TokenPieces.display($0, spelling), value: $1)
        }
    }

    func list(_ name: String, limit: Int = listLimit) throws(InstrumentError) -> [JSONValue] {
        guard let list = value[name]?.array, list.count <= limit else {
            throw bad(name, "must be a list of at most \(limit)")
        }
        return list
    }

    private func texts(_ name: String, limit: Int) throws(InstrumentError) -> [String] {
        let texts = try list(name, limit: limit).map(\.string)
        guard texts.allSatisfy({ ($0?.utf8.count).map { $0 <= ReplyFields.tokenLength } == true })
        else { throw bad(name, "must hold tokens of at most \(ReplyFields.tokenLength) bytes") }
        return texts.compactMap { $0 }
    }

    private func numbers(_ name: String, limit: Int) throws(InstrumentError) -> [Float] {
        let numbers = try list(name, limit: limit).map { $0.number.map { Float($0) } }
        guard numbers.allSatisfy({ $0?.isFinite == true }) else {
            throw bad(name, "must hold finite numbers")
        }
        return numbers.compactMap { $0 }
    }

    private func number(_ name: String) throws(InstrumentError) -> Float? {
        guard let field = value.present(name) else { return nil }
        guard let number = field.number, Float(number).isFinite else {
            throw bad(name, "is \(field.summary), not a finite number")
        }
        return Float(number)
    }

    private func text(_ name: String) throws(InstrumentError) -> String? {
        guard let field = value.present(name) else { return nil }
        guard let text = field.string, text.utf8.count <= 1_024 else {
            throw bad(name, "is \(field.summary), not a short text")
        }
        return text.isEmpty ? nil : text
    }
}
