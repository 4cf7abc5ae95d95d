import BrowserDriver
import Foundation
import GRDB
import Inquiry
import LinearAlgebra
import Memory
import Reviewing
import Testing

/// What people decided is safe: whatever is killed at whatever moment, nothing that was acknowledged is
/// lost, and nothing is applied twice.
@Suite(.enabled(if: HeadlessBrowser.path != nil, "needs chromium"), .serialized)
struct ReviewCrashTests {
    @Test func twoHundredDecisionsOutliveEveryKill() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path("memory.sqlite"))
        let queue = ReviewQueue(store: store)
        for number in 1...260 { try await queue.submit(Self.request(number)) }
        let scene = try Scene(scratch)
        let acknowledged = try await scene.play(decisions: 200)
        #expect(acknowledged.count == 200)
        #expect(scene.kills.server > 3 && scene.kills.run > 3 && scene.kills.browser > 3)
        try await scene.bringToItsEnd(queue)
        await scene.browser?.close()
        scene.server?.signal(SIGKILL)

        try await check(acknowledged, queue, store)
        let verified = try await Program.run(
            ["verify", scene.runID, "--memory", "memory.sqlite"], in: scratch.folder)
        #expect(verified.status == 0, "\(verified.errors)")
        try await checkAudit(scratch)
    }

    private func check(
        _ acknowledged: [String], _ queue: ReviewQueue, _ store: Store
    ) async throws {
        let rows = try await store.readReviews { try $0.events(after: 0, limit: 100_000) }
        let decided = Dictionary(grouping: rows.filter { $0.kind == "decided" }, by: \.item)
        let applied = Dictionary(grouping: rows.filter { $0.kind == "applied" }, by: \.item)
        for id in acknowledged {
            #expect(decided[id]?.count == 1, "\(id) was decided \(decided[id]?.count ?? 0) times")
        }
        #expect(decided.values.allSatisfy { $0.count == 1 })
        #expect(applied.values.allSatisfy { $0.count == 1 })
        #expect(try await queue.verify().decisions == decided.count)
        // The run went on with each answer once.
        let run = try #require(try await store.runs().first)
        #expect(run.state == .finished)
        var answers: [String] = []
        for inquiry in try await store.inquiries(run: run.id) {
            for event in try await StoredJournal(store: store, run: run.id).events(of: inquiry) {
                guard case .approved(let approvals) = event else { continue }
                answers += approvals.compactMap { $0.answer?.item }
            }
        }
        #expect(Set(answers).count == answers.count)
        #expect(Set(answers) == Set(applied.keys))
    }

    /// A byte changed in the audit is found.
    private func checkAudit(_ scratch: Scratch) async throws {
        let arguments = ["review", "verify", "--memory", "memory.sqlite"]
        let sound = try await Program.run(arguments, in: scratch.folder)
        #expect(sound.status == 0, "\(sound.errors)")
        try await DatabaseQueue(path: scratch.path("memory.sqlite")).write {
            try $0.execute(
                sql: """
                    UPDATE reviewEvent SET body = replace(body, 'approve', 'approvf')
                    WHERE sequence = (SELECT max(sequence) FROM reviewEvent WHERE kind = 'decided')
                    """)
        }
        let altered = try await Program.run(arguments, in: scratch.folder)
        #expect(altered.status == 1)
        #expect(altered.errors.contains("audit"))
    }

    private static func request(_ number: Int) -> ApprovalRequest {
        ApprovalRequest(
            name: "latent \(number)/explanation",
            sheet: ApprovalSheet(
                kind: .explanation, run: "explain-00000000", inquiry: "latent \(number)",
                question: "Does this say what the feature means?",
                claim: "It fires on word \(number).",
                evidence: [.text(.init(title: "an exemplar", text: "the \(number)th word"))]),
            hidden: ApprovalHidden(author: "rule inducer"), rule: .init(always: true))
    }
}

/// A server, a run that waits for people, and a person with a browser; each may die at any moment.
private final class Scene {
    let scratch: Scratch
    private let port: Int
    private var generator = SeededGenerator(seed: 8)
    private(set) var kills = (server: 0, run: 0, browser: 0)
    private(set) var server: Program.Running?
    private(set) var browser: HeadlessBrowser?
    private var run: Program.Running?
    private var tab: BrowserTab?
    private(set) var runID = ""

    init(_ scratch: Scratch) throws {
        self.scratch = scratch
        port = try Self.freePort()
        try """
        approve:
          hypothesis: always
          explanation: always
        """.write(toFile: scratch.path("policy.yaml"), atomically: true, encoding: .utf8)
    }

    /// - Returns: the items whose approval the page acknowledged.
    func play(decisions: Int) async throws -> [String] {
        try await startRun()
        var acknowledged: [String] = []
        while acknowledged.count < decisions {
            do {
                try await startWhatIsDown()
                guard let tab, let id = try await openItem(tab) else { continue }
                let accident = accident()
                async let death: Void = Self.happen(accident)
                let isDone = try? await approve(id, tab)
                await death
                bury(accident)
                if isDone == true { acknowledged.append(id) }
            } catch is BrowserError {
                // Whatever the page was about, it is gone; the next round opens another.
                if server?.process.isRunning == true { tab = try? await newTab() }
            }
        }
        return acknowledged
    }

