import Foundation
import JSON

/// Anthropic's message batches: the requests go in one body, the results come as one file.
struct AnthropicBatches: BatchAPI {
    let connection: BatchConnection
    let limits: BatchLimits

    static let limits = BatchLimits(requests: 100_000, bytes: 250_000_000)
    /// Pages of a hundred batches that are looked through for one.
    private static let pageLimit = 100

    init(connection: BatchConnection, limits: BatchLimits = Self.limits) {
        self.connection = connection
        self.limits = limits
    }

    func frame(_ name: String, _ body: [UInt8]) -> [UInt8] {
        Array(#"{"custom_id":"\#(name)","params":"#.utf8) + body + Array("}".utf8)
    }

    func submit(_ items: [[UInt8]], nonce: String) async throws(ModelError) -> String {
        var body = Array(#"{"requests":["#.utf8)
        body.reserveCapacity(items.reduce(64) { $0 + $1.count + 1 })
        for (index, item) in items.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += item
        }
        body += "]}".utf8
        let answer = try await connection.post("/messages/batches", body, isHarmless: false)
        return try connection.name(in: answer)
    }

    func status(of id: String) async throws(ModelError) -> BatchStatus {
        let batch = try await connection.get("/messages/batches/\(id)")
        switch batch.present("processing_status")?.string {
        case "in_progress", "canceling":
            let counts = Self.counts(of: batch)
            return .inProgress(BatchCounts(done: counts.all - counts.open, all: counts.all))
        case "ended":
            guard let url = batch.present("results_url")?.string else { return .ended([]) }
            return .ended([try checked(url)])
        case let word:
            throw connection.garbled("the batch has a status that is not known, \"\(word ?? "")\"")
        }
    }

    /// The key goes along with the request for the results, so that they are read from where the key
    /// was meant for, and nowhere else.
    private func checked(_ url: String) throws(ModelError) -> String {
        guard let address = Origin(connection.server.base)?.address(like: url) else {
            throw ModelError(
                .garbled, model: connection.server.identity.name,
                reason: connection.server.clean(
                    "the results are said to be at \(Origin(url)?.text ?? "no http address"), "
                        + "which is not where the batch was handed in; the key is not sent there"),
                shouldRetry: false)
        }
        return address
    }

    private static func counts(of batch: JSONValue) -> (open: Int, all: Int) {
        let counts = batch.present("request_counts")
        let ended = ["succeeded", "errored", "canceled", "expired"].reduce(0) {
            $0 + (counts?[$1]?.integer ?? 0)
        }
        let open = counts?["processing"]?.integer ?? 0
        return (open, open + ended)
    }

    /// A batch has no place for a mark of ours but the names of its requests, and those are not told
    /// before it has ended. So every batch that may be it (of the same size, begun since, and not known
    /// to be another) is waited for, and the first of its results tells.
    func search(for wanted: BatchWanted) async throws(ModelError) -> BatchSearch {
        var doubt: BatchSearch?
        for batch in try await candidates(for: wanted, &doubt) {
            guard batch.present("processing_status")?.string == "ended" else {
                doubt = .notYetKnown
                continue
            }
            let id = try connection.name(in: batch)
            switch try await nonce(in: batch) {
            case wanted.nonce?: return .found(id: id)
            case nil where doubt == nil:
                doubt = .undecidable(
                    reason: "batch \(id) may be it, and its results are not to be had")
            default: break
            }
        }
        return doubt ?? .absent
    }

    private func candidates(
        for wanted: BatchWanted, _ doubt: inout BatchSearch?
    ) async throws(ModelError) -> [JSONValue] {
        var found: [JSONValue] = []
        var after = ""
        for _ in 0..<Self.pageLimit {
            let page = try await connection.get("/messages/batches?limit=100" + after)
            let batches = page["data"]?.array ?? []
            let recent = batches.filter { wanted.mayHaveBegun(at: Self.date(of: $0)) }
            found += recent.filter { batch in
                Self.counts(of: batch).all == wanted.size
                    && !wanted.known.contains(batch["id"]?.string ?? "")
            }
            guard page["has_more"]?.bool == true, recent.count == batches.count,
                let last = batches.last
            else { return found }
            after = "&after_id=" + (try connection.name(in: last))
        }
        doubt = .undecidable(reason: "the account has too many batches to look through")
        return found
    }

    private static func date(of batch: JSONValue) -> Date? {
        guard let text = batch.present("created_at")?.string else { return nil }
        let formatter = ISO8601DateFormatter()
        if let date = formatter.date(from: text) { return date }
        formatter.formatOptions.insert(.withFractionalSeconds)
        return formatter.date(from: text)
    }

    /// The nonce that the first result's name ends with; nil where there is no result to be read.
    private func nonce(in batch: JSONValue) async throws(ModelError) -> String? {
        guard let url = batch.present("results_url")?.string, let address = try? checked(url) else {
            return nil
        }
        var name: String?
        do throws(ModelError) {
            _ = try await connection.lines(of: address) { line throws(ModelError) in
                name = line["custom_id"]?.string
                return name == nil
            }
        } catch  where error.kind == .rejected {
            return nil
        }
        return name.map { BatchItemName.nonce(in: $0) }
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
        let result = line["result"]
        switch result?["type"]?.string {
        case "succeeded":
            return BatchResult(name: name, outcome: .reply(result?["message"] ?? .null))
        case "errored":
            return BatchResult(name: name, outcome: .failed(failure(result?["error"] ?? .null)))
        case let word? where word == "expired" || word == "canceled":
            return BatchResult(
                name: name,
                outcome: .failed(
                    ModelError(
                        .unprocessed, model: connection.server.identity.name,
                        reason: "the batch was \(word) before the provider came to it")))
        default:
            let error = connection.garbled("its result has a type that is not known")
            return BatchResult(name: name, outcome: .failed(error))
        }
    }

    /// An error stands here without the status that it would have had by itself.
    private func failure(_ error: JSONValue) -> ModelError {
        let inner = error.present("error") ?? error
        let status =
            switch inner["type"]?.string {
            case "authentication_error": 401
            case "billing_error": 402
            case "permission_error": 403
            case "not_found_error": 404
            case "request_too_large": 413
            case "rate_limit_error": 429
            case "api_error": 500
            case "timeout_error": 504
            case "overloaded_error": 529
            default: 400
            }
        let body: JSONValue = ["error": inner]
        return connection.server.failure((status, [:], body.utf8))
    }
}
