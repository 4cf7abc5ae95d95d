import Games
import LinearAlgebra
import Subjects

/// Random games of Othello, with what holds after every move.
public struct OthelloMaterial: Sendable {
    /// Who "mine" and "theirs" are.
    public enum Perspective: String, Sendable, Hashable, CaseIterable {
        /// By whoever moves next, passes considered.
        case mover
        /// By the number of moves alone, as in the published code: wrong from a pass on.
        ///
        /// - Source: Karvonen et al. 2024, `games_batch_to_state_stack_mine_yours_blank_mask_BLRRC`.
        case reference
    }

    /// Which properties are asked about.
    public enum Catalogue: String, Sendable, Hashable, CaseIterable {
        /// For every square whether it holds the mover's disc, and whether the opponent's.
        case board
        /// ``BoardProperty/catalogue(for:)``.
        case all
    }

    /// What to make.
    public struct Plan: Sendable, Hashable {
        /// Half of them to choose latents on, half to measure on.
        public var games = 2000
        public var perspective = Perspective.mover
        public var catalogue = Catalogue.board
        /// Decides the games.
        public var seed: UInt64 = 1

        public init() {}
    }

    /// The tokens of each game, as many moves as the model reads.
    let sequences: [[Int]]
    let properties: PropertyBits
    /// The game of each position.
    let groups: [Int]

    /// - Parameter context: moves that the model reads.
    init(
        rules: Othello, context: Int, count: Int, plan: Plan,
        using generator: inout SeededGenerator
    ) {
        let catalogue: [BoardProperty] =
            switch plan.catalogue {
            case .board:
                rules.squares.map { .mine($0) } + rules.squares.map { .theirs($0) }
            case .all: BoardProperty.catalogue(for: rules)
            }
        var sequences: [[Int]] = []
        var groups: [Int] = []
        var bits = catalogue.map { _ in [Bool]() }
        for game in 0..<count {
            let moves = Array(rules.randomGame(using: &generator).prefix(context))
            sequences.append(rules.tokens(moves))
            var position = rules.start
            for move in moves {
                guard let next = position.playing(move, on: rules) else {
                    preconditionFailure("a random game with an illegal move")
                }
                position = next
                groups.append(game)
                let seen = Observation(position, on: rules)
                let isTurned =
                    plan.perspective == .reference
                    && seen.moverIsBlack != position.moveCount.isMultiple(of: 2)
                for (number, property) in catalogue.enumerated() {
                    bits[number].append((isTurned ? property.turned : property).holds(in: seen))
                }
            }
        }
        self.sequences = sequences
        self.groups = groups
        properties = PropertyBits(
            names: catalogue.map { $0.formula(on: rules) }, rowCount: groups.count
        ) { bits[$0][$1] }
    }

    /// The rows of these games at a place of a model.
    func rows(
        of model: GPT2, at hook: HookPoint, threads: Int
    ) throws(SubjectError) -> EvaluationRows {
        let rows = try model.residuals(of: sequences, at: hook, threads: threads)
        return EvaluationRows(values: rows.values, properties: properties, groups: groups)
    }
}

extension BoardProperty {
    /// With mine and theirs exchanged, where it is about one of them.
    fileprivate var turned: BoardProperty {
        switch self {
        case .mine(let square): .theirs(square)
        case .theirs(let square): .mine(square)
        default: self
        }
    }
}

extension DictionaryEvaluation {
    /// For a model that plays Othello, on random games.
    ///
    /// - Throws: ``EvaluationError`` if the model's tokens are no board's, or the place does not exist.
    public init(
        othello model: GPT2, hook: HookPoint, plan: OthelloMaterial.Plan = .init(),
        settings: Settings = Settings(), probe: LinearProbe.Settings? = LinearProbe.Settings()
    ) throws(EvaluationError) {
        let boards = [Othello.sixBySix, .eightByEight]
        guard
            let rules = boards.first(where: {
                $0.vocabularyCount == model.configuration.vocabularySize
            })
        else {
            throw .badOption(
                name: "the vocabulary of \(model.name)",
                value: "\(model.configuration.vocabularySize)",
                expected: "of an Othello board: 33 or 61")
        }
        guard plan.games >= 4 else { throw .tooFew(what: "games", found: plan.games, least: 4) }
        var generator = SeededGenerator(seed: plan.seed, stream: Self.gamesStream)
        let context = model.configuration.contextLength
        let half = plan.games / 2
        let training = OthelloMaterial(
            rules: rules, context: context, count: half, plan: plan, using: &generator)
        let test = OthelloMaterial(
            rules: rules, context: context, count: plan.games - half, plan: plan, using: &generator)
        let parts: [EvaluationRows]
        do throws(SubjectError) {
            parts = [
                try training.rows(of: model, at: hook, threads: settings.threads),
                try test.rows(of: model, at: hook, threads: settings.threads),
            ]
        } catch {
            throw .subject(error)
        }
        try self.init(
            training: parts[0], test: parts[1], place: "\(hook) of \(model.name)",
            hookName: "\(hook)", settings: settings, probe: probe,
            splicing: .init(
                model: SplicedGPT2(model: model, hook: hook), sequences: test.sequences, skipped: 0)
        )
    }

    /// Apart from those of games that anything is trained on.
    private static let gamesStream: UInt64 = 0xE7A1
}
