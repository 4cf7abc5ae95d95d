import Foundation
import JSON

/// Explanations from a file, whoever wrote it.
///
/// Read are: delphi's folders; a JSON list of objects with `feature` (or `index`) and `explanation`
/// (or `label`), and perhaps `description`, `formula` and `source`; a JSON object from features to
/// explanations; the same columns as CSV, or as one object a line; the lines of explanations in
/// Neuronpedia's export; a body for a Neuronpedia list; OpenAI's simulation results;
/// and what `conjecture report --json` prints.
public struct ExplanationFile: Sendable, Hashable {
    /// One explanation, and whose it is.
    public struct Entry: Sendable, Hashable {
        /// A feature's name, or one that ends in its number.
        public let feature: String
        public let label: String
        public let description: String?
        public let formula: String?
        /// Who says so, where the file tells entries apart.
        public let source: String?

        /// The number at the end of the feature's name.
        public var index: Int? {
            let digits = feature.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
            return Int(String(digits))
        }
    }

    public let entries: [Entry]

    static let entryLimit = 1_000_000
    private static let keys = ["feature", "index", "latent"]

    public init(path: String) throws(InstrumentError) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        {
            let results = try DelphiResults(folder: path)
            entries = results.explanations.sorted { $0.key.description < $1.key.description }.map {
                Entry(
                    feature: $0.description, label: $1, description: nil, formula: nil, source: nil)
            }
            return
        }
        if path.hasSuffix(".jsonl") || path.hasSuffix(".jsonl.gz") {
            entries = try Self.lines(path)
            return
        }
        let bytes = try ImportFile.bytes(path)
        entries =
            path.lowercased().hasSuffix(".csv")
            ? try Self.entries(CommaTable(parsing: bytes, path: path), path)
            : try Self.entries(ImportFile.json(bytes, path), path)
    }

    private static func lines(_ path: String) throws(InstrumentError) -> [Entry] {
        var entries: [Entry] = []
        try LineFile(path: path).forEachLine { line, number throws(InstrumentError) in
            let place = "line \(number)"
            guard entries.count < entryLimit else {
                throw .badFile(
                    path: path, place: place, reason: "is past \(entryLimit) explanations")
            }
            entries.append(try entry(ImportFile.json(line, path, place: place), path, place))
        }
        return entries
    }

    static func entries(_ table: CommaTable, _ path: String) throws(InstrumentError) -> [Entry] {
        var entries: [Entry] = []
        for (number, row) in table.rows.enumerated() {
            let members = zip(table.header, row).filter { !$0.1.isEmpty }.map {
                JSONValue.Member(name: $0.0.lowercased(), value: .string($0.1))
            }
            entries.append(try entry(.object(members), path, "row \(number + 1)"))
        }
        return entries
    }

    static func entries(_ value: JSONValue, _ path: String) throws(InstrumentError) -> [Entry] {
        if value["run"] != nil, let features = value["features"] {
            return try ours(features, path)
        }
        if NeuronRecord.isRecord(value) { return try simulated(value, path) }
        if value["features"] != nil {
            return try NeuronpediaList(value, path: path).explanations.map {
                Entry(
                    feature: "\($0.feature)", label: $0.text, description: nil, formula: nil,
                    source: nil)
            }
        }
        var entries: [Entry] = []
        if let members = value.members {
            for member in members.prefix(entryLimit) {
                let named: JSONValue =
                    member.value.string.map { ["explanation": .string($0)] } ?? member.value
                entries.append(try entry(named, path, "\"\(member.name.prefix(60))\"", member.name))
            }
        } else {
            let list = try ImportFile.list(value, path, "the whole", limit: entryLimit)
            for (number, item) in list.enumerated() {
                entries.append(try entry(item, path, "entry \(number)"))
            }
        }
        return entries
    }

    /// OpenAI's `NeuronSimulationResults`: a neuron with the explanations that were simulated.
    private static func simulated(
        _ value: JSONValue, _ path: String
    ) throws(InstrumentError) -> [Entry] {
        let neuron = try NeuronRecord(value, path: path)
        let list = try ImportFile.list(
            value["scored_explanations"], path, "scored_explanations", limit: entryLimit)
        var entries: [Entry] = []
        for (number, item) in list.enumerated() {
            entries.append(
                Entry(
                    feature: neuron.name,
                    label: try ImportFile.text(
                        item["explanation"], path, "scored_explanations \(number)"),
                    description: nil, formula: nil, source: nil))
        }
        return entries
    }

    /// What a run of our own explains; features without an explanation are left out.
    private static func ours(
        _ features: JSONValue, _ path: String
    ) throws(InstrumentError) -> [Entry] {
        var entries: [Entry] = []
        let list = try ImportFile.list(features, path, "features", limit: entryLimit)
        for (number, item) in list.enumerated() where item.present("statement") != nil {
            let place = "feature \(number)"
            entries.append(
                Entry(
                    feature: try ImportFile.text(item["feature"], path, "\(place), feature"),
                    label: try ImportFile.text(item["statement"], path, "\(place), statement"),
                    description: nil,
                    formula: try text(item, "formula", path, place), source: nil))
        }
        return entries
    }

    private static func entry(
        _ value: JSONValue, _ path: String, _ place: String, _ feature: String? = nil
    ) throws(InstrumentError) -> Entry {
        if value["modelId"] != nil {
            let fields = FeatureFields(path: path, place: place, value: value)
            let found = try fields.explanation()
            let author = found.author.map { " (\($0))" } ?? ""
            return Entry(
                feature: "\(try fields.feature())", label: found.text, description: nil,
                formula: nil, source: found.method.map { $0 + author })
        }
        let named = keys.lazy.compactMap { value.present($0) }.first
        guard let feature = feature ?? named?.string ?? named?.integer.map(String.init) else {
            throw .badFile(path: path, place: place, reason: "lacks \"feature\" or \"index\"")
        }
        let label = value.present("label") ?? value.present("explanation")
        guard let words = label ?? value.present("description") else {
            throw .badFile(path: path, place: place, reason: "lacks \"explanation\" or \"label\"")
        }
        return Entry(
            feature: try ImportFile.text(.string(feature), path, "\(place), feature"),
            label: try ImportFile.text(words, path, "\(place), explanation"),
            description: label == nil ? nil : try text(value, "description", path, place),
            formula: try text(value, "formula", path, place),
            source: try text(value, "source", path, place))
    }

    private static func text(
        _ value: JSONValue, _ name: String, _ path: String, _ place: String
    ) throws(InstrumentError) -> String? {
        guard let field = value.present(name) else { return nil }
        return try ImportFile.text(field, path, "\(place), \(name)")
    }
}
