import Foundation
import HTTP
import JSON
import ScriptedServer
import Testing
import Tracing

@Suite struct TracerTests {
    private func spans(in line: some StringProtocol) throws -> [JSONValue] {
        let document = try JSONValue(parsing: String(line))
        return document["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array
            ?? []
    }

    private struct Trouble: Error {}

    @Test func writesNestedSpansAsLinesOfOTLP() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("trace-\(UUID().uuidString).jsonl").path
        let tracer = Tracer(sink: try TraceFile(path: path))
        try await tracer.span("run") {
            try await tracer.span("inquiry", [("gen_ai.conversation.id", .text("latent \"3\""))]) {
                let call = tracer.start("chat m", kind: .client, [("count", .int(3))])
                await tracer.end(
                    call, adding: [("share", .double(0.5)), ("all", .texts(["a", "b"]))],
                    error: (type: "rate_limited", message: "HTTP 429"))
            }
            await #expect(throws: Trouble.self) {
                try await tracer.span("step") { throw Trouble() }
            }
        }
        await tracer.finish()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let all = try lines.flatMap(spans)
        #expect(all.compactMap { $0["name"]?.string } == ["chat m", "inquiry", "step", "run"])
        let id = all.map { $0["spanId"]?.string }
        #expect(all[0]["parentSpanId"]?.string == id[1])
        #expect(all[1]["parentSpanId"]?.string == id[3])
        #expect(all[2]["parentSpanId"]?.string == id[3])
        #expect(all[3]["parentSpanId"] == nil)
        #expect(Set(all.map { $0["traceId"]?.string?.count }) == [32])
        #expect(all[0]["kind"] == 3)
        #expect(all[0]["status"] == ["code": 2, "message": "HTTP 429"])
        #expect(
            all[0]["attributes"]?.text
                == #"[{"key":"count","value":{"intValue":"3"}},{"key":"share","value":{"doubleValue":0.5}},"#
                + #"{"key":"all","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}},"#
                + #"{"key":"error.type","value":{"stringValue":"rate_limited"}}]"#)
        #expect(all[2]["status"]?["code"] == 2)
        let start = try #require(all[0]["startTimeUnixNano"]?.string.flatMap { UInt64($0) })
        let end = try #require(all[0]["endTimeUnixNano"]?.string.flatMap { UInt64($0) })
        #expect(end >= start)
    }

    @Test func postsSpansToACollector_andSurvivesOneThatIsDown() async throws {
        let server = try ScriptedServer { request in
            request.path == "/v1/traces" ? .json("{}") : .json("{}", status: 404)
        }
        let client = try HTTPClient(proxy: .direct)
        let collector = TraceCollector(client: client, url: server.url + "/v1/traces")
        let tracer = Tracer(sink: collector)
        for number in 0..<70 { try await tracer.span("span \(number)") {} }
        #expect(server.requests.count == 1)
        await tracer.finish()
        #expect(server.requests.count == 2)
        let posted = try server.requests.flatMap { try spans(in: $0.text) }
        #expect(posted.count == 70)
        #expect(await collector.lost == 0)

        let dead = TraceCollector(client: client, url: "http://127.0.0.1:1/v1/traces")
        let other = Tracer(sink: dead)
        try await other.span("lost") {}
        await other.finish()
        #expect(await dead.lost == 1)
    }
}
