import Digests
import Foundation
import Games
import LinearAlgebra
import Subjects

/// The residual stream of a model that plays Othello, on random games, dealt to training and measurement
/// by the hash of each game's moves.
///
/// Short beginnings occur in many games, so that early positions of held-out games are in the training
/// games as well; choose positions (``TrainingPlan/positions``) where that matters.
public struct GameActivations: ActivationSource {
    public let facts: SourceFacts
    public let threads: Int
    /// Where the activations are taken.
    public let hook: HookPoint
    private let model: GPT2
    private let path: String
    private let parts: [DataPart: TokenContexts]
    private let choice: String

    public var width: Int { model.configuration.width }

    /// Makes the games: every legal move equally likely, up to the model's context.
    ///
    /// - Parameters:
    ///   - model: a GPT-2-shaped model's folder, whose vocabulary is a board's squares and a padding.
    ///   - games: how many games there are, held-out ones included.
    ///   - randomModel: decides weights that replace the model's own, or nil for these: the floor that
    ///     stands beside a result.
    public init(
        model path: String, hook name: String, games count: Int, randomModel: UInt64? = nil,
        plan: TrainingPlan, threads: Int
    ) throws(DictionaryError) {
        precondition(threads > 0, "\(threads) threads")
        try plan.check()
        try TrainingPlan.check("games", count, in: 2...1 << 26)
        do {
            let trained = try GPT2(folder: path)
            hook = try trained.hook(named: name)
            model = randomModel.map { trained.randomWeights(seed: $0) } ?? trained
        } catch {
            throw .subject(error)
        }
        let size = model.configuration.vocabularySize
        guard
            let rules = [Othello.sixBySix, .eightByEight].first(where: {
                $0.vocabularyCount == size
            })
        else { throw .noBoard(path: path, vocabulary: size) }
        self.path = path
        self.threads = threads
        var hash = SHA256()
        parts = Self.play(
            count, rules, length: model.configuration.contextLength, plan, &hash)
        choice =
            "\(plan.heldOutShare) \(plan.seed) "
            + "\(plan.positions.map { "\($0)" } ?? "all") \(randomModel.map(String.init) ?? "own")"
        facts = SourceFacts(
            origin: .init(
                hookName: "\(hook)", modelName: TextActivations.modelName(path),
                contextSize: model.configuration.contextLength, prependsBOS: false),
            dataName: "\(count) random games of Othello, \(rules.size) × \(rules.size)",
            dataDigest: hash.finalize(), engine: ActivationMeter.engineVersion,
            randomModel: randomModel)
        try check(for: plan)
    }

    private static func play(
        _ count: Int, _ rules: Othello, length: Int, _ plan: TrainingPlan, _ hash: inout SHA256
    ) -> [DataPart: TokenContexts] {
        var (training, heldOut) = (
            TokenContexts(positions: plan.positions), TokenContexts(positions: plan.positions)
        )
        var generator = SeededGenerator(seed: plan.seed, stream: 2)
        for _ in 0..<count {
            let moves = rules.randomGame(using: &generator)
            let name = rules.transcript(moves)
            hash.update(name + "\n")
            let tokens = rules.tokens(Array(moves.prefix(length))).map { UInt32($0) }
            if plan.isHeldOut(name) { heldOut.add(tokens) } else { training.add(tokens) }
        }
        return [.training: training, .heldOut: heldOut]
    }

    public func pieces(of part: DataPart) -> ActivationPieces {
        parts[part]?.pieces ?? ActivationPieces()
    }

    public func forEachRow(
        of part: DataPart, _ pieces: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        try parts[part]?.forEachRow(
            pieces, first: nil,
            measure: { sequences throws(SubjectError) in
                try model.residuals(of: sequences, at: hook, threads: threads)
            }, body)
    }

    public func identity() throws(DictionaryError) -> Digest {
        var hash = SHA256()
        hash.update("conjecture.game-activations/1 \(ActivationMeter.engineVersion) \(hook) ")
        hash.update("\(facts.dataDigest) \(choice)")
        try hash.update(modelAt: path)
        return hash.finalize()
    }
}
