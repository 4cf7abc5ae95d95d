import ArgumentParser
import Dictionaries
import Exemplars
import Foundation
import Games
import Subjects
import Texts

/// What dictionaries are measured on.
struct EvaluationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Random games of Othello, or the most that are read of --pgn: half to choose latents on, half "
                + "to measure on.", valueName: "games"))
    var games = 2000

    @Option(
        help: ArgumentHelp(
            "Who mine and theirs are: mover, or reference as in the published code, which goes by the "
                + "number of moves; of chess, the published code's definitions.", valueName: "rule")
    )
    var perspective = "mover"

    @Option(
        help: ArgumentHelp(
            "Properties of boards: board (what stands on every square) or all.",
            valueName: "which"))
    var properties = "board"

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Recorded games of chess, for a model that reads ChessGPT's 32 characters.",
            valueName: "file"), completion: .file(extensions: ["pgn"]))
    var pgn: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Texts for a language model.", valueName: "file"), completion: .file())
    var corpus: [String] = []

    @Option(help: "The field of a JSON line that holds the text.")
    var field = "text"

    @Option(help: "Tokens of texts that are measured.")
    var tokens = 60_000

    @Option(help: "Tokens of a context.")
    var contextLength = 128

    @Option(
        help: ArgumentHelp(
            "A formula a line that a token's place in its text may satisfy, for instance "
                + "word(\"boy\", \"girl\") & sentenceStart. Default: a catalogue for English.",
            valueName: "file"), completion: .file())
    var predicates: String?

    @Option(
        help: ArgumentHelp(
            "Rows of activations, .npy or .safetensors, in the place of a model.", valueName: "file"
        ),
        completion: .file())
    var activations: String?

    @Option(help: "The rows' name in a .safetensors file.")
    var tensor: String?

    @Option(
        help: ArgumentHelp(
            "What holds on each row: CSV or JSONL, 0 or 1 in every column.", valueName: "file"),
        completion: .file())
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "The column that says which rows belong together, and is no property.",
            valueName: "column"))
    var groups: String?

    @Option(
        help: ArgumentHelp(
            "Two properties, for the removal of a spurious correlation: the one a probe is to find, and "
                + "the one it might go by.", valueName: "target,spurious"))
    var spurious: String?

    @Flag(inversion: .prefixedNo, help: "Fit a linear probe of every property.")
    var probe = true

    @Option(help: "Decides the games, the dealing and the resampling.")
    var seed: UInt64 = 1

    @Option(help: "Threads. They change no result.")
    var threads = 2

    func validate() throws {
        let ranges = [
            ("threads", threads, 1...256), ("games", games, 4...1_000_000),
            ("tokens", tokens, 100...10_000_000), ("context-length", contextLength, 2...32_768),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw ValidationError(
                "--\(name) \(value): give a number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        guard OthelloMaterial.Perspective(rawValue: perspective) != nil else {
            throw ValidationError("--perspective \(perspective): write mover or reference.")
        }
        guard OthelloMaterial.Catalogue(rawValue: properties) != nil else {
            throw ValidationError("--properties \(properties): write board or all.")
        }
        guard spurious == nil || spuriousPair != nil else {
            throw ValidationError("--spurious: name two properties with a comma between them.")
        }
        guard (activations == nil) == (labels == nil) else {
            throw ValidationError("--activations and --labels belong together: name both.")
        }
        let stray = [
            ("--predicates", predicates != nil && corpus.isEmpty, "--corpus"),
            ("--groups", groups != nil && activations == nil, "--activations"),
            ("--tensor", tensor != nil && activations == nil, "--activations"),
        ]
        for (name, isStray, owner) in stray where isStray {
            throw ValidationError("\(name) goes with \(owner).")
        }
        guard [activations != nil, !corpus.isEmpty, !pgn.isEmpty].count(where: { $0 }) <= 1 else {
            throw ValidationError("--activations, --corpus and --pgn: name one.")
        }
    }

    /// The rows, and what bounds the figures on them.
    ///
    /// - Parameters:
    ///   - model: its folder; nil where there are activations.
    ///   - dictionary: the one that names the place in the model.
    ///   - randomWeights: the seed of weights that replace the model's.
    func evaluation(
        model: String?, _ dictionary: SparseAutoencoder, randomWeights: UInt64? = nil
    ) throws(EvaluationError) -> DictionaryEvaluation {
        var settings = DictionaryEvaluation.Settings(threads: threads)
        settings.resampling.seed = seed
        settings.spuriousPair = spuriousPair
        let probe = probe ? LinearProbe.Settings() : nil
        if let activations, let labels {
            let rows = try LabelledRows(
                activations: activations, tensor: tensor, properties: labels, groups: groups)
            return try DictionaryEvaluation(
                labelled: rows, name: activations, seed: seed, settings: settings, probe: probe)
        }
        guard let model else { throw .tooFew(what: "models", found: 0, least: 1) }
        guard corpus.isEmpty else {
            return try DictionaryEvaluation(
                texts: try texts(model, dictionary), settings: settings, probe: probe)
        }
        var plan = OthelloMaterial.Plan()
        plan.games = games
        plan.seed = seed
        plan.perspective = OthelloMaterial.Perspective(rawValue: perspective) ?? .mover
        plan.catalogue = OthelloMaterial.Catalogue(rawValue: properties) ?? .board
        let network: GPT2
        let hook: HookPoint
        do throws(SubjectError) {
            let own = try GPT2(folder: model)
            network = randomWeights.map { own.randomWeights(seed: $0) } ?? own
            hook = try dictionary.check(fits: network)
        } catch {
            throw .subject(error)
        }
        guard pgn.isEmpty else {
            var chess = ChessMaterial.Plan()
            chess.definitions = plan.perspective == .reference ? .reference : .clean
            chess.asksStrategy = plan.catalogue == .all
            chess.seed = seed
            return try DictionaryEvaluation(
                chess: network, hook: hook, games: try recordedGames(), plan: chess,
                settings: settings, probe: probe)
        }
        return try DictionaryEvaluation(
            othello: network, hook: hook, plan: plan, settings: settings, probe: probe)
    }

    private func recordedGames() throws(EvaluationError) -> [ChessGame] {
        var games: [ChessGame] = []
        for path in pgn {
            do {
                var reader = PGNReader(
                    String(
                        decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
                var isMore = true
                while isMore, games.count < self.games {
                    do throws(ChessError) {
                        let game = try reader.next()
                        game.map { games.append($0) }
                        isMore = game != nil
                    } catch {
                        Console.error("\(path): left out: \(error)")
                    }
                }
            } catch {
                throw .badFile(path: path, reason: error.localizedDescription)
            }
        }
        return games
    }

    private var spuriousPair: SpuriousPair? {
        let names = (spurious ?? "").split(separator: ",").map(String.init)
        return names.count == 2 ? SpuriousPair(target: names[0], spurious: names[1]) : nil
    }

    private func texts(
        _ model: String, _ dictionary: SparseAutoencoder
    ) throws(EvaluationError) -> PredicateRows {
        guard let hook = dictionary.origin.hookName else {
            throw .subject(.unnamedHook(path: dictionary.name))
        }
        var plan = PredicateRows.Plan()
        plan.tokens = tokens
        plan.contextLength = contextLength
        plan.seed = seed
        plan.predicates = try predicates.map { path throws(EvaluationError) in
            try Self.rules(path)
        }
        let texts: Corpus
        do {
            texts = try Corpus(paths: corpus, field: field)
        } catch {
            throw .badFile(path: corpus.joined(separator: " "), reason: "\(error)")
        }
        return try PredicateRows(
            model: model, hook: hook, corpus: texts, plan: plan, threads: threads)
    }

    private static func rules(_ path: String) throws(EvaluationError) -> [TextRule] {
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return try text.split(whereSeparator: \.isNewline)
                .filter { !$0.allSatisfy(\.isWhitespace) }.map { try TextRule.parse(String($0)) }
        } catch {
            throw .badFile(path: path, reason: "\(error)")
        }
    }
}
