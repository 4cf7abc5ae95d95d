import Foundation
import JSON
import Memory
import Serving

/// Tells everybody who listens what happens in the queue and in the runs, in this process and in
/// others. While somebody listens, one task looks at the memory; the answers are shared.
actor ReviewFeed {
    private struct Listener {
        let continuation: AsyncStream<ServerEvent>.Continuation
        /// The last event of the audit that it was told of.
        var position: Int
    }

    /// Events that wait for one listener. A page that is told of any change reads everything anew, so
    /// that nothing is lost when older ones are dropped.
    private static let backlog = 256

    private let queue: ReviewQueue
    private let interval: Duration
    /// Told of what goes wrong.
    private let report: @Sendable (String) -> Void
    private var listeners: [Int: Listener] = [:]
    private var lastNumber = 0
    private var growth: [String: String] = [:]
    private var task: Task<Void, Never>?

    init(
        queue: ReviewQueue, interval: Duration, report: @escaping @Sendable (String) -> Void
    ) {
        self.queue = queue
        self.interval = interval
        self.report = report
    }

    /// The changes after an event of the audit, as long as somebody takes them.
    ///
    /// - Parameter position: nil for changes from now on.
    func changes(after position: Int?) async throws -> AsyncStream<ServerEvent> {
        let last = try await queue.sequence()
        let (stream, continuation) = AsyncStream.makeStream(
            of: ServerEvent.self, bufferingPolicy: .bufferingNewest(Self.backlog))
        lastNumber += 1
        let number = lastNumber
        continuation.onTermination = { [weak self] _ in
            Task { await self?.remove(number) }
        }
        // An audit that is shorter than somebody remembers was restored from a copy.
        listeners[number] = Listener(
            continuation: continuation, position: min(position ?? last, last))
        if task == nil { task = Task { await self.watch() } }
        return stream
    }

    private func remove(_ number: Int) { listeners[number] = nil }

    private func watch() async {
        growth = (try? await queue.store.growth()) ?? [:]
        var isHealthy = true
        while !listeners.isEmpty {
            do {
                _ = try await queue.expire()
                try await tellChanges()
                try await tellGrowth()
                isHealthy = true
            } catch {
                if isHealthy { report("\(error)") }
                isHealthy = false
            }
            try? await Task.sleep(for: interval)
        }
        task = nil
    }

    private func tellChanges() async throws {
        let last = try await queue.sequence()
        let positions = Set(listeners.values.map(\.position)).filter { $0 < last }
        for position in positions {
            let (items, sequence) = try await queue.changed(after: position)
            let data: JSONValue = [
                "sequence": .integer(sequence), "items": .array(items.map(JSONValue.string)),
            ]
            let event = ServerEvent(name: "change", id: "\(sequence)", data: data.text)
            // Read again: somebody may have come or gone meanwhile.
            for (number, listener) in listeners where listener.position == position {
                listeners[number]?.position = sequence
                listener.continuation.yield(event)
            }
        }
    }

    private func tellGrowth() async throws {
        let now = try await queue.store.growth()
        let grown = now.filter { growth[$0.key] != $0.value }.keys.sorted()
        growth = now
        for run in grown {
            let data: JSONValue = ["run": .string(run)]
            let event = ServerEvent(name: "run", data: data.text)
            for listener in listeners.values { listener.continuation.yield(event) }
        }
    }
}
