import ArgumentParser
import Explaining
import Foundation
import Memory

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was interrupted.",
        discussion: """
            Everything journaled is kept; nothing is measured, and no answered question asked, again. The \
            subject's files must be where they were, or be named with --subject and --sae. Caps and \
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

    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions

    @Option(help: "Threads for measuring. They change no result.")
    var threads = 2

    @Option(help: "Inquiries under way at once. It changes no result.")
    var concurrency = 2

    @Option(
        help: ArgumentHelp("Stop after so many seconds with exit code 3.", valueName: "seconds"))
    var maxSeconds: Double?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func run() async throws {
        let store = try memory.openExisting()
        let manifest = try StudyManifest(of: try await store.run(run))
        let driver = RunDriver(
            store: store,
            subject: try await StudySubject.again(
                manifest, model: subject, autoencoder: sae, threads: threads, store: store),
            session: ModelSession(options: model, observation: observation, store: store),
            memory: memory, concurrency: concurrency, maxSeconds: maxSeconds, json: json)
        try await driver.carryOut(manifest, run: run)
    }
}
