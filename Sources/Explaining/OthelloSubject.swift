import Digests
import Foundation
import Games
import LinearAlgebra
import Subjects

/// A GPT-2-shaped model that plays Othello with a sparse autoencoder on its residual stream, measured
/// in process.
public struct OthelloSubject: Instrument {
    /// Control directions that are measured beside the latents.
    public static let directionCount = 32

    public let reference: SubjectReference
    public let identity: Digest
    /// What was taken for granted in reading the autoencoder's files.
    public let assumptions: [PublishedAutoencoder.Assumption]
    private let meter: ActivationMeter

    /// - Parameters:
    ///   - model: the model's folder.
    ///   - autoencoder: the autoencoder's folder or file, as it was published.
    /// - Throws: `SubjectError` when the files are no such thing or do not fit each other;
    ///   ``ExplainError/wrongDomain(path:reason:)`` when the model's tokens are no Othello board's.
    public init(model: String, autoencoder: String, threads: Int) throws {
        let network = try GPT2(folder: model)
        let published = try PublishedAutoencoder(path: autoencoder)
        let dictionary = published.autoencoder
        assumptions = published.assumptions
        let rules = try Self.rules(of: network, path: model)
        meter = try ActivationMeter(
            model: network, dictionary: dictionary,
            directions: .randomDirections(
                count: Self.directionCount, width: network.configuration.width),
            threads: threads)
        var hash = SHA256()
        meter.hashIdentity { hash.update($0) }
        identity = hash.finalize()
        reference = SubjectReference(
            model: model, autoencoder: autoencoder, hook: meter.hook.description,
            board: rules.size, context: network.configuration.contextLength,
            latents: dictionary.latentCount, directions: Self.directionCount,
            identity: identity.hex)
    }

    public var latentCount: Int { reference.latents }
    public var directionCount: Int { reference.directions }
    public var context: Int { reference.context }

    /// The board whose playable squares, with the padding, are the model's vocabulary.
    private static func rules(of model: GPT2, path: String) throws -> Othello {
        for rules in [Othello.sixBySix, .eightByEight]
        where rules.vocabularyCount == model.configuration.vocabularySize {
            return rules
        }
        throw ExplainError.wrongDomain(
            path: path, reason: "its vocabulary has \(model.configuration.vocabularySize) tokens")
    }

    public func readings(of games: [[Int]], lastOnly: Bool) throws -> [[Reading]] {
        try meter.readings(of: games, lastPositionOnly: lastOnly).map { game in
            game.map { reading in
                Reading(
                    latents: zip(reading.latents.indices, reading.latents.values).map {
                        Reading.LatentValue(index: Int($0), value: $1)
                    },
                    directions: reading.projections.map { Float16($0) })
            }
        }
    }

    /// The token that the model holds most likely after each move of a game.
    func choices(after tokens: [Int]) throws -> [Int] {
        let logits = try meter.model.logits(of: [tokens]).sequence(0)
        return (0..<logits.rows).map { row in
            let scores = logits.row(row)
            let best = scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }
            return (best ?? scores.startIndex) - scores.startIndex
        }
    }
}
