import Foundation
import Inquiry
import JSON
import Memory
import Reviewing
import Testing

/// `conjecture serve` as a user starts it.
@Suite struct ServeCommandTests {
    /// What curl, a program of the system, makes of an address.
    private func curl(_ arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["curl", "--noproxy", "*", "-sS", "--max-time", "20"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }

    private func queue(_ scratch: Scratch) throws -> ReviewQueue {
        ReviewQueue(store: try Store(path: scratch.path("memory.sqlite")))
    }

    private func submit(_ queue: ReviewQueue) async throws -> String {
        try await queue.submit(
            ApprovalRequest(
                name: "latent 7/explanation",
                sheet: ApprovalSheet(
                    kind: .explanation, run: "explain-1a2b3c4d", inquiry: "latent 7",
                    question: "Is it so?", claim: "fires on rain"),
                hidden: ApprovalHidden(author: "rule inducer"), rule: .init(always: true)))
    }

    /// The addresses that the program prints, as soon as it has.
    private func addresses(_ program: Program.Running, count: Int) async throws -> [String] {
        for _ in 0..<1_000 {
            let lines = try program.output().split(separator: "\n")
            if lines.count == count {
                return lines.compactMap { $0.split(separator: "\t").last.map(String.init) }
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("no address was printed")
        return []
    }

    @Test func letsRatersDecide_untilItIsInterrupted() async throws {
        let scratch = try Scratch()
        let queue = try queue(scratch)
        let id = try await submit(queue)
        let program = try Program.Running(
            [
                "serve", "--memory", "memory.sqlite", "--port", "0", "--rater", "ann", "--rater",
                "bob",
            ], in: scratch.folder)
        let addresses = try await addresses(program, count: 2)
        let address = try #require(addresses.first)
        let origin = String(
            address.prefix(upTo: try #require(address.range(of: "/enter")).lowerBound))
        let jar = scratch.path("cookies")
        let page = try await curl(["-L", "-c", jar, "-b", jar, address])
        #expect(page.contains("fires on rain"))
        let mark = try #require(page.range(of: "name=\"review-token\" content=\""))
        let token = page[mark.upperBound...].prefix { $0 != "\"" }
        let item = try JSONValue(parsing: try await curl(["-b", jar, "\(origin)/api/items/\(id)"]))
        let hash = item["contentHash"]?.string ?? ""
        let reply = try await curl([
            "-b", jar, "-H", "Origin: \(origin)", "-H", "X-Review-Token: \(token)",
            "-H", "Content-Type: application/json", "-d",
            #"{"verb":"approve","contentHash":"\#(hash)","nonce":"1"}"#,
            "\(origin)/api/items/\(id)/act",
        ])
        #expect(reply == #"{"state":"approved"}"#)
        program.signal(SIGINT)
        let result = try await program.wait()
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        #expect(try await queue.verify().decisions == 1)
    }

    @Test func acceptsItsCookies_whenItStartsAgain_butNotAfterNewTokens() async throws {
        let scratch = try Scratch()
        _ = try await submit(try queue(scratch))
        let jar = scratch.path("cookies")
        for (more, status) in [([], "200"), ([], "200"), (["--new-tokens"], "401")] {
            let program = try Program.Running(
                ["serve", "--memory", "memory.sqlite", "--port", "0", "--rater", "ann"] + more,
                in: scratch.folder)
            let address = try #require(try await addresses(program, count: 1).first)
            let origin = address.prefix(upTo: try #require(address.range(of: "/enter")).lowerBound)
            if !FileManager.default.fileExists(atPath: jar) {
                _ = try await curl(["-c", jar, address])
            }
            let page = try await curl([
                "-b", jar, "-o", "/dev/null", "-w", "%{http_code}", "\(origin)/",
            ])
            #expect(page == status)
            program.signal(SIGTERM)
            #expect(try await program.wait().status == 0)
        }
    }

    @Test func refusesToStart_whereItWouldNotBeSafe() async throws {
        let scratch = try Scratch()
        let remote = try await Program.run(
            ["serve", "--memory", "memory.sqlite", "--host", "0.0.0.0"], in: scratch.folder)
        #expect(remote.status == 2)
        #expect(remote.errors.contains("--allow-remote"))
        let missing = try await Program.run(
            ["serve", "--memory", "memory.sqlite"], in: scratch.folder)
        #expect(missing.status == 1)
        _ = try await submit(try queue(scratch))
        let name = try await Program.run(
            ["serve", "--memory", "memory.sqlite", "--port", "0", "--rater", "a b"],
            in: scratch.folder)
        #expect(name.status == 1)
        #expect(name.errors.contains("no name for a rater"))
    }
}
