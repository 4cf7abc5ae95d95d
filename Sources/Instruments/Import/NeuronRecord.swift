import JSON

/// A neuron with texts, as OpenAI's automated-interpretability and its forks store it: `NeuronRecord`.
///
/// Statistics that such files may hold besides are left alone.
public struct NeuronRecord: Sendable, Hashable {
    public let layer: Int
    public let neuron: Int
    /// Texts on which it fires most, strongest first.
    public let strongest: [ImportedFeature.Exemplar]
    /// Texts drawn without regard to it.
    public let random: [ImportedFeature.Exemplar]

    /// The most records of a kind.
    static let listLimit = 10_000
    static let numberLimit = 100_000_000

    public init(
        layer: Int, neuron: Int, strongest: [ImportedFeature.Exemplar],
        random: [ImportedFeature.Exemplar]
    ) {
        self.layer = layer
        self.neuron = neuron
        self.strongest = strongest
        self.random = random
    }

    /// "LAYER/NEURON"
    public var name: String { "\(layer)/\(neuron)" }

    /// Whether a document is one, by what it must have.
    public static func isRecord(_ value: JSONValue) -> Bool { value["neuron_id"] != nil }

    /// - Parameter path: for messages.
    public init(_ value: JSONValue, path: String) throws(InstrumentError) {
        func number(_ name: String) throws(InstrumentError) -> Int {
            guard let number = value["neuron_id"]?[name]?.integer,
                (0...Self.numberLimit).contains(number)
            else {
                throw .badFile(
                    path: path, place: "neuron_id, \(name)",
                    reason: "must be a whole number from 0 to \(Self.numberLimit)")
            }
            return number
        }
        layer = try number("layer_index")
        neuron = try number("neuron_index")
        strongest = try Self.records(value, "most_positive_activation_records", path)
        random = try Self.records(value, "random_sample", path)
    }

    private static func records(
        _ value: JSONValue, _ name: String, _ path: String
    ) throws(InstrumentError) -> [ImportedFeature.Exemplar] {
        guard let list = value.present(name) else { return [] }
        var exemplars: [ImportedFeature.Exemplar] = []
        for (number, entry) in try ImportFile.list(list, path, name, limit: listLimit).enumerated()
        {
            let fields = FeatureFields(path: path, place: "\(name) \(number)", value: entry)
            exemplars.append(try fields.exemplar(values: "activations"))
        }
        return exemplars
    }

    /// As the tools that read such files expect it, each object with the name of its class.
    public var json: JSONValue {
        [
            "dataclass_name": "NeuronRecord",
            "neuron_id": [
                "dataclass_name": "NeuronId", "layer_index": .integer(layer),
                "neuron_index": .integer(neuron),
            ],
            "random_sample": .array(random.map(Self.json)),
            "most_positive_activation_records": .array(strongest.map(Self.json)),
        ]
    }

    private static func json(_ exemplar: ImportedFeature.Exemplar) -> JSONValue {
        [
            "dataclass_name": "ActivationRecord",
            "tokens": .array(exemplar.spellings.map { .string($0) }),
            "activations": .array(exemplar.values.map { .number(Double($0)) }),
        ]
    }
}

extension NeuronRecord {
    /// A feature as a neuron of the layer that its source names: "6" in "6-res-jb". Exemplars on which
    /// it is silent throughout go to the random ones.
    ///
    /// - Throws: ``InstrumentError/badName(_:reason:)`` where the source names no layer.
    public init(_ feature: ImportedFeature) throws(InstrumentError) {
        let source = feature.feature.source.source
        guard let layer = Int(source.prefix { $0.isNumber }) else {
            throw .badName(
                source,
                reason: "a neuron record needs a layer's number, which this source does not start "
                    + "with. Choose another format")
        }
        func fires(_ exemplar: ImportedFeature.Exemplar) -> Bool {
            exemplar.values.contains { $0 > 0 }
        }
        self.init(
            layer: layer, neuron: feature.feature.index,
            strongest: feature.exemplars.filter(fires),
            random: feature.exemplars.filter { !fires($0) })
    }
}
