import ArgumentParser
import Dispatch
import Exemplars
import Foundation
import Instruments
import JSON
import Synchronization

struct ExemplarsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exemplars",
        abstract: "Find where every latent of a dictionary fires in a corpus, in one pass.",
        discussion: """
            Keeps for all latents at once: the contexts of greatest activation, contexts drawn from every \
            part of the distribution, how often they fire, a histogram, what fires with them; and a \
            background of contexts drawn by chance. Says first how much memory it will hold. A pass that \
            was interrupted goes on when the same command is run again, and ends with the same bytes.

            Files ending in .jsonl or .ndjson have a JSON object a line; others are plain text, and blank \
            lines part the documents. A document above 512 KB is left out and counted.

            Examples:
              conjecture exemplars models/pythia-70m saes/layer-3 --corpus corpus.jsonl --out exemplars
              conjecture exemplars show exemplars 1234
            """,
        subcommands: [Run.self, ExemplarsShowCommand.self], defaultSubcommand: Run.self)

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Make a store, or go on with one (the default).",
            discussion: """
                Example:
                  conjecture exemplars run models/pythia-70m saes/layer-3 --corpus corpus.jsonl \
                --out exemplars
                """)

        @Argument(help: "The model's folder, with its tokenizer.", completion: .directory)
        var model: String

        @Argument(help: "The autoencoder's folder or file.", completion: .directory)
        var sae: String

        @Option(parsing: .upToNextOption, help: "Files of text.", completion: .file())
        var corpus: [String]

        @Option(
            help: ArgumentHelp("The store: a folder.", valueName: "store"), completion: .directory)
        var out: String

        @Option(help: "The field of a JSON line that holds the text.")
        var field = "text"

        @Option(help: "Tokens of a context.")
        var contextLength = 128

        @Option(help: "Tokens kept of a context, round the maximum.")
        var window = 32

        @Option(help: "Contexts of greatest activation for each latent.")
        var top = 20

        @Option(help: "Parts of equal weight of the distribution of context maxima.")
        var quantiles = 10

        @Option(help: "Contexts drawn from each part.")
        var perQuantile = 5

        @Option(help: "Contexts drawn from the whole corpus.")
        var background = 256

        @Option(help: "Counters for co-firing latents, for each latent; a multiple of 16.")
        var cofiring = 64

        @Option(help: "Decides every random choice.")
        var seed: UInt64 = 1

        @Option(help: "Threads for measuring. They change no result.")
        var threads = 2

        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (1...256).contains(threads) else {
                throw ValidationError("--threads \(threads): give a number from 1 to 256.")
            }
        }

        func run() async throws {
            let pass = try makePass()
            say(pass.memory, of: pass)
            let interruption = Interruption()
            let signals = interruption.watch()
            defer { for source in signals { source.cancel() } }
            let screen = LineScreen()
            let result = await DispatchQueue.global().result { () throws(ExemplarError) in
                try pass.run { progress in
                    screen.show { progress.line }
                    return interruption.isAsked ? .stop : .goOn
                }
            }
            screen.finish()
            do {
                report(try result.get())
            } catch .stopped(let path) {
                Console.error("\(ExemplarError.stopped(path: path))")
                throw ExitStatus.interrupted
            }
        }

        private func makePass() throws -> ExemplarPass {
            let subject = try TextSubject(model: model, autoencoder: sae, threads: threads)
            for assumption in subject.assumptions {
                Console.error("\(assumption.name): \(assumption.value)")
            }
            return try ExemplarPass(
                subject: subject, corpus: Corpus(paths: corpus, field: field),
                plan: ExemplarPlan(
                    contextLength: contextLength, window: window, topCount: top,
                    quantileCount: quantiles, perQuantile: perQuantile,
                    backgroundCount: background, cofiringCount: cofiring, seed: seed), store: out)
        }

        private func say(_ memory: MemoryStatement, of pass: ExemplarPass) {
            func megabytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
            Console.error(
                "will hold at most \(megabytes(memory.total)) MB beside the model and the autoencoder: "
                    + "\(megabytes(memory.latents)) for \(pass.identity.latentCount) latents, "
                    + "\(megabytes(memory.batch)) for a batch, \(megabytes(memory.reading)) for reading"
            )
        }

        private func report(_ manifest: ExemplarManifest) {
            guard let totals = manifest.totals, let content = manifest.content else { return }
            if json {
                let value: JSONValue = [
                    "store": .string(out), "documents": .integer(totals.documents),
                    "empty_documents": .integer(totals.emptyDocuments),
                    "long_documents": .integer(totals.longDocuments),
                    "contexts": .integer(totals.contexts), "tokens": .integer(totals.tokens),
                    "latents": .integer(manifest.identity.latentCount),
                    "content": .string(content.hex),
                ]
                print(value.text)
                return
            }
            print("tokens     \(totals.tokens) in \(totals.contexts) contexts")
            print("documents  \(totals.documents)", terminator: "")
            print(", \(totals.emptyDocuments) empty, \(totals.longDocuments) left out as too long")
            print("latents    \(manifest.identity.latentCount)")
            print("store      \(out)")
        }
    }
}

/// Whether the user asked to stop.
final class Interruption: Sendable {
    private let asked = Atomic(false)

    var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Takes SIGINT and SIGTERM for as long as the sources live; a second one does not wait.
    func watch() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                if asked.exchange(true, ordering: .relaxed) {
                    Foundation.exit(ExitStatus.interrupted.rawValue)
                }
            }
            source.resume()
            return source
        }
    }
}

extension ExemplarPass.Progress {
    fileprivate var line: String {
        let share = Double(bytes) / Double(max(1, byteCount))
        return String(
            format: "%5.1f %%  %d tokens, %d documents", 100 * share, totals.tokens,
            totals.documents)
    }
}
