import Dispatch
import Foundation
import LinearAlgebra
import Subjects

/// The Swift side of `Benchmarks/activations.sh`. Prints one number.
///
///     activations-benchmark games MODEL COUNT            random full-length sequences, one a line
///     activations-benchmark ours MODEL GAMES SECONDS THREADS      positions a second at the hook
///     activations-benchmark latents MODEL GAMES SECONDS THREADS   as ours, with MODEL/sae
///     activations-benchmark flop MODEL                   flop per position in matrix products
///     activations-benchmark sgemm MODEL GAMES SECONDS THREADS     GFLOP/s of OpenBLAS alone
@main
struct ActivationsBenchmark {
    static let hook = "blocks.3.hook_resid_post"

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try run(arguments)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard arguments.count >= 2 else { throw Usage() }
        let model = try GPT2(folder: arguments[1])
        let numbers = arguments.dropFirst(3).compactMap(Int.init)
        switch (arguments[0], arguments.count) {
        case ("games", 3):
            guard let count = Int(arguments[2]) else { throw Usage() }
            printGames(model, count)
        case ("flop", 2):
            print(products(of: model).reduce(0) { $0 + 2 * $1.inner * $1.columns })
        case ("ours", 5) where numbers.count == 2:
            let games = try readGames(arguments[2])
            let place = try model.hook(named: hook)
            let seconds = try medianSeconds(within: numbers[0]) {
                _ = try model.residuals(of: games, at: place, threads: numbers[1])
            }
            print(Double(games.reduce(0) { $0 + $1.count }) / seconds)
        case ("latents", 5) where numbers.count == 2:
            let games = try readGames(arguments[2])
            let meter = try ActivationMeter(
                model: model, dictionary: SparseAutoencoder(folder: arguments[1] + "/sae"),
                threads: numbers[1])
            let seconds = try medianSeconds(within: numbers[0]) {
                _ = try meter.readings(of: games)
            }
            print(Double(games.reduce(0) { $0 + $1.count }) / seconds)
        case ("sgemm", 5) where numbers.count == 2:
            let games = try readGames(arguments[2])
            let rows = games.reduce(0) { $0 + $1.count }
            print(sgemmRate(model, rows: rows, seconds: numbers[0], threads: numbers[1]) / 1e9)
        default: throw Usage()
        }
    }

    struct Usage: Error, CustomStringConvertible {
        let description =
            "usage: activations-benchmark games|flop|ours|latents|sgemm MODEL [COUNT | GAMES SECONDS "
            + "THREADS]"
    }

    private static func printGames(_ model: GPT2, _ count: Int) {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<count {
            let game = (0..<model.configuration.contextLength).map { _ in
                "\(generator.below(model.configuration.vocabularySize))"
            }
            print(game.joined(separator: " "))
        }
    }

    private static func readGames(_ path: String) throws -> [[Int]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: " ").compactMap { Int($0) } }
    }

    /// The median time of one call, over as many calls as fit, after a tenth of them for warming up.
    private static func medianSeconds(
        within seconds: Int, _ body: () throws -> Void
    ) rethrows -> Double {
        let clock = ContinuousClock()
        var times: [Double] = []
        let start = clock.now
        while clock.now - start < .seconds(seconds) || times.count < 10 {
            times.append((try clock.measure(body)) / .seconds(1))
        }
        times.removeFirst(times.count / 10)
        return times.sorted()[times.count / 2]
    }

    /// The weights' shapes of the products before the hook, in order.
    private static func products(of model: GPT2) -> [(inner: Int, columns: Int)] {
        let c = model.configuration
        return (0..<min(4, c.layerCount)).flatMap { _ in
            [
                (c.width, 3 * c.width), (c.width, c.width), (c.width, c.innerWidth),
                (c.innerWidth, c.width),
            ]
        }
    }

    /// OpenBLAS on the forward pass's products and nothing else, flop per second.
    ///
    /// Each worker takes an equal share of the rows with a single-threaded OpenBLAS.
    private static func sgemmRate(
        _ model: GPT2, rows: Int, seconds: Int, threads: Int
    ) -> Double {
        BLAS.setThreads(1)
        let shapes = products(of: model)
        let share = rows / threads
        let widest = shapes.map { max($0.inner, $0.columns) }.max() ?? 1
        func filled(_ count: Int) -> UnsafeMutablePointer<Float> {
            let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
            pointer.initialize(repeating: 0.01, count: count)
            return pointer
        }
        nonisolated(unsafe) let weights = shapes.map { filled($0.inner * $0.columns) }
        nonisolated(unsafe) let inputs = (0..<threads).map { _ in filled(share * widest) }
        nonisolated(unsafe) let outputs = (0..<threads).map { _ in filled(share * widest) }
        let time = medianSeconds(within: seconds) {
            DispatchQueue.concurrentPerform(iterations: threads) { worker in
                for (shape, weight) in zip(shapes, weights) {
                    BLAS.multiply(
                        RowView(inputs[worker], count: share, width: shape.inner),
                        RowView(weight, count: shape.inner, width: shape.columns),
                        into: RowView(outputs[worker], count: share, width: shape.columns))
                }
            }
        }
        let flop = shapes.reduce(0) { $0 + 2 * $1.inner * $1.columns } * share * threads
        return Double(flop) / time
    }
}
