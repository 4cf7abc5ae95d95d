import Dispatch
import Foundation
import LinearAlgebra
import Subjects

/// The Swift side of `Benchmarks/forward.sh` and `Benchmarks/generate.sh`. Prints one number.
///
///     models-benchmark forward MODEL TOKENS HOOK SECONDS THREADS     tokens a second at the hook
///     models-benchmark generate CHECKPOINT COUNT SECONDS             greedy tokens a second
///     models-benchmark text CHECKPOINT COUNT                         the greedy tokens
///     models-benchmark memory MODEL TOKENS THREADS                   peak memory, weights, buffers
///     models-benchmark sgemm MODEL TOKENS LAYERS SECONDS THREADS     the same at the rate of sgemm
///     models-benchmark encode AUTOENCODER ROWS SECONDS THREADS       rows encoded a second
@main
struct ModelsBenchmark {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    struct Usage: Error, CustomStringConvertible {
        let description =
            "usage: forward MODEL TOKENS HOOK SECONDS THREADS | generate CHECKPOINT COUNT SECONDS "
            + "| text CHECKPOINT COUNT | memory MODEL TOKENS THREADS "
            + "| sgemm MODEL TOKENS LAYERS SECONDS THREADS | encode AUTOENCODER ROWS SECONDS THREADS"
    }

    private static func run(_ arguments: [String]) throws {
        let numbers = arguments.compactMap(Int.init)
        switch (arguments.first, arguments.count, numbers.count) {
        case ("forward", 6, 2):
            let batch = try tokens(arguments[2])
            let pass = try forward(arguments[1], hook: arguments[3], batch, threads: numbers[1])
            let seconds = try medianSeconds(within: numbers[0], pass)
            print(Double(batch.reduce(0) { $0 + $1.count }) / seconds)
        case ("generate", 4, 2):
            let model = try Transformer(llama2Checkpoint: arguments[1])
            var generator = SeededGenerator(seed: 0)
            let seconds = try medianSeconds(within: numbers[1]) {
                _ = try model.generate(after: [1], count: numbers[0], &generator)
            }
            print(Double(numbers[0]) / seconds)
        case ("text", 3, 1):
            let model = try Transformer(llama2Checkpoint: arguments[1])
            var generator = SeededGenerator(seed: 0)
            print(try model.generate(after: [1], count: numbers[0], &generator))
        case ("memory", 4, 1): try memory(arguments[1], try tokens(arguments[2]), numbers[0])
        case ("sgemm", 6, 3):
            let model = try Transformer(folder: arguments[1])
            let count = try tokens(arguments[2]).reduce(0) { $0 + $1.count }
            let seconds = try Products(model.configuration, rows: count, threads: numbers[2])
                .seconds(within: numbers[1], medianSeconds)
            print(Double(count) / (seconds * Double(numbers[0])))
        case ("encode", 5, 3):
            let dictionary = try PublishedAutoencoder(path: arguments[1]).autoencoder
            var generator = SeededGenerator(seed: 1)
            let rows = Matrix(
                rows: numbers[0], columns: dictionary.inputWidth,
                storage: (0..<numbers[0] * dictionary.inputWidth).map { _ in
                    Float(generator.normal())
                })
            let seconds = try medianSeconds(within: numbers[1]) {
                _ = try dictionary.encode(rows, threads: numbers[2])
            }
            print(Double(numbers[0]) / seconds)
        default: throw Usage()
        }
    }

    private static func tokens(_ path: String) throws -> [[Int]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ").compactMap { Int($0) }
        }
    }

    /// Loads a model, has it compute all logits' last rows, and prints, in MB, the most memory it
    /// had, its weights on disk and the buffers that a pass is said to take; then their ratio.
    private static func memory(_ folder: String, _ batch: [[Int]], _ threads: Int) throws {
        let before = peak()
        let model = try Transformer(folder: folder)
        let request = ForwardRequest(logits: .last)
        _ = try model.forward(batch, request, threads: threads)
        let buffers = model.activationByteCount(batch.map(\.count), request, threads: threads)
        var weights = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasSuffix(".safetensors") {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            weights += (attributes[.size] as? Int) ?? 0
        }
        let most = peak()
        print(
            "program \(before >> 20) MB, peak \(most >> 20) MB, weights \(weights >> 20) MB, "
                + "buffers \(buffers >> 20) MB")
        print(Double(most - before - buffers) / Double(weights))
    }

    /// The most memory that this process ever had resident, in bytes.
    private static func peak() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    private static func forward(
        _ folder: String, hook: String, _ batch: [[Int]], threads: Int
    ) throws -> () throws -> Void {
        let model = try Transformer(folder: folder)
        let place = try model.hook(named: hook)
        return { _ = try model.activations(of: batch, at: place, threads: threads) }
    }

    /// Of at least 5 runs, as many as fit, without the first tenth.
    private static func medianSeconds(
        within seconds: Int, _ body: () throws -> Void
    ) rethrows -> Double {
        var times: [Double] = []
        let start = DispatchTime.now().uptimeNanoseconds
        var now = start
        while now - start < UInt64(seconds) * 1_000_000_000 || times.count < 5 {
            try body()
            let end = DispatchTime.now().uptimeNanoseconds
            times.append(Double(end - now) / 1e9)
            now = end
        }
        let kept = times.dropFirst(times.count / 10).sorted()
        return kept[kept.count / 2]
    }
}
