import Foundation
import JSON

/// A neuron that somebody made up, with its true explanation and false ones that look likely: a test
/// of whatever judges explanations.
public struct NeuronPuzzle: Sendable, Hashable {
    public let name: String
    public let explanation: String
    public let falseExplanations: [String]
    /// Texts in tokens, with the activation of each.
    public let exemplars: [ImportedFeature.Exemplar]

    /// The most puzzles in a file, explanations of one and texts of one.
    static let listLimit = 1_000

    /// Reads the puzzles of OpenAI's automated-interpretability: a list of names with their puzzles, in
    /// which a token stands alone or with its activation.
    public static func read(path: String) throws(InstrumentError) -> [NeuronPuzzle] {
        try read(ImportFile.json(path), path: path)
    }

    static func read(_ value: JSONValue, path: String) throws(InstrumentError) -> [NeuronPuzzle] {
        let entries = try ImportFile.list(value, path, "the whole", limit: listLimit)
        var puzzles: [NeuronPuzzle] = []
        for (number, entry) in entries.enumerated() {
            let place = "puzzle \(number)"
            guard let pair = entry.array, pair.count == 2, let name = pair[0].string,
                name.utf8.count <= 256
            else {
                throw .badFile(
                    path: path, place: place, reason: "must be a short name and its puzzle")
            }
            puzzles.append(try NeuronPuzzle(pair[1], name: name, path: path, place: place))
        }
        return puzzles
    }

    private init(
        _ value: JSONValue, name: String, path: String, place: String
    ) throws(InstrumentError) {
        self.name = name
        explanation = try ImportFile.text(value["explanation"], path, "\(place), explanation")
        var others: [String] = []
        for other in try ImportFile.list(
            value["false_explanations"], path, "\(place), false_explanations",
            limit: Self.listLimit)
        {
            others.append(
                try ImportFile.text(other, path, "\(place), false_explanations"))
        }
        falseExplanations = others
        var exemplars: [ImportedFeature.Exemplar] = []
        let sentences = try ImportFile.list(
            value["sentences"], path, "\(place), sentences", limit: Self.listLimit)
        for (number, sentence) in sentences.enumerated() {
            exemplars.append(
                try Self.exemplar(sentence, path, "\(place), sentence \(number)"))
        }
        self.exemplars = exemplars
    }

    private static func exemplar(
        _ value: JSONValue, _ path: String, _ place: String
    ) throws(InstrumentError) -> ImportedFeature.Exemplar {
        var spellings: [String] = []
        var values: [Float] = []
        for token in try ImportFile.list(value, path, place, limit: ReplyFields.tokenLimit) {
            let pair = token.array
            guard let spelling = (pair?.first ?? token).string, pair == nil || pair?.count == 2,
                spelling.utf8.count <= ReplyFields.tokenLength,
                let number = pair.map({ $0[1].number.map { Float($0) } }) ?? 0, number.isFinite
            else {
                throw .badFile(
                    path: path, place: place,
                    reason: "holds \(token.summary), which is no token with or without a number")
            }
            spellings.append(spelling)
            values.append(number)
        }
        guard !spellings.isEmpty else {
            throw .badFile(path: path, place: place, reason: "has no tokens")
        }
        return .init(spellings: spellings, values: values)
    }
}
