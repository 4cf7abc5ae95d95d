import Foundation
import HTTP
import Inquiry
import JSON
import LinearAlgebra
import Memory
import Reviewing

/// The program behind `Benchmarks/review.sh`.
///
///     review-benchmark FOLDER ITEMS RATERS DECISIONS
///
/// Fills a queue in FOLDER, serves it, and measures over HTTP, at the server's own socket.
@main
struct ReviewBenchmark {
    static func main() async {
        do {
            let arguments = CommandLine.arguments.dropFirst().map { $0 }
            guard arguments.count == 4, let items = Int(arguments[1]),
                let raters = Int(arguments[2]), let decisions = Int(arguments[3])
            else { throw CocoaError(.featureUnsupported) }
            try await run(arguments[0], items: items, raters: raters, decisions: decisions)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(
        _ folder: String, items: Int, raters: Int, decisions: Int
    ) async throws {
        let path = folder + "/memory.sqlite"
        let queue = ReviewQueue(store: try Store(path: path))
        let names = (1...raters).map { "rater-\($0)" }
        let begin = ContinuousClock.now
        for number in 1...items { try await queue.submit(SheetMaker.request(number)) }
        let sheet = try await queue.sheet(
            of: queue.page(ReviewFilter(), rater: "x", limit: 1).lines[0].id, rater: "x")
        print("items: \(items) of \(SheetMaker.bytes(sheet.sheet)) bytes and the like,")
        print("       submitted in \(seconds(since: begin).rounded3) s")

        let server = try ReviewServer(
            queue: queue, secret: .beside(memory: path), raters: names)
        let addresses = Dictionary(
            uniqueKeysWithValues: server.addresses.map { ($0.rater, $0.address) })
        let site = Site(port: server.port)
        let first = try await site.session(names[0], entering: addresses[names[0]] ?? "")
        try await one(first)
        try await crowd(site, names, addresses, decisions: decisions)
        await server.stop()
        let summary = try await queue.verify()
        print("audit: \(summary.events) events, \(summary.decisions) decisions, chain intact")
    }

    /// One rater alone.
    private static func one(_ session: RaterSession) async throws {
        var queue = Timings()
        var pages = Timings()
        var acts = Timings()
        for _ in 0..<40 { try await queue.measure { _ = try await session.get("/") } }
        for id in try await session.open(limit: 40) {
            try await pages.measure { _ = try await session.get("/items/\(id)") }
            let act = try await session.act(on: id)
            try await acts.measure { _ = try await session.post("/api/items/\(id)/act", act) }
        }
        print("alone: \(queue.text("queue page"))")
        print("       \(pages.text("item page"))")
        print("       \(acts.text("decision"))")
    }

    /// All raters at once, each with a stream of events, until so many decisions are taken.
    private static func crowd(
        _ site: Site, _ names: [String], _ addresses: [String: String], decisions: Int
    ) async throws {
        let begin = ContinuousClock.now
        let share = decisions / names.count
        let total = try await withThrowingTaskGroup(of: Timings.self) { group in
            for name in names {
                let session = try await site.session(name, entering: addresses[name] ?? "")
                group.addTask { try await session.decide(share) }
            }
            return try await group.reduce(into: Timings()) { $0.add($1) }
        }
        let time = seconds(since: begin)
        print("crowd: \(names.count) raters took \(total.count) decisions in \(time.rounded3) s")
        print("       \(total.text("decision"))")
    }

    static func seconds(since begin: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - begin) / .seconds(1)
    }
}

/// How long things took, in milliseconds.
struct Timings: Sendable {
    private var values: [Double] = []

    var count: Int { values.count }

    mutating func measure(_ body: () async throws -> Void) async throws {
        let begin = ContinuousClock.now
        try await body()
        values.append(1_000 * ReviewBenchmark.seconds(since: begin))
    }

    mutating func add(_ other: Timings) { values += other.values }

    func text(_ what: String) -> String {
        let sorted = values.sorted()
        guard let last = sorted.last else { return "\(what): never" }
        let median = sorted[sorted.count / 2].rounded3
        return "\(what): median \(median) ms, greatest \(last.rounded3) ms, \(values.count) times"
    }
}

extension Double {
    /// To three digits after the point.
    fileprivate var rounded3: String { String((self * 1_000).rounded() / 1_000) }
}
