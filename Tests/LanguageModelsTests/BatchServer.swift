import Foundation
import JSON
import ScriptedServer
import Synchronization
import Testing

/// A provider's batch endpoints: takes batches in, lets a few questions pass, and answers.
final class BatchServer: Sendable {
    enum Provider: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case openai, anthropic
        var testDescription: String { rawValue }
    }

    /// What becomes of a request.
    enum Answer: Sendable {
        case text(String)
        case error(status: Int, type: String, message: String)
        case expired
        case cancelled
        case missing
        /// A result whose reply is not what the protocol allows.
        case nonsense
        /// A line of so many bytes.
        case long(Int)
        /// The same result twice.
        case twice(String)
    }

    /// What becomes of a submission, in turn; taken when there are no more.
    enum Submission: Sendable {
        case taken
        /// Taken, and the connection is closed without an answer.
        case takenSilently
        /// Not taken, and the connection is closed without an answer.
        case dropped
        case refused(Int)
    }

    struct Script: Sendable {
        var answer: @Sendable (String) -> Answer = { .text("re: \($0)") }
        var submissions: [Submission] = []
        /// Questions that are answered with "in progress".
        var questions = 1
        /// OpenAI's word for a batch that has ended.
        var end = "completed"
        /// Where Anthropic's results are said to be; nil for here.
        var resultsAt: String?
        var withholdsResults = false
        /// Questions that are answered with a fault of the server's.
        var faults = 0
        /// Files of results of which half is sent.
        var cuts = 0
    }

    struct Batch: Sendable {
        let id: String
        var requests: [(name: String, body: JSONValue)]
        var metadata: JSONValue = .null
        var created = Date()
        var questions = 0

        var texts: [String] {
            requests.compactMap { $0.body["messages"]?.array?.last?["content"]?.string }
        }
    }

    struct State: Sendable {
        var script: Script
        var batches: [Batch] = []
        var files: [String: [UInt8]] = [:]
        var submissions = 0
    }

    static let key = "sk-test-0123456789abcdef"
    let provider: Provider
    let state: Mutex<State>
    private let listener: Mutex<ScriptedServer?> = Mutex(nil)

    init(_ provider: Provider, _ script: Script = Script()) throws {
        self.provider = provider
        state = Mutex(State(script: script))
        let server = try ScriptedServer { [weak self] in
            self?.answer($0) ?? .closed()
        }
        listener.withLock { $0 = server }
    }

    var url: String { listener.withLock { $0?.url ?? "" } }
    var requests: [ReceivedRequest] { listener.withLock { $0?.requests ?? [] } }
    var batches: [Batch] { state.withLock { $0.batches } }
    /// What was asked, in all batches.
    var texts: [String] { batches.flatMap(\.texts) }

    func change(_ body: (inout Script) -> Void) { state.withLock { body(&$0.script) } }

    private func answer(_ request: ReceivedRequest) -> ScriptedReply {
        let key = provider == .openai ? request["authorization"] : request["x-api-key"]
        guard key?.hasSuffix(Self.key) == true else {
            return .json(#"{"error":{"message":"no key"}}"#, status: 401)
        }
        if request.method == "GET", takeOne(\.faults) { return .text("down", status: 503) }
        let path = String(request.path.dropFirst("/v1".count))
        return provider == .openai ? openAI(request, path) : anthropic(request, path)
    }

    /// Counts one of `number` down.
    private func takeOne(_ number: WritableKeyPath<Script, Int>) -> Bool {
        state.withLock { state in
            state.script[keyPath: number] -= 1
            return state.script[keyPath: number] >= 0
        }
    }

    func file(_ text: String) -> ScriptedReply {
        guard takeOne(\.cuts) else { return .text(text) }
        return .truncated(String(text.prefix(text.count / 2)), total: text.utf8.count)
    }

    /// What is done about a submission that is well-formed.
    func submit(_ batch: Batch, _ description: (Batch) -> JSONValue) -> ScriptedReply {
        let submission = state.withLock { state in
            let index = state.submissions
            state.submissions += 1
            let submissions = state.script.submissions
            let submission = index < submissions.count ? submissions[index] : .taken
            switch submission {
            case .taken, .takenSilently: state.batches.append(batch)
            case .dropped, .refused: break
            }
            return submission
        }
        switch submission {
        case .taken: return .json(description(batch).text)
        case .takenSilently, .dropped: return .closed()
        case .refused(let status):
            // Some servers echo what they were sent.
            let error = #"{"error":{"type":"e","message":"no: \#(Self.key)"}}"#
            return .json(error, status: status, headers: [("retry-after", "0")])
        }
    }

    func find(_ id: String) -> Batch? { batches.first { $0.id == id } }

    /// Counts a question, and says whether the batch has ended.
    func ask(_ id: String) -> Bool {
        state.withLock { state in
            guard let index = state.batches.firstIndex(where: { $0.id == id }) else { return false }
            state.batches[index].questions += 1
            return state.batches[index].questions > state.script.questions
        }
    }

    static func text(of body: JSONValue) -> String {
        body["messages"]?.array?.last?["content"]?.string ?? ""
    }
}
