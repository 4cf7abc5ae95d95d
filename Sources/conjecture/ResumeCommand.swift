import ArgumentParser
import Explaining
import Foundation
import Memory
import Mining
import Rows
import Tools

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was interrupted.",
        discussion: """
            Everything journaled is kept; nothing is measured, and no answered question asked, again. The \
            subject's files must be where they were, or be named with --subject and --sae; so must the rows \
            of a run of mine, or be named with --rows. Caps and \
            --model take the place of those that the run began with; the model must be the same one, \
            or a recording of it.

            Example:
              conjecture resume explain-1a2b3c4d
            """)

    @Argument(help: "The run, as `conjecture runs` lists it.")
    var run: String

    @OptionGroup var memory: MemoryOptions

    @Option(
        help: ArgumentHelp("The subject's folder, if it moved.", valueName: "folder"),
        completion: .directory)
    var subject: String?

    @Option(
        help: ArgumentHelp("The autoencoder's folder, if it moved.", valueName: "folder"),
        completion: .directory)
    var sae: String?

    @Option(
        help: ArgumentHelp("The file of rows of a run of mine, if it moved.", valueName: "file"))
    var rows: String?

    @Option(
        help: ArgumentHelp(
            "Where a run of mine writes its pack. Default: beside the report.", valueName: "folder")
    )
    var pack: String?

    @Option(
        help: ArgumentHelp(
            "The folder to which a run of mine adds the tools that it confirms.",
            valueName: "folder"))
    var tools: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions

    @Option(help: "Threads for measuring. They change no result.")
    var threads = 2

    @Option(help: "Inquiries under way at once. It changes no result.")
    var concurrency = 2

    @Option(
        help: ArgumentHelp("Stop after so many seconds with exit code 3.", valueName: "seconds"))
    var maxSeconds: Double?

    @OptionGroup var waiting: WaitingOptions

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func run() async throws {
        let store = try memory.openExisting()
        let row = try await store.run(run)
        if MiningManifest.isOne(row) { return try await mine(row, store) }
        let manifest = try StudyManifest(of: row)
        let driver = RunDriver(
            store: store,
            subject: try await StudySubject.again(
                manifest, model: subject, autoencoder: sae, threads: threads, store: store),
            session: ModelSession(options: model, observation: observation, store: store),
            memory: memory, concurrency: concurrency, maxSeconds: maxSeconds,
            isPatient: waiting.isPatient, json: json)
        try await driver.carryOut(manifest, run: run)
    }

    private func mine(_ row: RunRow, _ store: Store) async throws {
        let manifest = try MiningManifest(of: row)
        let driver = MineDriver(
            store: store, rows: try manifest.readRows(at: rows),
            embedding: try manifest.readEmbedding(),
            session: ModelSession(options: model, observation: observation, store: store),
            memory: memory, maxSeconds: maxSeconds, pack: pack,
            tools: tools.map(ToolCatalogue.init), isPatient: waiting.isPatient, json: json)
        try await driver.carryOut(manifest, run: run)
    }
}

extension MiningManifest {
    /// The rows of the file that the manifest names.
    ///
    /// - Parameter path: where the file is now, if it moved.
    func readRows(at path: String?) throws -> RowSet {
        try RowSet(reading: path ?? data.path, schema: data.schema, format: data.format)
    }

    /// The encoder that the manifest names, if it names one.
    func readEmbedding() throws -> TextEmbedding? {
        try embedding.map { try TextEmbedding(path: $0.path, threads: 2) }
    }
}
