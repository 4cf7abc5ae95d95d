/// A language model's figures with the rule inducer's beside, on the same features.
struct PlantedComparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case model, inducer
    }

    let model: String
    let figures: PlantedFigures
    let inducer: PlantedFigures

    /// The model's figures under the names that they have by themselves.
    func encode(to encoder: any Encoder) throws {
        try figures.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(inducer, forKey: .inducer)
    }

    var table: String { "\(model)\n\(figures.table)\n\nrule inducer\n\(inducer.table)" }
}
