import Dispatch
import Foundation
import JSON

/// A program of the user's that reads one request as JSON on standard input and answers with one JSON
/// object on standard output: `{"text": "…"}`, with `finish` and `usage` where it knows them.
///
/// The program is run once per request, without a shell, with the user's own environment. What it
/// reads is ``ModelRequest/json``; what it may answer is what ``ModelReply/json`` writes.
public struct CommandModel: LanguageModel {
    public let identity: ModelIdentity
    public let capabilities = ModelCapabilities(
        schema: true, tools: true, logProbabilities: true, seed: true, batch: false,
        promptCaching: false)
    let words: [String]
    /// Seconds after which the program is killed.
    let timeout: Double

    public init(command: String, words: [String], timeout: Double) {
        identity = ModelIdentity(provider: "command", endpoint: command, model: "")
        self.words = words
        self.timeout = timeout
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let output = try await run(input: request.json.utf8)
        let document: JSONValue
        do throws(JSONValue.Flaw) {
            document = try JSONValue(parsing: output)
        } catch {
            throw failure(.garbled, "its answer is not JSON: it \(error)")
        }
        guard let text = document["text"]?.string else {
            throw failure(.garbled, "its answer lacks \"text\"")
        }
        guard
            let finish = Finish(
                word: document["finish"]?.string ?? "complete",
                text: document["finish_text"]?.string ?? text)
        else { throw failure(.garbled, "its answer has a \"finish\" that is not known") }
        return ModelReply(
            text: text, toolCalls: (document["tool_calls"]?.array ?? []).compactMap(ToolCall.init),
            finish: finish,
            usage: document["usage"].flatMap(TokenUsage.init(json:))?.believable
                ?? .bound(request, text: text),
            id: document["id"]?.string ?? "", model: document["model"]?.string ?? identity.name)
    }

    private func failure(_ kind: ModelError.Kind, _ reason: String) -> ModelError {
        ModelError(kind, model: identity.name, reason: reason)
    }

    private func run(input: [UInt8]) async throws(ModelError) -> [UInt8] {
        let child: ChildProcess
        do {
            child = try ChildProcess(words: words, input: input)
        } catch {
            let reason = (error as? ChildProcess.StartError)?.text ?? "\(error)"
            throw failure(.unreachable, "it cannot be started (\(reason))")
        }
        let timeout = timeout
        let end = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: child.collect(within: timeout))
                }
            }
        } onCancel: {
            child.kill()
        }
        if Task.isCancelled { throw failure(.cancelled, "it was stopped") }
        switch end {
        case .timedOut: throw failure(.lost, "it gave no answer within \(Int(timeout)) seconds")
        case .tooLong:
            throw failure(.garbled, "its answer is longer than \(ChildProcess.outputLimit) bytes")
        case .exited(0, let output): return output
        case .exited(127, _): throw failure(.unreachable, "there is no such program")
        case .exited(let status, _):
            // What it may have paid for before that is not known.
            var error = failure(.serverFault, "it ended with status \(status)")
            error.mayBeBilled = true
            throw error
        }
    }
}
