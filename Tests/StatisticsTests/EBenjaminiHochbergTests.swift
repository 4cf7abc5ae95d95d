import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite struct EBenjaminiHochbergTests {
    /// The slow twin: for each k from n down, whether k e-values reach n/(kα).
    func plain(_ eValues: [Double], level: Double) -> [Bool] {
        let n = Double(eValues.count)
        for k in stride(from: eValues.count, to: 0, by: -1) {
            let threshold = n / (Double(k) * level)
            let reached = eValues.map { $0 >= threshold }
            if reached.count(where: { $0 }) >= k { return reached }
        }
        return eValues.map { _ in false }
    }

    @Test(arguments: UInt64(0)..<300) func matchesPlainSearch(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = generator.below(25)
        var logs = (0..<count).map { _ in 3 * generator.normal() + 2 }
        if count > 3 { logs[2] = logs[0] }
        let level = 0.02 + 0.3 * generator.unit()
        let rejected = EBenjaminiHochberg.rejected(logEValues: logs, level: level)
        #expect(rejected == plain(logs.map(exp), level: level))
    }

    @Test func survivesInfinities_andRejectsNothingAtLevelZero() {
        let logs: [Double] = [.infinity, -.infinity, 1000, 0]
        #expect(
            EBenjaminiHochberg.rejected(logEValues: logs, level: 0.05)
                == [true, false, true, false])
        #expect(
            EBenjaminiHochberg.rejected(logEValues: logs, level: 0)
                == [false, false, false, false])
        #expect(EBenjaminiHochberg.rejected(logEValues: [], level: 0.05).isEmpty)
    }

    /// Twenty hypotheses, half of them true nulls, each stopped when its own evidence is strong.
    @Test func falseDiscoveryRateStaysBelowItsLevel() {
        let (level, inquiryCount) = (0.1, 300)
        var generator = SeededGenerator(seed: 77)
        var (share, discoveryCount) = (0.0, 0)
        for _ in 0..<inquiryCount {
            let logs = (0..<20).map { hypothesis in
                var process = EProcess(nullMeanAtMost: 0.5)
                let chance = hypothesis < 10 ? 0.5 : 0.75
                while process.count < 60 && process.logValue < 4 {
                    process.observe(generator.unit() < chance ? 1 : 0)
                }
                return process.logValue
            }
            let rejected = EBenjaminiHochberg.rejected(logEValues: logs, level: level)
            let falseCount = rejected.prefix(10).count { $0 }
            let count = rejected.count { $0 }
            discoveryCount += count - falseCount
            share += Double(falseCount) / Double(max(1, count))
        }
        #expect(share / Double(inquiryCount) <= level)
        #expect(discoveryCount > inquiryCount * 5)
    }
}
