import Foundation
import HTTP
import Logging
import Synchronization
import Testing

@testable import LanguageModels

@Suite struct RetryTests {
    /// Waits nowhere and remembers how long it should have.
    private final class Sleeper: Sendable {
        private let waits = Mutex<[Double]>([])

        func sleep(_ duration: Duration) {
            waits.withLock {
                $0.append(
                    Double(duration.components.seconds)
                        + Double(duration.components.attoseconds) / 1e18)
            }
        }

        var seconds: [Double] { waits.withLock { $0 } }
    }

    private func run(
        _ errors: [ModelError], policy: RetryPolicy = RetryPolicy(), jitter: Double = 0
    ) async -> (result: Result<ModelReply, ModelError>, sent: Int, waits: [Double]) {
        let base = ScriptedModel { (index, _) throws(ModelError) in
            if index < errors.count { throw errors[index] }
            return .plain("at last")
        }
        let sleeper = Sleeper()
        let model = RetryingModel(
            base, policy: policy, logger: .silent,
            sleep: { sleeper.sleep($0) }, jitter: { jitter })
        let result: Result<ModelReply, ModelError>
        do throws(ModelError) {
            result = .success(try await model.reply(to: .plain("hello"), for: .test))
        } catch {
            result = .failure(error)
        }
        return (result, base.requests.count, sleeper.seconds)
    }

    private func fault(
        _ kind: ModelError.Kind, after seconds: Double? = nil, retry: Bool? = nil
    ) -> ModelError {
        ModelError(
            kind, model: "test", reason: "x", retryAfter: seconds, shouldRetry: retry)
    }

    @Test func doublesTheWaitUpToABound_lessTheJitter() async {
        let faults = Array(repeating: fault(.serverFault), count: 9)
        let plain = await run(faults, policy: RetryPolicy(attempts: 10))
        #expect(plain.waits == [0.5, 1, 2, 4, 8, 8, 8, 8, 8])
        let early = await run(faults, policy: RetryPolicy(attempts: 10), jitter: 1)
        #expect(early.waits == [0.375, 0.75, 1.5, 3, 6, 6, 6, 6, 6])
    }

    @Test func sendsNoMoreOftenThanThePolicySays() async {
        let result = await run(
            Array(repeating: fault(.garbled), count: 99), policy: RetryPolicy(attempts: 4))
        #expect(result.sent == 4)
        #expect(throws: ModelError.self) { try result.result.get() }
        if case .failure(let error) = result.result { #expect(error.attempts == 4) }
    }

    @Test func waitsAsLongAsTheServerAsks_unlessThatIsTooLong() async {
        let short = await run([fault(.rateLimited, after: 7.25)])
        #expect(short.waits == [7.25])
        let long = await run([fault(.rateLimited, after: 600)])
        #expect(long.sent == 1)
    }

    @Test(arguments: [
        ModelError.Kind.outOfMoney, .unauthorized, .rejected, .unsupported, .overBudget,
        .notRecorded, .cancelled, .ledger,
    ])
    func doesNotRepeatWhatCannotHelp(kind: ModelError.Kind) async {
        #expect(await run([fault(kind)]).sent == 1)
    }

    @Test func obeysTheServersWord() async {
        #expect(await run([fault(.serverFault, retry: false)]).sent == 1)
        #expect(await run([fault(.serverFault, retry: true)]).sent == 2)
        // The word cannot make money appear.
        #expect(await run([fault(.outOfMoney, retry: true)]).sent == 1)
    }

    @Test(arguments: [
        (["retry-after-ms": "1500", "retry-after": "9"], 1.5),
        (["retry-after": "2.5"], 2.5),
        (["retry-after": "Wed, 25 Nov 2026 10:00:30 GMT"], 30.0),
        (["retry-after": "Wednesday, 25-Nov-26 10:00:30 GMT"], 30.0),
        (["retry-after": "Wed Nov 25 10:00:30 2026"], 30.0),
        (["retry-after": "Wed, 25 Nov 2026 09:00:00 GMT"], 0.0),
        // Against the server's own clock where it tells it.
        (
            [
                "retry-after": "Wed, 25 Nov 2026 10:00:30 GMT",
                "date": "Wed, 25 Nov 2026 10:00:20 GMT",
            ], 10.0
        ),
        (["retry-after": "soon"], nil), (["retry-after": "-3"], nil),
        (["retry-after-ms": "nan", "retry-after": "4"], 4.0), ([:], nil),
    ])
    func readsHowLongToWait(headers: [String: String], seconds: Double?) throws {
        let now = try #require(ISO8601DateFormatter().date(from: "2026-11-25T10:00:00Z"))
        let fields = HTTPHeaders(headers.map { HTTPHeaders.Field($0.key, $0.value) })
        #expect(RetryAfter(fields, now: now).seconds == seconds)
    }
}
