import Dictionaries
import Foundation
import LinearAlgebra

/// The program of `Benchmarks/training.sh`.
///
///     training-benchmark write FILE ROWS WIDTH
///     training-benchmark run ARCHITECTURE FILE WIDTH LATENTS K BATCH STEPS THREADS
///
/// The first writes activations: sums of 16 of 4 · WIDTH directions, with noise; float32, row after row. The
/// second prints the seconds of a step by the clock and of the processors, what is left unexplained, and how
/// many latents are active.
@main
struct TrainingBenchmark {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let numbers = arguments.dropFirst(2).compactMap { Int($0) }
        switch (arguments.first, numbers.count) {
        case ("write", 2):
            try activations(rows: numbers[0], width: numbers[1]).withUnsafeBytes { Data($0) }
                .write(to: URL(fileURLWithPath: arguments[1]))
        case ("run", 6):
            try run(arguments[1], URL(fileURLWithPath: arguments[2]), numbers)
        default:
            print("usage: training-benchmark write|run …; the numbers are said in training.sh")
            exit(2)
        }
    }

    private static func activations(rows: Int, width: Int) -> [Float] {
        var generator = SeededGenerator(seed: 20)
        let count = 4 * width
        let size = 1 / Double(width).squareRoot()
        let directions = (0..<count * width).map { _ in Float(size * generator.normal()) }
        var values: [Float] = []
        values.reserveCapacity(rows * width)
        for _ in 0..<rows {
            var row = (0..<width).map { _ in Float(0.1 * generator.normal()) }
            for _ in 0..<16 {
                // Rarer, the greater their number.
                let direction = Int(Double(count) * generator.unit() * generator.unit())
                let strength = Float(4 + 4 * generator.unit())
                for c in 0..<width { row[c] += strength * directions[direction * width + c] }
            }
            values += row
        }
        return values
    }

    private static func run(_ name: String, _ file: URL, _ numbers: [Int]) throws {
        let (width, latents, k) = (numbers[0], numbers[1], numbers[2])
        let (batch, steps, threads) = (numbers[3], numbers[4], numbers[5])
        var values = try Data(contentsOf: file).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        let isStandard = name == "standard"
        let architecture: TrainingArchitecture =
            isStandard ? .standard(SparsityPenalty(coefficient: 0.1)) : .topK(k: k)
        let plan = TrainingPlan(
            latentCount: latents, architecture: architecture, tokens: batch * 2_000,
            batchSize: batch)
        try values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let rows = RowView(base, count: buffer.count / width, width: width)
            let training = try TrainingSteps(
                plan, rows: rows, threads: threads,
                // Encoders begin with the length min(1, 2 d / F), so that pre-activations of rows of variance 1
                // deviate by that / √d: twice as much leaves about 2 % active.
                encoderBias: isStandard
                    ? -2 * min(1, 2 * Float(width) / Float(latents)) / Float(width).squareRoot()
                    : nil)
            try measure(training, rows, batch: batch, steps: steps)
        }
    }

    private static func measure(
        _ training: TrainingSteps, _ rows: RowView, batch: Int, steps: Int
    ) throws {
        let count = rows.count / batch
        func step(_ number: Int) -> (unexplained: Double, activeLatents: Double) {
            let first = number % count * batch
            return training.step(rows.rows(first..<first + batch))
        }
        var last = step(0)
        let (start, processors) = (ContinuousClock.now, processorSeconds)
        for number in 1...steps { last = step(number) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            seconds / Double(steps), (processorSeconds - processors) / Double(steps),
            last.unexplained, last.activeLatents)
    }

    /// What all threads together have used.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
