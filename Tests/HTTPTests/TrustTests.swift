import Foundation
import HTTP
import ScriptedServer
import Testing

@Suite struct TrustTests {
    @Test(.enabled(if: TLSServer.isAvailable, "openssl is not installed"))
    func refusesAServerThatNobodyVouchesFor() async throws {
        let server = try TLSServer()
        let error = try await failure(
            of: HTTPRequest(.post, server.url + "/x?key=s3cret"), with: directClient())
        guard case .tls(let address, let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(address == server.url + "/x")
        #expect(reason.contains("self-signed"))
        #expect(!error.mayHaveReachedServer)
    }

    @Test(.enabled(if: TLSServer.isAvailable, "openssl is not installed"))
    func acceptsTheSameServer_whenItsAuthorityIsNamed() async throws {
        let server = try TLSServer()
        let client = try directClient(trusting: server.certificate)
        let reply = try await client.send(HTTPRequest(.get, server.url + "/"))
        #expect(reply.status == 200)
        let other = server.url.replacingOccurrences(of: "127.0.0.1", with: "localhost")
        guard case .tls = try await failure(of: HTTPRequest(.get, other), with: client) else {
            Issue.record("a certificate for 127.0.0.1 was accepted for localhost")
            return
        }
    }

    @Test func refusesAnAuthorityFileThatIsNone() throws {
        for path in ["/nowhere.pem", #filePath] {
            #expect {
                try HTTPClient(trusting: path)
            } throws: { error in
                "\(error)".contains(path)
            }
        }
    }

    @Test func goesThroughTheProxyOfTheEnvironment() async throws {
        await #expect(processExitsWith: .success) {
            let proxy = try ScriptedServer { request in .text("proxied \(request.path)") }
            let server = try ScriptedServer { _ in .text("direct") }
            setenv("http_proxy", proxy.url, 1)
            let client = try HTTPClient()
            let target = HTTPRequest(.get, "http://conjecture.invalid/a")
            #expect(
                try await client.send(target).text == "proxied http://conjecture.invalid/a")
            setenv("no_proxy", "127.0.0.1", 1)
            #expect(try await client.send(HTTPRequest(.get, server.url)).text == "direct")
        }
    }

    @Test func goesThroughTheProxyItWasGiven() async throws {
        let proxy = try ScriptedServer { request in
            request.method == "CONNECT" ? .text("no", status: 403) : .text(request.path)
        }
        let client = try HTTPClient(proxy: .url(proxy.url))
        let plain = HTTPRequest(.get, "http://conjecture.invalid/a")
        #expect(try await client.send(plain).text == "http://conjecture.invalid/a")
        let secure = HTTPRequest(.post, "https://conjecture.invalid/a")
        let error = try await failure(of: secure, with: client)
        guard case .cannotConnect = error else {
            Issue.record("\(error)")
            return
        }
        #expect(!error.mayHaveReachedServer)
    }
}

/// `openssl s_server` with a certificate of its own for 127.0.0.1.
final class TLSServer {
    private static let program = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let url: String
    /// Where the certificate is.
    let certificate: String
    private let folder: URL
    private let process: Process

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("certificate.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        let making = Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=conjecture-test", "-addext", "subjectAltName=IP:127.0.0.1",
            "-days", "2", "-keyout", key, "-out", certificate,
        ])
        making.standardError = FileHandle.nullDevice
        try making.run()
        making.waitUntilExit()
        process = Self.openssl([
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www",
        ])
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        url = "https://127.0.0.1:\(try Self.port(in: output.fileHandleForReading))"
    }

    deinit {
        // A process started from one of Dispatch's threads has SIGTERM blocked, as they have.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Reads "ACCEPT 127.0.0.1:40113".
    private static func port(in output: FileHandle) throws -> Int {
        var text = ""
        while true {
            let bytes = output.availableData
            text += String(decoding: bytes, as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
            if let line, text.hasSuffix("\n"), let port = Int(line.split(separator: ":").last ?? "")
            {
                return port
            }
            try #require(!bytes.isEmpty, "s_server ended: \(text)")
        }
    }
}
