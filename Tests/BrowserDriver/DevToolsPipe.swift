import Foundation
import JSON
import Synchronization

/// The DevTools protocol over a pipe: JSON messages, each ended by a NUL byte. Commands carry a number
/// that their answers repeat; events go to the session that they belong to.
final class DevToolsPipe: Sendable {
    typealias Listener = @Sendable (_ method: String, _ parameters: JSONValue) -> Void

    private struct State {
        var lastNumber = 0
        var isOpen = true
        var waiting: [Int: CheckedContinuation<Result<JSONValue, BrowserError>, Never>] = [:]
        var methods: [Int: String] = [:]
        var listeners: [String: Listener] = [:]
    }

    private let state = Mutex(State())
    /// Held while a message is written, so that two are never mixed.
    private let writing: Mutex<Int32>

    /// The descriptors stay the caller's; reading ends when the browser closes its side.
    init(reading: Int32, writing: Int32) {
        self.writing = Mutex(writing)
        // A writer must not be killed when the browser has been.
        signal(SIGPIPE, SIG_IGN)
        let duplicate = fcntl(reading, F_DUPFD_CLOEXEC, 10)
        Thread { [weak self] in
            Self.read(duplicate) { self?.receive($0) }
            close(duplicate)
            self?.end()
        }.start()
    }

    /// Fails what waits and whatever is sent from now on.
    func end() {
        let waiting = state.withLock { state in
            state.isOpen = false
            defer { state.waiting = [:] }
            return state.waiting.map { ($0.value, state.methods[$0.key] ?? "a command") }
        }
        for (continuation, method) in waiting {
            continuation.resume(returning: .failure(.ended(method: method)))
        }
    }

    func listen(to session: String, _ listener: @escaping Listener) {
        state.withLock { $0.listeners[session] = listener }
    }

    func stopListening(to session: String) {
        state.withLock { $0.listeners[session] = nil }
    }

    // MARK: Commands

    /// - Throws: ``BrowserError`` when the browser refuses, has ended or says nothing for so long.
    @discardableResult
    func send(
        _ method: String, _ parameters: JSONValue = [:], session: String? = nil,
        within seconds: Double = 30
    ) async throws(BrowserError) -> JSONValue {
        let number = state.withLock { state in
            state.lastNumber += 1
            state.methods[state.lastNumber] = method
            return state.lastNumber
        }
        let limit = Task { [weak self] in
            try await Task.sleep(for: .seconds(seconds))
            self?.answer(number, .failure(.timedOut(what: method, seconds: seconds)))
        }
        defer { limit.cancel() }
        let result = await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.isOpen { state.waiting[number] = continuation }
                return state.isOpen
            }
            guard isOpen else {
                return continuation.resume(returning: .failure(.ended(method: method)))
            }
            write(Self.message(number, method, parameters, session))
        }
        return try result.get()
    }

    /// Sends without waiting for the answer.
    func post(_ method: String, _ parameters: JSONValue, session: String) {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        write(Self.message(number, method, parameters, session))
    }

    private static func message(
        _ number: Int, _ method: String, _ parameters: JSONValue, _ session: String?
    ) -> [UInt8] {
        var members: [JSONValue.Member] = [
            .init(name: "id", value: .integer(number)),
            .init(name: "method", value: .string(method)),
            .init(name: "params", value: parameters),
        ]
        if let session { members.append(.init(name: "sessionId", value: .string(session))) }
        return JSONValue.object(members).utf8 + [0]
    }

    private func write(_ message: [UInt8]) {
        writing.withLock { descriptor in
            var written = 0
            while written < message.count {
                let count = message.withUnsafeBytes { bytes in
                    Foundation.write(
                        descriptor, bytes.baseAddress?.advanced(by: written),
                        message.count - written)
                }
                // The reader notices the end of the browser and fails what waits.
                guard count > 0 else { return }
                written += count
            }
        }
    }

    // MARK: Answers and events

    private static func read(_ descriptor: Int32, _ body: ([UInt8]) -> Void) {
        var message: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            for part in buffer[..<count].split(
                separator: 0, omittingEmptySubsequences: false
            ).enumerated() {
                if part.offset > 0 {
                    body(message)
                    message.removeAll(keepingCapacity: true)
                }
                message += part.element
            }
        }
    }

    private func receive(_ bytes: [UInt8]) {
        guard let message = try? JSONValue(parsing: bytes) else { return end() }
        if let number = message["id"]?.integer {
            if let error = message["error"] {
                let method = state.withLock { $0.methods[number] } ?? "a command"
                let reason = error["message"]?.string ?? error.summary
                answer(number, .failure(.refused(method: method, reason: reason)))
            } else {
                answer(number, .success(message["result"] ?? .null))
            }
        } else if let session = message["sessionId"]?.string,
            let method = message["method"]?.string
        {
            let listener = state.withLock { $0.listeners[session] }
            listener?(method, message["params"] ?? .null)
        }
    }

    private func answer(_ number: Int, _ result: Result<JSONValue, BrowserError>) {
        let continuation = state.withLock { state in
            state.methods[number] = nil
            return state.waiting.removeValue(forKey: number)
        }
        continuation?.resume(returning: result)
    }
}
