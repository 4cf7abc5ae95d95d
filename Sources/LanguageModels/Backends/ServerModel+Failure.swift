import Foundation
import HTTP
import JSON

extension ServerModel {
    func garbled(_ reason: String) -> ModelError {
        ModelError(.garbled, model: identity.name, reason: clean(reason))
    }

    func clean(_ text: String) -> String { ServerWords.clean(text, secret: key) }

    func failure(_ error: HTTPError) -> ModelError {
        let kind: ModelError.Kind =
            switch error {
            case .cancelled: .cancelled
            case .replyTooLarge, .notHTTP: .garbled
            default: error.mayHaveReachedServer ? .lost : .unreachable
            }
        return ModelError(kind, model: identity.name, reason: clean("\(error)"))
    }

    func failure(_ answer: HTTPReply) -> ModelError {
        failure((answer.status, answer.headers, answer.body))
    }

    /// What an answer with another status than 200 means.
    func failure(_ answer: (status: Int, headers: HTTPHeaders, body: [UInt8])) -> ModelError {
        let document = try? JSONValue(parsing: answer.body)
        let complaint =
            document.map(wire.complaint)
            ?? ServerComplaint(code: "", message: String(decoding: answer.body, as: UTF8.self))
        let wait =
            RetryAfter(answer.headers, now: now()).seconds ?? complaint.retryAfter
        let kind: ModelError.Kind =
            switch answer.status {
            case _ where complaint.saysOutOfMoney: .outOfMoney
            case 402: .outOfMoney
            case _ where complaint.saysUnauthorized: .unauthorized
            case 401, 403: .unauthorized
            case 429: .rateLimited
            case 408, 409, 500...: .serverFault
            default: .rejected
            }
        let code = complaint.code.isEmpty ? "" : " \(complaint.code)"
        let identifier =
            (answer.headers["request-id"] ?? answer.headers["x-request-id"])
            .map { ", request \($0)" } ?? ""
        let message = complaint.message.isEmpty ? "" : ": \(complaint.message)"
        var error = ModelError(
            kind, model: identity.name,
            reason: clean("HTTP \(answer.status)\(code)\(identifier)\(message)"),
            retryAfter: wait, shouldRetry: RetryAfter.word(answer.headers["x-should-retry"]))
        // Whoever gave up waiting does not know whether the work was done behind it.
        error.mayBeBilled = [408, 502, 504].contains(answer.status)
        return error
    }

    /// What does not fit the protocol, or a fault that the server told where a reply was due: input, and
    /// some output, may have been billed by then.
    func failure(_ flaw: WireFlaw) -> ModelError {
        guard flaw.side == .server else { return garbled(flaw.reason) }
        var error = ModelError(.serverFault, model: identity.name, reason: clean(flaw.reason))
        error.mayBeBilled = true
        return error
    }
}

/// How long a server asks to be left alone.
struct RetryAfter {
    /// Nil where it does not say, or not so that it can be read.
    let seconds: Double?

    /// Reads `retry-after-ms`, then `retry-after` as seconds or as a date (RFC 9110 §10.2.3). A date is
    /// taken against the server's own clock where it tells it.
    init(_ headers: HTTPHeaders, now: Date) {
        if let text = headers["retry-after-ms"], let value = Self.natural(text) {
            seconds = value / 1_000
        } else if let text = headers["retry-after"] {
            let clock = headers["date"].flatMap(Self.date) ?? now
            seconds =
                Self.natural(text) ?? Self.date(text).map { max(0, $0.timeIntervalSince(clock)) }
        } else {
            seconds = nil
        }
    }

    /// "true" and "false"; nil for anything else.
    static func word(_ text: String?) -> Bool? {
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
    }

    private static func natural(_ text: String) -> Double? {
        guard let value = Double(text.trimmingCharacters(in: .whitespaces)), value.isFinite,
            value >= 0
        else { return nil }
        return value
    }

    /// The three forms of RFC 9110 §5.6.7.
    static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        for form in [
            "EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'",
            "EEE MMM d HH:mm:ss yyyy",
        ] {
            formatter.dateFormat = form
            if let date = formatter.date(from: text) { return date }
        }
        return nil
    }
}
