import Digests
import Explaining
import Foundation
import Games

/// An instrument whose truth is known: each latent fires exactly where its predicate holds.
struct PlantedInstrument: Instrument {
    let rules = Othello.sixBySix
    let predicates: [BoardPredicate]
    let identity: Digest
    let directionCount = 2
    let context = 31
    var latentCount: Int { predicates.count }

    init(_ formulas: [String]) throws {
        predicates = try formulas.map { try BoardPredicate.parse($0, on: Othello.sixBySix) }
        identity = SHA256.digest(of: formulas.joined(separator: "\n"))
    }

    var reference: SubjectReference {
        SubjectReference(
            model: "planted", autoencoder: "planted", hook: "planted", board: 6, context: context,
            latents: latentCount, directions: directionCount, identity: identity.hex)
    }

    func readings(of games: [[Int]], lastOnly: Bool) throws -> [[Reading]] {
        try games.map { tokens in
            var position = rules.start
            var readings: [Reading] = []
            for token in tokens {
                guard let square = rules.square(ofToken: token),
                    let next = position.playing(square, on: rules)
                else { throw ExplainError.illegalGame("\(tokens)") }
                position = next
                let seen = Observation(position, on: rules)
                let strength = 1 + Float(position.moveCount % 5) / 10
                readings.append(
                    Reading(
                        latents: predicates.indices.filter { predicates[$0].holds(in: seen) }.map {
                            Reading.LatentValue(index: $0, value: strength)
                        },
                        directions: [
                            Float16(seen.mineCount), Float16(position.moveCount * 7 % 13),
                        ]))
            }
            return lastOnly ? readings.suffix(1) : readings
        }
    }
}

/// A folder of a test's own, removed when the test ends.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-explaining-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
