/// How many requests to one host are under way at once, learnt from how the host takes it.
///
/// A 429 shrinks the number to four fifths, once in a cool-down; answers let it grow by a twentieth
/// each time that as many as it allows have come; a server's own fault stops the growth for a
/// while but shrinks nothing. These are the figures that Inspect AI uses.
public actor HostGate {
    public struct Settings: Codable, Hashable, Sendable {
        public var start: Int
        public var least: Int
        public var most: Int
        /// Seconds after a 429 without growth and without another shrinking, unless the server asks
        /// for longer.
        public var coolDown: Double

        public init(start: Int = 20, least: Int = 1, most: Int = 100, coolDown: Double = 15) {
            self.least = max(1, least)
            self.most = max(self.least, most)
            self.start = min(max(start, self.least), self.most)
            self.coolDown = coolDown
        }
    }

    /// What came of a request, as far as the gate is concerned.
    enum Outcome { case answered, rateLimited(retryAfter: Double?), faulty, other }

    private let settings: Settings
    private let now: @Sendable () -> ContinuousClock.Instant
    private var limit: Double
    private var active = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var firstWaiting = 0
    private var calmUntil: ContinuousClock.Instant

    public init(
        _ settings: Settings = Settings(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.settings = settings
        self.now = now
        limit = Double(settings.start)
        calmUntil = now()
    }

    /// Requests that may be under way at once, at the moment.
    public var width: Int { Int(limit) }

    func enter() async {
        if active < width, firstWaiting == waiting.count {
            active += 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave(_ outcome: Outcome) {
        active -= 1
        learn(from: outcome)
        while active < width, firstWaiting < waiting.count {
            active += 1
            waiting[firstWaiting].resume()
            firstWaiting += 1
        }
        if firstWaiting == waiting.count || firstWaiting > 1_024 {
            waiting.removeFirst(firstWaiting)
            firstWaiting = 0
        }
    }

    private func learn(from outcome: Outcome) {
        let isCalm = now() < calmUntil
        switch outcome {
        case .answered where !isCalm:
            limit = min(Double(settings.most), limit + 0.05)
        case .rateLimited(let wait):
            if !isCalm { limit = max(Double(settings.least), limit * 0.8) }
            let seconds = max(settings.coolDown, min(wait ?? 0, 600))
            calmUntil = max(calmUntil, now() + .seconds(seconds))
        case .faulty: calmUntil = max(calmUntil, now() + .seconds(settings.coolDown))
        case .answered, .other: break
        }
    }
}

/// One gate for each host, shared by all models that it serves.
public actor HostGates {
    private var gates: [String: HostGate] = [:]

    public init() {}

    public func gate(of host: String, _ settings: HostGate.Settings) -> HostGate {
        if let gate = gates[host] { return gate }
        let gate = HostGate(settings)
        gates[host] = gate
        return gate
    }
}

/// Sends through a host's gate.
public struct GatedModel: LanguageModel {
    let base: any LanguageModel
    let gate: HostGate

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel, gate: HostGate) {
        self.base = base
        self.gate = gate
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        await gate.enter()
        do throws(ModelError) {
            let reply = try await base.reply(to: request, for: purpose)
            await gate.leave(.answered)
            return reply
        } catch {
            let outcome: HostGate.Outcome =
                switch error.kind {
                case .rateLimited: .rateLimited(retryAfter: error.retryAfter)
                case .serverFault, .lost, .garbled, .unreachable: .faulty
                default: .other
                }
            await gate.leave(outcome)
            throw error
        }
    }
}
