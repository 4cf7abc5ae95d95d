/// Which requests a server may still count against a limit: a pure account, told of every request.
///
/// A request counts from when it is sent until a window after its reply came: the server saw it
/// somewhere between. Times are in seconds of one clock and do not go back.
struct RequestWindow: Sendable {
    /// Requests at about the same time, counted as if all were at its end.
    private struct Bunch {
        let start: Double
        var end: Double
        var count: Int
    }

    private(set) var limit: RequestLimit
    /// Requests whose reply has not come.
    private var openCount = 0
    private var bunches: [Bunch] = []
    /// What the server counts beyond what went through here: other programs, earlier runs.
    private var foreign: (time: Double, count: Int) = (0, 0)

    /// Seconds by which the server's clock may be late.
    private static let margin = 1.0

    init(_ limit: RequestLimit) { self.limit = limit }

    private var span: Double { limit.window + Self.margin }

    mutating func begin() { openCount += 1 }

    /// The reply has come, or nothing more will.
    ///
    /// - Parameter remaining: how many more requests the server says it would take, if it says so.
    mutating func end(at now: Double, remaining: Int?) {
        precondition(openCount > 0, "a request ended that had not begun")
        openCount -= 1
        // Finer than this would only cost time.
        if let last = bunches.last, now - last.start < limit.window / 256 {
            bunches[bunches.count - 1].end = now
            bunches[bunches.count - 1].count += 1
        } else {
            bunches.append(Bunch(start: now, end: now, count: 1))
        }
        let horizon = now - 2 * span
        bunches.removeAll { $0.end < horizon }
        if let remaining { see(counted: limit.requests - remaining, at: now) }
    }

    /// The server refused a request: its count is full.
    ///
    /// - Parameter limit: what the server says its limit is.
    mutating func refused(at now: Double, limit stated: Int?) {
        precondition(openCount > 0, "a request was refused that had not begun")
        openCount -= 1
        if let stated, stated > 0, stated < limit.requests { limit.requests = stated }
        see(counted: limit.requests, at: now)
    }

    private mutating func see(counted: Int, at now: Double) {
        let known = foreign.count
        foreign.count = 0
        let excess = max(0, min(counted, limit.requests) - Int(load(at: now).rounded(.up)))
        // When others sent theirs is unknown: the latest moment is the safe one.
        foreign = (excess > known ? now : foreign.time, excess)
    }

    /// The most that the server may count now.
    func load(at now: Double) -> Double {
        var ages = bunches.reversed().map { (age: max(0, now - $0.end), count: $0.count) }
        if foreign.count > 0 {
            let age = max(0, now - foreign.time)
            let place = ages.firstIndex { $0.age > age } ?? ages.count
            ages.insert((age, foreign.count), at: place)
        }
        switch limit.counting {
        case .exact:
            return Double(ages.reduce(openCount) { $1.age <= span ? $0 + $1.count : $0 })
        case .twoFixedWindows:
            let fresh = ages.map(\.age).filter { $0 < span }
            let fading = ages.map { $0.age - span }.filter { (0..<span).contains($0) }
            return max(worst([0] + fresh, ages), worst(fading, ages))
        }
    }

    /// The greatest count if the current fixed window began just before one of `starts` seconds ago:
    /// between those the count only falls.
    private func worst(_ starts: [Double], _ ages: [(age: Double, count: Int)]) -> Double {
        var current = openCount
        var reached = openCount
        var (i, j) = (0, 0)
        var result = Double(openCount)
        for start in starts {
            while i < ages.count, ages[i].age <= start {
                current += ages[i].count
                i += 1
            }
            while j < ages.count, ages[j].age <= start + span {
                reached += ages[j].count
                j += 1
            }
            let share = 1 - start / span
            result = max(result, Double(current) + Double(reached - current) * share)
        }
        return result
    }

    /// Seconds until one more request is sure to be taken, or nil if it is now.
    func delay(at now: Double) -> Double? {
        let room = Double(limit.requests - 1)
        guard load(at: now) > room else { return nil }
        var late = 2 * span + 1
        // Only requests under way are left then: look again when one may have ended.
        guard load(at: now + late) <= room else { return 1 }
        var early = 0.0
        for _ in 0..<24 {
            let middle = (early + late) / 2
            if load(at: now + middle) > room { early = middle } else { late = middle }
        }
        return late
    }

    /// Seconds from now until the last of `count` more requests can be sent, if replies take no time.
    func forecast(_ count: Int, at now: Double) -> Double {
        var copy = self
        var time = now
        // Beyond some windows it goes on at one limit a window.
        let simulated = min(count, 3 * limit.requests)
        for _ in 0..<simulated {
            if let delay = copy.delay(at: time) { time += delay }
            copy.begin()
            copy.end(at: time, remaining: nil)
        }
        let rest = Double(count - simulated) / Double(limit.requests)
        return time - now + rest * span
    }
}