    /// Approves what the run still asks, without any more accidents.
    func bringToItsEnd(_ queue: ReviewQueue) async throws {
        if run?.process.isRunning != true { try await startRun() }
        while let run, run.process.isRunning {
            for line in try await queue.page(ReviewFilter(), rater: "ann", limit: 500).lines {
                let hash = try await queue.sheet(of: line.id, rater: "ann").contentHash
                _ = try? await queue.act(
                    .init(.approve, contentHash: hash), on: line.id, rater: "ann")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let result = try await run?.wait()
        #expect(result?.status == 0, "\(result?.errors ?? "")")
    }

    // MARK: The person

    /// Opens the first open item, if there is one.
    private func openItem(_ tab: BrowserTab) async throws -> String? {
        let here = "document.querySelector('#decision[data-open]')?.closest('#item')?.dataset.id"
        if let id = try await tab.evaluate(here).string { return id }
        try await tab.goto("http://127.0.0.1:\(port)/", within: 5)
        guard try await tab.count("[data-row]") > 0 else {
            try await Task.sleep(for: .milliseconds(100))
            return nil
        }
        try await tab.press("j")
        try await tab.press("Enter")
        try await tab.wait(for: "#decision", within: 5)
        return try await tab.evaluate(here).string
    }

    /// Presses the key until the server has said that it is done.
    private func approve(_ id: String, _ tab: BrowserTab) async throws -> Bool {
        let isDone =
            "JSON.parse(sessionStorage.getItem('review-last') ?? 'null')?.id === '\(id)'"
        let isRefused = "document.querySelector('#message')?.hidden === false"
        for _ in 0..<5 {
            // Until then nobody listens to the key.
            try await tab.wait(until: "'ready' in document.body.dataset", 3)
            try await tab.evaluate("document.querySelector('#message').hidden = true")
            try await tab.press("a")
            try await tab.wait(until: "(\(isDone)) || \(isRefused)", 3)
            if try await tab.evaluate(isDone).bool == true {
                try await tab.wait(
                    until: "document.querySelector('#item')?.dataset.id !== '\(id)'", 5)
                return true
            }
            try await startWhatIsDown()
        }
        return false
    }

    // MARK: Accidents

    private struct Accident: Sendable {
        let milliseconds: Int
        let process: Int32?
        let browser: HeadlessBrowser?
    }

    /// Now and then one of the three dies, some milliseconds from now.
    private func accident() -> Accident? {
        guard generator.below(8) == 0 else { return nil }
        let victim = generator.below(3)
        let milliseconds = generator.below(250)
        func process(_ running: Program.Running?) -> Accident? {
            guard let running, running.process.isRunning else { return nil }
            return Accident(
                milliseconds: milliseconds, process: running.process.processIdentifier,
                browser: nil)
        }
        switch victim {
        case 0:
            kills.server += 1
            return process(server)
        case 1:
            let accident = process(run)
            kills.run += accident == nil ? 0 : 1
            return accident
        default:
            kills.browser += 1
            return Accident(milliseconds: milliseconds, process: nil, browser: browser)
        }
    }

    private static func happen(_ accident: Accident?) async {
        guard let accident else { return }
        try? await Task.sleep(for: .milliseconds(accident.milliseconds))
        if let process = accident.process { kill(process, SIGKILL) }
        accident.browser?.kill()
    }

    private func bury(_ accident: Accident?) {
        guard accident?.browser != nil else { return }
        browser = nil
        tab = nil
    }

    private func startWhatIsDown() async throws {
        if server?.process.isRunning != true { try await startServer() }
        if run?.process.isRunning != true { try await startRun() }
        if browser == nil { browser = try await HeadlessBrowser() }
        if tab == nil { tab = try await newTab() }
    }

    private func newTab() async throws -> BrowserTab? { try await browser?.newTab(address) }

    /// Where the person enters.
    private var address = ""

    private func startServer() async throws {
        _ = try await server?.wait()
        let server = try Program.Running(
            ["serve", "--memory", "memory.sqlite", "--port", "\(port)", "--rater", "ann"],
            in: scratch.folder)
        self.server = server
        while try !server.output().contains("\n") {
            try #require(server.process.isRunning, "the server ended")
            try await Task.sleep(for: .milliseconds(10))
        }
        let known = address
        address = String(try server.output().split(separator: "\t")[1].prefix { $0 != "\n" })
        #expect(known.isEmpty || known == address, "the person's address has changed")
    }

    private func startRun() async throws {
        _ = try await run?.wait()
        var arguments = ["resume", runID]
        if runID.isEmpty {
            arguments = [
                "explain", Program.example, "--random", "3", "--games", "900", "--controls", "0",
                "--seed", "7", "--wave", "1", "--approvals", "policy.yaml",
            ]
        } else if try await Store(path: scratch.path("memory.sqlite")).run(runID).state == .finished
        {
            return
        }
        run = try Program.Running(arguments + ["--memory", "memory.sqlite"], in: scratch.folder)
        while runID.isEmpty {
            runID = try await Store(path: scratch.path("memory.sqlite")).runs().first?.id ?? ""
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// A port that nobody listens on at the moment.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try #require(bind(descriptor, $0, length) == 0)
                try #require(getsockname(descriptor, $0, &length) == 0)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
