import Testing

@testable import Dictionaries

@Suite struct PowerScheduleTests {
    /// Goes through a training whose sums are given.
    private func powers(
        _ schedule: inout PowerSchedule, steps: Int, sums: (Double) -> Double = { _ in 1 }
    ) -> [Double] {
        (0..<steps).map { step in
            let power = schedule.power
            let next = schedule.nextPower(at: step)
            schedule.note(step, SIMD2(sums(power), next.map(sums) ?? 0))
            return power
        }
    }

    @Test(arguments: [0.2, 0.5, 0.9]) func endsAtThePowerThatIsAskedFor(final: Double) {
        var schedule = PowerSchedule(
            SparsityPenalty(coefficient: 1, finalPower: final, annealingStart: 0.3),
            stepCount: 1_000)
        let powers = powers(&schedule, steps: 1_000)
        #expect(powers.prefix(301).allSatisfy { $0 == 1 })
        #expect(powers[301] < 1)
        #expect(zip(powers, powers.dropFirst()).allSatisfy { $0 >= $1 })
        // For as long as any other power.
        #expect(powers.count { $0 == final } == 69)
        #expect(Set(powers).count == 11)
    }

    @Test func keepsThePenalty_whenThePowerChanges() {
        var schedule = PowerSchedule(
            SparsityPenalty(coefficient: 0.7, finalPower: 0.2), stepCount: 500)
        _ = powers(&schedule, steps: 500) { 3 + 5 / $0 }
        #expect(abs(schedule.coefficient * (3 + 5 / 0.2) - 0.7 * (3 + 5)) < 1e-9)
    }

    @Test func staysAtOne_withoutAnnealing() {
        var schedule = PowerSchedule(SparsityPenalty(coefficient: 0.7), stepCount: 50)
        #expect(powers(&schedule, steps: 50).allSatisfy { $0 == 1 })
        #expect(schedule.coefficient == 0.7)
    }

    @Test(arguments: 1...12) func reachesTheFinalPower_inTheShortestTrainings(steps: Int) {
        var schedule = PowerSchedule(
            SparsityPenalty(coefficient: 1, finalPower: 0.4), stepCount: steps)
        _ = powers(&schedule, steps: steps)
        #expect(schedule.power == 0.4)
    }
}
