import Foundation
import Instruments
import JSON
import ScriptedServer
import Synchronization

/// A server that keeps what is documented of Neuronpedia's `POST /api/activation/new`: at most four
/// texts, an index that is a string, 500 for a source without inference and for a text that is too
/// long, 429 without Retry-After beyond the limit, `x-limit-remaining` on success.
final class NeuronpediaStub: Sendable {
    /// How it counts, beside the true sliding window.
    enum Counting: Sendable {
        case exact
        /// As Upstash does, fixed windows beginning so many seconds before 0.
        case fixed(offset: Double)
    }

    struct Record {
        var times: [Double] = []
        var refusals = 0
    }

    let server: ScriptedServer
    private let record: Box
    var url: String { server.url }
    /// When requests were taken, in seconds of the clock.
    var times: [Double] { record.value.withLock { $0.times } }
    var refusals: Int { record.value.withLock { $0.refusals } }
    var texts: [[String]] {
        server.requests.map { request in
            let body = try? JSONValue(parsing: request.body)
            return body?["customText"]?.array?.compactMap(\.string) ?? []
        }
    }

    private final class Box: Sendable {
        let value = Mutex(Record())
    }

    static let window = 3600.0
    static let wordLimit = 20

    init(
        limit: Int = 1_000, counting: Counting = .exact, clock: FakeClock = FakeClock(),
        lag: Double = 0
    ) throws {
        let record = Box()
        self.record = record
        server = try ScriptedServer { request in
            clock.advance(lag)
            let now = clock.now
            let answer: ScriptedReply? = record.value.withLock { record in
                let used = Self.count(record.times, now, counting)
                guard Int(used) < limit else {
                    record.refusals += 1
                    return .json(
                        """
                        {"endpoint":"/api/activation/new","limitPerWindow":\(limit),
                         "requestWindow":"60 m","remainingRequests":0,"error":"Rate limit exceeded"}
                        """, status: 429)
                }
                record.times.append(now)
                return nil
            }
            if let answer { return answer }
            let left = record.value.withLock {
                max(0, limit - Int(Self.count($0.times, now, counting)))
            }
            defer { clock.advance(lag) }
            return Self.reply(to: request, left: left)
        }
    }

    private static func count(_ times: [Double], _ now: Double, _ counting: Counting) -> Double {
        switch counting {
        case .exact: return Double(times.count { $0 > now - window })
        case .fixed(let offset):
            let start = ((now + offset) / window).rounded(.down) * window - offset
            let current = times.count { $0 >= start }
            let before = times.count { $0 >= start - window && $0 < start }
            let share = 1 - (now - start) / window
            return (Double(before) * share).rounded(.down) + Double(current)
        }
    }

    private static func reply(to request: ReceivedRequest, left: Int) -> ScriptedReply {
        let headers = [(name: "x-limit-remaining", value: "\(left)")]
        guard request.path == "/api/activation/new",
            let body = try? JSONValue(parsing: request.body), let feature = body["feature"],
            let source = feature["source"]?.string, let texts = body["customText"]?.array,
            body["ignoreBos"] == .bool(true)
        else { return .json(#"{"message":"Invalid request"}"#, status: 400) }
        guard let index = feature["index"]?.string else {
            return .json(#"{"message":"Invalid feature"}"#, status: 400)
        }
        guard texts.count <= 4 else {
            return .json(#"{"message":"Too many texts"}"#, status: 400)
        }
        guard !source.hasPrefix("denied") else {
            return .json(#"{"message":"Unknown Error"}"#, status: 500, headers: headers)
        }
        let words = texts.map { ($0.string ?? "").split(separator: " ") }
        guard words.allSatisfy({ $0.count <= wordLimit }) else {
            return .json(#"{"message":"Unknown Error"}"#, status: 500, headers: headers)
        }
        let results = words.map { words -> JSONValue in
            let tokens = words.indices.map { ($0 == 0 ? "" : " ") + words[$0] }
            return [
                "tokens": .array(tokens.map { .string($0) }),
                "values": .array(words.map { .number(value($0, index)) }),
                "index": .string(index), "maxValue": .integer(1),
            ]
        }
        return .json(JSONValue.array(results).text, headers: headers)
    }

    /// The activation that the server gives a word.
    static func value(_ word: some StringProtocol, _ index: String) -> Double {
        Double(word.utf8.count) + (Double(index) ?? 0) / 8
    }
}
