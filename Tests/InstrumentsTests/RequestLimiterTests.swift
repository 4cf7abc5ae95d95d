import LinearAlgebra
import Testing

@testable import Instruments

/// The account of requests alone, without a server.
@Suite struct RequestLimiterTests {
    /// Whatever is asked and whenever: no 60 minutes hold more than the limit, however long replies
    /// take, and neither way of counting ever passes it.
    @Test(arguments: UInt64(0)..<40)
    func neverHoldsMoreThanTheLimit_inAnyWindow(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...30, using: &generator)
        let fake = FakeClock(Double.random(in: 0...10_000, using: &generator))
        let counting: RequestLimit.Counting = seed % 2 == 0 ? .exact : .twoFixedWindows
        let limiter = RequestLimiter(
            RequestLimit(limit, counting: counting), clock: fake.clock)
        let offset = Double.random(in: 0..<3600, using: &generator)
        var seen: [Double] = []
        while seen.count < 5 * limit {
            if Int.random(in: 0..<4, using: &generator) == 0 {
                fake.advance(Double.random(in: 0...5_000, using: &generator))
            }
            for _ in 0..<Int.random(in: 1...2 * limit, using: &generator) {
                try await limiter.admit()
                fake.advance(Double.random(in: 0...20, using: &generator))
                seen.append(fake.now)
                fake.advance(Double.random(in: 0...20, using: &generator))
                await limiter.ended(remaining: nil)
                if counting == .twoFixedWindows {
                    #expect(Self.fixedCount(seen, offset) <= limit)
                }
            }
        }
        for (place, time) in seen.enumerated() {
            let held = seen[...place].count { $0 > time - 3600 }
            #expect(held <= limit)
        }
    }

    /// What Upstash's sliding window counts at the last request, that one included.
    private static func fixedCount(_ times: [Double], _ offset: Double) -> Int {
        guard let now = times.last else { return 0 }
        let start = ((now + offset) / 3600).rounded(.down) * 3600 - offset
        let before = times.count { $0 >= start - 3600 && $0 < start }
        let current = times.count { $0 >= start }
        return Int((Double(before) * (1 - (now - start) / 3600)).rounded(.down)) + current
    }

    @Test func waitsForWhatOthersSent_whenTheServerSaysThatNothingRemains() async throws {
        let fake = FakeClock()
        let limiter = RequestLimiter(RequestLimit(10), clock: fake.clock)
        try await limiter.admit()
        await limiter.ended(remaining: 0)
        try await limiter.admit()
        #expect(fake.now > 3600)
        #expect(fake.now < 3610)
    }

    @Test func saysWhenTheLastOfManyGoesOut() async throws {
        let limiter = RequestLimiter(RequestLimit(100), clock: FakeClock().clock)
        #expect(await limiter.forecast(100) == 0)
        #expect(abs(await limiter.forecast(101) - 3600) < 2)
        #expect(abs(await limiter.forecast(250) - 7200) < 4)
        #expect(await limiter.forecast(1_000) >= 9 * 3600)
    }

    @Test func goesOnWithTheNext_whenOneThatWaitsIsCancelled() async throws {
        let clock = InstrumentClock(
            now: { 0 }, sleep: { _ in try await Task.sleep(for: .seconds(60)) })
        let limiter = RequestLimiter(RequestLimit(1), clock: clock)
        try await limiter.admit()
        let tasks = (0..<2).map { _ in Task { try await limiter.admit() } }
        for task in tasks { task.cancel() }
        for task in tasks {
            await #expect(throws: InstrumentError.self) { try await task.value }
        }
        #expect(await limiter.counts.requests == 1)
    }
}
