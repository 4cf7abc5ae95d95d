import Instruments
import Synchronization

/// A clock that goes forward only when somebody sleeps, and then at once.
final class FakeClock: Sendable {
    private let time: Mutex<Double>

    init(_ start: Double = 0) { time = Mutex(start) }

    var now: Double { time.withLock { $0 } }

    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }

    var clock: InstrumentClock {
        InstrumentClock(
            now: { self.now },
            sleep: { seconds in
                try Task.checkCancellation()
                self.advance(seconds)
            })
    }
}
