import Foundation
import Games
import LinearAlgebra

/// One thing that was looked at, and what was found.
public struct SubjectCheck: Codable, Hashable, Sendable {
    public let name: String
    public let passed: Bool
    public let finding: String

    public init(_ name: String, _ passed: Bool, _ finding: String) {
        self.name = name
        self.passed = passed
        self.finding = finding
    }

    /// What of the machine decides results.
    public static func machine() -> [SubjectCheck] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return [
            SubjectCheck("processors", cores > 0, "\(cores) in use"),
            SubjectCheck(
                "engine", true,
                "\(ExplainManifest.engineVersion); results are the same for any number of threads"),
        ]
    }

    /// Loads a subject and measures it on fresh games, saying every assumption.
    public static func subject(model: String, autoencoder: String) -> [SubjectCheck] {
        do {
            let subject = try OthelloSubject(model: model, autoencoder: autoencoder, threads: 1)
            let reference = subject.reference
            return [
                SubjectCheck(
                    "subject", true,
                    "\(model) plays \(reference.board)×\(reference.board) Othello, context "
                        + "\(reference.context) moves, no token before the first move"),
                SubjectCheck(
                    "autoencoder", true,
                    "\(autoencoder): \(reference.latents) latents at \(reference.hook)"),
            ]
                + subject.assumptions.map { SubjectCheck($0.name, true, $0.value) }
                + [
                    SubjectCheck("identity", true, reference.identity),
                    try legalMoves(subject), try activity(subject),
                ]
        } catch {
            return [SubjectCheck("subject", false, "\(error)")]
        }
    }

    private static func freshGames(_ rules: Othello, _ count: Int) -> [[Square]] {
        var generator = SeededGenerator(seed: 0xD0C7, stream: 0)
        return (0..<count).map { _ in rules.randomGame(using: &generator) }
    }

    /// How often the model's first choice is a legal move.
    private static func legalMoves(_ subject: OthelloSubject) throws -> SubjectCheck {
        let rules = try Othello(size: subject.reference.board)
        var legal = 0
        var total = 0
        for game in freshGames(rules, 300) {
            let moves = Array(game.prefix(subject.context))
            let choices = try subject.choices(after: rules.tokens(moves))
            var position = rules.start
            for (move, choice) in zip(moves, choices) {
                guard let next = position.playing(move, on: rules) else { break }
                position = next
                guard !position.isOver(on: rules) else { break }
                total += 1
                let square = rules.square(ofToken: choice)
                legal +=
                    square.map { position.legalMoves(on: rules) & $0.mask != 0 } == true ? 1 : 0
            }
        }
        let share = Double(legal) / Double(max(1, total))
        return SubjectCheck(
            "legal moves", share > 0.9,
            String(format: "%.2f %% of first choices in 300 fresh games are legal", 100 * share))
    }

    private static func activity(_ subject: OthelloSubject) throws -> SubjectCheck {
        let rules = try Othello(size: subject.reference.board)
        let games = freshGames(rules, 300).map {
            rules.tokens(Array($0.prefix(subject.context)))
        }
        let readings = try subject.readings(of: games, lastOnly: false).flatMap { $0 }
        let active = readings.reduce(0) { $0 + $1.latents.count }
        let live = Set(readings.flatMap { $0.latents.map(\.index) }).count
        return SubjectCheck(
            "activity", live > 0,
            String(
                format: "L0 %.1f; %d of %d latents live on %d positions",
                Double(active) / Double(max(1, readings.count)), live, subject.latentCount,
                readings.count))
    }
}
