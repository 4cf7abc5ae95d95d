import Foundation
import JSON

/// What a file of another tool holds, found out by what is in it.
public enum ImportedDocument: Sendable, Hashable {
    /// Neuronpedia's: features of its API, a folder of its export, or bodies of an upload.
    case features([ImportedFeature])
    /// OpenAI's and its forks'.
    case neurons([NeuronRecord])
    case puzzles([NeuronPuzzle])

    /// The most features of one document.
    static let limit = 100_000

    /// Reads a file, or a folder of Neuronpedia's export.
    ///
    /// - Parameter indices: which features to keep; nil for all. Puzzles have no number and stay.
    public static func read(
        _ path: String, indices: Set<Int>? = nil
    ) throws(InstrumentError) -> ImportedDocument {
        switch try readAll(path, indices) {
        case .features(let all):
            .features(all.filter { indices?.contains($0.feature.index) ?? true })
        case .neurons(let all): .neurons(all.filter { indices?.contains($0.neuron) ?? true })
        case .puzzles(let puzzles): .puzzles(puzzles)
        }
    }

    private static func readAll(
        _ path: String, _ indices: Set<Int>?
    ) throws(InstrumentError) -> ImportedDocument {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        {
            let export = try NeuronpediaExport(folder: path, indices: indices)
            return .features(
                export.features.values.sorted { $0.feature.index < $1.feature.index })
        }
        if path.hasSuffix(".jsonl") || path.hasSuffix(".jsonl.gz") {
            var values: [(JSONValue, String)] = []
            try LineFile(path: path).forEachLine { line, number throws(InstrumentError) in
                guard values.count < limit else {
                    throw .badFile(
                        path: path, place: "line \(number)", reason: "is past \(limit) features")
                }
                let value = try ImportFile.json(line, path, place: "line \(number)")
                values.append((value, "line \(number)"))
            }
            return try read(values, path)
        }
        return try read(try ImportFile.json(path), path: path)
    }

    /// - Parameter path: for messages.
    static func read(
        _ value: JSONValue, path: String
    ) throws(InstrumentError) -> ImportedDocument {
        guard let entries = value.array else { return try read([(value, "")], path) }
        if entries.first?.array != nil { return .puzzles(try NeuronPuzzle.read(value, path: path)) }
        guard entries.count <= limit else {
            throw .badFile(path: path, place: "", reason: "has more than \(limit) features")
        }
        return try read(entries.enumerated().map { ($1, "entry \($0)") }, path)
    }

    private static func read(
        _ values: [(value: JSONValue, place: String)], _ path: String
    ) throws(InstrumentError) -> ImportedDocument {
        var features: [ImportedFeature] = []
        var neurons: [NeuronRecord] = []
        for (value, place) in values {
            let name = place.isEmpty ? path : "\(path), \(place)"
            if NeuronRecord.isRecord(value) {
                neurons.append(try NeuronRecord(value, path: name))
            } else if value["features"] != nil {
                features += try ImportedFeature.read(uploadBatch: value, path: name)
            } else {
                features.append(try ImportedFeature(neuronpedia: value, path: name))
            }
        }
        guard neurons.isEmpty || features.isEmpty else {
            throw .badFile(
                path: path, place: "", reason: "mixes neuron records with Neuronpedia's features")
        }
        guard !neurons.isEmpty || !features.isEmpty else {
            throw .badFile(path: path, place: "", reason: "has no features")
        }
        return neurons.isEmpty ? .features(features) : .neurons(neurons)
    }
}
