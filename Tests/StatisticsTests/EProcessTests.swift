import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite struct EProcessTests {
    static let bets = [
        0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.29,
        0.37, 0.45, 0.54, 0.63, 0.72, 0.81, 0.9, 0.98,
    ]

    /// The slow twin: each bet's log wealth on its own, joined by log-sum-exp.
    func plainLogValue(_ observations: [Double], bar: Double) -> Double {
        let logs = Self.bets.map { bet in
            observations.reduce(0) { $0 + log1p(bet / bar * ($1 - bar)) }
        }
        let largest = logs.max()!
        return largest + log(logs.reduce(0) { $0 + exp($1 - largest) } / Double(logs.count))
    }

    func run(_ process: EProcess, _ observations: [Double]) -> EProcess {
        var process = process
        for x in observations { process.observe(x) }
        return process
    }

    @Test(arguments: UInt64(0)..<60) func matchesPlainProducts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bar = 0.05 + 0.9 * generator.unit()
        let mean = generator.unit()
        let observations = (0..<generator.below(3000)).map { _ in
            generator.unit() < mean ? generator.unit() : 0
        }
        let process = run(EProcess(nullMeanAtMost: bar), observations)
        let plain = plainLogValue(observations, bar: bar)
        #expect(abs(process.logValue - plain) <= 1e-9 * max(1, abs(plain)))
        #expect(process.count == observations.count)
    }

    /// The expectation over all 2¹² outcomes is exactly 1 at the bar, below 1 under it.
    @Test(arguments: [0.1, 0.5, 0.8]) func isMartingaleAtTheBar(bar: Double) {
        func expectation(chance: Double) -> Double {
            (0..<1 << 12).reduce(0.0) { total, outcome in
                var process = EProcess(nullMeanAtMost: bar)
                var probability = 1.0
                for i in 0..<12 {
                    let success = outcome >> i & 1 == 1
                    process.observe(success ? 1 : 0)
                    probability *= success ? chance : 1 - chance
                }
                return total + probability * process.value
            }
        }
        #expect(abs(expectation(chance: bar) - 1) < 1e-9)
        #expect(expectation(chance: bar - 0.05) < 1)
        #expect(expectation(chance: bar + 0.05) > 1)
    }

    @Test(arguments: UInt64(0)..<20) func atLeastMirrorsAtMost(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bar = Double(1 + generator.below(7)) / 8
        let observations = (0..<200).map { _ in Double(generator.below(9)) / 8 }
        let low = run(EProcess(nullMeanAtLeast: bar), observations)
        let high = run(EProcess(nullMeanAtMost: 1 - bar), observations.map { 1 - $0 })
        #expect(low.logValue == high.logValue)
        #expect(low.maximumLogValue == high.maximumLogValue)
    }

    @Test func remembersItsMaximum() {
        var process = EProcess(nullMeanAtMost: 0.5)
        #expect(process.logValue == 0 && process.maximumLogValue == 0 && process.mean == nil)
        process.observe(0)
        #expect(process.logValue < 0 && process.maximumLogValue == 0)
        for _ in 0..<30 { process.observe(1) }
        let peak = process.logValue
        #expect(process.maximumLogValue == peak && process.rejects(at: 0.01))
        for _ in 0..<100 { process.observe(0) }
        #expect(process.logValue < 0 && process.maximumLogValue == peak)
        #expect(process.rejects(at: 0.01))
        #expect(process.mean == 30.0 / 131)
        #expect(process.count == 131)
    }

    @Test func staysFinite_overLongRuns() {
        var up = EProcess(nullMeanAtMost: 0.1)
        var down = up
        for _ in 0..<20_000 {
            up.observe(1)
            down.observe(0)
        }
        let plain = plainLogValue(Array(repeating: 1, count: 20_000), bar: 0.1)
        #expect(abs(up.logValue - plain) < 1e-6)
        #expect(up.value == .infinity)
        #expect(down.logValue.isFinite && down.logValue < -200)
    }

    @Test func extremeBarsAreDefined() {
        let ones = [Double](repeating: 1, count: 50)
        #expect(run(EProcess(nullMeanAtMost: 0), ones).rejects(at: 1e-6))
        #expect(!run(EProcess(nullMeanAtMost: 0), ones.map { 1 - $0 }).rejects(at: 0.5))
        #expect(!run(EProcess(nullMeanAtMost: 1), ones).rejects(at: 0.5))
        #expect(!run(EProcess(nullMeanAtLeast: 0), ones.map { 1 - $0 }).rejects(at: 0.5))
        #expect(run(EProcess(nullMeanAtLeast: 1), ones.map { 1 - $0 }).rejects(at: 1e-6))
    }

    @Test func codingKeepsTheState() throws {
        let process = run(EProcess(nullMeanAtLeast: 0.3), (0..<77).map { Double($0 % 5) / 5 })
        let data = try JSONEncoder().encode(process)
        var back = try JSONDecoder().decode(EProcess.self, from: data)
        #expect(back == process)
        var original = process
        back.observe(0.25)
        original.observe(0.25)
        #expect(back == original)
    }
}
