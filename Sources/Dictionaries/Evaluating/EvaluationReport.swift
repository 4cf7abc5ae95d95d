import JSON

/// What was measured of several dictionaries on the same rows, with what the figures rest on.
public struct EvaluationReport: Sendable {
    /// Where the rows are from.
    public let place: String
    public let trainingRows: Int
    public let testRows: Int
    public let testGroups: Int
    /// How many properties hold on some but not all training rows, of how many.
    public let properties: (counted: Int, all: Int)
    public let dictionaries: [EvaluatedDictionary]
    /// The same of a model that has learnt nothing, or nil.
    public let floor: EvaluatedDictionary?

    public init(
        _ evaluation: DictionaryEvaluation, _ dictionaries: [EvaluatedDictionary],
        floor: EvaluatedDictionary? = nil
    ) {
        place = evaluation.place
        trainingRows = evaluation.training.count
        testRows = evaluation.test.count
        testGroups = evaluation.test.groupCount
        properties = (evaluation.properties.count, evaluation.training.properties.count)
        self.dictionaries = dictionaries
        self.floor = floor
    }

    /// The figures that some dictionary has, in the order of ``EvaluationFigure``.
    public var figures: [EvaluationFigure] {
        let all = dictionaries + (floor.map { [$0] } ?? [])
        return EvaluationFigure.allCases.filter { figure in all.contains { $0[figure] != nil } }
    }

    public var json: JSONValue {
        .object(
            [
                .init(name: "place", value: .string(place)),
                .init(name: "training_rows", value: .integer(trainingRows)),
                .init(name: "test_rows", value: .integer(testRows)),
                .init(name: "test_groups", value: .integer(testGroups)),
                .init(name: "properties", value: .integer(properties.counted)),
                .init(
                    name: "constant_properties",
                    value: .integer(properties.all - properties.counted)),
                .init(
                    name: "definitions",
                    value: .object(
                        figures.map {
                            .init(name: $0.rawValue, value: .string($0.definition))
                        })),
                .init(name: "dictionaries", value: .array(dictionaries.map(\.json))),
            ] + (floor.map { [.init(name: "floor", value: $0.json)] } ?? []))
    }
}
