import ArgumentParser
import Dictionaries
import Exemplars

/// Where the activations come from.
struct ActivationOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "Files of text.", completion: .file())
    var corpus: [String] = []

    @Option(help: "The field of a JSON line that holds the text.")
    var field = "text"

    @Option(help: "So many random games, for a model that plays Othello.")
    var games: Int?

    @Option(
        help:
            "Activations that were measured elsewhere: an .npy or .safetensors file, [rows × width].",
        completion: .file())
    var activations: String?

    @Option(help: "Which tensor of the file, where it has several.")
    var tensor: String?

    @Option(help: "Where the activations are taken, for instance blocks.3.hook_resid_post.")
    var hook: String?

    @Option(
        help: ArgumentHelp(
            "Put random weights of this seed in place of the model's: the floor beside a result. With "
                + "--games.", valueName: "seed"))
    var randomModel: UInt64?

    func validate() throws {
        let given = [!corpus.isEmpty, games != nil, activations != nil].count { $0 }
        guard given == 1 else {
            throw ValidationError(
                "Give one of --corpus, --games and --activations: \(given) are there.")
        }
        guard activations != nil || hook != nil else {
            throw ValidationError("Name the place in the model with --hook.")
        }
        guard randomModel == nil || games != nil else {
            throw ValidationError("--random-model goes with --games.")
        }
    }

    /// - Parameter model: the model's folder; may be nil for a file of activations.
    func source(
        model: String?, plan: TrainingPlan, threads: Int
    ) throws -> any ActivationSource {
        if let activations {
            return try ActivationFile(
                path: activations, tensor: tensor, hook: hook, model: model, plan: plan,
                threads: threads)
        }
        guard let model else { throw ValidationError("Name the model's folder.") }
        if let games {
            return try GameActivations(
                model: model, hook: hook ?? "", games: games, randomModel: randomModel,
                plan: plan, threads: threads)
        }
        return try TextActivations(
            model: model, hook: hook ?? "", corpus: Corpus(paths: corpus, field: field),
            plan: plan, threads: threads)
    }
}

/// What is done to activations before a dictionary sees them.
struct StreamOptions: ParsableArguments {
    @Option(help: "How many activations are trained on.")
    var tokens: Int

    @Option(help: "Activations of a step.")
    var batch = 1024

    @Option(help: "Tokens of a context.")
    var contextLength = 128

    @Option(help: "The share of documents, games or rows that are kept from training.")
    var heldOut = 0.1

    @Option(
        help: ArgumentHelp(
            "Which positions of a context are used, the first being 0, for instance 1-30,40. "
                + "Default: all but the token that the tokenizer itself puts first.",
            valueName: "ranges"))
    var positions: String?

    @Option(
        help: ArgumentHelp(
            "Leave out activations longer than so many times the median.", valueName: "times"))
    var normLimit: Double?

    @Option(help: "Where b_dec begins: mean or median (the geometric one).")
    var centre = TrainingPlan.Centre.mean

    @Option(
        help: ArgumentHelp(
            "Make activations uncorrelated and of equal variance first, and count the errors of the "
                + "original or of the whitened ones. It is folded into the weights at the end.",
            valueName: "original|whitened"))
    var whiten: TrainingPlan.WhiteningLoss?

    @Option(help: "Megabytes of activations that are held and shuffled at a time.")
    var buffer = 256

    func validate() throws {
        guard (1...1 << 20).contains(buffer) else {
            throw ValidationError("--buffer \(buffer): give a number of megabytes, at least 1.")
        }
        _ = try chosenPositions()
    }

    func apply(to plan: inout TrainingPlan) throws {
        plan.positions = try chosenPositions()
        plan.normLimit = normLimit
        plan.centre = centre
        plan.whitening = whiten
        plan.poolByteLimit = buffer << 20
    }

    private func chosenPositions() throws -> [ClosedRange<Int>]? {
        try positions?.split(separator: ",").map { part in
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2,
                first >= 0, first <= last
            else {
                throw ValidationError(
                    "--positions \(part): give numbers and ranges such as 1-30,40.")
            }
            return first...last
        }
    }
}

extension TrainingPlan.Centre: ExpressibleByArgument {}
extension TrainingPlan.WhiteningLoss: ExpressibleByArgument {}
extension TrainedDictionary.Layout: ExpressibleByArgument {}
