import Digests
import Foundation
import HTTP
import JSON
import Logging
import Synchronization
import Testing

@testable import LanguageModels

/// A ledger of batches in memory, which can break off as a killed process does.
actor BatchMemoryLedger: BatchLedger {
    /// Where the process is killed.
    enum Kill: Sendable, CaseIterable {
        /// The batch is noted, and not handed in.
        case beforeSubmission
        /// It is handed in, and its id is not noted.
        case beforeTheIDIsStored
        case whilePolling
        /// Some results are noted.
        case betweenResults
    }

    struct Killed: Error {}

    struct Attempt: Sendable {
        let call: CallAttempt
        var result: CallResult?
    }

    struct Batch: Sendable {
        let draft: BatchDraft
        let attempts: [Int64]
        var events: [BatchEvent] = []
    }

    private(set) var replies: [Digest: RecordedReply] = [:]
    private(set) var attempts: [Int64: Attempt] = [:]
    private(set) var batches: [Batch] = []
    private(set) var uses: [Digest] = []
    private var kill: Kill?
    private var isDead = false

    func die(at kill: Kill?) {
        self.kill = kill
        isDead = false
    }

    private func check(_ point: Kill? = nil) throws {
        if let point, point == kill { isDead = true }
        if isDead { throw Killed() }
    }

    /// What a budget of a new process begins with.
    var spent: Spending {
        attempts.values.reduce(Spending()) { $0 + ($1.result?.spent ?? $1.call.reserved) }
    }

    var openCount: Int { attempts.values.count { $0.result == nil } }

    /// Everything that is kept.
    var dump: String { "\(replies) \(attempts) \(batches)" }

    func recorded(_ key: Digest) throws -> RecordedReply? { replies[key] }

    func open(_ attempt: CallAttempt) throws -> Int64 {
        try check()
        let number = Int64(attempts.count + 1)
        attempts[number] = Attempt(call: attempt)
        return number
    }

    func close(_ attempt: Int64, of call: CallAttempt, with result: CallResult) throws {
        try check()
        guard attempts[attempt]?.result == nil else { return }
        attempts[attempt]?.result = result
        if case .answered(let reply, _, let cost) = result, replies[call.key] == nil {
            replies[call.key] = RecordedReply(reply: reply, cost: cost)
        }
    }

    func close(_ closings: [CallClosing]) throws {
        for closing in closings {
            try close(closing.attempt, of: closing.call, with: closing.result)
        }
        // What was written before the process was killed is there.
        if kill == .betweenResults { isDead = true }
    }

    func noteUse(of key: Digest, for purpose: CallPurpose) { uses.append(key) }

    func keep(
        _ reply: RecordedReply, to key: Digest, request: JSONValue, model: ModelIdentity
    ) { replies[key] = reply }

    func begin(_ batch: BatchDraft) throws -> [Int64] {
        let numbers = try batch.items.map { try open($0.call) }
        batches.append(Batch(draft: batch, attempts: numbers))
        try check(.beforeSubmission)
        return numbers
    }

    func note(_ event: BatchEvent, of nonce: String) throws {
        if case .submitted = event { try check(.beforeTheIDIsStored) }
        try check()
        guard let index = batches.firstIndex(where: { $0.draft.nonce == nonce }) else { return }
        batches[index].events.append(event)
        if case .submitted = event, kill == .whilePolling { isDead = true }
        guard case .unsent(let kind, let reason) = event else { return }
        for number in batches[index].attempts where attempts[number]?.result == nil {
            attempts[number]?.result = .failed(kind, reason: reason, spent: Spending())
        }
    }

    func openBatches(holding keys: [Digest]) throws -> [OpenBatch] {
        try check()
        let keys = Set(keys)
        return batches.compactMap { batch in
            let items = zip(batch.draft.items, batch.attempts).filter { item, number in
                keys.contains(item.call.key) && attempts[number]?.result == nil
            }
            guard !items.isEmpty else { return nil }
            return OpenBatch(
                nonce: batch.draft.nonce, state: batch.state, begunAt: batch.draft.begunAt,
                size: batch.draft.items.count,
                items: items.map {
                    OpenBatch.Item(
                        name: $0.name, key: $0.call.key, attempt: $1, reserved: $0.call.reserved)
                })
        }
    }

    func batchIDs() throws -> Set<String> {
        Set(
            batches.flatMap(\.events).compactMap { event in
                if case .submitted(let id) = event { id } else { nil }
            })
    }
}

