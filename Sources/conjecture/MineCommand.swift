import ArgumentParser
import Foundation
import Inquiry
import Memory
import Mining
import Rows
import Tools

struct MineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mine",
        abstract:
            "Find features of a text that predict an outcome, and leave a pack that scores new rows.",
        discussion: """
            Rows are dealt to three roles by group: features are proposed from discover rows, chosen on \
            select rows, and confirmed once on confirm rows, beside baselines and the null of the whole \
            pipeline. Offline, the built-in statistics of a text and induced word lists are proposed; with \
            --model a language model proposes and scores.

            Examples:
              conjecture mine reviews.jsonl --text text --target helpful --group product
              conjecture mine reviews.csv --text text --target helpful/votes --min-trials 5 --within polarity
              conjecture mine pairs.jsonl --preferred chosen --other rejected --group topic
              conjecture mine study.yaml     (options by their long names, and rows: reviews.jsonl)

            \(ApprovalFile.help)
            """)

    @Argument(
        help: ArgumentHelp(
            "Rows: a .jsonl or .csv file, - for standard input with --format, or a study's .yaml.",
            valueName: "rows"), completion: .file(extensions: ["jsonl", "csv"]))
    var rows: String

    @OptionGroup var columns: RowOptions

    @Option(
        help: ArgumentHelp(
            "Where to write the pack. Default: beside the report.", valueName: "folder"))
    var pack: String?

    @Option(help: ArgumentHelp("The most features that the score is made of.", valueName: "count"))
    var features = 10

    @Option(
        help: ArgumentHelp(
            "Rounds of proposing after the first, from the rows that are got most wrong.",
            valueName: "count"))
    var reflections = 2

    @Option(
        help: ArgumentHelp(
            "What tells a gain: partial-rank, conditional-information or autoqual.",
            valueName: "criterion"))
    var criterion = MiningSettings.Criterion.partialRank

    @Option(help: ArgumentHelp("Sets that selection follows at once.", valueName: "width"))
    var beam = 1

    @Option(help: ArgumentHelp("Runs of everything on permuted targets.", valueName: "count"))
    var nullRuns = 40

    @Option(help: "Decides every random choice. The same seed gives the same report.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "A file with what experts say of good texts, for the language model.", valueName: "file"
        ),
        completion: .file())
    var guidelines: String?

    @Option(
        help: ArgumentHelp(
            "A folder of approved tools: they are proposed too, and what is confirmed is added to it.",
            valueName: "folder"), completion: .directory)
    var tools: String?

    @Option(
        help: ArgumentHelp(
            "The folder of a sentence encoder (BERT or MiniLM, with its tokenizer): kinds of texts that it "
                + "sees are proposed from, and ridge regression on its vectors is a baseline.",
            valueName: "folder"), completion: .directory)
    var embedding: String?

    @Flag(help: "Ignore the tools that earlier tasks confirmed.")
    var fresh = false

    @Flag(
        help: ArgumentHelp(
            "Run Python that a language model wrote without a sandbox: it can then read, write and send "
                + "whatever you can."))
    var unsafeNoSandbox = false

    @OptionGroup var approval: ApprovalOptions
    @OptionGroup var memory: MemoryOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions

    @Option(
        help: ArgumentHelp(
            "Stop after so many seconds with exit code 3; `conjecture resume` goes on.",
            valueName: "seconds"))
    var maxSeconds: Double?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func validate() throws {
        guard StudyFile.isOne(rows) || columns.areComplete else {
            throw ValidationError(
                "Say what to read: --text and --target, or --preferred and --other.")
        }
        for (name, value, range) in [
            ("features", features, 1...100), ("reflections", reflections, 0...20),
            ("beam", beam, 1...50), ("null-runs", nullRuns, 0...10_000),
        ] where !range.contains(value) {
            throw ValidationError(
                "--\(name) \(value): give a number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
    }

    func run() async throws {
        if StudyFile.isOne(rows) {
            let own = StudyFile.words(after: Self.configuration.commandName, but: rows)
            let study = try StudyFile(path: rows, argument: "rows")
            return try await Self.parse(study.arguments(with: own)).run()
        }
        let schema = try columns.schema()
        let rows = try RowSet(reading: rows, schema: schema, format: columns.format)
        var settings = MiningSettings()
        (settings.features, settings.reflections) = (features, reflections)
        (settings.criterion, settings.beamWidth) = (criterion, beam)
        settings.nullRuns = nullRuns
        let encoder = try embedding.map { try TextEmbedding(path: $0, threads: 2) }
        let store = try memory.open()
        let session = ModelSession(options: model, observation: observation, store: store)
        let scope = "before-\(UUID().uuidString)"
        let bare = MiningManifest(
            data: .init(path: self.rows, format: columns.format, schema: schema, rows: rows),
            seed: seed, settings: settings, guidelines: try guidelines.map(Self.text),
            proposer: try await session.reference(of: MiningManifest.inquiry, scope: scope),
            python: model.model == nil ? .sandboxed : await pythonRoom(),
            embedding: encoder?.reference, approval: try approval.policy())
        let driver = MineDriver(
            store: store, rows: rows, embedding: encoder, session: session, memory: memory,
            maxSeconds: maxSeconds,
            pack: pack, tools: tools.map(ToolCatalogue.init),
            isPatient: approval.waiting.isPatient, json: json)
        try await driver.begin(bare, fresh: fresh, scope: scope)
    }

    /// Whether and where generated Python can run. A run without a sandbox goes on with expressions and
    /// prompts, and says what is missing.
    private func pythonRoom() async -> MiningManifest.Python {
        do {
            _ = try await Sandbox.probe(unsafeNoSandbox ? .unsafeNoSandbox : .walled)
            return unsafeNoSandbox ? .unsafe : .sandboxed
        } catch {
            Console.error("no Python tools in this run: \(error)")
            return .none
        }
    }

    /// Guidelines longer than this do not fit beside the texts of a prompt.
    private static let guidelineLimit = 20_000

    private static func text(_ path: String) throws -> String {
        let text: String
        do {
            text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        } catch {
            throw ValidationError("--guidelines \(path): \(error.localizedDescription)")
        }
        guard text.count <= guidelineLimit else {
            throw ValidationError(
                "--guidelines \(path): \(text.count) characters, and at most \(guidelineLimit) fit."
            )
        }
        return text
    }
}
