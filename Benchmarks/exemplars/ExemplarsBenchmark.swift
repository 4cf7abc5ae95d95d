import Exemplars
import Foundation
import Instruments
import LinearAlgebra
import SubjectMaterial

/// The program of `Benchmarks/exemplars.sh`.
///
///     exemplars-benchmark TOKENS LAYERS BLOCK THREADS
///
/// The pass runs once, over the whole corpus. Between its rounds the same contexts are measured
/// alone, in the same batches: forward to the hook, then forward and encoding. So the three share
/// whatever else the machine does, and each is warm.
@main
struct ExemplarsBenchmark {
    static let width = 256
    static let latents = 8192
    static let k = 32
    static let contextLength = 128

    struct Usage: Error, CustomStringConvertible {
        let description = "usage: exemplars-benchmark TOKENS LAYERS BLOCK THREADS"
    }

    static func main() {
        do {
            let numbers = CommandLine.arguments.dropFirst().compactMap(Int.init)
            guard numbers.count == 4 else { throw Usage() }
            try run(tokens: numbers[0], layers: numbers[1], block: numbers[2], threads: numbers[3])
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(tokens: Int, layers: Int, block: Int, threads: Int) throws {
        let model = try RandomDecoder.write(
            width: width, layers: layers, heads: 8, contextLength: 256)
        let autoencoder = try RandomAutoencoder.write(
            width: width, latents: latents, k: k, hook: "blocks.\(block).hook_resid_post")
        let subject = try TextSubject(
            model: model.path, autoencoder: autoencoder.path, threads: threads)
        let scratch = try TemporaryFolder()
        let (path, sequences) = try corpus(of: tokens, in: scratch, subject)
        let pass = try ExemplarPass(
            subject: subject, corpus: Corpus(paths: [path]),
            plan: ExemplarPlan(contextLength: contextLength), store: scratch.path + "/store")
        print("will hold at most \(pass.memory.total >> 20) MB beside the model")
        var alone = Alone(subject: subject, sequences: sequences)
        try alone.warmUp()
        let clock = ContinuousClock()
        var spent = Duration.zero
        var began = clock.now
        var failure: (any Error)?
        let manifest = try pass.run { progress in
            spent += clock.now - began
            do {
                try alone.measure(upTo: progress.totals.contexts)
            } catch {
                failure = error
            }
            began = clock.now
            return .goOn
        }
        spent += clock.now - began
        if let failure { throw failure }
        report(spent, alone, tokens: manifest.totals?.tokens ?? 0)
    }

    private static func report(_ spent: Duration, _ alone: Alone, tokens: Int) {
        func line(_ name: String, _ time: Duration) {
            let seconds = time / .seconds(1)
            print(
                String(
                    format: "%@ %.2f s, %.0f tokens/s",
                    name.padding(toLength: 24, withPad: " ", startingAt: 0), seconds,
                    Double(tokens) / seconds))
        }
        line("exemplar pass", spent)
        line("forward and encoding", alone.encoding)
        line("forward to the hook", alone.forward)
        print(String(format: "over forward and encoding %.2f", spent / alone.encoding))
        print(String(format: "ratio %.2f", spent / alone.forward))
    }

    /// A corpus of about so many tokens, and the contexts into which it is cut.
    private static func corpus(
        of tokens: Int, in folder: TemporaryFolder, _ subject: TextSubject
    ) throws -> (path: String, sequences: [[Int]]) {
        var generator = SeededGenerator(seed: 2)
        var paragraphs: [String] = []
        var sequences: [[Int]] = []
        var count = 0
        while count < tokens {
            let text = RandomText.paragraph(words: 100 + generator.below(400), &generator)
            let ids = try subject.tokens(of: text).ids
            let special = subject.firstToken == nil ? 0 : 1
            for first in stride(from: special, to: ids.count, by: contextLength) {
                let last = min(ids.count, first + contextLength)
                sequences.append(Array(ids[..<special] + ids[first..<last]))
            }
            count += ids.count - special
            paragraphs.append(text)
        }
        return (
            try folder.write("corpus.txt", paragraphs.joined(separator: "\n\n") + "\n"), sequences
        )
    }
}

/// The measurements without what is made of them.
struct Alone {
    let subject: TextSubject
    let sequences: [[Int]]
    private(set) var forward = Duration.zero
    private(set) var encoding = Duration.zero
    private var done = 0

    init(subject: TextSubject, sequences: [[Int]]) {
        self.subject = subject
        self.sequences = sequences
    }

    mutating func warmUp() throws {
        let first = Array(sequences.prefix(32))
        _ = try subject.latents(of: first)
    }

    /// Measures the contexts up to a number, in batches of about 8,192 tokens as the pass does.
    mutating func measure(upTo count: Int) throws {
        let clock = ContinuousClock()
        while done < min(count, sequences.count) {
            var tokens = 0
            let batch = Array(
                sequences[done..<min(count, sequences.count)].prefix {
                    tokens += $0.count
                    return tokens <= 8192
                })
            done += batch.count
            forward += try clock.measure {
                _ = try subject.model.activations(
                    of: batch, at: subject.hook, threads: subject.threads)
            }
            encoding += try clock.measure {
                let rows = try subject.model.activations(
                    of: batch, at: subject.hook, threads: subject.threads)
                _ = try subject.dictionary.encode(rows.values, threads: subject.threads)
            }
        }
    }
}
