import Foundation
import JSON

extension ImportedFeature {
    /// The most bytes of a feature's file.
    static let fileLimit = 64 << 20

    /// Reads what `GET /api/feature/MODEL/SOURCE/INDEX` of Neuronpedia answers, saved as a file.
    public init(neuronpediaFile path: String) throws(InstrumentError) {
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        guard let size, size <= Self.fileLimit,
            let data = FileManager.default.contents(atPath: path)
        else {
            throw .badFile(
                path: path, place: "",
                reason: "is not there, or has more than \(Self.fileLimit) bytes")
        }
        try self.init(neuronpedia: Array(data), path: path)
    }

    /// - Parameter path: for messages.
    init(neuronpedia bytes: [UInt8], path: String) throws(InstrumentError) {
        try self.init(neuronpedia: ImportFile.json(bytes, path), path: path)
    }

    /// - Parameter path: for messages.
    init(neuronpedia value: JSONValue, path: String) throws(InstrumentError) {
        let fields = FeatureFields(path: path, place: "", value: value)
        self.init(try fields.feature())
        try fields.describe(&self)
        for (place, entry) in try fields.list("activations").enumerated() {
            exemplars.append(
                try FeatureFields(path: path, place: "activation \(place)", value: entry).exemplar()
            )
        }
        for (place, entry) in try fields.list("explanations").enumerated() {
            explanations.append(
                try FeatureFields(path: path, place: "explanation \(place)", value: entry)
                    .explanation())
        }
    }
}

/// A folder of Neuronpedia's public export: `features`, `activations` and `explanations*` with files
/// `batch-N.jsonl.gz`, or unpacked.
///
/// Lines belong together by model, source and index. The number of a file says nothing: features and
/// explanations are cut in the order of their index as a text, activations in that of numbers.
public struct NeuronpediaExport: Sendable {
    /// By feature.
    public private(set) var features: [NeuronpediaFeature: ImportedFeature] = [:]

    /// The most features that are kept.
    public static let featureLimit = 1_000_000

    /// - Parameters:
    ///   - folder: as it lies in the bucket, "v1/MODEL/SOURCE".
    ///   - indices: which features to keep; nil for all, which can take much memory.
    public init(folder: String, indices: Set<Int>? = nil) throws(InstrumentError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
        let kinds = names.filter {
            $0 == "features" || $0 == "activations" || $0.hasPrefix("explanations")
        }
        guard !kinds.isEmpty else {
            throw .badFile(
                path: folder, place: "",
                reason:
                    "has no folder features, activations or explanations. Name the source's folder")
        }
        for kind in kinds {
            for path in Self.batches(folder + "/" + kind) {
                try LineFile(path: path).forEachLine { line, number throws(InstrumentError) in
                    try take(line, kind: kind, indices, path: path, number: number)
                }
            }
        }
        for feature in features.keys {
            features[feature]?.exemplars.sort {
                ($0.values.max() ?? 0) > ($1.values.max() ?? 0)
            }
        }
    }

    private static func batches(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter {
            $0.hasPrefix("batch-") && ($0.hasSuffix(".jsonl.gz") || $0.hasSuffix(".jsonl"))
        }.sorted().map { folder + "/" + $0 }
    }

    private mutating func take(
        _ line: [UInt8], kind: String, _ indices: Set<Int>?, path: String, number: Int
    ) throws(InstrumentError) {
        let place = "line \(number)"
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw .badFile(path: path, place: place, reason: "is not JSON: it \(error)")
        }
        let fields = FeatureFields(path: path, place: place, value: value)
        let key = try fields.feature()
        guard indices?.contains(key.index) ?? true else { return }
        var feature = features[key] ?? ImportedFeature(key)
        // Let go, so that the lists grow in place.
        features[key] = nil
        guard features.count < Self.featureLimit else {
            throw fields.bad("index", "is that of more than \(Self.featureLimit) features")
        }
        switch kind {
        case "features": try fields.describe(&feature)
        case "activations": feature.exemplars.append(try fields.exemplar())
        default: feature.explanations.append(try fields.explanation())
        }
        guard max(feature.exemplars.count, feature.explanations.count) <= FeatureFields.listLimit
        else { throw fields.bad("index", "has more than \(FeatureFields.listLimit) lines") }
        features[key] = feature
    }
}
