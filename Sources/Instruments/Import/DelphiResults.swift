import Foundation
import JSON

/// A latent as delphi names it, "layers.5_latent12", in file names too.
public struct DelphiLatent: Sendable, Hashable, CustomStringConvertible {
    public let module: String
    public let index: Int

    /// - Throws: ``InstrumentError/badName(_:reason:)`` for a module that no file can be named after.
    public init(module: String, index: Int) throws(InstrumentError) {
        let isPlain = module.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isPlain, (1...200).contains(module.utf8.count), !module.hasPrefix(".") else {
            throw .badName(
                module,
                reason: "a module's name has 1 to 200 bytes, no control characters and no \".\" "
                    + "first")
        }
        guard (0...NeuronRecord.numberLimit).contains(index) else {
            throw .badName("\(index)", reason: "a latent is from 0 to \(NeuronRecord.numberLimit)")
        }
        self.module = module
        self.index = index
    }

    /// Reads a file's name without its ending.
    init?(stem: String) {
        guard let mark = stem.ranges(of: "_latent").last else { return nil }
        let digits = String(stem[mark.upperBound...])
        let module = String(stem[..<mark.lowerBound]).replacing("--", with: "/")
        guard let index = Int(digits), String(index) == digits,
            let latent = try? DelphiLatent(module: module, index: index)
        else { return nil }
        self = latent
    }

    public var description: String { "\(module)_latent\(index)" }

    var fileName: String { description.replacing("/", with: "--") + ".txt" }
}

/// One text that was shown to delphi's detection or fuzzing judge.
public struct DelphiVerdict: Sendable, Hashable {
    public let tokens: [String]
    public let activations: [Float]
    /// Whether the latent fires there.
    public let isActivating: Bool
    /// What the judge said; nil where its reply could not be read.
    public let prediction: Bool?

    public init(tokens: [String], activations: [Float], isActivating: Bool, prediction: Bool?) {
        self.tokens = tokens
        self.activations = activations
        self.isActivating = isActivating
        self.prediction = prediction
    }
}

/// What a run of delphi leaves behind: `explanations/*.txt`, each one JSON text, and
/// `scores/SCORER/*.txt`, each one JSON list.
public struct DelphiResults: Sendable, Hashable {
    public var explanations: [DelphiLatent: String] = [:]
    /// By scorer ("detection", "fuzz") and latent.
    public var scores: [String: [DelphiLatent: [DelphiVerdict]]] = [:]

    static let latentLimit = 1_000_000
    static let verdictLimit = 100_000

    public init() {}

    /// - Parameter folder: the run's, or its `explanations` alone. Scorers whose files are no lists of
    ///   texts with a verdict, as simulation's are, are refused.
    public init(folder: String) throws(InstrumentError) {
        let inner = folder + "/explanations"
        let isRun = FileManager.default.fileExists(atPath: inner)
        try readExplanations(isRun ? inner : folder)
        guard isRun else { return }
        let scorers = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/scores"))
        for scorer in (scorers ?? []).sorted() where !scorer.hasPrefix(".") {
            try readScores("\(folder)/scores/\(scorer)", scorer)
        }
    }

    private mutating func readExplanations(_ folder: String) throws(InstrumentError) {
        let names = ImportFile.names(folder, ending: ".txt")
        guard !names.isEmpty, names.count <= Self.latentLimit else {
            throw .badFile(
                path: folder, place: "",
                reason: "has \(names.count) files *.txt; 1 to \(Self.latentLimit) are read")
        }
        for name in names {
            let path = "\(folder)/\(name)"
            let value = try ImportFile.json(path)
            explanations[try Self.latent(name, path)] = try ImportFile.text(value, path, "")
        }
    }

    private mutating func readScores(
        _ folder: String, _ scorer: String
    ) throws(InstrumentError) {
        for name in ImportFile.names(folder, ending: ".txt") {
            let path = "\(folder)/\(name)"
            let list = try ImportFile.list(
                ImportFile.json(path), path, "the whole", limit: Self.verdictLimit)
            var verdicts: [DelphiVerdict] = []
            for (number, entry) in list.enumerated() {
                verdicts.append(try DelphiVerdict(entry, path: path, place: "entry \(number)"))
            }
            scores[scorer, default: [:]][try Self.latent(name, path)] = verdicts
        }
    }

    private static func latent(
        _ name: String, _ path: String
    ) throws(InstrumentError) -> DelphiLatent {
        guard let latent = DelphiLatent(stem: String(name.dropLast(".txt".count))) else {
            throw .badFile(
                path: path, place: "",
                reason: "is not called MODULE_latentNUMBER.txt, as delphi calls its files")
        }
        return latent
    }
}

extension DelphiVerdict {
    init(_ value: JSONValue, path: String, place: String) throws(InstrumentError) {
        func bad(_ field: String, _ reason: String) -> InstrumentError {
            .badFile(path: path, place: "\(place), \(field)", reason: reason)
        }
        var tokens: [String] = []
        for token in try ImportFile.list(
            value["str_tokens"], path, "\(place), str_tokens", limit: ReplyFields.tokenLimit)
        {
            guard let text = token.string, text.utf8.count <= ReplyFields.tokenLength else {
                throw bad("str_tokens", "hold \(token.summary), which is no token")
            }
            tokens.append(text)
        }
        var activations: [Float] = []
        for number in try ImportFile.list(
            value["activations"], path, "\(place), activations", limit: ReplyFields.tokenLimit)
        {
            guard let value = number.number.map({ Float($0) }), value.isFinite else {
                throw bad("activations", "hold \(number.summary), which is no finite number")
            }
            activations.append(value)
        }
        guard tokens.count == activations.count else {
            throw bad("activations", "are \(activations.count) for \(tokens.count) tokens")
        }
        guard let isActivating = Self.truth(value["activating"]) else {
            throw bad("activating", "must be true or false")
        }
        let said = value.present("prediction")
        let prediction = Self.truth(said)
        guard said == nil || prediction != nil else {
            throw bad("prediction", "must be true, false or null")
        }
        self.init(
            tokens: tokens, activations: activations, isActivating: isActivating,
            prediction: prediction)
    }

    /// Judges' lists of 0 and 1 are stored as they came.
    private static func truth(_ value: JSONValue?) -> Bool? {
        value?.bool ?? value?.integer.flatMap { (0...1).contains($0) ? $0 == 1 : nil }
    }

    var json: JSONValue {
        [
            "str_tokens": .array(tokens.map { .string($0) }),
            "activations": .array(activations.map { .number(Double($0)) }), "distance": .null,
            "activating": .bool(isActivating), "prediction": prediction.map { .bool($0) } ?? .null,
            "probability": .null,
            "correct": prediction.map { .bool($0 == isActivating) } ?? .null,
        ]
    }
}
