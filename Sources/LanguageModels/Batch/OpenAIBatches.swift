import Foundation
import JSON

/// OpenAI's batches: the requests go up as a file, the results come down as files.
struct OpenAIBatches: BatchAPI {
    let connection: BatchConnection
    let limits: BatchLimits

    static let limits = BatchLimits(requests: 50_000, bytes: 200_000_000)
    /// The member of a batch's metadata that holds our nonce.
    static let mark = "conjecture_batch"
    /// Pages of a hundred batches that are looked through for one.
    private static let pageLimit = 100

    init(connection: BatchConnection, limits: BatchLimits = Self.limits) {
        self.connection = connection
        self.limits = limits
    }

    func frame(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let head = #"{"custom_id":"\#(name)","method":"POST","url":"/v1/chat/completions","body":"#
        return Array(head.utf8) + body + Array("}\n".utf8)
    }

    func submit(_ items: [[UInt8]], nonce: String) async throws(ModelError) -> String {
        let boundary = "conjecture-\(nonce)"
        let uploaded = try await upload(items, boundary: boundary)
        let request: JSONValue = [
            "input_file_id": .string(uploaded), "endpoint": "/v1/chat/completions",
            "completion_window": "24h", "metadata": [Self.mark: .string(nonce)],
        ]
        let answer = try await connection.post("/batches", request.utf8, isHarmless: false)
        return try connection.name(in: answer)
    }

    /// A file that is uploaded twice costs nothing; only one of the two is named in a batch. So
    /// whatever goes wrong here, no batch has been handed in.
    private func upload(_ items: [[UInt8]], boundary: String) async throws(ModelError) -> String {
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
            + "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; "
            + "filename=\"batch.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n"
        var body = Array(head.utf8)
        body.reserveCapacity(items.reduce(head.utf8.count + 128) { $0 + $1.count })
        for item in items { body += item }
        body += "\r\n--\(boundary)--\r\n".utf8
        do throws(ModelError) {
            let answer = try await connection.post(
                "/files", body, contentType: "multipart/form-data; boundary=\(boundary)",
                isHarmless: true)
            return try connection.name(in: answer)
        } catch {
            guard !error.isSurelyUndone, error.kind != .cancelled else { throw error }
            throw ModelError(
                .unreachable, model: error.model,
                reason: "the file of a batch could not be uploaded: \(error.reason)",
                attempts: error.attempts)
        }
    }

    func status(of id: String) async throws(ModelError) -> BatchStatus {
        let batch = try await connection.get("/batches/\(id)")
        let files = try files(of: batch)
        switch batch.present("status")?.string {
        case "validating", "in_progress", "finalizing", "cancelling":
            let counts = batch.present("request_counts")
            return .inProgress(
                BatchCounts(
                    done: (counts?["completed"]?.integer ?? 0) + (counts?["failed"]?.integer ?? 0),
                    all: counts?["total"]?.integer ?? 0))
        case "completed": return .ended(files)
        case "expired": return .expired(files)
        case "cancelled": return .cancelled(files)
        case "failed": return .failed(reason: connection.server.clean(Self.faults(of: batch)))
        case let word:
            throw connection.garbled("the batch has a status that is not known, \"\(word ?? "")\"")
        }
    }

    private func files(of batch: JSONValue) throws(ModelError) -> [String] {
        var files: [String] = []
        for member in ["output_file_id", "error_file_id"] where batch.present(member) != nil {
            let name = try connection.name(in: batch, member)
            files.append("\(connection.server.base)/files/\(name)/content")
        }
        return files
    }

    private static func faults(of batch: JSONValue) -> String {
        let faults = (batch.present("errors")?["data"]?.array ?? []).prefix(3).map { fault in
            let line = fault.present("line")?.integer.map { " in line \($0)" } ?? ""
            return (fault["code"]?.string ?? "") + line + ": " + (fault["message"]?.string ?? "")
        }
        return faults.isEmpty ? "it says no more" : faults.joined(separator: "; ")
    }

    /// The nonce in the metadata decides.
    func search(for wanted: BatchWanted) async throws(ModelError) -> BatchSearch {
        var after = ""
        for _ in 0..<Self.pageLimit {
            let page = try await connection.get("/batches?limit=100" + after)
            let batches = page["data"]?.array ?? []
            for batch in batches {
                guard batch["metadata"]?[Self.mark]?.string == wanted.nonce else { continue }
                return .found(id: try connection.name(in: batch))
            }
            let oldest = batches.last?.present("created_at")?.number
                .map { Date(timeIntervalSince1970: $0) }
            guard page["has_more"]?.bool == true, let last = batches.last,
                wanted.mayHaveBegun(at: oldest)
            else { return .absent }
            after = "&after=" + (try connection.name(in: last))
        }
        return .undecidable(reason: "the account has too many batches to look through")
    }

    func results(
        _ files: [String], _ take: (BatchResult) async throws(ModelError) -> Void
    ) async throws(ModelError) -> Int {
        var unreadable = 0
        for file in files {
            unreadable += try await connection.lines(of: file) { line throws(ModelError) in
                if let result = result(in: line) { try await take(result) }
                return true
            }
        }
        return unreadable
    }

    private func result(in line: JSONValue) -> BatchResult? {
        guard let name = line.present("custom_id")?.string else { return nil }
        if let error = line.present("error") {
            return BatchResult(name: name, outcome: .failed(failure(error)))
        }
        guard let response = line.present("response"),
            let status = response["status_code"]?.integer
        else {
            let error = connection.garbled("its result has neither a response nor an error")
            return BatchResult(name: name, outcome: .failed(error))
        }
        let body = response["body"] ?? .null
        guard status == 200 else {
            return BatchResult(
                name: name, outcome: .failed(connection.server.failure((status, [:], body.utf8))))
        }
        return BatchResult(name: name, outcome: .reply(body))
    }

    private func failure(_ error: JSONValue) -> ModelError {
        let code = error["code"]?.string ?? ""
        let message = error["message"]?.string ?? ""
        switch code {
        case "batch_expired", "batch_cancelled":
            return ModelError(
                .unprocessed, model: connection.server.identity.name,
                reason: connection.server.clean("\(code): \(message)"))
        default:
            return ModelError(
                .rejected, model: connection.server.identity.name,
                reason: connection.server.clean("\(code): \(message)"))
        }
    }
}
