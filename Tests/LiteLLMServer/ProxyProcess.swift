import Foundation
import HTTP

/// The process of a proxy and of a shell that watches over it.
///
/// The shell kills its process group, and with it the proxy and whatever that has started, when the
/// pipe to it is closed. The system closes it too, however the tests end.
struct ProxyProcess: Sendable {
    let port: Int
    private let shell: Process
    private let pipe: Pipe
    private let folder: URL

    private static let watch = """
        ("$@"; kill -s KILL -- -$$) &
        read -r line
        kill -s KILL -- -$$
        """
    /// The start takes 10 s alone on two cores, and more beside other tests.
    private static let patience = Duration.seconds(240)

    /// - Throws: ``LiteLLMFailure`` with the end of the proxy's log when it does not answer in time.
    static func started() async throws -> ProxyProcess {
        guard let executable = LiteLLMProxy.executable else {
            throw LiteLLMFailure(description: LiteLLMProxy.absence)
        }
        let proxy = try ProxyProcess(executable: executable, port: try freePort())
        do {
            try await proxy.waitUntilItAnswers()
        } catch {
            let log = proxy.log
            proxy.stop()
            throw LiteLLMFailure(description: "LiteLLM does not answer (\(error)): \(log)")
        }
        return proxy
    }

    private init(executable: String, port: Int) throws {
        self.port = port
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-litellm-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = folder.appendingPathComponent("configuration.yaml")
        try Data(LiteLLMModels.configuration(port: port).utf8).write(to: configuration)
        let log = folder.appendingPathComponent("log")
        try Data().write(to: log)

        pipe = Pipe()
        shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c", Self.watch, "sh", executable, "--config", configuration.path, "--host",
            "127.0.0.1", "--port", "\(port)", "--num_workers", "1", "--telemetry", "False",
            // By default connections are closed when idle for 5 s, just when the proxy, relaying to
            // itself, may use one again; it then answers 500, "Connection error".
            "--keepalive_timeout", "3600",
        ]
        shell.currentDirectoryURL = folder
        // Prices come with the package; without this they are fetched, thrice and with patience.
        shell.environment = [
            "LITELLM_LOCAL_MODEL_COST_MAP": "True", "PATH": "/usr/bin:/bin", "HOME": folder.path,
            "NO_PROXY": "127.0.0.1",
        ]
        shell.standardInput = pipe
        shell.standardOutput = try FileHandle(forWritingTo: log)
        shell.standardError = shell.standardOutput
        try shell.run()
    }

    func stop() {
        // Foundation makes every child the leader of a process group of its own.
        kill(-shell.processIdentifier, SIGKILL)
        try? pipe.fileHandleForWriting.close()
        shell.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private func waitUntilItAnswers() async throws {
        let client = try HTTPClient(proxy: .direct)
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            guard shell.isRunning else { throw LiteLLMFailure(description: "it has ended") }
            let question = HTTPRequest(.get, "http://127.0.0.1:\(port)/health/liveliness")
            if let answer = try? await client.send(question), answer.status == 200 { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw LiteLLMFailure(description: "\(Self.patience) have passed")
    }

    private var log: String {
        let text = try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)
        return String((text ?? "").suffix(2_000))
    }

    /// A port that nobody listens on at the moment.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard result else { throw LiteLLMFailure(description: "there is no free port") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