extension BatchMemoryLedger.Batch {
    var state: OpenBatch.State {
        switch events.last {
        case .submitted(let id)?: .submitted(id: id)
        case .lost(let reason)?: .lost(reason: reason)
        case .collected?:
            events.dropLast().last.map { event in
                if case .submitted(let id) = event { .submitted(id: id) } else { .submitting }
            } ?? .submitting
        default: .submitting
        }
    }
}

/// One process that asks a server in batches.
struct BatchProcess {
    static let price = Price(input: 2, output: 8)
    let server: BatchServer
    let ledger: BatchMemoryLedger
    let budget: Budget
    let model: BatchModel
    let waits: Waits

    /// How long was waited; nobody waits.
    final class Waits: Sendable {
        private let all = Mutex<[Double]>([])
        var seconds: [Double] { all.withLock { $0 } }
        func add(_ duration: Duration) {
            all.withLock {
                $0.append(
                    Double(duration.components.seconds)
                        + Double(duration.components.attoseconds) / 1e18)
            }
        }
    }

    init(
        _ server: BatchServer, _ ledger: BatchMemoryLedger, caps: BudgetCaps = BudgetCaps(),
        limits: BatchLimits? = nil, lineLimit: Int? = nil, resultsAtOnce: Int = 4,
        sleep: (@Sendable () throws -> Void)? = nil
    ) async throws {
        self.server = server
        self.ledger = ledger
        budget = Budget(caps: caps, spent: await ledger.spent)
        let waits = Waits()
        self.waits = waits
        var pace = BatchPace(sleep: { duration in
            waits.add(duration)
            try sleep?()
            await Task.yield()
        })
        pace.resultsAtOnce = resultsAtOnce
        let environment = [
            "OPENAI_BASE_URL": server.url + "/v1", "OPENAI_API_KEY": BatchServer.key,
            "ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": BatchServer.key,
        ]
        var specification = try ModelSpecification.parse(
            "\(server.provider.rawValue):model-x", environment: environment)
        specification.price = Self.price
        specification.retry.attempts = 3
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let stack = ModelStack(
            client: try HTTPClient(proxy: .direct), gates: HostGates(), ledger: ledger,
            budget: budget, tracer: nil, logger: logger, environment: environment)
        let model = try stack.batchModel(specification, pace: pace)
        self.model = try Self.with(limits, lineLimit, model)
    }

    /// The model with other bounds.
    private static func with(
        _ limits: BatchLimits?, _ lineLimit: Int?, _ model: BatchModel
    ) throws -> BatchModel {
        let api: any BatchAPI
        if let batches = model.api as? OpenAIBatches {
            var connection = batches.connection
            if let lineLimit { connection.lineLimit = lineLimit }
            api = OpenAIBatches(connection: connection, limits: limits ?? batches.limits)
        } else {
            let batches = try #require(model.api as? AnthropicBatches)
            var connection = batches.connection
            if let lineLimit { connection.lineLimit = lineLimit }
            api = AnthropicBatches(connection: connection, limits: limits ?? batches.limits)
        }
        return BatchModel(
            identity: model.identity, api: api, wire: model.wire, ledger: model.ledger,
            budget: model.budget, price: model.price, claims: model.claims, pace: model.pace,
            logger: model.logger)
    }

    func ask(_ texts: [String]) async throws -> [Result<ModelReply, ModelError>] {
        try await model.replies(to: texts.map { .plain($0) }, for: .test)
    }
}

extension Result where Success == ModelReply, Failure == ModelError {
    var text: String? { try? get().text }
    var kind: ModelError.Kind? {
        if case .failure(let error) = self { error.kind } else { nil }
    }
}
