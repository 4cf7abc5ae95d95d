import Foundation
import LinearAlgebra
import Statistics

/// The program of `Benchmarks/selection.sh`.
///
///     selection-benchmark write FILE ROWS FEATURES    rows with five planted features
///     selection-benchmark run FILE PAIRS SHUFFLES     seconds, then the chosen features
///     selection-benchmark screen                      rows until a feature is dropped
///
/// FILE holds a row a line: group, fold, target, features.
@main
struct SelectionBenchmark {
    struct Usage: Error, CustomStringConvertible {
        let description = """
            usage: selection-benchmark write FILE ROWS FEATURES | run FILE PAIRS SHUFFLES | screen
            """
    }

    static func main() {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            let numbers = arguments.dropFirst(2).compactMap(Int.init)
            switch (arguments.first, arguments.count) {
            case ("write", 4) where numbers.count == 2:
                try write(arguments[1], rows: numbers[0], features: numbers[1])
            case ("run", 4) where numbers.count == 2:
                try run(arguments[1], pairs: numbers[0], shuffles: numbers[1])
            case ("screen", 1): screen()
            default: throw Usage()
            }
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    /// Two rows a group, which share a part of their target.
    private static func write(_ path: String, rows: Int, features: Int) throws {
        var generator = SeededGenerator(seed: 20)
        var text = ""
        var shared = 0.0
        for row in 0..<rows {
            if row % 2 == 0 { shared = generator.normal() }
            let values = (0..<features).map { _ in generator.normal() }
            let strengths = [0.4, -0.35, 0.3, 0.25, -0.2]
            let effect = zip(strengths, values).reduce(0) { $0 + $1.0 * $1.1 }
            let target = effect + 0.5 * shared + generator.normal()
            let fields = ([target] + values).map { "\($0)" }
            text += "\(row / 2),\(row / 2 % 5)," + fields.joined(separator: ",") + "\n"
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func run(_ path: String, pairs: Int, shuffles: Int) throws {
        let problem = try read(path)
        let selection = FeatureSelection()
        let start = ContinuousClock.now
        let stability = StabilitySelection(selection, problem, pairCount: pairs, seed: 1)
        let middle = ContinuousClock.now
        let null = SelectionNull(selection, problem, permutations: shuffles, seed: 1)
        let end = ContinuousClock.now
        func seconds(_ duration: Duration) -> String {
            String(format: "%.4f", duration / .seconds(1))
        }
        print(seconds(end - start))
        print("chosen", null.observed.selected.sorted().map(String.init).joined(separator: " "))
        print("stable", stability.stable(threshold: 0.6).sorted())
        print("score \(null.observed.score), p \(null.pValue), false alarms \(null.falseAlarmRate)")
        print("halves \(seconds(middle - start)) s, shuffled targets \(seconds(end - middle)) s")
    }

    private static func read(_ path: String) throws -> SelectionProblem {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let rows = text.split(separator: "\n").map { line in
            line.split(separator: ",").compactMap { Double($0) }
        }
        let columns = (3..<rows[0].count).map { column in rows.map { $0[column] } }
        return SelectionProblem(
            candidates: ColumnMatrix(rows: rows.count, columns: columns),
            target: rows.map { $0[2] }, folds: rows.map { Int($0[1]) },
            groups: rows.map { Int($0[0]) })
    }

    /// What a feature that says nothing costs, of 2,000 rows, at level 0.1.
    private static func screen() {
        for bar in [0.15, 0.2, 0.25, 0.3, 0.35] {
            var counts: [Int] = []
            for seed in UInt64(0)..<200 {
                var generator = SeededGenerator(seed: seed, stream: 1)
                let target = (0..<2000).map { _ in generator.normal() }
                let feature = target.map { _ in Double(generator.below(5)) }
                var screen = SequentialScreen(target: target, bar: bar, level: 0.1, seed: seed)
                while screen.verdict == .open {
                    screen.observe(screen.needed.map { feature[$0] })
                }
                counts.append(screen.measuredCount)
            }
            let mean = counts.reduce(0, +) / counts.count
            print("bar \(bar): \(mean) rows on average, \(counts.sorted()[100]) in the middle")
        }
    }
}
