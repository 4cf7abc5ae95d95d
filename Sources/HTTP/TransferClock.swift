import Foundation

/// When a transfer has taken too long, and which of its timeouts that is. Times are in seconds of a
/// clock that only goes forward.
struct TransferClock {
    let timeouts: HTTPTimeouts
    let start: Double
    /// Nil until there is a connection.
    private(set) var lastActivity: Double?

    init(_ timeouts: HTTPTimeouts, start: Double) {
        self.timeouts = timeouts
        self.start = start
    }

    /// The connection stands, or a byte has passed.
    mutating func active(at now: Double) { lastActivity = now }

    /// The next moment at which a timeout passes if nothing happens before, and which.
    var deadline: (time: Double, bound: HTTPTimeouts.Bound) {
        let phase: (time: Double, bound: HTTPTimeouts.Bound) =
            if let lastActivity {
                (lastActivity + timeouts.idle, .idle)
            } else {
                (start + timeouts.connect, .connect)
            }
        let end = start + timeouts.total
        return end <= phase.time ? (end, .total) : phase
    }

    /// No timeout passes before this, whatever happens meanwhile.
    func earliestDeadline(at now: Double) -> Double {
        min(deadline.time, now + timeouts.idle)
    }

    func seconds(of bound: HTTPTimeouts.Bound) -> Double {
        switch bound {
        case .connect: timeouts.connect
        case .idle: timeouts.idle
        case .total: timeouts.total
        }
    }

    /// Seconds since the machine started.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
