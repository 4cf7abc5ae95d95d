import Digests
import JSON
import LanguageModels
import Synchronization

/// A model that answers from a script; it fails the test's expectations by throwing when the script
/// has nothing more to say.
final class ScriptedModel: LanguageModel {
    typealias Script = @Sendable (Int, ModelRequest) async throws(ModelError) -> ModelReply

    let identity: ModelIdentity
    let capabilities = ModelCapabilities(
        schema: true, tools: true, logProbabilities: true, seed: true, batch: false,
        promptCaching: false)
    private let script: Script
    private let seen = Mutex<[ModelRequest]>([])

    init(model: String = "scripted", _ script: @escaping Script) {
        identity = ModelIdentity(provider: "test", endpoint: "here", model: model)
        self.script = script
    }

    /// Answers with these texts in turn.
    convenience init(texts: [String]) {
        self.init { (index, request) throws(ModelError) in
            guard texts.indices.contains(index) else {
                throw ModelError(.rejected, model: "test", reason: "the script has run out")
            }
            return .plain(texts[index])
        }
    }

    var requests: [ModelRequest] { seen.withLock { $0 } }

    func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let index = seen.withLock { all in
            all.append(request)
            return all.count - 1
        }
        return try await script(index, request)
    }
}

/// A ledger in memory, which counts.
actor MemoryLedger: CallLedger {
    private(set) var replies: [Digest: RecordedReply] = [:]
    private(set) var open: [Int64: CallAttempt] = [:]
    private(set) var results: [CallResult] = []
    private(set) var uses: [CallPurpose] = []
    /// As many attempts as were under way at once.
    private(set) var mostOpen = 0
    private var next: Int64 = 0
    private let standing: RecordedReply?

    /// - Parameter standing: what another process always keeps first.
    init(standing: RecordedReply? = nil) { self.standing = standing }

    func recorded(_ key: Digest) -> RecordedReply? { replies[key] }

    func open(_ attempt: CallAttempt) -> Int64 {
        next += 1
        open[next] = attempt
        mostOpen = max(mostOpen, open.count)
        return next
    }

    func close(_ attempt: Int64, of call: CallAttempt, with result: CallResult) {
        open[attempt] = nil
        results.append(result)
        if case .answered(let reply, _, let cost) = result {
            replies[call.key] = standing ?? RecordedReply(reply: reply, cost: cost)
        }
    }

    func noteUse(of key: Digest, for purpose: CallPurpose) { uses.append(purpose) }

    func keep(
        _ reply: RecordedReply, to key: Digest, request: JSONValue, model: ModelIdentity
    ) { replies[key] = reply }

    var spent: Spending { results.reduce(Spending()) { $0 + $1.spent } }
}

extension ModelReply {
    static func plain(
        _ text: String, input: Int = 10, output: Int = 5, finish: Finish = .complete
    ) -> ModelReply {
        ModelReply(
            text: text, finish: finish, usage: TokenUsage(input: input, output: output),
            model: "scripted")
    }
}

extension ModelRequest {
    static func plain(_ text: String, sample: Int = 0, most: Int = 100) -> ModelRequest {
        ModelRequest(
            messages: [ModelMessage(.user, text)], sampling: Sampling(maximumOutputTokens: most),
            sample: sample)
    }
}

extension CallPurpose {
    static let test = CallPurpose(role: "tester", inquiry: "test")
}
