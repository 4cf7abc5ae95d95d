import Dispatch
import Foundation
import LinearAlgebra
import Subjects

/// The Swift side of `Benchmarks/forward.sh` and `Benchmarks/generate.sh`. Prints one number.
///
///     models-benchmark forward MODEL TOKENS HOOK SECONDS THREADS     tokens a second at the hook
///     models-benchmark generate CHECKPOINT COUNT SECONDS             greedy tokens a second
///     models-benchmark text CHECKPOINT COUNT                         the greedy tokens
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
            + "| text CHECKPOINT COUNT"
    }

    private static func run(_ arguments: [String]) throws {
        let numbers = arguments.compactMap(Int.init)
        switch (arguments.first, arguments.count, numbers.count) {
        case ("forward", 6, 2):
            let text = try String(contentsOfFile: arguments[2], encoding: .utf8)
            let batch = text.split(separator: "\n").map {
                $0.split(separator: " ").compactMap { Int($0) }
            }
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
        default: throw Usage()
        }
    }

    private static func forward(
        _ folder: String, hook: String, _ batch: [[Int]], threads: Int
    ) throws -> () throws -> Void {
        let configuration = try String(contentsOfFile: folder + "/config.json", encoding: .utf8)
        guard configuration.contains("\"gpt2\"") else {
            let model = try Transformer(folder: folder)
            let place = try model.hook(named: hook)
            return { _ = try model.activations(of: batch, at: place, threads: threads) }
        }
        let model = try GPT2(folder: folder)
        let place = try model.hook(named: hook)
        return { _ = try model.residuals(of: batch, at: place, threads: threads) }
    }

    /// Of at least 5 runs, as many as fit, without the first tenth.
    private static func medianSeconds(
        within seconds: Int, _ body: () throws -> Void
    ) rethrows -> Double {
        var times: [Double] = []
        let start = DispatchTime.now().uptimeNanoseconds
        var now = start
        while now - start < UInt64(seconds) * 1_000_000_000 || times.count < 5 {
            let c0 = clock()
            try body()
            let c1 = clock()
            print("cpu", 1024 / (Double(c1 - c0) / 1e6), "wall", 1024 / (Double(DispatchTime.now().uptimeNanoseconds - now) / 1e9))
            let end = DispatchTime.now().uptimeNanoseconds
            times.append(Double(end - now) / 1e9)
            now = end
        }
        let kept = times.dropFirst(times.count / 10).sorted()
        return kept[kept.count / 2]
    }
}
