import Foundation
import HTTP
import Testing

/// A client that no proxy of the machine's comes between.
func directClient(trusting authorities: String? = nil) throws -> HTTPClient {
    try HTTPClient(trusting: authorities, proxy: .direct)
}

/// The error of a request that must fail.
func failure(
    of request: HTTPRequest, with client: HTTPClient,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> HTTPError {
    do throws(HTTPError) {
        let reply = try await client.send(request)
        Issue.record("no error, but status \(reply.status)", sourceLocation: sourceLocation)
        return .cancelled
    } catch {
        return error
    }
}

/// Waits until something holds that soon will; gives up after ten seconds.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ holds: () -> Bool
) async throws {
    for _ in 0..<1_000 {
        if holds() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record(what, sourceLocation: sourceLocation)
}

/// How many threads of clients this process has.
func clientThreadCount() -> Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return tasks.count { task in
        let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
        return name?.hasPrefix("conjecture-http") == true
    }
}
