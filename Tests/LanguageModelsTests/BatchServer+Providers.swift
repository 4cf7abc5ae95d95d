import Foundation
import JSON
import ScriptedServer

extension BatchServer {
    // MARK: OpenAI

    func openAI(_ request: ReceivedRequest, _ path: String) -> ScriptedReply {
        switch (request.method, path) {
        case ("POST", "/files"): return upload(request)
        case ("POST", "/batches"): return openAISubmission(request)
        case ("GET", let path) where path.hasPrefix("/batches?"):
            let all = batches.reversed().map(openAIBatch)
            return .json(page(all))
        case ("GET", let path) where path.hasPrefix("/batches/"):
            let id = String(path.dropFirst("/batches/".count))
            _ = ask(id)
            guard let batch = find(id) else { return Self.notFound }
            return .json(openAIBatch(batch).text)
        case ("GET", let path) where path.hasSuffix("/content"):
            let name = path.dropFirst("/files/".count).dropLast("/content".count)
            guard let (kind, id) = Self.parts(String(name)), let batch = find(id) else {
                return Self.notFound
            }
            return file(openAIResults(batch, isErrorFile: kind == "errors"))
        default: return Self.notFound
        }
    }

    static let notFound = ScriptedReply.json(
        #"{"error":{"type":"not_found_error","message":"there is no such thing"}}"#, status: 404)

    private static func parts(_ name: String) -> (String, String)? {
        let parts = name.split(separator: "-", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// Reads the form strictly: a boundary, a purpose, a file.
    private func upload(_ request: ReceivedRequest) -> ScriptedReply {
        let type = request["content-type"] ?? ""
        let boundary = type.split(separator: "boundary=").last.map(String.init) ?? ""
        let parts = request.text.components(separatedBy: "--\(boundary)")
        guard type.hasPrefix("multipart/form-data"), parts.count == 4, parts[3] == "--\r\n",
            parts[1].hasSuffix("name=\"purpose\"\r\n\r\nbatch\r\n"),
            let start = parts[2].range(of: "\r\n\r\n"), parts[2].hasSuffix("\r\n")
        else { return .json(#"{"error":{"message":"bad form"}}"#, status: 400) }
        let name = state.withLock { state in
            let name = "file\(state.files.count)"
            state.files[name] = Array(parts[2][start.upperBound...].dropLast().utf8)
            return name
        }
        return .json(#"{"id":"\#(name)","purpose":"batch"}"#)
    }

    private func openAISubmission(_ request: ReceivedRequest) -> ScriptedReply {
        guard let body = try? JSONValue(parsing: request.body),
            let file = state.withLock({ $0.files[body["input_file_id"]?.string ?? ""] }),
            body["endpoint"] == "/v1/chat/completions", body["completion_window"] == "24h"
        else { return .json(#"{"error":{"message":"bad batch"}}"#, status: 400) }
        let lines = file.split(separator: 0x0A).compactMap { try? JSONValue(parsing: Array($0)) }
        let batch = Batch(
            id: "batch_\(UUID().uuidString)",
            requests: lines.map { ($0["custom_id"]?.string ?? "", $0["body"] ?? .null) },
            metadata: body["metadata"] ?? .null)
        return submit(batch, openAIBatch)
    }

    private func openAIBatch(_ batch: Batch) -> JSONValue {
        let script = state.withLock { $0.script }
        let ended = batch.questions > script.questions
        let failed = script.end == "failed"
        return [
            "id": .string(batch.id), "status": .string(ended ? script.end : "in_progress"),
            "created_at": .integer(Int(batch.created.timeIntervalSince1970)),
            "metadata": batch.metadata,
            "request_counts": [
                "total": .integer(batch.requests.count), "completed": 0, "failed": 0,
            ],
            "output_file_id": ended && !failed ? .string("output-\(batch.id)") : .null,
            "error_file_id": ended && !failed ? .string("errors-\(batch.id)") : .null,
            "errors": ended && failed
                ? ["data": [["code": "invalid_json_line", "line": 1, "message": "no good"]]]
                : .null,
        ]
    }

    private func openAIResults(_ batch: Batch, isErrorFile: Bool) -> String {
        let script = state.withLock { $0.script }
        var lines: [String] = []
        for (name, body) in batch.requests.reversed() {
            let answer = script.answer(Self.text(of: body))
            guard isErrorFile == answer.isError else { continue }
            if case .long(let count) = answer { lines.append(String(repeating: "x", count: count)) }
            guard let result = Self.openAIResult(answer) else { continue }
            let line: JSONValue = [
                "custom_id": .string(name), "response": result.response, "error": result.error,
            ]
            lines.append(line.text)
            if case .twice = answer { lines.append(line.text) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func openAIResult(
        _ answer: Answer
    ) -> (response: JSONValue, error: JSONValue)? {
        switch answer {
        case .missing, .long: return nil
        case .text(let text), .twice(let text):
            return (["status_code": 200, "body": completion(text)], .null)
        case .nonsense: return (["status_code": 200, "body": ["choices": []]], .null)
        case .expired: return (.null, ["code": "batch_expired", "message": "too late"])
        case .cancelled: return (.null, ["code": "batch_cancelled", "message": "too late"])
        case .error(let status, let type, let message):
            let body: JSONValue = ["error": ["type": .string(type), "message": .string(message)]]
            return (["status_code": .integer(status), "body": body], .null)
        }
    }

    private static func completion(_ text: String) -> JSONValue {
        [
            "id": "c", "model": "gpt-test",
            "choices": [["message": ["content": .string(text)], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 10, "completion_tokens": 4],
        ]
    }

    private func page(_ all: [JSONValue]) -> String {
        let page: JSONValue = ["data": .array(all), "has_more": false]
        return page.text
    }

    // MARK: Anthropic

    func anthropic(_ request: ReceivedRequest, _ path: String) -> ScriptedReply {
        let base = "/messages/batches"
        switch (request.method, path) {
        case ("POST", base): return anthropicSubmission(request)
        case ("GET", let path) where path.hasPrefix(base + "?"):
            // A list is a question too: time passes.
            for batch in batches { _ = ask(batch.id) }
            let all = batches.reversed().map(anthropicBatch)
            return .json(page(all))
        case ("GET", let path) where path.hasSuffix("/results"):
            let id = String(path.dropFirst(base.count + 1).dropLast("/results".count))
            guard let batch = find(id) else { return Self.notFound }
            return file(anthropicResults(batch))
        case ("GET", let path) where path.hasPrefix(base + "/"):
            let id = String(path.dropFirst(base.count + 1))
            _ = ask(id)
            guard let batch = find(id) else { return Self.notFound }
            return .json(anthropicBatch(batch).text)
        default: return Self.notFound
        }
    }

    private func anthropicSubmission(_ request: ReceivedRequest) -> ScriptedReply {
        guard let requests = (try? JSONValue(parsing: request.body))?["requests"]?.array,
            request["anthropic-version"] != nil
        else { return .json(#"{"error":{"message":"bad batch"}}"#, status: 400) }
        let batch = Batch(
            id: "msgbatch_\(UUID().uuidString)",
            requests: requests.map { ($0["custom_id"]?.string ?? "", $0["params"] ?? .null) })
        return submit(batch, anthropicBatch)
    }

    private func anthropicBatch(_ batch: Batch) -> JSONValue {
        let script = state.withLock { $0.script }
        let ended = batch.questions > script.questions
        let address = (script.resultsAt ?? url) + "/v1/messages/batches/\(batch.id)/results"
        return [
            "id": .string(batch.id), "processing_status": ended ? "ended" : "in_progress",
            "created_at": .string(ISO8601DateFormatter().string(from: batch.created)),
            "request_counts": [
                "processing": .integer(ended ? 0 : batch.requests.count),
                "succeeded": .integer(ended ? batch.requests.count : 0), "errored": 0,
                "canceled": 0, "expired": 0,
            ],
            "results_url": ended && !script.withholdsResults ? .string(address) : .null,
        ]
    }

    private func anthropicResults(_ batch: Batch) -> String {
        let script = state.withLock { $0.script }
        var lines: [String] = []
        for (name, body) in batch.requests.reversed() {
            let answer = script.answer(Self.text(of: body))
            let result: JSONValue
            switch answer {
            case .missing: continue
            case .long(let count):
                lines.append(String(repeating: "x", count: count))
                continue
            case .text(let text), .twice(let text):
                result = ["type": "succeeded", "message": Self.message(text)]
            case .nonsense: result = ["type": "succeeded", "message": ["content": []]]
            case .expired: result = ["type": "expired"]
            case .cancelled: result = ["type": "canceled"]
            case .error(_, let type, let message):
                result = [
                    "type": "errored",
                    "error": [
                        "type": "error",
                        "error": ["type": .string(type), "message": .string(message)],
                    ],
                ]
            }
            let line: JSONValue = ["custom_id": .string(name), "result": result]
            lines.append(line.text)
            if case .twice = answer { lines.append(line.text) }
        }
        return lines.joined(separator: "\n")
    }

    private static func message(_ text: String) -> JSONValue {
        [
            "id": "m", "model": "claude-test", "stop_reason": "end_turn",
            "content": [["type": "text", "text": .string(text)]],
            "usage": ["input_tokens": 10, "output_tokens": 4],
        ]
    }
}

extension BatchServer.Answer {
    var isError: Bool {
        switch self {
        case .error, .expired, .cancelled: true
        default: false
        }
    }
}
