/// What calls use up.
public struct Spending: Codable, Hashable, Sendable {
    public var calls: Int
    public var inputTokens: Int
    public var outputTokens: Int
    public var money: Money

    public init(
        calls: Int = 0, inputTokens: Int = 0, outputTokens: Int = 0, money: Money = .zero
    ) {
        self.calls = calls
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.money = money
    }

    public static func + (a: Spending, b: Spending) -> Spending {
        Spending(
            calls: a.calls + b.calls, inputTokens: a.inputTokens + b.inputTokens,
            outputTokens: a.outputTokens + b.outputTokens, money: a.money + b.money)
    }

    public static func - (a: Spending, b: Spending) -> Spending {
        Spending(
            calls: a.calls - b.calls, inputTokens: a.inputTokens - b.inputTokens,
            outputTokens: a.outputTokens - b.outputTokens,
            money: Money(nanodollars: a.money.nanodollars - b.money.nanodollars))
    }
}

/// Caps on what a run may use up; nil is no cap.
public struct BudgetCaps: Codable, Hashable, Sendable {
    /// Requests sent, repeated ones included.
    public var calls: Int?
    public var inputTokens: Int?
    public var outputTokens: Int?
    public var money: Money?

    public init(
        calls: Int? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil, money: Money? = nil
    ) {
        self.calls = calls
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.money = money
    }

    /// These caps, with those of `other` in place of the ones that it sets.
    public func overridden(by other: BudgetCaps) -> BudgetCaps {
        BudgetCaps(
            calls: other.calls ?? calls, inputTokens: other.inputTokens ?? inputTokens,
            outputTokens: other.outputTokens ?? outputTokens, money: other.money ?? money)
    }

    /// The cap that `spending` would pass, in words.
    func passed(by spending: Spending) -> String? {
        if let calls, spending.calls > calls { return "the cap of \(calls) calls" }
        if let inputTokens, spending.inputTokens > inputTokens {
            return "the cap of \(inputTokens) input tokens"
        }
        if let outputTokens, spending.outputTokens > outputTokens {
            return "the cap of \(outputTokens) output tokens"
        }
        if let money, spending.money > money { return "the cap of \(money.text)" }
        return nil
    }
}

/// Keeps a run within its caps, whatever is under way at once.
///
/// A call reserves the most that it may cost before it is sent, and settles for what it did cost
/// afterwards. One that would pass a cap even if nothing else were under way is refused; one that
/// would pass it only because of what others have reserved waits for them to settle.
public actor Budget {
    public let caps: BudgetCaps
    public private(set) var spent: Spending
    private var reserved = Spending()
    private let deadline: ContinuousClock.Instant?
    private var isClosed = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - spent: what earlier parts of the run used up.
    ///   - deadline: no call is sent after it.
    public init(
        caps: BudgetCaps, spent: Spending = Spending(), deadline: ContinuousClock.Instant? = nil
    ) {
        self.caps = caps
        self.spent = spent
        self.deadline = deadline
    }

    /// Sets `most` aside.
    ///
    /// - Throws: ``Refusal`` when that would pass a cap, the time is over, or the run is being stopped.
    public func reserve(_ most: Spending) async throws(Refusal) {
        while true {
            if isClosed { throw Refusal(reason: "the run is being stopped", isStop: true) }
            if let deadline, ContinuousClock.now >= deadline {
                throw Refusal(reason: "the time that the run may take is over")
            }
            if let cap = caps.passed(by: spent + most) {
                throw Refusal(reason: "one more call could pass \(cap)")
            }
            if caps.passed(by: spent + reserved + most) == nil {
                reserved = reserved + most
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Sets aside as many of `all` as fit beside what is spent and reserved, each in its turn. Waits for
    /// nothing: whoever reserves much at once would wait for itself.
    ///
    /// - Returns: for each, why it was refused.
    public func reserveWhatFits(_ all: [Spending]) -> [Refusal?] {
        if let deadline, ContinuousClock.now >= deadline {
            return all.map { _ in Refusal(reason: "the time that the run may take is over") }
        }
        return all.map { most in
            if let cap = caps.passed(by: spent + reserved + most) {
                return Refusal(reason: "one more call, beside those under way, could pass \(cap)")
            }
            reserved = reserved + most
            return nil
        }
    }

    /// Replaces what is counted as spent on an earlier part's call, as it was still open, by what the
    /// call came to.
    public func correct(_ counted: Spending, to actual: Spending) {
        spent = spent - counted + actual
        wake()
    }

    /// Turns a reservation into what was really spent.
    public func settle(_ most: Spending, for actual: Spending) {
        reserved = reserved - most
        spent = spent + actual
        wake()
    }

    private func wake() {
        let woken = waiting
        waiting = []
        for waiter in woken { waiter.resume() }
    }

    /// Lets nothing more be sent: what is under way ends, and what waits is refused.
    public func close() {
        isClosed = true
        wake()
    }

    public struct Refusal: Error, Hashable, Sendable {
        public let reason: String
        /// Not for want of room, but because the run is being stopped.
        public var isStop = false
    }
}
