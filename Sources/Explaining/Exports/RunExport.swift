import Inquiry
import Instruments
import JSON

/// A run's explanations in the formats of other tools. Making them measures and sends nothing.
public struct RunExport: Sendable, Hashable {
    /// One feature's explanation.
    public struct Row: Sendable, Hashable {
        public let feature: String
        /// The number at the end of its name.
        public let index: Int?
        public let verdict: String
        /// What a person called it; without that what whoever concluded did, or else the formula in words.
        public let label: String
        /// What whoever concluded said of it; without that the proposer's own words, if there are any.
        public let description: String?
        /// The formula in words: what was tested.
        public let statement: String
        public let formula: String
        public let scores: ScoreCard?
        public let hypotheses: Int
        public let probes: Int
    }

    public let run: String
    /// Features that have an explanation.
    public let rows: [Row]
    /// Features that have none.
    public let unexplained: Int
    /// Features whose explanation people did not approve: it is left out.
    public let notApproved: Int

    /// - Parameter run: its name.
    public init(_ record: RunRecord, run: String) {
        self.run = run
        let all = record.members(.feature)
        let isAsked = record.plan.approval?[.explanation] != nil
        let members = all.filter { $0.state.approval?.isApproved ?? !isAsked }
        notApproved = all.count - members.count
        rows = members.compactMap { member in
            member.state.leading.map { leading -> Row in
                let words = member.state.conclusion?.words
                return Row(
                    feature: member.name, index: Self.index(member.name),
                    verdict: member.state.verdict,
                    label: member.state.approval?.editedText ?? words?.label
                        ?? leading.hypothesis.statement,
                    description: words?.description ?? leading.hypothesis.words,
                    statement: leading.hypothesis.statement, formula: leading.hypothesis.formula,
                    scores: member.state.scores, hypotheses: member.state.records.count,
                    probes: member.state.probes.count)
            }
        }
        unexplained = members.count - rows.count
    }

    init(run: String, rows: [Row], unexplained: Int, notApproved: Int = 0) {
        self.run = run
        self.rows = rows
        self.unexplained = unexplained
        self.notApproved = notApproved
    }

    private static func index(_ name: String) -> Int? {
        Int(String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
    }

    /// The body of a Neuronpedia list.
    public func neuronpediaList(
        of source: NeuronpediaSource
    ) throws(InstrumentError) -> NeuronpediaList {
        var explanations: [(feature: NeuronpediaFeature, text: String)] = []
        for row in rows {
            explanations.append(
                (try NeuronpediaFeature(source: source, index: number(row)), row.text))
        }
        return NeuronpediaList(
            name: run, description: "Explanations that were tested by experiment, with verdicts.",
            explanations: explanations)
    }

    /// Features with their explanations, and with the texts of those that are known.
    ///
    /// - Parameter known: features that carry texts, by number.
    public func features(
        of source: NeuronpediaSource, known: [ImportedFeature]
    ) throws(InstrumentError) -> [ImportedFeature] {
        let texts = Dictionary(
            known.map { ($0.feature.index, $0) }, uniquingKeysWith: { a, _ in a })
        var features: [ImportedFeature] = []
        for row in rows {
            let name = try NeuronpediaFeature(source: source, index: number(row))
            var feature = ImportedFeature(name)
            if let found = texts[name.index] {
                feature.exemplars = found.exemplars
                feature.promoted = found.promoted
                feature.suppressed = found.suppressed
                feature.density = found.density
            }
            feature.explanations = row.texts.map {
                .init(text: $0, author: nil, method: "conjecture")
            }
            features.append(feature)
        }
        return features
    }

    /// Explanations as delphi keeps them.
    ///
    /// - Parameter module: what delphi calls the place in the model, "layers.5".
    public func delphi(module: String) throws(InstrumentError) -> DelphiResults {
        var results = DelphiResults()
        for row in rows {
            results.explanations[try DelphiLatent(module: module, index: number(row))] = row.text
        }
        return results
    }

    private func number(_ row: Row) throws(InstrumentError) -> Int {
        guard let index = row.index else {
            throw .badName(
                row.feature, reason: "has no number at its end, which this format needs. Export CSV"
            )
        }
        return index
    }
}

extension RunExport.Row {
    /// The words of whoever concluded, if there are any, then what was tested.
    fileprivate var texts: [String] {
        guard label != statement else { return [statement] }
        return [description.map { "\(label): \($0)" } ?? label, statement]
    }

    /// The same where a feature has one text.
    fileprivate var text: String {
        texts.count == 1 ? statement : "\(texts[0]) (tested as: \(statement))"
    }
}

extension RunExport {
    private static let columns = [
        "feature", "verdict", "explanation", "description", "statement", "formula",
        "balanced_accuracy", "low", "high", "one_shot", "hypotheses", "probes", "source",
    ]

    /// One row for each explained feature; ``ExplanationFile`` reads it back.
    public var table: CommaTable {
        CommaTable(header: Self.columns, rows: rows.map { cells($0).map(Self.plain) })
    }

    /// The same as one JSON object a line.
    public var lines: String {
        rows.map { row in
            JSONValue.object(
                zip(Self.columns, cells(row)).map { JSONValue.Member(name: $0, value: $1) }
            ).text + "\n"
        }.joined()
    }

    private func cells(_ row: Row) -> [JSONValue] {
        let accuracy = row.scores?.explanation.balancedAccuracy
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return [
            .string(row.feature), .string(row.verdict), .string(row.label),
            row.description.map { .string($0) } ?? .null, .string(row.statement),
            .string(row.formula), number(accuracy?.value),
            number(accuracy?.interval?.low), number(accuracy?.interval?.high),
            number(row.scores?.oneShot.balancedAccuracy.value), .integer(row.hypotheses),
            .integer(row.probes), .string(run),
        ]
    }

    private static func plain(_ value: JSONValue) -> String {
        value == .null ? "" : value.string ?? value.text
    }
}
